"""What falls with what: pure, independent of the database.

What an organisation stands on comes from proofs; that a region or a service is a provider's, from its slug.
`incidents.graphing` holds what is drawn, counted and told from these.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from functools import cached_property
from heapq import heappop, heappush
from itertools import count

import rustworkx

from incidents.graphing.edges import Edge, confidence, owner_of, part_of, provider_of

Indices = rustworkx.PyDiGraph[str, None]
Group = tuple[str, str]
"""The source and the name of an *any of* group."""


class Fate(IntEnum):
    """What becomes of a node, from best to worst. UNKNOWN is a value: it never counts as safe."""

    STANDS = 0
    UNKNOWN = 1
    DEGRADES = 2
    FALLS = 3


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
        self.by_source: dict[str, list[Edge]] = defaultdict(list)
        self.by_provider: dict[str, list[Edge]] = defaultdict(list)
        self.members: dict[Group, list[Edge]] = defaultdict(list)
        for edge in self.edges:
            for node in (edge.source, edge.target):
                if node not in self.index:
                    self.index[node] = len(self.index)
            self.by_source[edge.source].append(edge)
            if provider := provider_of(edge.target):
                self.by_provider[provider].append(edge)
            if edge.group:
                self.members[edge.source, edge.group].append(edge)
        self.parts = self.contain()
        self.names = list(self.index)
        dated = [edge for edge in self.edges if not edge.is_undated]
        has_doubt = len(dated) < len(self.edges)
        self.alone = self.drawn(edge for edge in dated if not edge.group)
        self.all = self.drawn(dated)
        self.alone_at_worst = self.drawn(e for e in self.edges if not e.group) if has_doubt else self.alone
        self.all_at_worst = self.drawn(self.edges) if has_doubt else self.all
        self.groups_on: dict[int, list[Group]] = defaultdict(list)
        for group, members in self.members.items():
            for edge in members:
                self.groups_on[self.index[edge.target]].append(group)

    def contain(self) -> list[Edge]:
        """The edges from regions and services to their providers."""
        parts = [edge for node in list(self.index) if (edge := part_of(node))]
        for edge in parts:
            self.index.setdefault(edge.target, len(self.index))
            self.by_source[edge.source].append(edge)
        return parts

    def drawn(self, edges: Iterable[Edge]) -> Indices:
        graph: Indices = rustworkx.PyDiGraph()
        graph.add_nodes_from(self.names)
        index = self.index
        pairs = [(index[edge.target], index[edge.source]) for edge in edges]
        graph.add_edges_from_no_data(pairs + [(index[p.target], index[p.source]) for p in self.parts])
        return graph

    def fall(self, failed: Iterable[str], at: datetime) -> Outcome:
        """What falls, degrades or cannot be told when these are down.

        A provider takes its regions and services with it. One region or service down leaves open what becomes
        of those of whom only the provider, or only another part of it, is known. Edges of one *any of* group
        hold each other: the source falls with the last and degrades before. Failing more never saves anyone.
        """
        failed = frozenset(failed)
        seeds = {self.index[node] for node in failed if node in self.index}
        falls = self.falling(seeds)
        touched = spread(self.all, seeds)
        unsure = self.left_open(failed)
        if not unsure and self.all_at_worst is self.all and not self.has_lone_member(touched):
            return Outcome(self, failed, at, falls, touched, falls, touched, unsure)
        open_seeds = {self.index[edge.source] for edge in unsure if not edge.group}
        falls_at_worst = self.falling(seeds | open_seeds, unsure, is_worst=True)
        hurt = {self.index[edge.source] for edge in unsure}
        touched_at_worst = spread(self.all_at_worst, touched | hurt | falls_at_worst)
        return Outcome(self, failed, at, falls, touched, falls_at_worst, touched_at_worst, unsure)

    def falling(self, seeds: set[int], unsure: Collection[Edge] = (), *, is_worst: bool = False) -> set[int]:
        """Who falls for sure; or, at worst, if each unsure edge breaks."""
        alone = self.alone_at_worst if is_worst else self.alone
        fallen = spread(alone, seeds)
        waiting = {(edge.source, edge.group) for edge in unsure if edge.group}
        waiting |= {group for node in fallen & self.groups_on.keys() for group in self.groups_on[node]}
        while waiting:
            lost = {
                self.index[group[0]]
                for group in waiting
                if (is_worst or len(self.members[group]) > 1)
                and all(self.index[e.target] in fallen or e in unsure for e in self.members[group])
            }
            new = spread(alone, lost - fallen) - fallen
            fallen |= new
            waiting = {group for node in new & self.groups_on.keys() for group in self.groups_on[node]}
        return fallen

    def has_lone_member(self, touched: set[int]) -> bool:
        """A group of one: that something stands in for it is stated, what that is, is not."""
        reached = touched & self.groups_on.keys()
        return any(len(self.members[group]) == 1 for node in reached for group in self.groups_on[node])

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


def spread(graph: Indices, seeds: Collection[int]) -> set[int]:
    """The seeds and all that can be reached from them."""
    found: set[int] = set()
    for seed in seeds:
        if seed not in found:
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
        found = Explanation(self, fates).found()
        return {node: Reached(node, fates[node], self.at_worst(node), *found[node]) for node in sorted(fates)}

    def chain(self, node: str) -> tuple[Edge, ...]:
        """The edges from the node down to what failed, nearest first."""
        edges: list[Edge] = []
        while (found := self.reached.get(node)) and found.through:
            edges.append(found.through)
            node = found.through.target
        return tuple(edges)


Why = tuple[Edge | None, float]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why nodes do not stand: the surest chain down to what failed, worst fates first."""

    outcome: Outcome
    fates: Mapping[str, Fate]

    def found(self) -> dict[str, Why]:
        found: dict[str, Why] = dict.fromkeys(self.outcome.failed, (None, 1.0))
        carried: dict[str, list[Edge]] = defaultdict(list)
        for node in self.fates:
            for edge in self.outcome.graph.by_source.get(node, ()):
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
                    share_of_edge = confidence(edge, self.outcome.at)
                    heappush(todo, (-share * share_of_edge, edge.key, next(number), edge))

        for node, (_, share) in list(found.items()):
            offer(carried.get(node, ()), share)
        if fate == Fate.UNKNOWN:
            offer(self.outcome.unsure, 1.0)
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
        members = self.outcome.graph.members[edge.source, edge.group] if edge.group else [edge]
        is_alone = not edge.group or len(members) > 1
        return is_alone and all(self.outcome.fate(one.target) == Fate.FALLS for one in members)


def what_if(edges: Iterable[Edge], failed: Iterable[str], at: datetime) -> Outcome:
    """What falls, degrades or cannot be told when `failed` is down, by the edges given."""
    return Graph(edges).fall(failed, at)
