"""Single points of failure: ranked by whom no alternative serves, with the joints of the graph and how
concentrated each layer is. Pure; each figure comes with how many organisations nothing is known of.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import rustworkx

from incidents.graph import Graph
from incidents.graphing.edges import Edge, part_of
from incidents.graphing.explaining import Fate

LAYERS = ("provider", "region", "service")


@dataclass(frozen=True, slots=True)
class Point:
    """What the failure of one node alone does to organisations. `alone`: those that nothing else serves."""

    node: str
    alone: frozenset[str]
    degraded: frozenset[str]
    unknown: frozenset[str]
    is_joint: bool


@dataclass(frozen=True, slots=True)
class Layer:
    """How the organisations of a layer are spread. `index` is Herfindahl's: 1 where all stand on one thing.

    Each organisation counts once, split evenly over what it stands on there. `unknown` of all are not in it.
    """

    kind: str
    index: float | None
    shares: tuple[tuple[str, float], ...]
    known: int
    unknown: int


def points(graph: Graph, at: datetime, counted: Collection[str]) -> list[Point]:
    """Each node that organisations stand on, the worst first; `counted` are the organisations that count."""
    joints = articulation(graph)
    found = []
    for node in sorted({edge.target for edge in (*graph.edges, *graph.parts)}):
        outcome = graph.fall([node], at)
        fates: dict[Fate, set[str]] = defaultdict(set)
        for name in outcome.not_standing():
            if name in counted and name != node:
                fates[outcome.fate(name)].add(name)
        found.append(
            Point(
                node,
                frozenset(fates[Fate.FALLS]),
                frozenset(fates[Fate.DEGRADES]),
                frozenset(fates[Fate.UNKNOWN]),
                node in joints,
            )
        )
    return sorted(found, key=lambda p: (-len(p.alone), -len(p.degraded), -len(p.unknown), p.node))


def articulation(graph: Graph) -> frozenset[str]:
    """The nodes without which the graph, taken without directions, would fall into more pieces."""
    plain: rustworkx.PyGraph[str, None] = rustworkx.PyGraph()
    plain.add_nodes_from(graph.names)
    ends = {(edge.source, edge.target) for edge in (*graph.edges, *graph.parts)}
    plain.add_edges_from_no_data([(graph.index[a], graph.index[b]) for a, b in sorted(ends)])
    return frozenset(graph.names[number] for number in rustworkx.articulation_points(plain))


def layers(edges: Iterable[Edge], counted: Collection[str]) -> list[Layer]:
    """The three layers of clouds; who stands on a region or a service stands on its provider."""
    stands_on: Mapping[str, dict[str, set[str]]] = {kind: defaultdict(set) for kind in LAYERS}
    for edge in edges:
        if edge.source in counted:
            part = part_of(edge.target)
            for target in (edge.target, part.target if part else ""):
                if (kind := target.partition(":")[0]) in stands_on:
                    stands_on[kind][edge.source].add(target)
    return [layer(kind, stands_on[kind], len(counted)) for kind in LAYERS]


def layer(kind: str, stands_on: Mapping[str, set[str]], total: int) -> Layer:
    weights: Counter[str] = Counter()
    for targets in stands_on.values():
        for target in targets:
            weights[target] += 1 / len(targets)  # type: ignore[assignment]
    known = len(stands_on)
    shares = tuple(
        (node, weight / known) for node, weight in sorted(weights.items(), key=lambda p: (-p[1], p[0]))
    )
    index = sum(share**2 for _, share in shares) if known else None
    return Layer(kind, index, shares, known, total - known)
