"""What is the same wherever a sentence stands.

Records repeat their sentences from post to post, and the history of a report is read again with each new
post: a sentence that was read lately is not read again.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

from nlp.phrases import KEY, Phrases

MOST = 10_000
"""Sentences kept; some ten megabytes."""
WORD = re.compile(r"[a-z0-9]+")


class Hit(NamedTuple):
    """A phrase with its offsets in the sentence."""

    start: int
    end: int
    payload: Any


class Line:
    """One sentence in lower case, the keys of its words, and the phrases found in it so far, by table."""

    __slots__ = ("found", "keys", "low")

    def __init__(self, text: str) -> None:
        self.low = lowered(text)
        self.keys = frozenset([word[:KEY] for word in WORD.findall(self.low)])
        self.found: dict[Phrases[Any], tuple[Hit, ...]] = {}

    def find(self, phrases: Phrases[Any]) -> tuple[Hit, ...]:
        """In reading order; of phrases that start together the longer one first."""
        hits = self.found.get(phrases)
        if hits is None:
            hits = self.found[phrases] = tuple(sorted(self.search(phrases), key=place))
        return hits

    def search(self, phrases: Phrases[Any]) -> set[Hit]:
        low, keys, hits = self.low, self.keys, set[Hit]()
        for key in keys & phrases.keys:
            for phrase in phrases.by_key[key]:
                if phrase.needs and phrase.needs.isdisjoint(keys):
                    continue
                for hit in phrase.search.finditer(low):
                    start = hit.start()
                    if start == 0 or not (low[start - 1].isalnum() or low[start - 1] == "_"):
                        hits.add(Hit(start, hit.end(), phrase.payload))
        return hits


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
