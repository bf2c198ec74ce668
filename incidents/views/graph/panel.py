"""The side panel: what a picked node stands on and carries, or what proves a picked edge."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from incidents.graphing.asking import GraphForm
from incidents.graphing.edges import Edge
from incidents.graphing.loading import Record
from incidents.graphing.pasts import Severities, at_nodes, severities
from incidents.graphing.selecting import Choice, Hidden, reason_of_time
from incidents.views.graph.rows import EdgeRow, edge_row, key_of, page_of
from incidents.views.rows import IncidentRow, incident_rows

LISTED, RECENT = 40, 5


@dataclass(frozen=True, slots=True)
class Panel:
    """Of a node: `name` and what follows. Of one edge or of a chain of them: `edges` alone."""

    name: str = ""
    kind: str = ""
    page: str = ""
    stands_on: tuple[EdgeRow, ...] = ()
    carries: tuple[EdgeRow, ...] = ()
    more: int = 0
    later: int = 0
    undated: int = 0
    severities: Severities = ()
    incidents: tuple[IncidentRow, ...] = ()
    focus: str = ""
    expand: str = ""
    collapse: str = ""
    fail: str = ""
    edges: tuple[EdgeRow, ...] = ()


def panel_of(form: GraphForm, record: Record, choice: Choice, picked: str) -> Panel | None:
    keys = set(picked.split("|"))
    sources = {key.partition(" ")[0] for key in keys if " " in key}
    found = {key_of(edge): edge for source in sources for edge in record.touching.get(source, ())}
    if edges := [edge for key, edge in found.items() if key in keys]:
        return Panel(edges=tuple(edge_row(record, edge, choice.at) for edge in in_order(edges)))
    if picked in record.named or picked in choice.focus:
        return node_panel(form, record, choice, picked)
    return None


def in_order(edges: list[Edge]) -> list[Edge]:
    """The edges of a chain, each before the one that goes on from where it ends."""
    targets = {edge.target for edge in edges}
    by_source = {edge.source: edge for edge in edges}
    node = next((edge.source for edge in edges if edge.source not in targets), edges[0].source)
    found: list[Edge] = []
    while node in by_source:
        found.append(by_source.pop(node))
        node = found[-1].target
    return found + list(by_source.values())


def node_panel(form: GraphForm, record: Record, choice: Choice, node: str) -> Panel:
    named = record.named.get(node)
    beside = record.touching.get(node, [])
    unshown = {edge.key: reason_of_time(edge, choice) for edge in beside}
    live = [edge for edge in beside if unshown[edge.key] is None]
    carries = [edge for edge in live if edge.target == node]
    past = severities([node], choice.at)
    recent = at_nodes([node], choice.at).select_related("provider", "organisation").order_by("-started_at")
    opened = list(choice.opened)
    explorer = reverse("incidents:graph")
    fail = {"fail": node, **({"as_of": form.data["as_of"]} if form.data.get("as_of") else {})}
    return Panel(
        name=record.name_of(node),
        kind=named.kind if named else node.partition(":")[0],
        page=page_of(node),
        stands_on=tuple(edge_row(record, edge, choice.at) for edge in live if edge.source == node),
        carries=tuple(edge_row(record, edge, choice.at) for edge in carries[:LISTED]),
        more=max(0, len(carries) - LISTED),
        later=sum(reason == Hidden.LATER for reason in unshown.values()),
        undated=sum(reason == Hidden.UNDATED for reason in unshown.values()),
        severities=past.get(node, ()),
        incidents=tuple(incident_rows(recent[:RECENT])),
        focus="" if choice.focus == (node,) else explorer + form.query(focus=node, open="", pick=""),
        expand="" if node in opened else explorer + form.query(open=[*opened, node], pick=node),
        collapse=explorer + form.query(open=[o for o in opened if o != node], pick=node)
        if node in opened
        else "",
        fail=f"{reverse('incidents:what-if')}?{urlencode(fail, safe=':')}",
    )
