"""The whole record as a strip of months, to choose a view from, with a link a year. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from incidents.timeline.spans import Span, next_bin

WIDTH, BARS, FOOT = 1180, 40, 16


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Year:
    year: int
    x: float
    width: float
    count: int


@dataclass(frozen=True, slots=True)
class Overview:
    """`view_x` and `view_width` are where the view in force stands."""

    span: Span
    bars: tuple[Bar, ...]
    years: tuple[Year, ...]
    view_x: float
    view_width: float
    width: int = WIDTH
    bar_room: int = BARS
    height: int = BARS + FOOT

    @property
    def start(self) -> str:
        return f"{self.span.start:%Y-%m-%dT%H:%MZ}"

    @property
    def end(self) -> str:
        return f"{self.span.end:%Y-%m-%dT%H:%MZ}"


def draw_overview(months: Sequence[tuple[date, int]], view: Span) -> Overview | None:
    """None while nothing is counted."""
    if not months:
        return None
    first, last = months[0][0], months[-1][0]
    span = Span(at(date(first.year, 1, 1)), at(date(last.year + 1, 1, 1)))
    most = max(count for _, count in months)
    bars = tuple(bar(span, at(month), count, most) for month, count in months)
    start, end = max(view.start, span.start), min(view.end, span.end)
    return Overview(
        span=span,
        bars=bars,
        years=tuple(year(span, number, months) for number in range(first.year, last.year + 1)),
        view_x=round(x_of(span, min(start, span.end)), 1),
        view_width=round(max(span.pixels(max(end, start) - start), 2), 1),
    )


def at(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def x_of(span: Span, moment: datetime) -> float:
    return span.pixels(moment - span.start)


def bar(span: Span, month: datetime, count: int, most: int) -> Bar:
    height = round(max((BARS - 2) * count / most, 1), 1)
    width = span.pixels(next_bin(month, "month") - month)
    return Bar(round(x_of(span, month), 1), round(BARS - height, 1), round(width * 0.86, 1), height)


def year(span: Span, number: int, months: Sequence[tuple[date, int]]) -> Year:
    start, end = at(date(number, 1, 1)), at(date(number + 1, 1, 1))
    count = sum(count for month, count in months if month.year == number)
    return Year(number, round(x_of(span, start), 1), round(span.pixels(end - start), 1), count)
