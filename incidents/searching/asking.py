"""What a person wrote into the search box: words, and operators that are the filters of the list."""

from __future__ import annotations

import re
from calendar import month_abbr, month_name
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.http import QueryDict

from incidents.forms import IncidentFilter
from incidents.searching.spelling import meant_of
from nlp.document import EntityKind
from nlp.vocabulary import terms_named

LONGEST = 200
PART = re.compile(r'(?P<name>[a-z]+):(?:"(?P<quoted>[^"]*)"|(?P<plain>\S+))|"[^"]*"|\S+', re.IGNORECASE)
MONTHS = [name.lower() for name in month_abbr]
MONTH = "|".join((*month_name[1:], *month_abbr[1:], "Sept"))
DATE = re.compile(
    rf"""
    (?P<phrase>"[^"]*") | (?<!\S)(?:
        (?P<iso>[12]\d\d\d-\d\d(?:-\d\d)?)
        | (?:(?P<before>\d\d?)(?:st|nd|rd|th)?\ )?(?P<month>{MONTH})\.?
            (?:\ (?P<behind>\d\d?)(?:st|nd|rd|th)?)?,?\ (?P<year>[12]\d\d\d)
    )(?!\S)
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""7 December 2021, Dec. 7th, 2021, December 2021, 2021-12-07; or a phrase, in which a date is words."""
# Operator -> filter of the list, and what its value may name.
NAMING = {
    "provider": ("provider", EntityKind.PROVIDER),
    "cloud": ("provider", EntityKind.PROVIDER),
    "region": ("region", EntityKind.REGION),
    "service": ("service", EntityKind.SERVICE),
    "exchange": ("exchange", EntityKind.ORGANISATION),
    "organisation": ("exchange", EntityKind.ORGANISATION),
    "org": ("exchange", EntityKind.ORGANISATION),
}
PLAIN = {
    "cause": "cause",
    "severity": "severity",
    "status": "status",
    "end": "end",
    "hits": "hits",
    "after": "since",
    "since": "since",
    "before": "until",
    "until": "until",
}
OPERATORS = (*NAMING, *PLAIN)


@dataclass(frozen=True, slots=True)
class Asked:
    """`words` go to the full text search, `filters` narrow; `mistakes` are said and left out."""

    text: str
    words: str = ""
    filters: QueryDict = field(default_factory=QueryDict)
    mistakes: tuple[str, ...] = ()

    @property
    def form(self) -> IncidentFilter:
        return IncidentFilter(self.filters)

    @property
    def is_empty(self) -> bool:
        return not self.words and not self.filters


def parse(text: str) -> Asked:
    """Never fails: what is no operator is a word, and an operator's mistake is told in words."""
    text = " ".join(text.replace("\x00", " ").split())[:LONGEST]
    words: list[str] = []
    filters = QueryDict(mutable=True)
    mistakes: list[str] = []
    for found in PART.finditer(text):
        name = (found["name"] or "").lower()
        value = found["quoted"] if found["quoted"] is not None else found["plain"]
        if name in NAMING and value:
            kept = list(slugs_named(name, value))
            for slug in kept:
                filters.appendlist(NAMING[name][0], slug)
            if not kept:
                near = meant_of(NAMING[name][1], value)
                mistakes.append(f"No {name} goes by “{value}”." + (f" Did you mean {near}?" if near else ""))
        elif name in PLAIN and value:
            filters.appendlist(PLAIN[name], value.lower())
        else:
            words.append(found[0])
    said = " ".join(words)
    if "since" not in filters and "until" not in filters:
        said = take_date(said, filters)
    keep_to_providers(filters)
    mistakes += mend(filters)
    return Asked(text, said, filters, tuple(mistakes))


def take_date(words: str, filters: QueryDict) -> str:
    """The words without the first day or month among them, which narrows the search to itself."""
    for found in DATE.finditer(words):
        if not found["phrase"]:
            filters["since"] = filters["until"] = found["iso"] or iso_date(found)
            return " ".join((words[: found.start()] + words[found.end() :]).split())
    return words


def iso_date(found: re.Match[str]) -> str:
    day = found["before"] or found["behind"]
    month = f"{found['year']}-{MONTHS.index(found['month'][:3].lower()):02}"
    return f"{month}-{int(day):02}" if day else month


def slugs_named(operator: str, value: str) -> Iterator[str]:
    """`us-east-1`, `aws:us-east-1` and “N. Virginia” are one region."""
    kind = NAMING[operator][1]
    found = {term.slug for term in terms_named(value) if term.kind == kind}
    yield from sorted(found or ({value.lower()} if ":" in value else set()))


def keep_to_providers(filters: QueryDict) -> None:
    """Several providers have a `us-east-1`: where one is named, only its own is meant."""
    providers = set(filters.getlist("provider"))
    for name in ("region", "service"):
        own = [slug for slug in filters.getlist(name) if slug.partition(":")[0] in providers]
        if own:
            filters.setlist(name, own)


def mend(filters: QueryDict) -> list[str]:
    """Take out the filters whose value is none; what was wrong with each."""
    form = IncidentFilter(filters)
    if form.is_valid():
        return []
    told = []
    for name, errors in form.errors.items():
        given = ", ".join(filters.getlist(name))
        told.append(f"“{given}” is no {name}: {' '.join(str(error) for error in errors)}")
        del filters[name]
    return told
