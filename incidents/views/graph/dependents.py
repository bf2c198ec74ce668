"""The other way round: who stands on a provider, a region, a service or an organisation, near or far."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from incidents.graphing.edges import end_of
from incidents.graphing.explaining import Fate
from incidents.graphing.loading import graph_at, record_graph
from incidents.views.graph.failing import FATES, fate_class
from incidents.views.graph.rows import EdgeRow, edge_row, node_link
from incidents.views.rows import Link

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Dependent:
    """Who stands on it, by which chain, and what would become of it if this failed alone."""

    link: Link
    kind: str
    chain: tuple[EdgeRow, ...]
    fate: Fate
    fate_word: str
    fate_class: str


@dataclass(frozen=True, slots=True)
class Dependents:
    rows: tuple[Dependent, ...]
    more: int
    graph: str
    what_if: str


def dependents_of(node: str) -> Dependents:
    """Those whom its failure would touch today, the surest first; with those of whom it cannot be told."""
    record = record_graph()
    at = end_of(timezone.now().date())
    outcome = graph_at(record.version, at, with_later=False, with_undated=True).fall([node], at)
    names = [name for name in outcome.reached if name.startswith("organisation:") and name != node]
    rows = [
        Dependent(
            link=node_link(record, name),
            kind=record.named[name].kind,
            chain=tuple(edge_row(record, edge, at) for edge in outcome.chain(name)),
            fate=outcome.fate(name),
            fate_word=FATES[outcome.fate(name)],
            fate_class=fate_class(outcome.fate(name)),
        )
        for name in names
    ]
    rows.sort(key=lambda row: (-row.fate, len(row.chain), row.link.name.lower()))
    return Dependents(
        rows=tuple(rows[:SHOWN]),
        more=max(0, len(rows) - SHOWN),
        graph=f"{reverse('incidents:graph')}?focus={node}&depth=2",
        what_if=f"{reverse('incidents:what-if')}?fail={node}",
    )
