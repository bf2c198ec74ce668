"""Which accounts are one incident, from answers about pairs and people's verdicts. Of sets, and pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from incidents.same import ENOUGH

APART = timedelta(hours=48)
"""Two accounts of one incident stand no further apart, unless a third one spans the gap."""

Pair = tuple[str, str]
Cluster = frozenset[str]
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Node:
    """An account as clustering sees it: `earliest`..`latest` is the span it tells of, None without a date.

    `is_counted`: its day is only counted from another event.
    """

    key: str
    is_strong: bool
    earliest: datetime | None = None
    latest: datetime | None = None
    is_counted: bool = False


@dataclass(frozen=True, slots=True)
class Ruling:
    """A person's standing word on a pair. `order` grows with time: of two that collide the newer holds."""

    is_same: bool
    order: int = 0


class Partition:
    """Clusters while they grow. Joins are refused across a ruling, or beyond the time bound."""

    def __init__(self, nodes: Mapping[str, Node], apart: Iterable[Pair]) -> None:
        self.nodes = nodes
        self.of: dict[str, Cluster] = {key: frozenset({key}) for key in nodes}
        self.strong = {key: node.is_strong for key, node in nodes.items()}
        self.bridges: list[tuple[Cluster, Span]] = []
        self.barred: dict[str, set[str]] = defaultdict(set)
        for a, b in apart:
            self.barred[a].add(b)
            self.barred[b].add(a)

    def allows(self, a: str, b: str) -> bool:
        return self.of[a] != self.of[b] and not self.bars(a, b)

    def bars(self, a: str, b: str) -> bool:
        """Whether a ruling keeps any of the one cluster from any of the other."""
        return any(not self.barred[key].isdisjoint(self.of[b]) for key in self.of[a] if key in self.barred)

    def fits(self, a: str, b: str) -> bool:
        union = self.of[a] | self.of[b]
        bridges = [span for pair, span in self.bridges if pair <= union]
        return fits([self.nodes[key] for key in union], bridges)

    def join_as_ruled(self, a: str, b: str) -> None:
        """Whoever joined these knows better than the bound: what is near either of them may join, too."""
        self.join(a, b)
        if spans := spans_of([self.nodes[a], self.nodes[b]]):
            start, end = min(start for start, _ in spans), max(end for _, end in spans)
            self.bridges.append((frozenset({a, b}), (start - APART, end + APART)))

    def has_strong(self, key: str) -> bool:
        return any(self.strong[member] for member in self.of[key])

    def join(self, a: str, b: str) -> None:
        union = self.of[a] | self.of[b]
        for key in union:
            self.of[key] = union


def cluster(
    nodes: Iterable[Node], answers: Mapping[Pair, float], rulings: Mapping[Pair, Ruling]
) -> frozenset[Cluster]:
    """The partition. `answers` are the scores of the yes-answers, by pair in key order."""
    by_key = {node.key: node for node in nodes}
    within = {pair: score for pair, score in answers.items() if pair[0] in by_key and pair[1] in by_key}
    lone = {pair for pair in within if is_lone(within[pair], by_key[pair[0]], by_key[pair[1]])}
    sure = {pair: score for pair, score in within.items() if pair not in lone}
    best_first = sorted(sure, key=lambda pair: (-sure[pair], pair))
    partition = Partition(by_key, (pair for pair, ruling in rulings.items() if not ruling.is_same))
    for a, b in ruled_same(rulings, by_key):
        if not partition.bars(a, b):
            partition.join_as_ruled(a, b)
    for a, b in best_first:
        if partition.strong[a] and partition.strong[b] and partition.allows(a, b) and partition.fits(a, b):
            partition.join(a, b)
    attach_weak(partition, sure)
    for a, b in best_first:
        weak = not partition.has_strong(a) and not partition.has_strong(b)
        if weak and partition.allows(a, b) and partition.fits(a, b):
            partition.join(a, b)
    attach_counted(partition, lone)
    return frozenset(partition.of.values())


def ruled_same(rulings: Mapping[Pair, Ruling], nodes: Collection[str]) -> list[Pair]:
    """The newest first: of those that cannot all hold, the older ones give way."""
    same = [pair for pair, ruling in rulings.items() if ruling.is_same and {*pair} <= {*nodes}]
    return sorted(same, key=lambda pair: (-rulings[pair].order, pair))


def attach_weak(partition: Partition, answers: Mapping[Pair, float]) -> None:
    """Each weak account, with what a ruling ties to it, goes to the one strong cluster it answers best.

    All choose before any moves, so that none is drawn by another's choice.
    """
    offers: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for (a, b), score in answers.items():
        for weak, strong in ((a, b), (b, a)):
            may = partition.strong[strong] and not partition.has_strong(weak)
            if may and not partition.bars(weak, strong) and partition.fits(weak, strong):
                offers[weak].append((score, strong))
    homes = {weak: min(found, key=lambda offer: (-offer[0], offer[1])) for weak, found in offers.items()}
    for weak, (_, home) in sorted(homes.items(), key=lambda item: (-item[1][0], item[0])):
        if not partition.has_strong(weak) and partition.allows(weak, home) and partition.fits(weak, home):
            partition.join(weak, home)


def is_lone(score: float, a: Node, b: Node) -> bool:
    """A yes that holds only where there is no other: about the day, and nothing else ties the two."""
    return score < ENOUGH and a.is_counted != b.is_counted


def attach_counted(partition: Partition, lone: Iterable[Pair]) -> None:
    """What is dated only by counting from another event joins the incident near that day, where it is the
    only one.

    All choose before any moves; a cluster that holds a day of its own chooses nothing.
    """
    offers: dict[Cluster, set[Cluster]] = defaultdict(set)
    for pair in lone:
        for counted, other in (pair, pair[::-1]):
            is_loose = all(partition.nodes[key].is_counted for key in partition.of[counted])
            if is_loose and not partition.nodes[other].is_counted:
                offers[partition.of[counted]].add(partition.of[other])
    for loose, homes in sorted(offers.items(), key=lambda offer: min(offer[0])):
        one, home = min(loose), min(min(homes, key=min))
        if len(homes) == 1 and partition.allows(one, home) and partition.fits(one, home):
            partition.join(one, home)


def fits(nodes: Iterable[Node], bridges: Iterable[Span] = ()) -> bool:
    """Whether no two of them are more than the bound apart, or one of them, or a bridge, spans that gap."""
    spans = spans_of(nodes)
    if len(spans) < 2:
        return True
    first_end, last_start = min(end for _, end in spans), max(start for start, _ in spans)
    return last_start - first_end <= APART or any(
        start <= first_end and end >= last_start for start, end in (*spans, *bridges)
    )


def spans_of(nodes: Iterable[Node]) -> list[Span]:
    return [(node.earliest, node.latest) for node in nodes if node.earliest and node.latest]


def component(keys: Iterable[str], edges: Mapping[str, Collection[str]]) -> set[str]:
    """All that can be reached from the keys."""
    seen: set[str] = set()
    waiting = list(keys)
    while waiting:
        key = waiting.pop()
        if key not in seen:
            seen.add(key)
            waiting.extend(edges.get(key, ()))
    return seen


def adjacency(pairs: Iterable[Pair]) -> dict[str, set[str]]:
    edges: dict[str, set[str]] = defaultdict(set)
    for a, b in pairs:
        edges[a].add(b)
        edges[b].add(a)
    return edges
