"""Region codes and zones as texts write them: "us-east-1", "U.S.-East-1", "US East 1", "use1-az4"."""

from __future__ import annotations

import re
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
def zone_codes() -> tuple[re.Pattern[str], dict[str, tuple[Term, ...]]]:
    """Zone ids such as "use1-az4" carry a short form of their region; plain codes hold no number."""
    short: dict[str, tuple[Term, ...]] = {
        term.zone_prefix: (term,)
        for term in load_terms()
        if term.kind is EntityKind.REGION and term.zone_prefix
    }
    plain = {
        term.code: (term,)
        for term in load_terms()
        if term.kind is EntityKind.REGION and term.provider == "alibaba" and not CODE.fullmatch(term.code)
    }
    either = "|".join(map(re.escape, sorted(short, key=len, reverse=True)))
    codes = "|".join(map(re.escape, sorted(plain, key=len, reverse=True)))
    pattern = re.compile(
        rf"(?<![\w-])(?:(?P<zone>{either})-az\d|(?P<code>{codes})(?:-[a-n])?)(?!\w)", re.IGNORECASE
    )
    return pattern, short | plain


def squeezed(code: str) -> str:
    return re.sub(r"[\W_]", "", code).casefold()


def find_places(text: str) -> list[Place]:
    return [*coded(text), *zoned(text)]


def coded(text: str) -> list[Place]:
    found = []
    for hit in CODE.finditer(text):
        area, side = squeezed(hit["area"]), hit["side"].casefold()
        code = area + SPELLED.get(side, side) + hit["number"]
        terms = regions_by_code().get(code, ())
        if terms:
            # Google writes us-east1, Amazon us-east-1; others mix them up.
            exact = [term for term in terms if bool(hit["dash"]) == term.code[-2:-1].endswith("-")]
            others = [term for term in terms if term not in exact]
            found.append(Place(hit.start(), hit.end(), (*exact, *others), len(exact) or len(terms)))
    return found


def zoned(text: str) -> list[Place]:
    pattern, terms = zone_codes()
    return [
        Place(hit.start(), hit.end(), terms[(hit["zone"] or hit["code"]).casefold()], 1)
        for hit in pattern.finditer(text)
    ]
