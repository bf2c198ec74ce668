"""By which chain of edges a node was reached by a failure, and how sure that is. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from heapq import heappop, heappush
from itertools import count

from incidents.graphing.edges import Edge, confidence

Group = tuple[str, str]
"""The source and the name of an *any of* group."""


class Fate(IntEnum):
    """What becomes of a node, from best to worst. UNKNOWN is a value: it never counts as safe."""

    STANDS = 0
    UNKNOWN = 1
    DEGRADES = 2
    FALLS = 3


Why = tuple[Edge | None, float]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why nodes do not stand: the surest chain down to what failed, worst fates first.

    `fates` holds every node that does not stand; of the `unsure` edges it cannot be told whether what failed
    is meant.
    """

    fates: Mapping[str, Fate]
    failed: frozenset[str]
    unsure: frozenset[Edge]
    by_source: Mapping[str, Sequence[Edge]]
    members: Mapping[Group, Sequence[Edge]]
    at: datetime

    def found(self) -> dict[str, Why]:
        found: dict[str, Why] = dict.fromkeys(self.failed, (None, 1.0))
        carried: dict[str, list[Edge]] = defaultdict(list)
        for node in self.fates:
            for edge in self.by_source.get(node, ()):
                carried[edge.target].append(edge)
        for fate in (Fate.FALLS, Fate.DEGRADES, Fate.UNKNOWN):
            self.explain(fate, carried, found)
        return found

    def explain(self, fate: Fate, carried: Mapping[str, list[Edge]], found: dict[str, Why]) -> None:
        """Give each node of this fate its chain, as Dijkstra would: the surest first."""
        todo: list[tuple[float, tuple[str, str, str], int, Edge]] = []
        number = count()

        def offer(edges: Iterable[Edge], share: float) -> None:
            for edge in edges:
                if edge.source not in found and self.fates[edge.source] == fate and self.explains(edge, fate):
                    share_of_edge = confidence(edge, self.at)
                    heappush(todo, (-share * share_of_edge, edge.key, next(number), edge))

        for node, (_, share) in list(found.items()):
            offer(carried.get(node, ()), share)
        if fate == Fate.UNKNOWN:
            offer(self.unsure, 1.0)
        while todo:
            share, _, _, edge = heappop(todo)
            if edge.source not in found:
                found[edge.source] = (edge, -share)
                offer(carried.get(edge.source, ()), -share)

    def explains(self, edge: Edge, fate: Fate) -> bool:
        """Does the edge alone, or its group as a whole, account for that fate?"""
        if edge.is_undated:
            return fate == Fate.UNKNOWN
        if fate != Fate.FALLS:
            return True
        members = self.members[edge.source, edge.group] if edge.group else [edge]
        is_alone = not edge.group or len(members) > 1
        return is_alone and all(self.fates.get(one.target) == Fate.FALLS for one in members)
