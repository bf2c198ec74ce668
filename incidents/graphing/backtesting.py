"""Were past outages foreseen? Each is held against the edges known before it began. Pure, no hindsight."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from incidents.graph import Graph
from incidents.graphing.edges import Edge, EdgeProof, standing
from incidents.graphing.explaining import Fate
from incidents.graphing.frequencies import Verification

JUST_BEFORE = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class PastOutage:
    """What failed, and whom it reached or is stated to have spared, as nodes."""

    id: str
    started_at: datetime
    failed: frozenset[str]
    hit: frozenset[str]
    spared: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Backtest:
    checked: tuple[tuple[PastOutage, Verification], ...]

    def count(self, name: str) -> int:
        return sum(len(getattr(verification, name)) for _, verification in self.checked)

    @property
    def precision(self) -> float | None:
        """Over all outages; who was predicted and of whom nobody says anything counts as wrong."""
        predicted = self.count("predicted")
        return self.count("right") / predicted if predicted else None

    @property
    def recall(self) -> float | None:
        hit = self.count("hit")
        return self.count("right") / hit if hit else None

    @property
    def recall_with_open(self) -> float | None:
        """With those of whom the graph said that it could not tell."""
        hit = self.count("hit")
        return (self.count("right") + self.count("open")) / hit if hit else None


def backtest(outages: Iterable[PastOutage], edges: Sequence[Edge]) -> Backtest:
    return Backtest(tuple((outage, verify(outage, edges)) for outage in outages))


def verify(outage: PastOutage, edges: Sequence[Edge]) -> Verification:
    at = outage.started_at - JUST_BEFORE
    outcome = Graph(standing(edges, at)).fall(outage.failed, at)
    fates = {
        node: outcome.fate(node)
        for node in outcome.reached
        if node.startswith("organisation:") and node not in outage.failed
    }
    return Verification(
        predicted=frozenset(node for node, fate in fates.items() if fate >= Fate.DEGRADES),
        unknown=frozenset(node for node, fate in fates.items() if fate == Fate.UNKNOWN),
        hit=outage.hit - outage.failed,
        spared=outage.spared,
    )


def observed(outages: Iterable[PastOutage], weight: float) -> list[Edge]:
    """An outage that reached an organisation proves an edge to what failed, from its day on.

    Where several things failed, any may have been the one: no edge is proven.
    """
    found: dict[tuple[str, str], list[EdgeProof]] = {}
    for outage in outages:
        if len(outage.failed) == 1:
            (target,) = outage.failed
            day = outage.started_at.date()
            known_at = outage.started_at + timedelta(days=1)
            for node in outage.hit - outage.failed:
                proof = EdgeProof(weight, outage.id, day, known_at)
                found.setdefault((node, target), []).append(proof)
    return [
        Edge(source, target, "observed", proofs=tuple(proofs)) for (source, target), proofs in found.items()
    ]
