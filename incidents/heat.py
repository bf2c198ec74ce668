"""The days on which something began, a line a year: drawn by the server, without a script. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

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
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


Day = tuple[date, dict[str, int]]
"""With how many began, by severity."""


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


def draw_heat(counts: Iterable[tuple[date, str, int]], last: int) -> Heat | None:
    """From (day, severity, count), in any order; the years up to `last`, the newest on top."""
    by_day: dict[date, dict[str, int]] = {}
    for day, severity, count in counts:
        severities = by_day.setdefault(day, {})
        severities[severity] = severities.get(severity, 0) + count
    if not by_day:
        return None
    years = range(max(min(by_day).year, last - YEARS + 1), last + 1)
    by_year: dict[int, list[Day]] = {year: [] for year in years}
    for day, found in sorted(by_day.items()):
        if day.year in by_year:
            by_year[day.year].append((day, found))
    lines = [line(year, TOP + row * ROW, by_year[year]) for row, year in enumerate(reversed(years))]
    earlier = sum(sum(found.values()) for day, found in by_day.items() if day.year < years.start)
    months = tuple(Month(name, x_of(date(2024, n, 1))) for n, name in enumerate(MONTHS, start=1))
    return Heat(tuple(lines), months, earlier)


def line(year: int, y: int, days: Sequence[Day]) -> Line:
    by_worst: dict[str, list[date]] = {severity: [] for severity in WORST_FIRST}
    for day, found in days:
        by_worst[worst(found)].append(day)
    strokes = tuple(stroke(severity, found, y) for severity, found in by_worst.items() if found)
    return Line(year, y, sum(sum(found.values()) for _, found in days), strokes)


def stroke(severity: str, days: list[date], y: int) -> Stroke:
    cells = (f"M{PLACES[day.month, day.day]:g} {y}h{CELL:g}v{BAR}h-{CELL:g}z" for day in days)
    named = ", ".join(f"{day:%-d %b}" for day in days[:NAMED])
    more = f" and {len(days) - NAMED} more" if len(days) > NAMED else ""
    return Stroke(severity, "".join(cells), f"{days[0].year}, {severity} at worst: {named}{more}")


def x_of(day: date) -> float:
    """The same day of each year stands in the same place: a leap year's."""
    return round(LEFT + (date(2024, day.month, day.day) - date(2024, 1, 1)).days * CELL, 1)


PLACES = {(day.month, day.day): x_of(day) for day in (date(2024, 1, 1) + timedelta(n) for n in range(366))}


def worst(found: dict[str, int]) -> str:
    return next(str(severity) for severity in WORST_FIRST if severity in found)
