"""The timeline as a Plotly figure: outages in lanes, each with the exchanges that it reached. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Any

from incidents.charts import PALETTE, Figure, axis, layout, stamp
from incidents.heat import WORST_FIRST
from incidents.timeline import traces
from incidents.timeline.bins import Bin
from incidents.timeline.lanes import LANE_HEAD, Lane, Outage, Placed, Scale
from incidents.timeline.spans import Span, ticks
from nlp.document import Severity

TOP = 44
EMPTY = 120


def timeline_figure(
    lanes: Sequence[Lane], bins: Sequence[Bin], span: Span, scale: Scale, now: datetime
) -> Figure:
    """Lanes of outages with the exchanges that each reached hanging from it."""
    height = lanes[-1].bottom if lanes else EMPTY
    placed = [outage for lane in lanes for outage in lane.placed]
    data = [*traces.densities(lanes, bins), traces.ties(placed)]
    data += [traces.bars(placed, span), traces.hit_bars(placed, span)]
    data += [traces.marks(placed), traces.hit_marks(placed, scale)]
    if scale.has_names:
        data.append(traces.names(placed, span))
    return {
        "data": [trace for trace in data if trace["x"]],
        "layout": layout(
            round(height) + TOP + 8,
            margin={"l": 0, "r": 0, "t": TOP, "b": 8},
            dragmode="zoom",
            xaxis=axis(type="date", side="top", range=[stamp(span.start), stamp(span.end)], **ticks(span)),
            yaxis=axis(range=[height, 0], visible=False, fixedrange=True),
            shapes=[*separators(lanes), *days(span, height), *now_line(span, now, height)],
            annotations=[*(lane_name(lane) for lane in lanes), *now_word(span, now)],
            meta={"opens": opens_at(placed, span)},
        ),
    }


def opens_at(placed: Sequence[Placed], span: Span) -> str | None:
    """Where a screen too narrow for the picture opens it: at the outage that reached the most, of equals at
    the worst, then at the latest. None where none began in view.
    """
    begun = [one.outage for one in placed if one.outage.start >= span.start]
    if not begun:
        return None
    return stamp(max(begun, key=weight).start)


def weight(outage: Outage) -> tuple[int, int, datetime]:
    reached = sum(hit.is_stated for hit in outage.hits)
    return reached, -WORST_FIRST.index(Severity(outage.severity)), outage.start


def separators(lanes: Sequence[Lane]) -> list[dict[str, Any]]:
    line = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "layer": "below"}
    return [
        line | {"y0": lane.top, "y1": lane.top, "line": {"color": PALETTE["tie"], "width": 1}}
        for lane in lanes
    ]


def days(span: Span, height: float) -> list[dict[str, Any]]:
    return [
        upright(midnight, height, {"color": PALETTE["density"], "width": 1}) | {"layer": "below"}
        for midnight in span.midnights()
    ]


def now_line(span: Span, now: datetime, height: float) -> list[dict[str, Any]]:
    if not span.start < now < span.end:
        return []
    return [upright(now, height, {"color": PALETTE["critical"], "width": 1, "dash": "dot"})]


def now_word(span: Span, now: datetime) -> list[dict[str, Any]]:
    if not span.start < now < span.end:
        return []
    return [
        {
            "text": "now",
            "x": stamp(now),
            "xanchor": "right",
            "yref": "paper",
            "y": 0,
            "yanchor": "bottom",
            "showarrow": False,
            "font": {"size": 11, "color": PALETTE["critical"]},
        }
    ]


def upright(at: datetime, height: float, line: dict[str, Any]) -> dict[str, Any]:
    return {"type": "line", "x0": stamp(at), "x1": stamp(at), "y0": 0, "y1": height, "line": line}


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
