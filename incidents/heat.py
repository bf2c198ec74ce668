"""The days on which something began, a line a year: drawn by the server, without a script. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from nlp.document import Severity

CELL, ROW, LEFT, TOP = 2.5, 15, 42, 16
BAR = 11
YEARS = 12
NAMED = 12
"""Days that a stroke names; the page of incidents lists all."""
WORST_FIRST = (
    Severity.CRITICAL,
    Severity.MAJOR,
    Severity.MINOR,
    Severity.UNKNOWN,
    Severity.MAINTENANCE,
    Severity.NONE,
)
RANKS = {str(severity): rank for rank, severity in enumerate(WORST_FIRST)}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Stroke:
    """All days of a year whose worst is of one severity, as one path: a page may hold thousands of days."""

    severity: str
    path: str
    told: str


@dataclass(frozen=True, slots=True)
class Line:
    year: int
    y: int
    total: int
    strokes: tuple[Stroke, ...]


@dataclass(frozen=True, slots=True)
class Month:
    name: str
    x: float


@dataclass(frozen=True, slots=True)
class Heat:
    lines: tuple[Line, ...]
    months: tuple[Month, ...]
    earlier: int
    """How many began before the first line."""
    left: int = LEFT
    width: float = LEFT + 366 * CELL + 40

    @property
    def height(self) -> int:
        return TOP + len(self.lines) * ROW


def draw_heat(counts: Iterable[Sequence[Any]], last: int) -> Heat | None:
    """From (day, severity, count), in any order; the years up to `last`, the newest on top."""
    worst: dict[date, int] = {}
    totals: Counter[int] = Counter()
    for day, severity, count in counts:
        rank = RANKS[severity]
        if rank < worst.get(day, len(RANKS)):
            worst[day] = rank
        totals[day.year] += count
    if not worst:
        return None
    years = range(max(min(totals), last - YEARS + 1), last + 1)
    by_year: dict[int, list[list[date]]] = {year: [[] for _ in WORST_FIRST] for year in years}
    for day in sorted(worst):
        if day.year in by_year:
            by_year[day.year][worst[day]].append(day)
    lines = [
        line(year, TOP + row * ROW, by_year[year], totals[year]) for row, year in enumerate(reversed(years))
    ]
    earlier = sum(count for year, count in totals.items() if year < years.start)
    months = tuple(Month(name, x_of(date(2024, n, 1))) for n, name in enumerate(MONTHS, start=1))
    return Heat(tuple(lines), months, earlier)


def line(year: int, y: int, by_worst: Sequence[list[date]], total: int) -> Line:
    ranked = zip(WORST_FIRST, by_worst, strict=True)
    return Line(year, y, total, tuple(stroke(severity, days, y) for severity, days in ranked if days))


def stroke(severity: str, days: list[date], y: int) -> Stroke:
    cell = f" {y}h{CELL:g}v{BAR}h-{CELL:g}z"
    cells = [f"M{PLACES[day.month, day.day]}{cell}" for day in days]
    named = ", ".join(f"{day:%-d %b}" for day in days[:NAMED])
    more = f" and {len(days) - NAMED} more" if len(days) > NAMED else ""
    return Stroke(severity, "".join(cells), f"{days[0].year}, {severity} at worst: {named}{more}")


def x_of(day: date) -> float:
    """The same day of each year stands in the same place: a leap year's."""
    return round(LEFT + (date(2024, day.month, day.day) - date(2024, 1, 1)).days * CELL, 1)


LEAP_YEAR = [date(2024, 1, 1) + timedelta(number) for number in range(366)]
PLACES = {(day.month, day.day): f"{x_of(day):g}" for day in LEAP_YEAR}
