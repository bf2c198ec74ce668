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
from incidents.graphing.curving import Point, curve
from incidents.graphing.explaining import Fate
from incidents.graphing.labelling import (
    ABOVE,
    BELOW,
    LEFT,
    RIGHT,
    UNWRITTEN,
    Label,
    beside,
    sides,
    spaced,
)
from incidents.graphing.layout import Link, Place, arranged
from incidents.graphing.scaling import MARGIN, NARROWEST, Window, window

NAMED_EDGES = 14
"""With more edges than this their relations are told on pointing only."""
RINGED = 120
RING = 5.5
"""From the rim of a mark to the rim of its ring, in pixels."""
LONGEST = 26
SIZES_KEPT = 1_024
NODE_SIZE, EDGE_SIZE, HANDLE = 12, 11, 7
SYMBOLS = {"provider": "hexagon", "region": "square", "service": "diamond"}
FILLS = {
    Fate.FALLS: PALETTE["critical"],
    Fate.DEGRADES: PALETTE["major"],
    Fate.UNKNOWN: PALETTE["paper"],
    Fate.STANDS: PALETTE["tie"],
}
DASHES = {"known": "solid", "undated": "6px,4px", "later": "2px,3px", "contracted": "12px,4px,2px,4px"}


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
    """How wide it wants to be: one of NARROWEST."""


def picture(nodes: Sequence[NodeMark], edges: Sequence[EdgeMark], *, is_radial: bool = False) -> Picture:
    links = [(edge.source, edge.target) for edge in edges]
    places = lay_out(nodes, links, is_radial=is_radial)
    curves = [curve(places[e.source], places[e.target], is_straight=is_radial) for e in edges]
    xs = [place.x for place in places.values()] or [0.0]
    wanted = math.ceil(max(xs) - min(xs)) + 1 if is_radial else len({round(x, 3) for x in xs})
    columns = min(max(wanted, min(NARROWEST)), max(NARROWEST))
    liked = {mark.node: sides_of(places[mark.node], max(xs), is_radial=is_radial) for mark in nodes}
    aside = reach(nodes, liked, LEFT), reach(nodes, liked, RIGHT)
    view = window(places.values(), columns, aside, is_radial=is_radial)
    middles = [points[len(points) // 2] for points in curves]
    of_nodes, of_edges = named(nodes, places, liked, edges, middles, view)
    figure = {
        "data": [
            *lines(edges, curves),
            handles(edges, middles, of_edges),
            dots(nodes, places, of_nodes),
        ],
        "layout": layout(
            view.height,
            margin=MARGIN,
            dragmode=False,
            xaxis=hidden_axis(view.xs),
            yaxis=hidden_axis(view.ys) | ({"scaleanchor": "x"} if is_radial else {}),
            shapes=rings(nodes, places) if len(nodes) <= RINGED else [],
        ),
    }
    return Picture(figure, places, columns)


def lay_out(nodes: Sequence[NodeMark], links: Iterable[Link], *, is_radial: bool) -> Mapping[str, Place]:
    outermost = frozenset(mark.node for mark in nodes if mark.kind not in SYMBOLS)
    return arranged(tuple(mark.node for mark in nodes), tuple(links), outermost, is_radial=is_radial)


def hidden_axis(ends: tuple[float, float]) -> dict[str, Any]:
    return {"visible": False, "fixedrange": True, "range": [*ends]}


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


def handles(edges: Sequence[EdgeMark], middles: Sequence[Point], written: Sequence[str]) -> dict[str, Any]:
    """A point on each edge to take it by: a line answers a pointer at its ends only."""
    return {
        "type": "scatter",
        "mode": "markers+text" if any(written) else "markers",
        "ids": [edge.ref for edge in edges],
        "x": [x for x, _ in middles],
        "y": [y for _, y in middles],
        "text": [escape(edge.relation) if side else "" for edge, side in zip(edges, written, strict=True)],
        "textposition": ABOVE,
        "textfont": {"size": EDGE_SIZE, "color": PALETTE["ink-2"]},
        "hovertext": [escape(edge.said).replace("\n", "<br>") for edge in edges],
        "hoverinfo": "text",
        "marker": {
            "size": HANDLE,
            "color": PALETTE["paper"],
            "line": {
                "width": 1.5,
                "color": [PALETTE["critical" if e.is_on_chain else "tie"] for e in edges],
            },
        },
    }


def size_of(mark: NodeMark) -> float:
    return size_for(mark.carried)


@lru_cache(maxsize=SIZES_KEPT)
def size_for(carried: int) -> float:
    return round(min(13 + 3.2 * math.sqrt(carried), 40), 1)


def dots(nodes: Sequence[NodeMark], places: Mapping[str, Place], written: Sequence[str]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers+text",
        "ids": [mark.node for mark in nodes],
        "x": [round(places[mark.node].x, 3) for mark in nodes],
        "y": [round(-places[mark.node].y, 3) for mark in nodes],
        "text": [
            spaced(escape(cut(mark)), side) if side else "" for mark, side in zip(nodes, written, strict=True)
        ],
        "textposition": [side or ABOVE for side in written],
        # Bold by its own attribute: Plotly's markup for it writes inline styles, which our policy forbids.
        "textfont": {
            "size": NODE_SIZE,
            "color": PALETTE["ink"],
            "weight": [700 if is_owed(mark) else 400 for mark in nodes],
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


def cut(mark: NodeMark) -> str:
    return mark.name if len(mark.name) <= LONGEST else f"{mark.name[: LONGEST - 1]}…"


def is_owed(mark: NodeMark) -> bool:
    """What the picture is about."""
    return mark.is_focus or mark.is_failed


def sides_of(place: Place, last: float, *, is_radial: bool) -> tuple[str, ...]:
    """Where a node's name may stand, the best first: outwards at the rim, elsewhere off the edges."""
    if is_radial and place.x > 0.01:
        return RIGHT, ABOVE, BELOW, LEFT
    if is_radial and place.x < -0.01:
        return LEFT, ABOVE, BELOW, RIGHT
    if not is_radial and place.x == last > 0:
        return RIGHT, ABOVE, BELOW
    if not is_radial and place.x == 0:
        return LEFT, ABOVE, BELOW
    return ABOVE, BELOW, RIGHT, LEFT


def reach(nodes: Iterable[NodeMark], liked: Mapping[str, Sequence[str]], side: str) -> float:
    """How far names reach from the middles of their marks on the side that they like best."""
    return max(
        (
            beside(cut(mark), size_of(mark) / 2, NODE_SIZE, is_bold=is_owed(mark))
            for mark in nodes
            if liked[mark.node][0] == side
        ),
        default=0.0,
    )


def weight(mark: NodeMark) -> tuple[bool, bool, int, int]:
    """What is asked about, what failed, what is hit, what carries most."""
    return not mark.is_focus, not mark.is_failed, -(mark.fate or Fate.STANDS), -mark.carried


def named(
    nodes: Sequence[NodeMark],
    places: Mapping[str, Place],
    liked: Mapping[str, tuple[str, ...]],
    edges: Sequence[EdgeMark],
    middles: Sequence[Point],
    view: Window,
) -> tuple[Sequence[str], Sequence[str]]:
    """On which side each node and each edge is named; UNWRITTEN where that would cover a name or a mark.

    The points of many edges are no bar to the names of nodes, which stand out from them.
    """
    across, left, down, top = view.pixels()
    ranked = sorted(range(len(nodes)), key=lambda i: weight(nodes[i]))
    labels = []
    for mark in (nodes[i] for i in ranked):
        place, radius, is_bold = places[mark.node], size_of(mark) / 2, is_owed(mark)
        labels.append(
            Label(
                text=cut(mark),
                x=left + across * place.x,
                y=top - down * place.y,
                radius=radius,
                reach=radius + RING if mark.severities else radius,
                sides=liked[mark.node],
                size=NODE_SIZE,
                is_bold=is_bold,
                is_owed=is_bold,
            )
        )
    if len(edges) <= NAMED_EDGES:
        # Twice the reach that they have to the eye: edges that run close together are named once.
        labels += [
            Label(edge.relation, left + across * x, top + down * y, HANDLE / 2, HANDLE, (ABOVE,), EDGE_SIZE)
            for edge, (x, y) in zip(edges, middles, strict=True)
        ]
    written = sides(tuple(labels), view.frame)
    side = dict(zip(ranked, written, strict=False))
    return [side[i] for i in range(len(nodes))], written[len(nodes) :] or [UNWRITTEN] * len(edges)


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
