"""What the incidents that are listed have in common, with how many each: from counts, else in one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from incidents.choices import EndState, IncidentStatus, choices
from incidents.forms import HITS, IncidentFilter
from incidents.querysets import IncidentQuerySet
from nlp.document import Cause, Severity

OFFERED = 8
LABELS = {
    "severity": "Severity",
    "provider": "Provider",
    "hits": "Customers",
    "cause": "Cause",
    "status": "Status",
    "end": "End",
    "region": "Region",
    "service": "Service",
    "exchange": "Who was reached",
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

# Every combination that occurs is counted first; there are few.
COUNT = """
    SELECT told.facet, told.value, sum(number)::int FROM (
        SELECT provider, severity, cause, status, end_state, hit <> '{{}}' AS has_hit, count(*) AS number
        FROM ({chosen}) AS chosen (provider, severity, cause, status, end_state, hit)
        GROUP BY provider, severity, cause, status, end_state, has_hit
    ) AS combined CROSS JOIN LATERAL (VALUES
        ('provider', provider), ('severity', severity), ('cause', cause), ('status', status),
        ('end', end_state), ('hits', CASE WHEN has_hit THEN 'yes' ELSE 'no' END)
    ) AS told (facet, value)
    WHERE told.value <> '' GROUP BY told.facet, told.value
    ORDER BY told.facet, sum(number) DESC, told.value
"""

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
    """The same of these incidents, which may be the first of many: counted as a worker counts."""
    columns = ("provider__slug", "severity", "cause", "status", "end_state", "hit")
    chosen, values = incidents.values_list(*columns).query.sql_with_params()
    totals: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(COUNT.format(chosen=chosen), values)
        for field, value, count in cursor.fetchall():
            totals[field].append((value, count))
    return totals
