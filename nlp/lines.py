"""What is the same wherever a sentence stands.

Records repeat their sentences from post to post, and the history of a report is read again with each new
post: a sentence that was read lately is not read again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar, cast

from nlp.phrases import KEY, Phrases, possible

T = TypeVar("T")

MOST = 30_000
"""Sentences kept: some five kilobytes each, and a year of a provider's record."""
WORD = re.compile(r"[a-z0-9]+")


class Hit(NamedTuple):
    """A phrase with its offsets in the sentence."""

    start: int
    end: int
    payload: Any


class Line:
    """One sentence in lower case, with whatever its readers have made of it so far.

    `found` are the phrases in it, by table: in reading order, of those that start together the longer first.
    """

    __slots__ = ("_read", "found", "low", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.low = lowered(text)
        self.found = found_in(self.low)
        self._read: dict[Callable[[Line], Any], Any] = {}

    def read(self, reader: Callable[[Line], T]) -> T:
        """What a reader makes of this sentence, whatever surrounds it: asked once."""
        found = self._read.get(reader)
        if found is None:
            found = self._read[reader] = reader(self)
        return cast(T, found)

    def knows(self, reader: Callable[[Line], Any]) -> bool:
        return reader in self._read

    def keep(self, reader: Callable[[Line], T], found: T) -> None:
        """For readers that take many sentences together."""
        self._read[reader] = found


def found_in(low: str) -> dict[Phrases[Any], tuple[Hit, ...]]:
    hits: dict[Phrases[Any], set[Hit]] = {}
    places: dict[str, list[int]] = {}
    for word in WORD.finditer(low):
        places.setdefault(word.group()[:KEY], []).append(word.start())
    for match, payload, openings, _, table in possible(places.keys()):
        for opening in openings:
            for start in places.get(opening, ()):
                if found := match(low, start):
                    hits.setdefault(table, set()).add(Hit(start, found.end(), payload))
    return {
        table: tuple(sorted(found, key=place) if len(found) > 1 else found) for table, found in hits.items()
    }


def place(hit: Hit) -> tuple[int, int, str]:
    return hit.start, -hit.end, repr(hit.payload)


@lru_cache(maxsize=MOST)
def line_of(text: str) -> Line:
    return Line(text)


def lowered(text: str) -> str:
    """Lower case with every offset kept: a letter whose lower case is longer stays as it is."""
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
