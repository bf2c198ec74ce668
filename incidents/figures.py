"""Numbers about many incidents, one query each: how long, how many, and beside them what is left out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Max, Min, Q
from django.db.models.functions import ExtractYear

from incidents.charts import Dot
from incidents.choices import EndState
from incidents.models import Incident
from incidents.querysets import IncidentQuerySet

ROUGH = ("day", "month", "year")
MEASURED = (
    Q(end_state=EndState.KNOWN, start_is_bound=False, started_at__isnull=False)
    & ~Q(start_precision__in=ROUGH)
    & ~Q(end_precision__in=ROUGH)
)
"""Both ends known, to the hour at least: only these enter a duration (design, idea 5)."""
LENGTH = ExpressionWrapper(F("ended_at") - F("started_at"), DurationField())


class Percentile(Aggregate):
    """`percentile_cont`: the value below which that share of all lies."""

    function = "percentile_cont"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"

    def __init__(self, expression: Any, share: float, **extra: Any) -> None:
        super().__init__(expression, share=float(share), **extra)


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long outages lasted. `measured` is how many the two figures are drawn from; the rest is counted."""

    total: int
    measured: int
    median: timedelta | None
    p90: timedelta | None
    bounded: int
    unknown: int
    ongoing: int
    first: datetime | None
    last: datetime | None

    @property
    def rough(self) -> int:
        """Both ends known, but one by the day only or as a bound."""
        return self.total - self.measured - self.bounded - self.unknown - self.ongoing


def duration_of(incident: Incident) -> timedelta | None:
    """None where either end is not known: a bound is no end (design, idea 5)."""
    if incident.end_state != EndState.KNOWN or incident.start_is_bound:
        return None
    if incident.started_at is None or incident.ended_at is None:
        return None
    return incident.ended_at - incident.started_at


def lengths(incidents: IncidentQuerySet) -> Lengths:
    found = incidents.order_by().aggregate(
        total=Count("pk"),
        measured=Count("pk", filter=MEASURED),
        median=Percentile(LENGTH, 0.5, filter=MEASURED),
        p90=Percentile(LENGTH, 0.9, filter=MEASURED),
        first=Min("started_at"),
        last=Max("started_at"),
        **{state: Count("pk", filter=Q(end_state=state)) for state in ("bounded", "unknown", "ongoing")},
    )
    return Lengths(**found)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many incidents, by year and severity, and by cause, the most frequent first."""

    years: list[tuple[int, str, int]]
    causes: list[tuple[str, int]]


def counts(incidents: IncidentQuerySet) -> Counts:
    found = incidents.order_by().annotate(year=ExtractYear("started_at"))
    years: Counter[tuple[int, str]] = Counter()
    causes: Counter[str] = Counter()
    for year, severity, cause, count in found.values_list("year", "severity", "cause").annotate(Count("pk")):
        causes[cause] += count
        if year is not None:
            years[year, severity] += count
    return Counts(
        years=[(year, severity, count) for (year, severity), count in sorted(years.items())],
        causes=sorted(causes.items(), key=lambda pair: (-pair[1], pair[0])),
    )


def dots(incidents: IncidentQuerySet, most: int) -> list[Dot]:
    """The newest outages whose length is known."""
    found = incidents.filter(MEASURED, ended_at__gt=F("started_at")).order_by("-started_at")
    rows = found.values_list("slug", "title", "severity", "started_at", "ended_at")[:most]
    return [Dot(slug, title, severity, start, end - start) for slug, title, severity, start, end in rows]
