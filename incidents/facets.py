"""What the incidents that are listed have in common, with how many each: from counts, else in one query."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Value, When

from incidents.choices import EndState, IncidentStatus, choices
from incidents.forms import HITS, IncidentFilter
from incidents.querysets import IncidentQuerySet
from nlp.document import Cause, Severity

OFFERED = 8
LABELS = {
    "severity": "Severity",
    "provider": "Provider",
    "hits": "Exchanges",
    "cause": "Cause",
    "status": "Status",
    "end": "End",
    "region": "Region",
    "service": "Service",
    "exchange": "Exchange reached",
}
WORDS: dict[str, dict[Any, Any]] = {
    "severity": dict(choices(Severity)),
    "cause": dict(choices(Cause)),
    "status": dict(IncidentStatus.choices),
    "end": dict(EndState.choices),
    "hits": dict(HITS),
}
ANSWERED = {"hits"}
"""Filters that take one value: once it is given there is nothing to add."""

Counts = Mapping[str, Iterable[tuple[str, int]]]


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    word: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Facet:
    """`hidden` counts the values for which there was no room: the filters above find them."""

    field: str
    label: str
    options: tuple[Option, ...]
    hidden: int


def facets(form: IncidentFilter, counts: Counts, names: Mapping[str, str], total: int) -> list[Facet]:
    """In the order of LABELS; a facet with nothing to choose is left out."""
    asked = form.asked
    found = []
    for field, label in LABELS.items():
        in_force = asked[field] or ()
        rows = [(value, count) for value, count in counts.get(field, ()) if value not in in_force]
        if (field in ANSWERED and in_force) or all(count == total for _, count in rows):
            continue  # there is nothing to choose
        options = tuple(
            Option(
                value=value,
                word=word(field, value, names),
                count=count,
                url=form.adding(field, value),
            )
            for value, count in rows[:OFFERED]
        )
        found.append(Facet(field, label, options, max(len(rows) - OFFERED, 0)))
    return found


def word(field: str, value: str, names: Mapping[str, str]) -> str:
    return str(WORDS.get(field, {}).get(value, "")).lower() or names.get(f"{field}:{value}") or value


def counted_facets(figures: Any) -> tuple[Counts, dict[str, str]]:
    """Of a scope that a worker counted; with the names of the things."""
    counts: dict[str, list[tuple[str, int]]] = {
        field: [(value, count) for value, count in rows] for field, rows in figures.facets.items()
    }
    names: dict[str, str] = {}
    for field in ("region", "service", "exchange"):
        rows = figures.beside.get(field, ())
        counts[field] = [(slug, count) for slug, count, _ in rows]
        names |= {f"{field}:{slug}": name for slug, _, name in rows}
    return counts, names


def live_facets(incidents: IncidentQuerySet) -> Counts:
    """Every combination that occurs, counted at once; there are few."""
    reached = Case(When(hit=[], then=Value("no")), default=Value("yes"))
    rows = (
        incidents.order_by()
        .annotate(reached=reached)
        .values_list("provider__slug", "severity", "cause", "status", "end_state", "reached")
        .annotate(count=Count("pk"))
    )
    totals: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for *values, count in rows:
        for field, value in zip(
            ("provider", "severity", "cause", "status", "end", "hits"), values, strict=True
        ):
            if value:
                totals[field][value] += count
    return {
        field: sorted(told.items(), key=lambda pair: (-pair[1], pair[0])) for field, told in totals.items()
    }
