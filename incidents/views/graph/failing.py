"""What a supposed failure does, in rows to print: who falls, through what, how often it was so before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from incidents.choices import OrganisationKind
from incidents.figures import Lengths
from incidents.graph import Outcome
from incidents.graphing import drawing
from incidents.graphing.edges import Edge, words_for
from incidents.graphing.explaining import Fate
from incidents.graphing.frequencies import LEAST_CASES, Frequency
from incidents.graphing.loading import Named, Record, graph_at
from incidents.graphing.pasts import severities
from incidents.graphing.precedents import history, precedents
from incidents.graphing.selecting import state_of
from incidents.views.graph.picturing import answering
from incidents.views.graph.rows import EdgeRow, edge_row, in_words, key_of, node_link, relation_words
from incidents.views.rows import IncidentRow, Link, incident_rows, span_text

PRECEDENTS = 12
FATES = {
    Fate.FALLS: "falls",
    Fate.DEGRADES: "degrades",
    Fate.UNKNOWN: "cannot be told",
    Fate.STANDS: "stands",
}
SERVED = frozenset(kind for kind in OrganisationKind.values if kind != OrganisationKind.OTHER)
"""The kinds that the record is about; of others it lists those that outages reached."""


@dataclass(frozen=True, slots=True)
class FallRow:
    """One organisation: its fate, by which chain, how sure, and how often it was so before."""

    node: str
    link: Link
    kind: str
    fate: Fate
    fate_word: str
    fate_class: str
    at_worst: str
    chain: tuple[EdgeRow, ...]
    why_open: str
    share: str
    word: str
    frequency: str
    is_later: bool


@dataclass(frozen=True, slots=True)
class Scenario:
    """`served` organisations are counted: those reached, those that stand as far as is known, and those that
    nothing is known of (`unheard`), which are not safe. `later` are reached by hindsight only.
    """

    failed: tuple[Link, ...]
    rows: tuple[FallRow, ...]
    later: tuple[FallRow, ...]
    others: tuple[Link, ...]
    counts: tuple[tuple[str, str, int], ...]
    standing: int
    unheard: int
    served: int
    lengths: Lengths
    median: str
    p90: str
    precedents: tuple[IncidentRow, ...]
    outcome: Outcome

    def fates(self) -> dict[str, FallRow]:
        return {row.node: row for row in (*self.rows, *self.later)}

    @property
    def predicted(self) -> frozenset[str]:
        """Those of whom it is said that they would be reached."""
        return frozenset(row.node for row in self.rows if row.fate >= Fate.DEGRADES)

    @property
    def unknown(self) -> frozenset[str]:
        return frozenset(row.node for row in self.rows if row.fate == Fate.UNKNOWN)


def scenario(
    record: Record, failed: Sequence[str], at: datetime, *, with_later: bool, with_undated: bool
) -> Scenario:
    known = graph_at(record.version, at, with_later=False, with_undated=with_undated)
    outcome = known.fall(failed, at)
    shown = outcome
    if with_later:
        wider = graph_at(record.version, at, with_later=True, with_undated=with_undated)
        shown = wider.fall(failed, at)
    past = precedents(failed, at)
    frequencies, measured = history(past)
    rows = [
        fall_row(record, shown, node, at, frequencies.get(node), is_later=outcome.fate(node) == Fate.STANDS)
        for node in shown.reached
        if node.startswith("organisation:") and node not in failed
    ]
    rows.sort(key=lambda row: (-row.fate, row.link.name.lower()))
    reached = tuple(row for row in rows if not row.is_later)
    heard = {edge.source for edge in known.edges}
    served = {node for node, named in record.named.items() if is_served(named)} - set(failed)
    spared = served - {row.node for row in reached}
    counted = Counter(row.fate for row in reached)
    listed = past.select_related("provider", "organisation").order_by("-started_at")
    return Scenario(
        failed=tuple(node_link(record, node) for node in failed),
        rows=reached,
        later=tuple(row for row in rows if row.is_later),
        others=tuple(
            node_link(record, node)
            for node in shown.reached
            if not node.startswith("organisation:") and node not in failed
        ),
        counts=tuple((FATES[fate], fate_class(fate), counted[fate]) for fate in reversed(Fate) if fate),
        standing=len(spared & heard),
        unheard=len(spared - heard),
        served=len(spared) + len(reached),
        lengths=measured,
        median=span_text(measured.median) if measured.median and measured.measured >= LEAST_CASES else "",
        p90=span_text(measured.p90) if measured.p90 and measured.measured >= LEAST_CASES else "",
        precedents=tuple(incident_rows(listed[:PRECEDENTS])),
        outcome=shown,
    )


def is_served(named: Named) -> bool:
    return named.is_organisation and named.kind in SERVED


def fate_class(fate: Fate) -> str:
    return fate.name.lower()


def fall_row(
    record: Record, outcome: Outcome, node: str, at: datetime, past: Frequency | None, *, is_later: bool
) -> FallRow:
    found = outcome.reached[node]
    chain = outcome.chain(node)
    return FallRow(
        node=node,
        link=node_link(record, node),
        kind=record.kinds.get(node, ""),
        fate=found.fate,
        fate_word=FATES[found.fate],
        fate_class=fate_class(found.fate),
        at_worst=FATES[found.at_worst] if found.at_worst != found.fate else "",
        chain=tuple(edge_row(record, edge, at) for edge in chain),
        why_open=why_open(record, outcome, chain) if found.fate == Fate.UNKNOWN else "",
        share="" if is_later else f"{found.confidence:.2f}",
        word="not then" if is_later else words_for(found.confidence),
        frequency=frequency_words(past),
        is_later=is_later,
    )


def why_open(record: Record, outcome: Outcome, chain: Sequence[Edge]) -> str:
    last = chain[-1]
    if any(edge.is_undated for edge in chain):
        return "its proof is undated"
    if last in outcome.unsure:
        return f"which part of {record.name_of(last.target)} it stands on is not known"
    return "that another part stands in for it is stated, not which"


def frequency_words(past: Frequency | None) -> str:
    """A share with both bounds; counts alone where there are too few."""
    if past is None:
        return ""
    counted = f"{past.reached} of {past.known} outages where its state is known"
    if past.bounds is None:
        return f"reached in {counted}: too few for a figure"
    low, high = past.bounds
    silent = f"{past.silent} of {past.total} say nothing of it"
    return f"{low:.0%} to {high:.0%}: reached in {counted}; {silent}"


def fall_picture(record: Record, told: Scenario, at: datetime, *, is_radial: bool) -> dict[str, Any]:
    """The failed, all that they reach, and the edges between; the chains that explain it stand out."""
    outcome = told.outcome
    reached = outcome.reached
    chains = {edge.key for node in reached for edge in outcome.chain(node)}
    ends = {edge.target for node in reached for edge in outcome.chain(node)}
    nodes = sorted({*reached, *ends})
    graph_edges = {edge.key: edge for node in nodes for edge in outcome.graph.by_source.get(node, ())}
    inside = [edge for edge in graph_edges.values() if edge.target in ends | set(reached)]
    past = severities(nodes, at)
    marks = [
        drawing.NodeMark(
            node=node,
            name=record.name_of(node),
            kind=record.kinds.get(node, node.partition(":")[0]),
            severities=past.get(node, ()),
            fate=outcome.fate(node),
            is_failed=node in outcome.failed,
        )
        for node in nodes
    ]
    edges = [
        drawing.EdgeMark(
            source=edge.source,
            target=edge.target,
            relation=relation_words(edge.relation),
            ref=key_of(edge),
            proofs=len(edge.proofs),
            state=state_of(edge, at),
            said=in_words(edge_row(record, edge, at)),
            is_on_chain=edge.key in chains and outcome.fate(edge.source) >= Fate.DEGRADES,
        )
        for edge in inside
    ]
    return answering(drawing.picture(marks, edges, is_radial=is_radial), nodes, inside)
