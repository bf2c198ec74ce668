"""What remains of a path when its middle is hidden: one dashed edge that keeps the edges that it stands for.

Pure. A filter that hides regions must not make exchanges look independent of the provider behind them.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from incidents.graphing.edges import Edge


@dataclass(frozen=True, slots=True)
class Contracted:
    """`source` stands on `target` by way of hidden nodes: `chain` is a shortest path of real edges."""

    source: str
    target: str
    chain: tuple[Edge, ...]


def contract(edges: Iterable[Edge], hidden: Collection[str]) -> list[Contracted]:
    """One edge for each two nodes in sight that only hidden ones join, where no edge joins them at once."""
    out: dict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        out[edge.source].append(edge)
    found: list[Contracted] = []
    for source in sorted(out.keys() - set(hidden)):
        direct = {edge.target for edge in out[source]}
        chains = through_hidden(source, out, hidden)
        found += [
            Contracted(source, target, chain)
            for target, chain in sorted(chains.items())
            if target not in direct and target != source
        ]
    return found


def through_hidden(
    source: str, out: dict[str, list[Edge]], hidden: Collection[str]
) -> dict[str, tuple[Edge, ...]]:
    """The first node in sight on each way that begins with a hidden one, by shortest chain."""
    chains: dict[str, tuple[Edge, ...]] = {}
    seen = {source}
    todo: deque[tuple[str, tuple[Edge, ...]]] = deque([(source, ())])
    while todo:
        node, chain = todo.popleft()
        for edge in sorted(out.get(node, ()), key=lambda edge: edge.key):
            if edge.target in seen:
                continue
            if edge.target in hidden:
                seen.add(edge.target)
                todo.append((edge.target, (*chain, edge)))
            elif chain:
                chains.setdefault(edge.target, (*chain, edge))
    return chains
