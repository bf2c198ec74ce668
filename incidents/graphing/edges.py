"""Edges and what proves them: which stood at a time, by whose word, and how sure they were. Pure.

Nodes are named `kind:slug` (`region:aws:us-east-1`). An edge says that its `source` stands on its `target`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

HALF_LIFE = 3.0
"""Years in which a proof loses half its weight, counted from the end of the time that it speaks of."""
YEAR = 365.25
PART_OF = "part-of"


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
    grade: str = ""
    about_from: date | None = None
    precision: str = ""
    over_at: datetime | None = field(init=False, compare=False, repr=False)
    """The end of the last day of which it speaks."""
    counts_from: datetime | None = field(init=False, compare=False, repr=False)
    """From when it could be known and what it speaks of was over; None of an undated one: it never counts."""

    def __post_init__(self) -> None:
        over_at = end_of(self.about_to) if self.about_to else None
        counts_from = max(over_at, self.known_at) if over_at and self.known_at else None
        object.__setattr__(self, "over_at", over_at)
        object.__setattr__(self, "counts_from", counts_from)


@dataclass(frozen=True, slots=True)
class Edge:
    """`group` names an *any of* group among the source's edges: one of them is enough.

    `ended_on` is the stated day of leaving.
    """

    source: str
    target: str
    relation: str = "hosted-on"
    group: str = ""
    proofs: tuple[EdgeProof, ...] = field(default=(), compare=False)
    ended_on: date | None = None
    is_undated: bool = field(init=False, compare=False)
    """Nothing tells since when it holds: it is no ground for a verdict, only for a doubt."""

    def __post_init__(self) -> None:
        is_undated = self.relation != PART_OF and all(proof.counts_from is None for proof in self.proofs)
        object.__setattr__(self, "is_undated", is_undated)

    @property
    def key(self) -> tuple[str, str, str]:
        return self.source, self.relation, self.target


def end_of(day: date) -> datetime:
    return datetime.combine(day, time.max, UTC)


def counts(proof: EdgeProof, at: datetime) -> bool:
    """Could it be known then, and was the time that it speaks of over?"""
    return proof.counts_from is not None and proof.counts_from <= at


def confidence(edge: Edge, at: datetime) -> float:
    """How sure the edge is then: `1 - prod(1 - w * 2^-(years / 3))` over the proofs that count."""
    if edge.relation == PART_OF:
        return 1.0
    doubt = 1.0
    for proof in edge.proofs:
        if counts(proof, at) and proof.over_at is not None:
            years = max(0.0, (at - proof.over_at).total_seconds() / 86_400 / YEAR)
            doubt *= 1 - proof.weight * 2 ** (-years / HALF_LIFE)
    return 1 - doubt


def words_for(share: float) -> str:
    """The word beside the number."""
    return "proven" if share >= 0.75 else "likely" if share >= 0.4 else "claimed"


def has_ended(edge: Edge, at: datetime) -> bool:
    return edge.ended_on is not None and end_of(edge.ended_on) <= at


def standing(edges: Iterable[Edge], at: datetime) -> list[Edge]:
    """The edges that were known by then and had not ended: no hindsight, and nothing that was left."""
    return [
        edge for edge in edges if not has_ended(edge, at) and any(counts(proof, at) for proof in edge.proofs)
    ]


def owner_of(node: str) -> str:
    """The provider of a region or a service; empty for anything else."""
    kind, _, slug = node.partition(":")
    return f"provider:{slug.split(':', 1)[0]}" if kind in {"region", "service"} else ""


def provider_of(node: str) -> str:
    return node if node.startswith("provider:") else owner_of(node)


def part_of(node: str) -> Edge | None:
    """A region or a service stands on its provider: its name says so."""
    owner = owner_of(node)
    return Edge(node, owner, PART_OF) if owner else None
