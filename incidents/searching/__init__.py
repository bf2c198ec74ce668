"""The search over the whole record: what was asked, the words of each incident, and what they find."""
