"""What stands on what, and what falls with it: pure, independent of the database.

Nodes are named `kind:slug` (`region:aws:us-east-1`). An edge says that its `source` stands on its `target`.
What an organisation stands on comes from proofs; that a region or a service is a provider's, from its slug.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import IntEnum

HALF_LIFE = 3.0
"""Years in which a proof loses half its weight, counted from the end of the time that it speaks of."""
YEAR = 365.25


@dataclass(frozen=True, slots=True)
class EdgeProof:
    """One publisher's word about one event or page. `weight` is 0 to 1, by who says it.

    `about_to` is the last day of the time that it speaks of, `known_at` the moment from which it could be
    known; both None where the page is undated.
    """

    weight: float
    publisher: str
    about_to: date | None
    known_at: datetime | None
    url: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """`group` names an *any of* group among the source's edges: one of them is enough.

    `ended_on` is the stated day of leaving.
    """

    source: str
    target: str
    relation: str = "hosted-on"
    group: str = ""
    proofs: tuple[EdgeProof, ...] = ()
    ended_on: date | None = None


class Fate(IntEnum):
    """What becomes of a node, from best to worst. UNKNOWN is a value: it never counts as safe."""

    STANDS = 0
    UNKNOWN = 1
    DEGRADES = 2
    FALLS = 3


@dataclass(frozen=True, slots=True)
class Reached:
    """The fate of a node, the edge by which it was reached, and how sure the chain of edges is (0 to 1)."""

    node: str
    fate: Fate
    through: Edge | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a failure does. `reached` holds every node that does not stand, by name."""

    failed: frozenset[str]
    reached: Mapping[str, Reached]

    def fate(self, node: str) -> Fate:
        found = self.reached.get(node)
        return found.fate if found else Fate.STANDS

    def chain(self, node: str) -> tuple[Edge, ...]:
        """The edges from the node down to what failed, nearest first."""
        edges: list[Edge] = []
        while (found := self.reached.get(node)) and found.through and found.through not in edges:
            edges.append(found.through)
            node = found.through.target
        return tuple(edges)


def end_of(day: date) -> datetime:
    return datetime.combine(day, time.max, UTC)


def counts(proof: EdgeProof, at: datetime) -> bool:
    """Could it be known then, and was the time that it speaks of over? An undated one never counts."""
    return (
        proof.known_at is not None
        and proof.about_to is not None
        and proof.known_at <= at
        and end_of(proof.about_to) <= at
    )


def confidence(edge: Edge, at: datetime) -> float:
    """How sure the edge is then: `1 - prod(1 - w * 2^-(years / 3))` over the proofs that count."""
    doubt = 1.0
    for proof in edge.proofs:
        if counts(proof, at) and proof.about_to is not None:
            years = max(0.0, (at - end_of(proof.about_to)).total_seconds() / 86_400 / YEAR)
            doubt *= 1 - proof.weight * 2 ** (-years / HALF_LIFE)
    return 1 - doubt


def words_for(share: float) -> str:
    """The word beside the number."""
    return "proven" if share >= 0.75 else "likely" if share >= 0.4 else "claimed"


def standing(edges: Iterable[Edge], at: datetime) -> list[Edge]:
    """The edges that were known by then and had not ended: no hindsight, and nothing that was left."""
    return [
        edge
        for edge in edges
        if any(counts(proof, at) for proof in edge.proofs)
        and (edge.ended_on is None or end_of(edge.ended_on) > at)
    ]


def owner_of(node: str) -> str:
    """The provider of a region or a service; empty for anything else."""
    kind, _, slug = node.partition(":")
    return f"provider:{slug.split(':', 1)[0]}" if kind in {"region", "service"} else ""


def provider_of(node: str) -> str:
    return node if node.startswith("provider:") else owner_of(node)


def what_if(edges: Iterable[Edge], failed: Iterable[str], at: datetime) -> Outcome:
    """What falls, degrades or cannot be told when `failed` is down, by the edges given.

    A provider takes its regions and services with it. One region or service down leaves open what becomes of
    those of whom only the provider, or only another part of it, is known. Edges of one *any of* group hold
    each other: the source falls with the last and degrades before. Failing more never saves anyone.
    """
    failed = frozenset(failed)
    by_source: dict[str, list[Edge]] = defaultdict(list)
    dependents: dict[str, set[str]] = defaultdict(set)
    for edge in edges:
        by_source[edge.source].append(edge)
        for upstream in {edge.target, provider_of(edge.target)} - {""}:
            dependents[upstream].add(edge.source)
    reached = {node: Reached(node, Fate.FALLS, None, 1.0) for node in failed}
    hurt = frozenset(owner for node in failed if (owner := owner_of(node)))
    scene = Scene(failed, hurt, by_source, {edge: confidence(edge, at) for edge in scene_edges(by_source)})
    todo = sorted(set().union(*(dependents[node] for node in failed | hurt)))
    while todo:
        node = todo.pop()
        if node in failed:
            continue
        found = scene.fate_of(node, reached)
        before = reached.get(node)
        if found and (before is None or found.fate > before.fate):
            reached[node] = found
            todo += sorted(dependents[node])
    return Outcome(failed, reached)


def scene_edges(by_source: Mapping[str, list[Edge]]) -> Iterable[Edge]:
    return (edge for edges in by_source.values() for edge in edges)


@dataclass(frozen=True, slots=True)
class Scene:
    """What is down, and the edges along which it spreads. `hurt` are providers with a part down."""

    failed: frozenset[str]
    hurt: frozenset[str]
    by_source: Mapping[str, list[Edge]]
    sure: Mapping[Edge, float]

    def fate_of(self, node: str, reached: Mapping[str, Reached]) -> Reached | None:
        """The worst that any of the node's groups does to it; None where it stands."""
        groups: dict[str, list[Edge]] = defaultdict(list)
        for number, edge in enumerate(self.by_source.get(node, ())):
            groups[edge.group or str(number)].append(edge)
        worst: Reached | None = None
        for group in groups.values():
            found = self.of_group(node, group, reached)
            if found and (worst is None or (found.fate, found.confidence) > (worst.fate, worst.confidence)):
                worst = found
        return worst

    def of_group(self, node: str, group: list[Edge], reached: Mapping[str, Reached]) -> Reached | None:
        """One of an *any of* group is enough: it falls with the last, and degrades with the first."""
        fates = [self.of_edge(node, edge, reached) for edge in group]
        worst = max(fates, key=lambda found: (found.fate, found.confidence))
        if worst.fate == Fate.STANDS:
            return None
        fate = worst.fate
        if fate == Fate.FALLS and any(found.fate != Fate.FALLS for found in fates):
            fate = Fate.DEGRADES
        return Reached(node, fate, worst.through, worst.confidence)

    def of_edge(self, node: str, edge: Edge, reached: Mapping[str, Reached]) -> Reached:
        target = edge.target
        known = reached.get(target)
        provider = provider_of(target)
        if known:
            fate, share = known.fate, known.confidence
        elif provider in self.failed:
            fate, share = Fate.FALLS, 1.0
        elif provider in self.hurt and self.might_be_meant(node, target):
            fate, share = Fate.UNKNOWN, 1.0
        else:
            fate, share = Fate.STANDS, 0.0
        return Reached(node, fate, edge, share * self.sure[edge])

    def might_be_meant(self, node: str, target: str) -> bool:
        """Could what failed be what the node stands on? Not where its region of that provider is known and
        only other regions failed."""
        provider = provider_of(target)
        down = {part for part in self.failed if owner_of(part) == provider}
        if any(part.startswith("service:") for part in down):
            return True
        return not any(
            edge.target.startswith("region:") and owner_of(edge.target) == provider
            for edge in self.by_source.get(node, ())
        )
