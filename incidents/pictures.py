"""What the page of a thing draws from its figures: by `counting`, in a worker, so that no page does. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from incidents import charts
from incidents.charts import Dot
from incidents.heat import draw_heat
from nlp.document import Cause

DOTS = 3
"""Fewer make no picture of lengths."""


def pictures(
    years: Sequence[tuple[int, str, int]],
    causes: Sequence[tuple[str, int]],
    recent: Sequence[Sequence[Any]],
    median: timedelta | None,
    days: Iterable[Sequence[Any]],
    last: int,
) -> dict[str, Any]:
    """By name, and plain enough to be stored: the strip of days up to the year `last`, and three figures.

    From rows as `heat.draw_heat`, `charts.years`, `charts.causes` and `dots` read them. What there is too
    little of is left out.
    """
    heat = draw_heat(days, last)
    return {
        **({"heat": asdict(heat) | {"height": heat.height}} if heat else {}),
        **({"years": charts.years(years)} if len({year for year, *_ in years}) > 1 else {}),
        **({"causes": charts.causes(causes)} if is_explained(causes) else {}),
        **({"dots": charts.dots(dots(recent), median)} if len(recent) >= DOTS else {}),
    }


def is_explained(causes: Iterable[tuple[str, int]]) -> bool:
    return any(cause != Cause.UNKNOWN for cause, _ in causes)


def dots(recent: Sequence[Sequence[Any]]) -> list[Dot]:
    """The newest outages whose length is known, from rows of slug, minutes, title, severity, start."""
    return [
        Dot(slug, title, severity, datetime.fromisoformat(start), timedelta(minutes=minutes))
        for slug, minutes, title, severity, start in recent
    ]


def as_charts(drawn: Mapping[str, Any]) -> dict[str, Any]:
    """The figures among stored pictures, as a page hands them to `chart.js`."""
    return {name: charts.chart(drawn[name]) for name in ("years", "causes", "dots") if name in drawn}
