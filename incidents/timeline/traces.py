"""The parts of the timeline's figure, one trace each. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from typing import Any

from incidents.charts import PALETTE, SYMBOLS, milliseconds, stamp
from incidents.timeline.bins import Bin
from incidents.timeline.lanes import DENSITY, LANE_HEAD, LETTER, NAMED, STUB, Hit, Lane, Placed, Scale
from incidents.timeline.spans import Span

Trace = dict[str, Any]
HOVER = {"textposition": "none", "hovertemplate": "%{text}<extra></extra>"}
NAMED_HITS = 6
GAP = "\N{NO-BREAK SPACE}"
"""Between a name and its mark; a space at the end of a text is not drawn."""


@dataclass(frozen=True, slots=True)
class Window:
    """A bar in time. `is_hatched` where an end is inferred or unknown."""

    start: datetime
    length: timedelta
    y: float
    colour: str
    is_hatched: bool
    text: str
    slug: str


def densities(lanes: Sequence[Lane], bins: Sequence[Bin]) -> list[Trace]:
    """Counts that stand in for outages too many to draw, all lanes on one scale."""
    most = max((told.count for told in bins), default=1)
    floor = {lane.slug: lane.top + LANE_HEAD + lane.density - 4 for lane in lanes}
    drawn = [told for told in bins if told.lane in floor]
    return [
        {
            "type": "bar",
            "x": [stamp(told.start + (told.end - told.start) / 2) for told in drawn],
            "width": [milliseconds((told.end - told.start) * 0.86) for told in drawn],
            "base": [floor[told.lane] for told in drawn],
            "y": [-round(max(2.0, (DENSITY - 6) * told.count / most), 1) for told in drawn],
            "marker": {"color": PALETTE["density"], "line": {"width": 0}},
            "text": [told.text for told in drawn],
            "customdata": [told.query for told in drawn],
            **HOVER,
        }
    ]


def ties(placed: Sequence[Placed]) -> Trace:
    """From each outage a line down to those it reached, with a branch to each."""
    x: list[str | None] = []
    y: list[float | None] = []
    for outage in placed:
        if not outage.hits:
            continue
        start = stamp(outage.outage.start)
        x += [start, start, None]
        y += [outage.y, outage.hits[-1].y, None]
        for hit in outage.hits:
            if hit.hit.start and hit.hit.start > outage.outage.start:
                x += [start, stamp(hit.hit.start), None]
                y += [hit.y, hit.y, None]
    line = {"color": PALETTE["tie"], "width": 1}
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": line, "hoverinfo": "skip"}


def bars(placed: Sequence[Placed], span: Span) -> Trace:
    """Windows: solid where they are reported, hatched where an end is inferred or unknown."""
    return window_bars([outage_window(one, span) for one in placed], width=8)


def hit_bars(placed: Sequence[Placed], span: Span) -> Trace:
    return window_bars([hit_window(one, hit.hit, hit.y, span) for one in placed for hit in one.hits], width=4)


def outage_window(placed: Placed, span: Span) -> Window:
    outage = placed.outage
    return Window(
        start=outage.start,
        length=(outage.end - outage.start) if outage.end else span.time(STUB),
        y=placed.y,
        colour=PALETTE[outage.severity],
        is_hatched=outage.is_inferred,
        text=outage_text(placed),
        slug=outage.slug,
    )


def hit_window(placed: Placed, hit: Hit, y: float, span: Span) -> Window:
    start, end = hit.start or placed.outage.start, hit.end or placed.outage.end
    return Window(
        start=start,
        length=(end - start) if end and end > start else span.time(STUB),
        y=y,
        colour=PALETTE["hit"],
        is_hatched=hit.start is None or hit.end is None,
        text=hit_text(placed, hit),
        slug=placed.outage.slug,
    )


def window_bars(windows: Sequence[Window], *, width: int) -> Trace:
    pattern = {"shape": ["/" if one.is_hatched else "" for one in windows], "size": 4, "solidity": 0.5}
    return {
        "type": "bar",
        "orientation": "h",
        "base": [stamp(one.start) for one in windows],
        "x": [milliseconds(one.length) for one in windows],
        "y": [one.y for one in windows],
        "width": width,
        "marker": {"color": [one.colour for one in windows], "line": {"width": 0}, "pattern": pattern},
        "text": [one.text for one in windows],
        "customdata": [one.slug for one in windows],
        **HOVER,
    }


def marks(placed: Sequence[Placed]) -> Trace:
    """A mark at each start, seen at any zoom, its shape by severity."""
    severities = [one.outage.severity for one in placed]
    colours = [PALETTE[severity] for severity in severities]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [stamp(one.outage.start) for one in placed],
        "y": [one.y for one in placed],
        "marker": {
            "symbol": [SYMBOLS[severity] for severity in severities],
            "color": colours,
            "size": 10,
            "line": {"width": 1.5, "color": colours},
            "opacity": 1,
        },
        "text": [outage_text(one) for one in placed],
        "hovertemplate": HOVER["hovertemplate"],
        "customdata": [one.outage.slug for one in placed],
    }


def hit_marks(placed: Sequence[Placed], scale: Scale) -> Trace:
    """A dot for each organisation reached: full where somebody states it, hollow where it is a candidate."""
    pairs = [(one, hit) for one in placed for hit in one.hits]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [stamp(hit.hit.start or one.outage.start) for one, hit in pairs],
        "y": [hit.y for _, hit in pairs],
        "marker": {
            "symbol": ["circle" if hit.hit.is_stated else "circle-open" for _, hit in pairs],
            "color": PALETTE["hit"],
            "size": 7 if scale is NAMED else 5,
        },
        "text": [hit_text(one, hit.hit) for one, hit in pairs],
        "hovertemplate": HOVER["hovertemplate"],
        "customdata": [one.outage.slug for one, _ in pairs],
    }


def names(placed: Sequence[Placed], span: Span) -> Trace:
    """What each bar is: the outage's name above it, an organisation's behind its own."""
    told: list[tuple[datetime, float, str, str]] = []
    for one in placed:
        overflows = one.outage.start + span.time(len(one.outage.label) * LETTER) > span.end
        at = span.end if overflows else max(one.outage.start, span.start)
        told.append(
            (at, one.y - 13, escape(one.outage.label), "middle left" if overflows else "middle right")
        )
        for hit in one.hits:
            window = hit_window(one, hit.hit, hit.y, span)
            end = window.start + window.length
            fits = end + span.time(len(hit.hit.name) * LETTER + 12) < span.end
            side = "middle right" if fits else "middle left"
            name = f"{GAP}{escape(hit.hit.name)}{GAP}{GAP}"
            told.append((max(end if fits else window.start, span.start), hit.y, name, side))
    return {
        "type": "scatter",
        "mode": "text",
        "x": [stamp(at) for at, _, _, _ in told],
        "y": [y for _, y, _, _ in told],
        "text": [text for _, _, text, _ in told],
        "textposition": [side for _, _, _, side in told],
        "textfont": {"size": 11, "color": PALETTE["ink"]},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def outage_text(placed: Placed) -> str:
    outage = placed.outage
    lines = [
        escape(outage.title[:90]),
        f"{outage.start:%Y-%m-%d %H:%M} UTC · {escape(outage.length)} · {outage.severity}",
    ]
    if outage.place:
        lines.append(escape(outage.place))
    if outage.hits:
        named = ", ".join(hit.name for hit in outage.hits[:NAMED_HITS])
        more = len(outage.hits) - NAMED_HITS
        lines.append(f"reached {escape(named)}" + (f" and {more} more" if more > 0 else ""))
    return "<br>".join(lines)


def hit_text(placed: Placed, hit: Hit) -> str:
    lines = [escape(hit.name), escape(hit.grade), escape(placed.outage.title[:90])]
    if hit.start is None:
        lines.append("no times of its own are known")
    return "<br>".join(lines)
