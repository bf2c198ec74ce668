"""How many outages began in each stretch of time: from what a worker counted, where that says the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.db.models import Count, Sum
from django.db.models.functions import Trunc

from incidents.models import DayCount
from incidents.querysets import IncidentQuerySet
from incidents.timeline.spans import Span, next_bin

OWN = "own"
"""The lane of outages that have no provider."""


@dataclass(frozen=True, slots=True)
class Bin:
    """How many outages of a lane began in a stretch of time."""

    lane: str
    start: datetime
    end: datetime
    count: int

    @property
    def text(self) -> str:
        if self.end - self.start <= next_bin(self.start, "hour") - self.start:
            return f"{self.count} began {self.start:%Y-%m-%d %H:%M} to {self.end:%H:%M} UTC"
        return f"{self.count} began {self.start:%Y-%m-%d} to {self.end:%Y-%m-%d}"

    @property
    def query(self) -> str:
        """What to ask to look closer."""
        return f"since={self.start:%Y-%m-%dT%H:%M}&until={self.end:%Y-%m-%dT%H:%M}"


def counted_bins(lane_of_scope: Mapping[str, str], span: Span) -> list[Bin]:
    """From the counts of days. An empty lane means that of the outage's provider."""
    unit = "day" if span.unit == "hour" else span.unit
    rows: Any = (
        DayCount.objects.filter(scope__in=lane_of_scope, day__gte=span.start.date(), day__lte=span.end.date())
        .annotate(bin=Trunc("day", unit))
        .values_list("scope", "lane", "bin")
        .annotate(total=Sum("count"))
        .order_by("bin")
    )
    told: Counter[tuple[date, str]] = Counter()
    for scope, lane, start, total in rows:
        told[start, lane_of_scope[scope] or lane] += total
    return [bin_of(lane, midnight(start), unit, count) for (start, lane), count in told.items()]


def live_bins(dated: IncidentQuerySet, span: Span) -> list[Bin]:
    rows: Any = (
        dated.order_by()
        .annotate(bin=Trunc("started_at", span.unit, tzinfo=UTC))
        .values_list("provider__slug", "bin")
        .annotate(count=Count("pk"))
        .order_by("bin")
    )
    return [bin_of(slug or OWN, start, span.unit, count) for slug, start, count in rows]


def bin_of(lane: str, start: datetime, unit: str, count: int) -> Bin:
    return Bin(lane, start, next_bin(start, unit), count)


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def months(scope: str) -> list[tuple[date, int]]:
    """The whole record of a scope by month, for the picture that a view is chosen from."""
    rows: Any = (
        DayCount.objects.filter(scope=scope)
        .annotate(bin=Trunc("day", "month"))
        .values_list("bin")
        .annotate(total=Sum("count"))
        .order_by("bin")
    )
    return [(month, total) for month, total in rows]


def lanes_in(bins: Iterable[Bin]) -> Collection[str]:
    return {told.lane for told in bins}
