"""How many outages began in each stretch of time: from what a worker counted, where that says the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import Trunc

from incidents.figures import months_of
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
    """From the counts of days or of whole months. An empty lane means that of the outage's provider."""
    unit = "day" if span.unit == "hour" else span.unit
    first_day, last_day = span.start.date(), span.end.date()
    within = Q(day__gte=first_day, day__lte=last_day)
    told: Counter[tuple[datetime, str]] = Counter()
    if unit == "month":
        first, last = month_of(span.start), month_of(span.end)
        for scope, rows in months_of(*lane_of_scope).items():
            for month, lane, count in rows:
                start = begin_of(month)
                if first < start < last:
                    told[start, lane_of_scope[scope] or lane] += count
        # Of the first and the last month a part may be in view.
        within = Q(day__gte=first_day, day__lt=next_bin(first, "month").date())
        within |= Q(day__gte=last.date(), day__lte=last_day)
    for scope, lane, day, count in day_bins(lane_of_scope, within, unit):
        told[midnight(day), lane_of_scope[scope] or lane] += count
    return [bin_of(lane, start, unit, count) for (start, lane), count in sorted(told.items())]


def day_bins(scopes: Iterable[str], within: Q, unit: str) -> Any:
    days = DayCount.objects.filter(within, scope__in=list(scopes)).annotate(bin=Trunc("day", unit))
    return days.values_list("scope", "lane", "bin").annotate(total=Sum("count"))


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
    totals: Counter[str] = Counter()
    for month, _, count in months_of(scope).get(scope, ()):
        totals[month] += count
    return [(begin_of(month).date(), count) for month, count in totals.items()]


def month_of(at: datetime) -> datetime:
    return at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


@cache
def begin_of(month: str) -> datetime:
    return datetime(int(month[:4]), int(month[5:]), 1, tzinfo=UTC)


def peaks_of(bins: Iterable[Bin]) -> dict[str, int]:
    """The highest count of each lane."""
    peaks: dict[str, int] = {}
    for told in bins:
        peaks[told.lane] = max(told.count, peaks.get(told.lane, 0))
    return peaks
