"""Phrases as data: a small language for word patterns, quick where a text holds none of them.

    power outage/loss     one word or the other
    overheat*             any ending
    loss of .. power      up to three words between
    heavy . traffic       at most one word between
    the? cause            a word that may be missing
    <broken> of disks     a named set of alternatives

A blank stands for any run of blanks or hyphens. Texts are matched in lower case (`lines.lowered`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, Generic, NamedTuple, TypeVar

T = TypeVar("T")

GAPS = {"..": r"(?:[\w'’/.()-]+,?\s+){0,3}?", ".": r"(?:[\w'’/.()-]+\s+)?"}
BETWEEN = r"[\s-]+"
KEY = 4
# Words that nearly every report holds: a phrase is looked up by another of its words where it can be.
COMMON = frozenset(
    {
        "a",
        "affe",
        "an",
        "and",
        "at",
        "been",
        "by",
        "caus",
        "chan",
        "clou",
        "conn",
        "cont",
        "cust",
        "data",
        "engi",
        "erro",
        "expe",
        "fail",
        "from",
        "had",
        "has",
        "have",
        "impa",
        "in",
        "incr",
        "is",
        "issu",
        "late",
        "netw",
        "of",
        "on",
        "or",
        "prob",
        "prov",
        "rate",
        "regi",
        "reso",
        "rest",
        "serv",
        "some",
        "that",
        "the",
        "this",
        "time",
        "to",
        "upda",
        "user",
        "was",
        "were",
        "with",
    }
)


class Phrase(NamedTuple):
    """`openings` are the keys of the words that it may begin with; `needs` those of its further words: of
    each set a sentence must hold one."""

    match: Callable[[str, int], re.Match[str] | None]
    payload: Any
    openings: tuple[str, ...]
    needs: tuple[frozenset[str], ...]
    table: Phrases[Any]


BY_KEY: dict[str, list[Phrase]] = {}
"""The phrases of all tables by the keys of a word that each must hold: tables are made before the first text
is read, so that a sentence is searched once for all of them."""


class Phrases(Generic[T]):
    """A table of phrases, each with its payload.

    Only those are tried of which a sentence holds the words: trying every pattern on every sentence costs a
    hundred times more, and most sentences hold few of the words.
    """

    def __init__(self, table: Iterable[tuple[str, T]], named: Mapping[str, str] | None = None) -> None:
        for line, payload in table:
            tokens = expand(line, named or {})
            rarest, *others = keys(tokens)
            match = re.compile(pattern(tokens)).match
            phrase = Phrase(match, payload, openings(tokens), tuple(others), self)
            for key in rarest:
                BY_KEY.setdefault(key, []).append(phrase)


def possible(words: Collection[str]) -> Iterator[Phrase]:
    """The phrases of any table all of whose words occur, in whatever order; some of them twice."""
    present = set(words)
    for word in words:
        for phrase in BY_KEY.get(word, ()):
            for need in phrase.needs:
                if need.isdisjoint(present):
                    break
            else:
                yield phrase


def word_key(word: str) -> str:
    """Words that begin alike are looked up together: "failed", "failure"."""
    return word[:KEY]


def expand(line: str, named: Mapping[str, str]) -> list[str]:
    return [named[token[1:-1]] if token.startswith("<") else token for token in line.split()]


def pattern(tokens: list[str]) -> str:
    """To be tried where a word begins."""
    written = []
    for n, token in enumerate(tokens):
        is_last = n == len(tokens) - 1
        if token in GAPS:
            written.append(GAPS[token])
        elif token.endswith("?"):
            written.append(f"(?:{alternatives(token[:-1])}{'' if is_last else BETWEEN})?")
        else:
            written.append(alternatives(token) + ("" if is_last else BETWEEN))
    return "".join(written) + r"(?!\w)"


def alternatives(token: str) -> str:
    ways = [re.escape(way.rstrip("*")) + (r"\w*" if way.endswith("*") else "") for way in token.split("/")]
    return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"


def openings(tokens: list[str]) -> tuple[str, ...]:
    """The keys of the first word, and of those that may be missing before it."""
    found: dict[str, None] = {}
    for token in tokens:
        found |= dict.fromkeys(word_key(way.rstrip("*")) for way in token.rstrip("?").split("/"))
        if not token.endswith("?"):
            break
    return tuple(found)


def keys(tokens: list[str]) -> list[frozenset[str]]:
    """The keys of each word that must be there, the one that is hardest to come by first."""
    choices = [
        {way.rstrip("*") for way in token.split("/")}
        for token in tokens
        if token not in GAPS and not token.endswith("?")
    ]
    choices.sort(
        key=lambda ways: (not COMMON.isdisjoint(map(word_key, ways)), -min(map(len, ways)), len(ways))
    )
    return [frozenset(map(word_key, ways)) for ways in choices]
