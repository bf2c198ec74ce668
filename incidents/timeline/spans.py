"""What stretch of time is in view, and in which units it is told: from fifteen years to one hour. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

WIDTH = 1180
"""Pixels of the chart that everything is packed for."""
LEAST = timedelta(hours=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
DAYS_TOLD = 14 * DAY
"""Up to this length midnights are drawn."""
IN_MILLISECONDS = 1000

# The longest span for which a unit's bins can still be told apart, and ticks be read.
UNITS = (("hour", 10 * DAY), ("day", 400 * DAY), ("week", 5 * 365 * DAY))
TICKS = (
    (3 * HOUR, 15 * 60),
    (14 * HOUR, 60 * 60),
    (50 * HOUR, 3 * 60 * 60),
    (5 * DAY, 12 * 60 * 60),
    (DAYS_TOLD, 24 * 60 * 60),
)


@dataclass(frozen=True, slots=True)
class Span:
    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    def pixels(self, length: timedelta) -> float:
        return length / self.length * WIDTH

    def time(self, pixels: float) -> timedelta:
        return self.length * (pixels / WIDTH)

    def midnights(self) -> list[datetime]:
        """Those within, as long as days can be told apart."""
        if self.length > DAYS_TOLD:
            return []
        first = datetime(self.start.year, self.start.month, self.start.day, tzinfo=UTC) + DAY
        count = max(0, -(-(self.end - first) // DAY))
        return [first + n * DAY for n in range(count)]

    @property
    def unit(self) -> str:
        """In which stretches outages are counted where they are too many to be drawn."""
        return next((unit for unit, most in UNITS if self.length <= most), "month")


def next_bin(start: datetime, unit: str) -> datetime:
    """Where the bin ends that begins here."""
    if unit == "month":
        return (start + timedelta(days=32)).replace(day=1)
    return start + {"hour": HOUR, "day": DAY, "week": 7 * DAY}[unit]


def ticks(span: Span) -> dict[str, Any]:
    """Plotly's ticks: in round parts of a day as long as days are told, beyond that its own choice."""
    seconds = next((seconds for most, seconds in TICKS if span.length <= most), None)
    if seconds is None:
        return {}
    at = {"tick0": f"{span.start:%Y-%m-%d}", "dtick": seconds * IN_MILLISECONDS}
    if seconds < DAY.total_seconds():
        # The day stands at each: Plotly would tell it at the first alone, which the edge may hide.
        return at | {"tickformat": "%H:%M<br>%a %-d %b"}
    # A day is named in its middle, between the lines that part it from its neighbours.
    return at | {"tickformat": "%a %-d %b", "ticklabelmode": "period"}
