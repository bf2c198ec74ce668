"""Numbers about many incidents: those that a worker counted, and live ones for filters nobody foresaw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Aggregate,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    Max,
    Min,
    Q,
    Subquery,
    TextField,
)

from incidents.choices import EndState
from incidents.models import Counting, Figures, Incident
from incidents.prepared import IsAnyOf, Prepared, given_list
from incidents.querysets import IncidentQuerySet

Month = tuple[str, str, int]
"""Year and month as `2025-10`, lane, count."""
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


DRAWN = ("months", "pictures")
LISTS = ("years", "facets", "beside", *DRAWN)


def figures_of(*scopes: str) -> dict[str, Figures]:
    """By scope: the numbers that a worker counted, without their lists. Absent where there is no incident."""
    return {row.scope: row for row in FIGURES.rows(scopes=[*scopes])}


def counted(*scopes: str) -> dict[str, Any]:
    """The same with the lists, and when it was counted."""
    return {row.scope: row for row in COUNTED.rows(scopes=[*scopes])}


def drawn(scope: str) -> Any:
    """The same of one scope, with its pictures; None where there is no incident."""
    return PICTURED.first(scopes=[scope])


def months_of(*scopes: str) -> dict[str, list[Month]]:
    """By scope: how many began in each month, and in which lane."""
    return dict(MONTHS.rows(scopes=[*scopes]))


OF_SCOPES = IsAnyOf(F("scope"), given_list("scopes", TextField()))
FIGURES = Prepared(lambda: Figures.objects.filter(OF_SCOPES).defer(*LISTS))
WITH_LISTS = Figures.objects.filter(OF_SCOPES).annotate(as_of=Subquery(Counting.objects.values("as_of")[:1]))
COUNTED = Prepared(lambda: WITH_LISTS.defer(*DRAWN))
PICTURED = Prepared(lambda: WITH_LISTS.defer("months"))
MONTHS = Prepared(lambda: Figures.objects.filter(OF_SCOPES).values_list("scope", "months"))


def duration_of(incident: Incident) -> timedelta | None:
    """None where either end is not known: a bound is no end (design, idea 5)."""
    if incident.end_state != EndState.KNOWN or incident.start_is_bound:
        return None
    if incident.started_at is None or incident.ended_at is None:
        return None
    return incident.ended_at - incident.started_at


def lengths(incidents: IncidentQuerySet) -> Lengths:
    found = incidents.aggregate(
        total=Count("pk"),
        measured=Count("pk", filter=MEASURED),
        median=Percentile(LENGTH, 0.5, filter=MEASURED),
        p90=Percentile(LENGTH, 0.9, filter=MEASURED),
        first=Min("started_at"),
        last=Max("started_at"),
        **{state: Count("pk", filter=Q(end_state=state)) for state in ("bounded", "unknown", "ongoing")},
    )
    return Lengths(**found)


def lengths_counted(figures: Figures) -> Lengths:
    return Lengths(
        total=figures.total,
        measured=figures.measured,
        median=figures.median,
        p90=figures.p90,
        bounded=figures.bounded,
        unknown=figures.unknown,
        ongoing=figures.ongoing,
        first=figures.first_at,
        last=figures.last_at,
    )
