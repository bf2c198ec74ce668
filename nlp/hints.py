"""Words without which a pattern finds nothing: a sentence that holds none of them is not searched.

Most of what reading costs is looking for what is not there. Which hints a sentence gives is told by its words
once, when it is first met; so hints, like tables of phrases, are made before the first text is read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import count

from nlp.phrases import word_key

BITS: dict[str, int] = {}
"""The hints that a word gives, by its key."""
_places: Iterator[int] = count()


class Hint:
    """Whatever the pattern finds holds one of these words, or one that begins with the same `KEY` letters."""

    __slots__ = ("bit",)

    def __init__(self, words: str) -> None:
        self.bit = 1 << next(_places)
        for word in words.split():
            key = word_key(word)
            BITS[key] = BITS.get(key, 0) | self.bit


def hints_of(keys: Collection[str]) -> int:
    """The bits of all hints that these words give."""
    found = 0
    for key in BITS.keys() & keys:
        found |= BITS[key]
    return found
