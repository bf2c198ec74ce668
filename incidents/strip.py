"""The whole record as one small picture without a script: outages by year, and those that reached somebody.

Above the line stand all that were reported, below it those known to have reached a customer: each half has
its own scale, told by the numbers at its bars.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 960
ABOVE, BELOW, FOOT, NUMBER = 104, 56, 18, 14
GAP = 0.22


@dataclass(frozen=True, slots=True)
class Bar:
    """One half of a year: where it stands, and where its number does."""

    count: int
    y: float
    height: float
    number_at: float


@dataclass(frozen=True, slots=True)
class Year:
    year: int
    x: float
    width: float
    middle: float
    all: Bar
    reached: Bar


@dataclass(frozen=True, slots=True)
class Strip:
    years: tuple[Year, ...]
    line: int = ABOVE
    names_at: int = ABOVE + FOOT - 5
    width: int = WIDTH
    height: int = ABOVE + FOOT + BELOW


def draw_strip(counts: Sequence[tuple[int, int, int]]) -> Strip | None:
    """From (year, count, of which reached); years without any stand as gaps. None without a year."""
    if not counts:
        return None
    by_year = {year: (count, reached) for year, count, reached in counts}
    years = range(min(by_year), max(by_year) + 1)
    most = max(count for count, _ in by_year.values())
    most_reached = max(reached for _, reached in by_year.values())
    step = WIDTH / len(years)
    drawn = []
    for n, year in enumerate(years):
        count, reached = by_year.get(year, (0, 0))
        up, down = length(count, most, ABOVE - NUMBER), length(reached, most_reached, BELOW - NUMBER)
        drawn.append(
            Year(
                year=year,
                x=round(n * step + step * GAP / 2, 1),
                width=round(step * (1 - GAP), 1),
                middle=round(n * step + step / 2, 1),
                all=Bar(count, ABOVE - up, up, ABOVE - up - 4),
                reached=Bar(reached, ABOVE + FOOT, down, ABOVE + FOOT + down + 11),
            )
        )
    return Strip(tuple(drawn))


def length(count: int, most: int, room: int) -> float:
    """At least a hair for what is there at all."""
    return round(max(room * count / most, 1.5), 1) if count else 0.0
