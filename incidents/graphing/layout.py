"""Where nodes stand in a picture: layers by longest path, order by barycentre, rings from the same. Pure."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

PICTURES_KEPT = 32
SWEEPS = 4
"""There and back over the layers, at most."""
TALLEST = 30
"""A layer of more nodes is set in several columns."""

Link = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Place:
    """`x` and `y` in steps from column to column and row to row; `layer` counts from what all stand on."""

    x: float
    y: float
    layer: int


@lru_cache(maxsize=PICTURES_KEPT)
def arranged(
    nodes: tuple[str, ...], links: tuple[Link, ...], outermost: frozenset[str], *, is_radial: bool
) -> Mapping[str, Place]:
    """Kept for a while: whoever picks one node after the other in a view is shown the same picture."""
    layer = layers_of(nodes, links, outermost=outermost)
    return radial(layer, links) if is_radial else layered(layer, links)


def layers_of(
    nodes: Iterable[str], links: Collection[Link], *, outermost: Collection[str] = ()
) -> dict[str, int]:
    """0 for what stands on nothing in sight, else one more than the highest that it stands on.

    In a circle, the link that closes it on the way down from the first name is left out of account. Those of
    `outermost` on whom nobody stands come to the last layer, however short their way down.
    """
    below: dict[str, list[str]] = defaultdict(list)
    for source, target in sorted(links):
        below[source].append(target)
    layer: dict[str, int] = {}
    for root in sorted(nodes):
        descend(root, below, layer)
    last = max(layer.values(), default=0)
    carrying = {target for _, target in links}
    return layer | {node: last for node in outermost if node in layer and node not in carrying}


def descend(root: str, below: Mapping[str, list[str]], layer: dict[str, int]) -> None:
    """Depth first without recursion, for a chain may be longer than Python's stack."""
    on_the_way: set[str] = set()
    todo = [(root, False)]
    while todo:
        node, is_done = todo.pop()
        if is_done:
            on_the_way.discard(node)
            layer[node] = 1 + max(
                (layer[n] for n in below.get(node, ()) if n in layer and n not in on_the_way), default=-1
            )
        elif node not in layer and node not in on_the_way:
            on_the_way.add(node)
            todo.append((node, True))
            todo += [(n, False) for n in below.get(node, ()) if n not in layer and n not in on_the_way]


def ordered(layer: Mapping[str, int], links: Sequence[Link]) -> list[list[str]]:
    """The layers, each in an order in which few links cross: every node near the middle of its neighbours."""
    beside: dict[str, list[str]] = defaultdict(list)
    for source, target in links:
        beside[source].append(target)
        beside[target].append(source)
    rows: list[list[str]] = [[] for _ in range(max(layer.values(), default=-1) + 1)]
    for node in sorted(layer):
        rows[layer[node]].append(node)
    rank = {node: (i + 0.5) / len(row) for row in rows for i, node in enumerate(row)}
    for _ in range(SWEEPS):
        before = [list(row) for row in rows]
        for row in (*reversed(rows), *rows):
            settle(row, beside, rank)
        if rows == before:
            break
    return rows


def settle(row: list[str], beside: Mapping[str, Sequence[str]], rank: dict[str, float]) -> None:
    """Order one layer by where the neighbours of its nodes stand now."""
    middle = {n: sum([rank[o] for o in beside[n]]) / len(beside[n]) if beside[n] else rank[n] for n in row}
    row.sort(key=lambda node: (middle[node], node))
    rank |= {node: (i + 0.5) / len(row) for i, node in enumerate(row)}


def layered(layer: Mapping[str, int], links: Sequence[Link]) -> dict[str, Place]:
    """What stands on others to the left, what they stand on to the right."""
    rows = ordered(layer, links)
    tall = max((min(len(row), TALLEST) for row in rows), default=0)
    places: dict[str, Place] = {}
    x = 0.0
    for number in reversed(range(len(rows))):
        columns = math.ceil(len(rows[number]) / TALLEST)
        height = math.ceil(len(rows[number]) / max(columns, 1))
        for i, node in enumerate(rows[number]):
            column, row = i % columns, i // columns
            places[node] = Place(x + column, (tall - height) / 2 + row, number)
        x += columns
    return places


def radial(layer: Mapping[str, int], links: Sequence[Link]) -> dict[str, Place]:
    """Rings from the same layers: what all stand on in the middle."""
    rows = ordered(layer, links)
    places: dict[str, Place] = {}
    radius = 0.0
    for number, row in enumerate(rows):
        # A single thing in the middle needs no ring; a full ring needs room for its names.
        radius = max(radius + 1.4, len(row) / (2 * math.pi) * 0.9) if number or len(row) > 1 else 0.0
        for i, node in enumerate(row):
            angle = 2 * math.pi * (i + 0.5) / len(row) - math.pi / 2
            places[node] = Place(radius * math.cos(angle), radius * math.sin(angle), number)
    return places
