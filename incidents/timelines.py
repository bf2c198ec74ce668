"""The timeline as a Plotly figure: outages in lanes, each with the exchanges that it reached. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from typing import Any

from incidents.charts import DAY, PALETTE, SYMBOLS, Figure, axis, layout, milliseconds, stamp
from incidents.lanes import DENSITY, LANE_HEAD, LETTER, NAMED, STUB, Hit, Lane, Placed, Scale, Span


@dataclass(frozen=True, slots=True)
class Bin:
    """How many outages of a lane began in a stretch of time."""

    lane: str
    start: datetime
    end: datetime
    count: int


def timeline_figure(
    lanes: Sequence[Lane], bins: Sequence[Bin], span: Span, scale: Scale, now: datetime
) -> Figure:
    """Lanes of outages with the exchanges that each reached hanging from it."""
    height = lanes[-1].bottom if lanes else 120
    placed = [outage for lane in lanes for outage in lane.placed]
    data = [*densities(lanes, bins), ties(placed), bars(placed, span), hit_bars(placed, span)]
    data += [marks(placed), hit_marks(placed, scale)]
    if scale.has_names:
        data.append(names(placed, span))
    return {
        "data": [trace for trace in data if trace["x"]],
        "layout": layout(
            round(height) + 40,
            margin={"l": 0, "r": 0, "t": 32, "b": 8},
            dragmode="zoom",
            xaxis=axis(
                type="date",
                side="top",
                range=[stamp(span.start), stamp(span.end)],
                **day_ticks(span),
            ),
            yaxis=axis(range=[height, 0], visible=False, fixedrange=True),
            shapes=separators(lanes) + now_line(span, now, height),
            annotations=[lane_name(lane) for lane in lanes],
        ),
    }


def day_ticks(span: Span) -> dict[str, Any]:
    """A line at each midnight as long as days can be told apart; beyond that Plotly's own choice."""
    if timedelta(days=2) < span.length <= timedelta(days=14):
        return {"dtick": DAY, "tickformat": "%a %-d %b"}
    return {}


def separators(lanes: Sequence[Lane]) -> list[dict[str, Any]]:
    line = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "layer": "below"}
    return [
        line | {"y0": lane.top, "y1": lane.top, "line": {"color": PALETTE["tie"], "width": 1}}
        for lane in lanes
    ]


def now_line(span: Span, now: datetime, height: float) -> list[dict[str, Any]]:
    if not span.start < now < span.end:
        return []
    return [
        {
            "type": "line",
            "x0": stamp(now),
            "x1": stamp(now),
            "y0": 0,
            "y1": height,
            "line": {"color": PALETTE["critical"], "width": 1, "dash": "dot"},
        }
    ]


def lane_name(lane: Lane) -> dict[str, Any]:
    return {
        "text": f"{escape(lane.name)}",
        "xref": "paper",
        "x": 0,
        "xanchor": "left",
        "y": lane.top + LANE_HEAD / 2 + 1,
        "yanchor": "middle",
        "showarrow": False,
        "font": {"size": 13, "weight": 600, "color": PALETTE["ink"]},
        "bgcolor": PALETTE["paper"],
        "borderpad": 2,
    }


def densities(lanes: Sequence[Lane], bins: Sequence[Bin]) -> list[dict[str, Any]]:
    """Counts that stand in for outages too many to draw, all lanes on one scale."""
    most = max((told.count for told in bins), default=1)
    floor = {lane.slug: lane.top + LANE_HEAD + DENSITY - 4 for lane in lanes}
    drawn = [told for told in bins if told.lane in floor]
    return [
        {
            "type": "bar",
            "x": [stamp(told.start + (told.end - told.start) / 2) for told in drawn],
            "width": [milliseconds((told.end - told.start) * 0.86) for told in drawn],
            "base": [floor[told.lane] for told in drawn],
            "y": [-round(max(2.0, (DENSITY - 6) * told.count / most), 1) for told in drawn],
            "marker": {"color": PALETTE["density"], "line": {"width": 0}},
            "text": [f"{told.count} began {told.start:%Y-%m-%d} to {told.end:%Y-%m-%d}" for told in drawn],
            "textposition": "none",
            "hovertemplate": "%{text}<extra></extra>",
            "customdata": [f"since={told.start:%Y-%m-%d}&until={told.end:%Y-%m-%d}" for told in drawn],
        }
    ]


def ties(placed: Sequence[Placed]) -> dict[str, Any]:
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


def bars(placed: Sequence[Placed], span: Span) -> dict[str, Any]:
    """Windows: solid where they are reported, hatched where an end is inferred or unknown."""
    stub = span.time(STUB)
    lengths = [(o.outage.end - o.outage.start) if o.outage.end else stub for o in placed]
    colours = [PALETTE[o.outage.severity] for o in placed]
    return window_bars(
        [o.outage.start for o in placed],
        lengths,
        [o.y for o in placed],
        colours,
        [o.outage.is_inferred for o in placed],
        width=8,
        texts=[outage_text(o) for o in placed],
        slugs=[o.outage.slug for o in placed],
    )


def hit_bars(placed: Sequence[Placed], span: Span) -> dict[str, Any]:
    pairs = [(o, h) for o in placed for h in o.hits]
    windows = [hit_window(o, h.hit, span) for o, h in pairs]
    return window_bars(
        [start for start, _ in windows],
        [length for _, length in windows],
        [h.y for _, h in pairs],
        [PALETTE["hit"]] * len(pairs),
        [h.hit.start is None or h.hit.end is None for _, h in pairs],
        width=4,
        texts=[hit_text(o, h.hit) for o, h in pairs],
        slugs=[o.outage.slug for o, _ in pairs],
    )


def hit_window(outage: Placed, hit: Hit, span: Span) -> tuple[datetime, timedelta]:
    start = hit.start or outage.outage.start
    end = hit.end or outage.outage.end
    return start, (end - start) if end and end > start else span.time(STUB)


def window_bars(
    starts: list[datetime],
    lengths: list[timedelta],
    ys: list[float],
    colours: list[str],
    hatched: list[bool],
    *,
    width: int,
    texts: list[str],
    slugs: list[str],
) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "base": [stamp(start) for start in starts],
        "x": [milliseconds(length) for length in lengths],
        "y": ys,
        "width": width,
        "marker": {
            "color": colours,
            "line": {"width": 0},
            "pattern": {
                "shape": ["/" if is_hatched else "" for is_hatched in hatched],
                "size": 4,
                "solidity": 0.5,
            },
        },
        "text": texts,
        "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
        "customdata": slugs,
    }


def marks(placed: Sequence[Placed]) -> dict[str, Any]:
    """A mark at each start, seen at any zoom, its shape by severity."""
    severities = [o.outage.severity for o in placed]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [stamp(o.outage.start) for o in placed],
        "y": [o.y for o in placed],
        "marker": {
            "symbol": [SYMBOLS[severity] for severity in severities],
            "color": [PALETTE[severity] for severity in severities],
            "size": 10,
            "line": {"width": 1.5, "color": [PALETTE[severity] for severity in severities]},
            "opacity": 1,
        },
        "text": [outage_text(o) for o in placed],
        "hovertemplate": "%{text}<extra></extra>",
        "customdata": [o.outage.slug for o in placed],
    }


def hit_marks(placed: Sequence[Placed], scale: Scale) -> dict[str, Any]:
    """A dot for each organisation reached: full where somebody states it, hollow where it is a candidate."""
    pairs = [(o, h) for o in placed for h in o.hits]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [stamp(h.hit.start or o.outage.start) for o, h in pairs],
        "y": [h.y for _, h in pairs],
        "marker": {
            "symbol": ["circle" if h.hit.is_stated else "circle-open" for _, h in pairs],
            "color": PALETTE["hit"],
            "size": 7 if scale is NAMED else 5,
        },
        "text": [hit_text(o, h.hit) for o, h in pairs],
        "hovertemplate": "%{text}<extra></extra>",
        "customdata": [o.outage.slug for o, _ in pairs],
    }


def names(placed: Sequence[Placed], span: Span) -> dict[str, Any]:
    """What each bar is: the outage's name above it, an organisation's behind its own."""
    x: list[str] = []
    y: list[float] = []
    text: list[str] = []
    position: list[str] = []
    for outage in placed:
        overflows = outage.outage.start + span.time(len(outage.outage.label) * LETTER) > span.end
        x.append(stamp(span.end if overflows else max(outage.outage.start, span.start)))
        y.append(outage.y - 13)
        text.append(escape(outage.outage.label))
        position.append("middle left" if overflows else "middle right")
        for hit in outage.hits:
            begun, length = hit_window(outage, hit.hit, span)
            fits = begun + length + span.time(len(hit.hit.name) * LETTER + 12) < span.end
            x.append(stamp(begun + length if fits else begun))
            y.append(hit.y)
            text.append(f" {escape(hit.hit.name)} ")
            position.append("middle right" if fits else "middle left")
    return {
        "type": "scatter",
        "mode": "text",
        "x": x,
        "y": y,
        "text": text,
        "textposition": position,
        "textfont": {"size": 11, "color": PALETTE["ink"]},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def outage_text(placed: Placed) -> str:
    outage = placed.outage
    reached = len(outage.hits)
    lines = [
        escape(outage.title[:90]),
        f"{outage.start:%Y-%m-%d %H:%M} UTC · {escape(outage.length)} · {outage.severity}",
    ]
    if outage.place:
        lines.append(escape(outage.place))
    if reached:
        lines.append(f"reached {escape(', '.join(hit.name for hit in outage.hits[:6]))}" + more(reached - 6))
    return "<br>".join(lines)


def more(count: int) -> str:
    return f" and {count} more" if count > 0 else ""


def hit_text(placed: Placed, hit: Hit) -> str:
    lines = [escape(hit.name), escape(hit.grade), escape(placed.outage.title[:90])]
    if hit.start is None:
        lines.append("no times of its own are known")
    return "<br>".join(lines)
