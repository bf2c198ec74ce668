"""The picture of a selection as a Plotly figure, from plain rows. Pure; `graph.js` makes it answer.

A node's shape says what it is, its size how many organisations it carries, the ring around it how severe its
past incidents were. An edge's width says how many proofs it has; dashes, that its time is not known.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any

from incidents.charts import PALETTE, Figure, layout
from incidents.graphing.explaining import Fate
from incidents.graphing.layout import Link, Place, arranged

ROW, FLAT_ROW = 30, 44
LEAST_HEIGHT, RING_STEP = 300, 62
MARGIN = {"l": 10, "r": 10, "t": 26, "b": 20}
SAMPLES = 14
BLENDS = tuple(
    ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3)
    for t in (i / SAMPLES for i in range(SAMPLES + 1))
)
"""How much of each of a curve's four points (two ends, two bends) is in each of its samples: Bézier's."""
BLENDED_KEPT = 8_192
NAMED_EDGES = 14
"""With more edges than this their relations are told on pointing only."""
RINGED = 120
SYMBOLS = {"provider": "hexagon", "region": "square", "service": "diamond"}
FILLS = {
    Fate.FALLS: PALETTE["critical"],
    Fate.DEGRADES: PALETTE["major"],
    Fate.UNKNOWN: PALETTE["paper"],
    Fate.STANDS: PALETTE["tie"],
}
DASHES = {"known": "solid", "undated": "6px,4px", "later": "2px,3px", "contracted": "12px,4px,2px,4px"}
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class NodeMark:
    """`carried`: organisations that stand on it, near or far. `severities`: its past incidents."""

    node: str
    name: str
    kind: str
    carried: int = 0
    severities: tuple[tuple[str, int], ...] = ()
    fate: Fate | None = None
    is_failed: bool = False
    is_focus: bool = False


@dataclass(frozen=True, slots=True)
class EdgeMark:
    """`state` is one of DASHES; `ref` is what a click opens; `is_on_chain`: a failure comes this way."""

    source: str
    target: str
    relation: str
    ref: str
    proofs: int
    state: str = "known"
    said: str = ""
    is_on_chain: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    figure: Figure
    places: Mapping[str, Place]
    columns: int
    """How wide it wants to be."""


def picture(nodes: Sequence[NodeMark], edges: Sequence[EdgeMark], *, is_radial: bool = False) -> Picture:
    links = [(edge.source, edge.target) for edge in edges]
    places = lay_out(nodes, links, is_radial=is_radial)
    curves = [curve(places[e.source], places[e.target], is_straight=is_radial) for e in edges]
    xs = [place.x for place in places.values()] or [0.0]
    ys = [place.y for place in places.values()] or [0.0]
    rows = max(ys) - min(ys) + 1
    columns = len({round(x, 3) for x in xs})
    row = ROW if rows > 8 else FLAT_ROW
    height = RING_STEP * rows + 60 if is_radial else row * rows + MARGIN["t"] + MARGIN["b"]
    figure = {
        "data": [*lines(edges, curves), handles(edges, curves), dots(nodes, places, is_radial=is_radial)],
        "layout": layout(
            round(max(LEAST_HEIGHT, height)),
            margin=MARGIN,
            dragmode=False,
            xaxis=hidden_axis(min(xs) - 0.8, max(xs) + 0.8),
            yaxis=hidden_axis(-max(ys) - 0.6, -min(ys) + 0.6) | ({"scaleanchor": "x"} if is_radial else {}),
            shapes=rings(nodes, places) if len(nodes) <= RINGED else [],
        ),
    }
    return Picture(figure, places, math.ceil(max(xs) - min(xs)) + 1 if is_radial else columns)


def lay_out(nodes: Sequence[NodeMark], links: Iterable[Link], *, is_radial: bool) -> Mapping[str, Place]:
    outermost = frozenset(mark.node for mark in nodes if mark.kind not in SYMBOLS)
    return arranged(tuple(mark.node for mark in nodes), tuple(links), outermost, is_radial=is_radial)


def hidden_axis(start: float, end: float) -> dict[str, Any]:
    return {"visible": False, "fixedrange": True, "range": [round(start, 3), round(end, 3)]}


def curve(source: Place, target: Place, *, is_straight: bool) -> list[Point]:
    """From node to node, leaving and arriving level; those of one column bow out."""
    (x0, y0), (x1, y1) = (source.x, -source.y), (target.x, -target.y)
    if is_straight:
        return [(x0, y0), ((x0 + x1) / 2, (y0 + y1) / 2), (x1, y1)]
    bend = (x0 + x1) / 2 if abs(x0 - x1) > 0.01 else x0 + 0.5
    return list(zip(blended(x0, bend, bend, x1), blended(y0, y0, y1, y1), strict=True))


@lru_cache(maxsize=BLENDED_KEPT)
def blended(start: float, first: float, second: float, end: float) -> tuple[float, ...]:
    """One coordinate of a curve; nodes stand on a grid, so most are asked for again and again."""
    return tuple(round(p * start + q * first + r * second + s * end, 3) for p, q, r, s in BLENDS)


def width_of(edge: EdgeMark) -> float:
    return 1.0 if not edge.proofs else min(1.0 + edge.proofs, 5.0)


def lines(edges: Iterable[EdgeMark], curves: Iterable[Sequence[Point]]) -> list[dict[str, Any]]:
    """One trace for all edges of one look: a drawing's cost is its traces."""
    looks: dict[tuple[float, str, str], list[Sequence[Point]]] = defaultdict(list)
    for edge, points in zip(edges, curves, strict=True):
        tone = PALETTE["critical" if edge.is_on_chain else "tie" if edge.proofs else "density"]
        looks[width_of(edge), DASHES[edge.state], tone].append(points)
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [x for points in curved for x in (*(p[0] for p in points), None)],
            "y": [y for points in curved for y in (*(p[1] for p in points), None)],
            "line": {"width": width, "dash": dash, "color": tone},
            "hoverinfo": "skip",
        }
        for (width, dash, tone), curved in sorted(looks.items())
    ]


def handles(edges: Sequence[EdgeMark], curves: Sequence[Sequence[Point]]) -> dict[str, Any]:
    """A point on each edge to take it by: a line answers a pointer at its ends only."""
    middles = [points[len(points) // 2] for points in curves]
    is_named = len(edges) <= NAMED_EDGES
    return {
        "type": "scatter",
        "mode": "markers+text" if is_named else "markers",
        "ids": [edge.ref for edge in edges],
        "x": [x for x, _ in middles],
        "y": [y for _, y in middles],
        "text": [escape(edge.relation) for edge in edges] if is_named else [],
        "textposition": "top center",
        "textfont": {"size": 11, "color": PALETTE["ink-2"]},
        "hovertext": [escape(edge.said).replace("\n", "<br>") for edge in edges],
        "hoverinfo": "text",
        "marker": {
            "size": 7,
            "color": PALETTE["paper"],
            "line": {
                "width": 1.5,
                "color": [PALETTE["critical" if e.is_on_chain else "tie"] for e in edges],
            },
        },
    }


def size_of(mark: NodeMark) -> float:
    return round(min(13 + 3.2 * math.sqrt(mark.carried), 40), 1)


def dots(nodes: Sequence[NodeMark], places: Mapping[str, Place], *, is_radial: bool) -> dict[str, Any]:
    last = max((place.x for place in places.values()), default=0.0)
    return {
        "type": "scatter",
        "mode": "markers+text",
        "ids": [mark.node for mark in nodes],
        "x": [round(places[mark.node].x, 3) for mark in nodes],
        "y": [round(-places[mark.node].y, 3) for mark in nodes],
        "text": [label(mark) for mark in nodes],
        "textposition": [side(places[mark.node], last, is_radial=is_radial) for mark in nodes],
        # Bold by its own attribute: Plotly's markup for it writes inline styles, which our policy forbids.
        "textfont": {
            "size": 12,
            "color": PALETTE["ink"],
            "weight": [700 if mark.is_focus or mark.is_failed else 400 for mark in nodes],
        },
        "cliponaxis": False,
        "hovertext": [escape(told(mark)) for mark in nodes],
        "hoverinfo": "text",
        "marker": {
            "symbol": ["x" if m.is_failed else SYMBOLS.get(m.kind, "circle") for m in nodes],
            "size": [size_of(mark) for mark in nodes],
            "color": [fill(mark) for mark in nodes],
            "opacity": 1,
            "line": {
                "width": [2.5 if m.is_focus or m.fate == Fate.UNKNOWN else 1 for m in nodes],
                "color": [outline(mark) for mark in nodes],
            },
        },
    }


def label(mark: NodeMark) -> str:
    name = escape(mark.name if len(mark.name) <= 26 else f"{mark.name[:25]}…")
    # Three spaces keep the name off the ring.
    return f"   {name}   "


def side(place: Place, last: float, *, is_radial: bool) -> str:
    if is_radial:
        return "middle right" if place.x > 0.01 else "middle left" if place.x < -0.01 else "top center"
    if place.x == last and last > 0:
        return "middle right"
    return "middle left" if place.x == 0 else "top center"


def fill(mark: NodeMark) -> str:
    if mark.fate is not None:
        return FILLS[mark.fate]
    return PALETTE["ink-2" if mark.kind in SYMBOLS else "hit"]


def outline(mark: NodeMark) -> str:
    if mark.is_focus:
        return PALETTE["ink"]
    return PALETTE["unknown" if mark.fate == Fate.UNKNOWN else "paper"]


def told(mark: NodeMark) -> str:
    words = [f"{mark.name}, {mark.kind}"]
    if mark.carried:
        words.append(f"carries {mark.carried} organisation{'' if mark.carried == 1 else 's'}")
    if total := sum(count for _, count in mark.severities):
        shares = ", ".join(f"{count} {severity}" for severity, count in mark.severities)
        words.append(f"{total} incident{'' if total == 1 else 's'} ({shares})")
    return " · ".join(words)


def rings(nodes: Iterable[NodeMark], places: Mapping[str, Place]) -> list[dict[str, Any]]:
    """Around each node the severities of its past incidents, each with its share of the round."""
    shapes = []
    for mark in nodes:
        total = sum(count for _, count in mark.severities)
        place, start, radius = places[mark.node], 0.0, size_of(mark) / 2 + 4
        for severity, count in mark.severities:
            end = start + count / total
            shapes.append(arc(place, radius, start, end, PALETTE[severity]))
            start = end
    return shapes


def arc(place: Place, radius: float, start: float, end: float, colour: str) -> dict[str, Any]:
    """A piece of a ring in pixels around a node, whatever the scale of the axes."""
    steps = max(2, math.ceil((end - start) * 24))
    turns = [2 * math.pi * (start + (end - start) * i / steps) for i in range(steps + 1)]
    points = [f"{radius * math.sin(turn):.1f},{radius * math.cos(turn):.1f}" for turn in turns]
    return {
        "type": "path",
        "path": "M" + "L".join(points),
        "xsizemode": "pixel",
        "ysizemode": "pixel",
        "xanchor": round(place.x, 3),
        "yanchor": round(-place.y, 3),
        "line": {"color": colour, "width": 3},
    }
