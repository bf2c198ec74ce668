"""What falls with what: pure, independent of the database.

What an organisation stands on comes from proofs; that a region or a service is a provider's, from its slug.
`explaining` says by which chain of edges, the rest of the package what is drawn, counted and told from it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from incidents.graphing.edges import Edge, owner_of, part_of, provider_of
from incidents.graphing.explaining import Explanation, Fate, Group
from incidents.graphing.masks import Ways, mask_of, masks, numbers_in

Sources = defaultdict[int, list[int]]
"""Of what is stood on, by number, who stands on it."""
AnyOf = tuple[int, int]
"""A group of several edges: the source, by number, falls with the last of the nodes in the mask."""


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


@dataclass(frozen=True, slots=True)
class Watched:
    """Groups, each by one node that it leads to: it cannot be lost before that one is. `nodes` are those."""

    groups: Mapping[int, list[AnyOf]]
    nodes: int


class Graph:
    """Edges made ready to be asked, any number of times: whatever is down, what falls with it?

    Nodes are numbered, and sets of them are masks. Two ways lead from each node to who stands on it: by edges
    that nothing stands in for, and by any. The first say who falls, the second who is touched at all.
    At worst edges of unknown date count too, and a stand-in without a name does not.
    """

    def __init__(self, edges: Iterable[Edge]) -> None:
        self.edges = list(edges)
        self.members: dict[Group, list[Edge]] = defaultdict(list)
        self.index: dict[str, int] = {}
        index = self.index
        certain: Sources = defaultdict(list)
        doubtful: Sources = defaultdict(list)
        for edge in self.edges:
            source = index.setdefault(edge.source, len(index))
            target = index.setdefault(edge.target, len(index))
            if edge.group:
                self.members[edge.source, edge.group].append(edge)
            else:
                (doubtful if edge.is_undated else certain)[target].append(source)
        self.parts = [part for node in list(index) if (part := part_of(node))]
        for part in self.parts:
            certain[index.setdefault(part.target, len(index))].append(index[part.source])
        self.names = list(index)
        self.connect(certain, doubtful)
        self.watch()

    def connect(self, certain: Sources, doubtful: Sources) -> None:
        """Who stands on each node."""
        lone, grouped, doubtful_grouped = Sources(list), Sources(list), Sources(list)
        for members in self.members.values():
            for edge in members:
                kind = lone if len(members) == 1 else grouped
                if edge.is_undated:
                    kind = doubtful if len(members) == 1 else doubtful_grouped
                kind[self.index[edge.target]].append(self.index[edge.source])
        self.lone_on = mask_of(lone, len(self.names))
        """What carries the only named member of a group."""
        self.has_doubt = bool(doubtful or doubtful_grouped)
        size = len(self.names)
        masks_of_lone, masks_of_doubtful = masks(lone, size), masks(doubtful, size)
        self.alone = Ways([0] * size).with_more(masks(certain, size))
        self.all = self.alone.with_more(masks_of_lone, masks(grouped, size))
        self.alone_at_worst = self.alone.with_more(masks_of_lone, masks_of_doubtful)
        self.all_at_worst = self.all.with_more(masks_of_doubtful, masks(doubtful_grouped, size))

    def watch(self) -> None:
        """A group whose edges are all of unknown date is no ground for a verdict."""
        dated: dict[int, list[AnyOf]] = defaultdict(list)
        several: dict[int, list[AnyOf]] = defaultdict(list)
        for (source, _), members in self.members.items():
            if len(members) > 1:
                group = self.index[source], self.mask(edge.target for edge in members)
                first = self.index[members[0].target]
                several[first].append(group)
                if not all(edge.is_undated for edge in members):
                    dated[first].append(group)
        self.watched = Watched(dated, mask_of(dated, len(self.names)))
        self.watched_at_worst = Watched(several, mask_of(several, len(self.names)))

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

    @cached_property
    def organisations(self) -> int:
        numbers = (n for n, node in enumerate(self.names) if node.startswith("organisation:"))
        return mask_of(numbers, len(self.names))

    def carries(self, node: str) -> int:
        if node not in self.carried:
            seed = self.mask([node])
            self.carried[node] = (self.all.spread(seed) & ~seed & self.organisations).bit_count()
        return self.carried[node]

    def mask(self, nodes: Iterable[str]) -> int:
        """Those of them that the graph knows."""
        found = 0
        for node in nodes:
            if (number := self.index.get(node)) is not None:
                found |= 1 << number
        return found

    def fall(self, failed: Iterable[str], at: datetime) -> Outcome:
        """What falls, degrades or cannot be told when these are down.

        A provider takes its regions and services with it. One region or service down leaves open what becomes
        of those of whom only the provider, or only another part of it, is known. Edges of one *any of* group
        hold each other: the source falls with the last and degrades before. Failing more never saves anyone.
        """
        failed = frozenset(failed)
        seeds = self.mask(failed)
        touched = self.all.spread(seeds)
        falls = self.falling(self.alone.spread(seeds), self.alone, self.watched)
        unsure = self.left_open(failed)
        if not unsure and not self.has_doubt and not self.lone_on & touched:
            return Outcome(self, failed, at, falls, touched, falls, touched, unsure)
        open_seeds = self.mask(
            edge.source
            for edge in unsure
            if not edge.group or len(self.members[edge.source, edge.group]) == 1
        )
        fallen = self.alone_at_worst.spread(falls | open_seeds)
        falls_at_worst = self.falling(fallen, self.alone_at_worst, self.watched_at_worst, self.opened(unsure))
        beyond = touched | self.mask(edge.source for edge in unsure) | falls_at_worst
        touched_at_worst = self.all_at_worst.spread(beyond, 0 if self.has_doubt else touched)
        return Outcome(self, failed, at, falls, touched, falls_at_worst, touched_at_worst, unsure)

    @staticmethod
    def falling(fallen: int, alone: Ways, watched: Watched, waiting: Iterable[AnyOf] = ()) -> int:
        """Who falls besides, as the last of a group is gone."""
        held, new = list(waiting), fallen
        while True:
            for number in numbers_in(new & watched.nodes):
                held += watched.groups[number]
            stands = ~fallen
            lost = sum(1 << one for one in {source for source, targets in held if not targets & stands})
            held = [group for group in held if group[1] & stands]
            new = alone.spread(lost, fallen) & stands
            if not new:
                return fallen
            fallen |= new

    def opened(self, unsure: Collection[Edge]) -> list[AnyOf]:
        """The groups of which unsure edges are members, by what else would have to fall: those may break."""
        groups = {(edge.source, edge.group) for edge in unsure if edge.group}
        return [
            (self.index[source], self.mask(e.target for e in self.members[source, name] if e not in unsure))
            for source, name in groups
        ]

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


@dataclass(frozen=True)
class Outcome:
    """What a failure does, in masks: who falls, who is touched at all, and both at worst."""

    graph: Graph
    failed: frozenset[str]
    at: datetime
    falls: int
    touched: int
    falls_at_worst: int
    touched_at_worst: int
    unsure: frozenset[Edge]

    def fate(self, node: str) -> Fate:
        number = self.graph.mask([node])
        if node in self.failed or number & self.falls:
            return Fate.FALLS
        if number & self.touched:
            return Fate.DEGRADES
        return Fate.UNKNOWN if number & self.touched_at_worst else Fate.STANDS

    def at_worst(self, node: str) -> Fate:
        number = self.graph.mask([node])
        if node in self.failed or number & self.falls_at_worst:
            return Fate.FALLS
        return Fate.DEGRADES if number & self.touched_at_worst else Fate.STANDS

    def not_standing(self) -> list[str]:
        """Every node that is touched at worst."""
        return [self.graph.names[number] for number in numbers_in(self.touched_at_worst)]

    @cached_property
    def reached(self) -> Mapping[str, Reached]:
        """Every node that does not stand, by name, with the surest chain that explains its fate."""
        graph = self.graph
        fates = {node: self.fate(node) for node in self.not_standing()}
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
