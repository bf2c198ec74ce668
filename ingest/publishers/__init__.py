"""What the kinds of one publisher have in common: how it names places, services, grades and items."""
