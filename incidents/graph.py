"""What falls with what: pure, independent of the database.

What an organisation stands on comes from proofs; that a region or a service is a provider's, from its slug.
`explaining` says by which chain of edges, the rest of the package what is drawn, counted and told from it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import rustworkx

from incidents.graphing.edges import Edge, owner_of, part_of, provider_of
from incidents.graphing.explaining import Explanation, Fate, Group

Indices = rustworkx.PyDiGraph[str, None]


@dataclass(frozen=True, slots=True)
class Reached:
    """The fate of a node, the edge by which it was reached, and how sure the chain of edges is (0 to 1).

    `at_worst` is the fate if everything fails of which it cannot be told.
    """

    node: str
    fate: Fate
    at_worst: Fate
    through: Edge | None
    confidence: float


class Graph:
    """Edges made ready to be asked, any number of times: whatever is down, what falls with it?

    Two graphs of indices point from what is stood on to who stands on it: one of the edges that nothing
    stands in for, one of all. The first says who falls, the second who is touched at all.
    """

    def __init__(self, edges: Iterable[Edge]) -> None:
        self.edges = list(edges)
        self.index: dict[str, int] = {}
        index = self.index
        alone: list[tuple[int, int]] = []
        grouped: list[tuple[int, int]] = []
        doubtful: list[Edge] = []
        self.members: dict[Group, list[Edge]] = defaultdict(list)
        for edge in self.edges:
            source = index.setdefault(edge.source, len(index))
            target = index.setdefault(edge.target, len(index))
            if edge.group:
                self.members[edge.source, edge.group].append(edge)
            if edge.is_undated:
                doubtful.append(edge)
            else:
                (grouped if edge.group else alone).append((target, source))
        self.parts = [part for node in list(index) if (part := part_of(node))]
        alone += [(index.setdefault(p.target, len(index)), index[p.source]) for p in self.parts]
        self.names = list(index)
        self.alone = self.drawn(alone)
        self.all = self.drawn(alone + grouped)
        self.alone_at_worst, self.all_at_worst = self.alone, self.all
        if doubtful:
            pairs = [(index[edge.target], index[edge.source]) for edge in doubtful]
            single = [pair for pair, edge in zip(pairs, doubtful, strict=True) if not edge.group]
            self.alone_at_worst = self.drawn(alone + single)
            self.all_at_worst = self.drawn(alone + grouped + pairs)
        self.groups_on: dict[int, list[Group]] = defaultdict(list)
        self.lone_on: set[int] = set()
        """What carries the only named member of a group: something stands in for it, not said what."""
        for group, members in self.members.items():
            for edge in members:
                self.groups_on[index[edge.target]].append(group)
            if len(members) == 1:
                self.lone_on.add(index[members[0].target])

    @cached_property
    def by_source(self) -> Mapping[str, list[Edge]]:
        found: dict[str, list[Edge]] = defaultdict(list)
        for edge in (*self.edges, *self.parts):
            found[edge.source].append(edge)
        return found

    @cached_property
    def by_provider(self) -> Mapping[str, list[Edge]]:
        """The edges that lead to a provider or to a part of it."""
        found: dict[str, list[Edge]] = defaultdict(list)
        for edge in self.edges:
            if provider := provider_of(edge.target):
                found[provider].append(edge)
        return found

    @cached_property
    def carried(self) -> dict[str, int]:
        """How many organisations stand on a node, near or far; filled as it is asked for."""
        return {}

    def carries(self, node: str) -> int:
        number = self.index.get(node)
        if number is None:
            return 0
        if node not in self.carried:
            above = spread(self.all, [number]) - {number}
            self.carried[node] = sum(self.names[one].startswith("organisation:") for one in above)
        return self.carried[node]

    def drawn(self, pairs: Sequence[tuple[int, int]]) -> Indices:
        graph: Indices = rustworkx.PyDiGraph()
        graph.add_nodes_from(self.names)
        graph.add_edges_from_no_data(pairs)
        return graph

    def fall(self, failed: Iterable[str], at: datetime) -> Outcome:
        """What falls, degrades or cannot be told when these are down.

        A provider takes its regions and services with it. One region or service down leaves open what becomes
        of those of whom only the provider, or only another part of it, is known. Edges of one *any of* group
        hold each other: the source falls with the last and degrades before. Failing more never saves anyone.
        """
        failed = frozenset(failed)
        seeds = {self.index[node] for node in failed if node in self.index}
        touched = spread(self.all, seeds)
        falls = self.falling(spread(self.alone, seeds), self.alone)
        unsure = self.left_open(failed)
        has_doubt = self.all_at_worst is not self.all
        if not unsure and not has_doubt and self.lone_on.isdisjoint(touched):
            return Outcome(self, failed, at, falls, touched, falls, touched, unsure)
        open_seeds = {self.index[edge.source] for edge in unsure if not edge.group}
        fallen = spread(self.alone_at_worst, falls | open_seeds, set() if has_doubt else falls)
        falls_at_worst = self.falling(fallen, self.alone_at_worst, unsure, is_worst=True)
        hurt = {self.index[edge.source] for edge in unsure}
        beyond = touched | hurt | falls_at_worst
        touched_at_worst = spread(self.all_at_worst, beyond, set() if has_doubt else touched)
        return Outcome(self, failed, at, falls, touched, falls_at_worst, touched_at_worst, unsure)

    def falling(
        self, fallen: set[int], alone: Indices, unsure: Collection[Edge] = (), *, is_worst: bool = False
    ) -> set[int]:
        """Who falls besides, as the last of a group is gone; at worst, as if each unsure edge broke."""
        waiting = {(edge.source, edge.group) for edge in unsure if edge.group}
        new = fallen
        while waiting or new:
            waiting |= {group for node in new & self.groups_on.keys() for group in self.groups_on[node]}
            lost = {
                self.index[group[0]]
                for group in waiting
                if (is_worst or len(self.members[group]) > 1)
                and all(self.index[e.target] in fallen or e in unsure for e in self.members[group])
            }
            new = spread(alone, lost - fallen, fallen) - fallen
            fallen = fallen | new
            waiting = set()
        return fallen

    def left_open(self, failed: frozenset[str]) -> frozenset[Edge]:
        """The edges of which it cannot be told whether what failed is meant."""
        hurt = {owner for node in failed if (owner := owner_of(node))} - failed
        return frozenset(
            edge
            for provider in hurt
            for edge in self.by_provider.get(provider, ())
            if edge.target not in failed and self.might_be_meant(edge, failed)
        )

    def might_be_meant(self, edge: Edge, failed: frozenset[str]) -> bool:
        """Could what failed be what the node stands on? Not where its region of that provider is known and
        only other regions failed."""
        provider = provider_of(edge.target)
        if any(part.startswith("service:") and owner_of(part) == provider for part in failed):
            return True
        return not any(
            other.target.startswith("region:") and owner_of(other.target) == provider
            for other in self.by_source[edge.source]
        )


def spread(graph: Indices, seeds: Collection[int], known: Collection[int] = ()) -> set[int]:
    """The seeds and all that can be reached from them; `known` are nodes whose reach is in it already."""
    found = set(known)
    for seed in seeds:
        if seed not in found:
            if graph.out_degree(seed):
                found |= rustworkx.descendants(graph, seed)
            found.add(seed)
    return found


@dataclass(frozen=True)
class Outcome:
    """What a failure does: by index who falls, who is touched at all, and both at worst."""

    graph: Graph
    failed: frozenset[str]
    at: datetime
    falls: set[int]
    touched: set[int]
    falls_at_worst: set[int]
    touched_at_worst: set[int]
    unsure: frozenset[Edge]

    def fate(self, node: str) -> Fate:
        number = self.graph.index.get(node)
        if node in self.failed or number in self.falls:
            return Fate.FALLS
        if number in self.touched:
            return Fate.DEGRADES
        return Fate.UNKNOWN if number in self.touched_at_worst else Fate.STANDS

    def at_worst(self, node: str) -> Fate:
        number = self.graph.index.get(node)
        if node in self.failed or number in self.falls_at_worst:
            return Fate.FALLS
        return Fate.DEGRADES if number in self.touched_at_worst else Fate.STANDS

    @cached_property
    def reached(self) -> Mapping[str, Reached]:
        """Every node that does not stand, by name, with the surest chain that explains its fate."""
        graph = self.graph
        fates = {node: self.fate(node) for node in (graph.names[number] for number in self.touched_at_worst)}
        fates |= dict.fromkeys(self.failed, Fate.FALLS)
        edges = Explanation(fates, self.failed, self.unsure, graph.by_source, graph.members, self.at)
        found = edges.found()
        return {node: Reached(node, fates[node], self.at_worst(node), *found[node]) for node in sorted(fates)}

    def chain(self, node: str) -> tuple[Edge, ...]:
        """The edges from the node down to what failed, nearest first."""
        edges: list[Edge] = []
        while (found := self.reached.get(node)) and found.through:
            edges.append(found.through)
            node = found.through.target
        return tuple(edges)
