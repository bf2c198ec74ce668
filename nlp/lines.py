"""What is the same wherever a sentence stands.

Records repeat their sentences from post to post, and the history of a report is read again with each new
post: a sentence that was read lately is not read again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar, cast

from nlp.hints import Hint, hints_of
from nlp.phrases import KEY, Phrases, possible
from nlp.time_words import BEGINNINGS, FIRST_WORDS, UNSPACED

T = TypeVar("T")

MOST = 30_000
"""Sentences kept: some five kilobytes each, and a year of a provider's record."""
WORD = re.compile(rf"([a-z0-9]{{1,{KEY}}})[a-z0-9]*")
AFTER_DIGITS = ":"


class Hit(NamedTuple):
    """A phrase with its offsets in the sentence."""

    start: int
    end: int
    payload: Any


class Line:
    """One sentence in lower case, with whatever its readers have made of it so far.

    `found` are the phrases in it, by table: in reading order, of those that start together the longer first.
    `times` is where words begin that may open a time.
    """

    __slots__ = ("_hints", "_read", "found", "low", "text", "times")

    def __init__(self, text: str) -> None:
        self.text = text
        self.low = lowered(text)
        words = words_of(self.low)
        self.found = found_in(self.low, words)
        self.times = openings_of_times(self.low, words)
        self._hints = hints_of(words.keys())
        self._read: dict[Callable[[Line], Any], Any] = {}

    def gives(self, hint: Hint) -> bool:
        return self._hints & hint.bit != 0

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


def words_of(low: str) -> dict[str, list[int]]:
    """Where words begin, by their keys (`phrases.word_key`)."""
    places: dict[str, list[int]] = {}
    for word in WORD.finditer(low):
        key = word[1]
        if key in places:
            places[key].append(word.start())
        else:
            places[key] = [word.start()]
    return places


def openings_of_times(low: str, words: dict[str, list[int]]) -> tuple[int, ...]:
    found = [
        start
        for key, starts in words.items()
        if key < AFTER_DIGITS or key in FIRST_WORDS or key[:3] in BEGINNINGS
        for start in starts
    ]
    if not low.isascii():
        found += [opening.start() for opening in UNSPACED.finditer(low)]
    return tuple(sorted(found))


def found_in(low: str, places: dict[str, list[int]]) -> dict[Phrases[Any], tuple[Hit, ...]]:
    hits: dict[Phrases[Any], set[Hit]] = {}
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
