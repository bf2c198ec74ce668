"""What pages of the graph print of nodes, edges and proofs: worked out here, plain and frozen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache

from django.urls import reverse

from incidents.choices import EdgeVerdictKind, ProofGrade, Relation
from incidents.graphing import exporting
from incidents.graphing.contracting import Contracted
from incidents.graphing.edges import PART_OF, Edge, EdgeProof, confidence, counts, has_ended, words_for
from incidents.graphing.loading import Record
from incidents.graphing.selecting import EdgeState, state_of
from incidents.times import FORMATS
from incidents.views.rows import Link
from nlp.document import Precision

PAGES = ("provider", "region", "service", "organisation")
QUOTED = 300
ADDRESSES_KEPT = 10_000
STATES = {
    EdgeState.KNOWN: "",
    EdgeState.UNDATED: "undated",
    EdgeState.LATER: "learned later",
}


@dataclass(frozen=True, slots=True)
class ProofRow:
    publisher: str
    grade: str
    sentence: str
    url: str
    about: str
    known: str
    counts: bool


@dataclass(frozen=True)
class EdgeRow:
    """An edge with all that a page says of it at a time. `url` opens its proofs."""

    source: Link
    relation: str
    target: Link
    url: str
    key: str
    state: str
    share: str
    word: str
    group: str
    ended: str
    is_part: bool
    proven_by: tuple[EdgeProof, ...]
    at: datetime

    @property
    def number_of_proofs(self) -> int:
        return len(self.proven_by)

    @cached_property
    def proofs(self) -> tuple[ProofRow, ...]:
        """Worked out where they are shown: a table tells their number only."""
        return tuple(proof_row(proof, self.at) for proof in self.proven_by)


@lru_cache(maxsize=ADDRESSES_KEPT)
def page_of(node: str) -> str:
    """The address of a node's own page."""
    kind, _, slug = node.partition(":")
    return reverse(f"incidents:{kind}", args=[slug]) if kind in PAGES else ""


def node_link(record: Record, node: str) -> Link:
    return Link(record.name_of(node), page_of(node))


def relation_words(relation: str) -> str:
    return "part of" if relation == PART_OF else str(Relation(relation).label)


def key_of(edge: Edge) -> str:
    return " ".join(edge.key)


def edge_url(edge: Edge) -> str:
    return address_of(edge.key)


@lru_cache(maxsize=ADDRESSES_KEPT)
def address_of(key: tuple[str, str, str]) -> str:
    return reverse("incidents:graph-edge", args=key)


def day_text(day: date | None, precision: str) -> str:
    if day is None:
        return ""
    return f"{day:{FORMATS[Precision(precision or Precision.DAY)]}}"


def proof_row(proof: EdgeProof, at: datetime) -> ProofRow:
    return ProofRow(
        publisher=proof.publisher,
        grade=str(ProofGrade(proof.grade).label) if proof.grade else "",
        sentence=proof.sentence[:QUOTED],
        url=proof.url,
        about=day_text(proof.about_from or proof.about_to, proof.precision),
        known=f"{proof.known_at:%Y-%m-%d}" if proof.known_at else "",
        counts=counts(proof, at),
    )


def edge_row(record: Record, edge: Edge, at: datetime) -> EdgeRow:
    share = confidence(edge, at)
    state = state_of(edge, at)
    is_sure = state == EdgeState.KNOWN and edge.relation != PART_OF
    return EdgeRow(
        source=node_link(record, edge.source),
        relation=relation_words(edge.relation),
        target=node_link(record, edge.target),
        url=edge_url(edge),
        key=key_of(edge),
        state=STATES[state],
        share=f"{share:.2f}" if is_sure else "",
        word=words_for(share) if is_sure else "",
        group=edge.group,
        ended=f"{edge.ended_on:%Y-%m-%d}" if has_ended(edge, at) else "",
        is_part=edge.relation == PART_OF,
        proven_by=edge.proofs,
        at=at,
    )


def edge_rows(record: Record, edges: Sequence[Edge], at: datetime) -> list[EdgeRow]:
    return [edge_row(record, edge, at) for edge in edges]


def exported(edge: Edge, at: datetime) -> exporting.EdgeRow:
    """The edge as other programs take it."""
    return exporting.EdgeRow(
        source=edge.source,
        target=edge.target,
        relation=relation_words(edge.relation),
        state=state_of(edge, at),
        confidence=confidence(edge, at),
        proofs=len(edge.proofs),
        group=edge.group,
        urls=tuple(proof.url for proof in edge.proofs if proof.url),
    )


def in_words(row: EdgeRow) -> str:
    """What a pointer on an edge reads."""
    first = f"{row.source.name} {row.relation} {row.target.name}"
    if row.is_part:
        return f"{first}\nby its name"
    told = f"{row.number_of_proofs} proof{'' if row.number_of_proofs == 1 else 's'}"
    if row.group:
        told += f", one of a group: {row.group}"
    return f"{first}\n{told}, {f'{row.word} {row.share}' if row.word else row.state}"


def contracted_words(record: Record, one: Contracted) -> str:
    hidden = ", ".join(record.name_of(edge.target) for edge in one.chain[:-1])
    return f"{record.name_of(one.source)} by way of {hidden}\nto {record.name_of(one.target)}"


def verdict_words(kind: str, *, ended: date | None, group: str) -> str:
    if kind == EdgeVerdictKind.ENDED:
        return f"it ended on {ended:%Y-%m-%d}" if ended else ""
    if kind == EdgeVerdictKind.GROUP:
        return f"any of the group “{group}” is enough" if group else "of no group"
    return str(EdgeVerdictKind(kind).label)
