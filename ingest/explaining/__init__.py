"""/explain/: a text with everything that extraction reads in it, in place. Nothing is stored."""
