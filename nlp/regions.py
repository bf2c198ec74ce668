"""Region codes and zones as texts write them: "us-east-1", "U.S.-East-1", "US East 1", "use1-az4"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from nlp.document import EntityKind
from nlp.vocabulary import Term, load_terms

HYPHEN = r"[-\u2010-\u2014 _]"
CODE = re.compile(
    rf"""(?<![\w.@/-])
    (?P<area>u\.?s\.?(?:{HYPHEN}?gov)?|eu|ap|sa|ca|me|af|il|mx|cn|na|asia|europe|africa|australia
      |northamerica|southamerica|eusc-de)
    {HYPHEN}?
    (?P<side>(?:north|nord|south|east|west|central)(?:east|west)?)
    (?P<dash>{HYPHEN}?)(?P<number>\d\d?)
    (?:[-\u2010\u2011]?[a-f])?
    (?![\w])(?!-\d)""",
    re.VERBOSE | re.IGNORECASE,
)
ZONE = re.compile(r"(?<![\w-])(?P<prefix>[a-z]+(?:-[a-z]+)?\d)-az\d(?!\w)", re.IGNORECASE)
COMPASS = re.compile(rf"[trsaTRSA][hdtlHDTL]{HYPHEN}?\d")
LONGEST_CODE = 24
SPELLED = {"nord": "north"}


class Place(NamedTuple):
    """A region code found, with character offsets; several terms where providers share the code.

    `exact` is how many of them, the first ones, are written just so.
    """

    start: int
    end: int
    terms: tuple[Term, ...]
    exact: int


@cache
def regions_by_code() -> dict[str, tuple[Term, ...]]:
    found: dict[str, list[Term]] = {}
    for term in load_terms():
        if term.kind is EntityKind.REGION:
            found.setdefault(squeezed(term.code), []).append(term)
    return {code: tuple(terms) for code, terms in found.items()}


@cache
def regions_by_zone_prefix() -> dict[str, Term]:
    """Zone ids such as "use1-az4" carry a short form of their region."""
    return {term.zone_prefix: term for term in load_terms() if term.zone_prefix}


def squeezed(code: str) -> str:
    return re.sub(r"[\W_]", "", code).casefold()


def find_places(text: str) -> list[Place]:
    return sorted([*coded(text), *zoned(text)], key=lambda place: place.start)


def coded(text: str) -> list[Place]:
    found = []
    for hit in codes(text):
        area, side = squeezed(hit["area"]), hit["side"].casefold()
        code = area + SPELLED.get(side, side) + hit["number"]
        terms = regions_by_code().get(code, ())
        if terms:
            # Google writes us-east1, Amazon us-east-1; others mix them up.
            exact = [term for term in terms if bool(hit["dash"]) == term.code[-2:-1].endswith("-")]
            others = [term for term in terms if term not in exact]
            found.append(Place(hit.start(), hit.end(), (*exact, *others), len(exact) or len(terms)))
    return found


def codes(text: str) -> Iterator[re.Match[str]]:
    """Codes end in a point of the compass and a number: look there first, for most texts hold few of them."""
    end = 0
    for mark in COMPASS.finditer(text):
        hit = CODE.search(text, max(end, mark.start() - LONGEST_CODE), mark.end() + 3)
        if hit is not None and hit.start() < mark.start() < hit.end():
            end = hit.end()
            yield hit


def zoned(text: str) -> list[Place]:
    if "-az" not in text.casefold():
        return []
    hits = ((hit, regions_by_zone_prefix().get(hit["prefix"].casefold())) for hit in ZONE.finditer(text))
    return [Place(hit.start(), hit.end(), (term,), 1) for hit, term in hits if term]
