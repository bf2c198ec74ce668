"""Cells of CSV files, which most people open in a spreadsheet."""

from __future__ import annotations

FORMULA = ("=", "+", "-", "@", "|", "%", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What begins a formula, also in full width, whatever blanks stand before it."""
BLANKS = ("\t", "\r", "\n")


def neutral(text: str) -> str:
    """A text that a spreadsheet would run, as the text that it is: behind an apostrophe."""
    return f"'{text}" if text.startswith(BLANKS) or text.lstrip().startswith(FORMULA) else text
