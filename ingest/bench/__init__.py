"""What `make bench` measures: one module a group of rows, found by itself.

A row runs its subject and its floor in turn, after a warm-up, and tells the median of the ratios. Machines
differ and are noisy; a ratio to a floor of the same run says the same everywhere. A group is a generator: it
sets up, yields its rows, and cleans up when the last one is measured.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

ROUNDS = 5

Run = Callable[[], object]


def nothing() -> None:
    """No preparation."""


@dataclass(frozen=True, slots=True)
class Row:
    """A subject and the floor beside it. `before` and `before_floor` prepare a run and are not measured.

    `least` is the bar: the share of the floor's speed that the subject must reach, where there is one.
    """

    name: str
    floor_name: str
    subject: Run
    floor: Run
    before: Run = nothing
    before_floor: Run = nothing
    least: float | None = None
    most_rounds: int | None = None
    """For a subject that takes minutes: fewer rounds, and no warm-up."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A size or a time that is what it is, beside the most that it may be."""

    name: str
    value: float
    unit: str
    most: float

    @property
    def is_met(self) -> bool:
        return self.value <= self.most


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds are medians. `ratio` is the floor's time over the subject's: 0.5 is half as fast."""

    name: str
    floor_name: str
    seconds: float
    floor_seconds: float
    ratio: float
    worst: float
    least: float | None

    @property
    def is_met(self) -> bool:
        return self.least is None or self.ratio >= self.least


def measure(row: Row, rounds: int = ROUNDS) -> Measured:
    if row.most_rounds is None:
        timed(row)
    runs = [timed(row) for _ in range(min(rounds, row.most_rounds or rounds))]
    ratios = [floor / subject for subject, floor in runs]
    return Measured(
        name=row.name,
        floor_name=row.floor_name,
        seconds=statistics.median(subject for subject, _ in runs),
        floor_seconds=statistics.median(floor for _, floor in runs),
        ratio=statistics.median(ratios),
        worst=min(ratios),
        least=row.least,
    )


def timed(row: Row) -> tuple[float, float]:
    row.before()
    subject = seconds(row.subject)
    row.before_floor()
    return subject, seconds(row.floor)


def seconds(run: Run) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def all_groups() -> dict[str, Callable[[], Iterator[Row | Fact]]]:
    """The groups by the names of their modules: those that have `rows`."""
    modules = {module.name: import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)}
    return {name: module.rows for name, module in modules.items() if hasattr(module, "rows")}
