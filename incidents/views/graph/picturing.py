"""A drawn picture as the page holds it: `graph.js` makes it answer to a pointer and to the keyboard."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from incidents.charts import chart
from incidents.graphing.contracting import Contracted
from incidents.graphing.drawing import Picture
from incidents.graphing.edges import Edge


def answering(
    drawn: Picture, nodes: Iterable[str], links: Iterable[Edge | Contracted], picked: str = ""
) -> dict[str, Any]:
    """The figure with where each node stands and what is beside it, and how wide it wants to be."""
    beside: dict[str, list[str]] = {node: [] for node in nodes}
    for link in links:
        beside[link.source].append(link.target)
        beside[link.target].append(link.source)
    places = {n: {"x": drawn.places[n].x, "y": drawn.places[n].y, "beside": beside[n]} for n in beside}
    return {
        "picture": chart(drawn.figure) | {"nodes": places, "picked": picked},
        "columns": drawn.columns,
    }
