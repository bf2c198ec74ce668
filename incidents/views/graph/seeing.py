"""What /graph/ shows: a part of the graph as a picture and as a table, and how much of it stays hidden."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from incidents.graphing import drawing, exporting
from incidents.graphing.asking import DEPTHS, KINDS, LAYOUTS, RELATIONS, SURE, GraphForm, options
from incidents.graphing.loading import Record, graph_at, load, named_clouds
from incidents.graphing.pasts import severities
from incidents.graphing.selecting import Choice, Filtered, Hidden, Selection, around, filtered, select
from incidents.views.graph.panel import panel_of
from incidents.views.graph.picturing import answering
from incidents.views.graph.rows import (
    EdgeRow,
    contracted_words,
    edge_row,
    exported,
    in_words,
    key_of,
)
from incidents.views.rows import Link

VIEWS_KEPT = 16
NODE = "NODE"
DEEPER = {"1": "2", "2": "3", "3": "4", "4": "all"}
REASONS = {
    Hidden.LATER: "not known then",
    Hidden.ENDED: "ended by then",
    Hidden.UNDATED: "undated",
    Hidden.RELATION: "other relations",
    Hidden.CONFIDENCE: "less sure",
    Hidden.KIND: "of hidden kinds",
    Hidden.DISTANCE: "further away",
    Hidden.ROOM: "beyond the room of one picture",
}


@dataclass(frozen=True, slots=True)
class HiddenRow:
    """What is not shown for one reason. `show` brings it into sight; empty where nothing can."""

    reason: str
    nodes: int
    edges: int
    show: str


@dataclass(frozen=True, slots=True)
class NodeLine:
    """A node of the table: `focus` and `pick` are addresses of this view around it."""

    name: str
    kind: str
    pick: str
    focus: str
    carried: int
    edges: int


@dataclass(frozen=True, slots=True)
class ContractedRow:
    source: Link
    target: Link
    chain: tuple[EdgeRow, ...]


def with_focus(record: Record, choice: Choice) -> Record:
    """What is in focus is there though nothing stands on it."""
    missing = [node for node in choice.focus if node not in record.named]
    return replace(record, named={**record.named, **named_clouds(missing)}) if missing else record


def selected(record: Record, choice: Choice) -> Selection:
    """What the filters let through is kept as long as the edges stand still; only the focus is new."""
    if record is not load(record.version):
        return select(record.edges, record.kinds, choice)
    focus = choice.focus if choice.hidden_kinds else ()
    return around(kept(record.version, replace(choice, focus=focus, depth=None, opened=())), choice)


@lru_cache(maxsize=VIEWS_KEPT)
def kept(version: str, choice: Choice) -> Filtered:
    record = load(version)
    return filtered(record.edges, record.kinds, choice)


def export_rows(
    record: Record, seen: Selection, choice: Choice
) -> tuple[list[exporting.NodeRow], list[exporting.EdgeRow]]:
    kinds = record.kinds
    nodes = [exporting.NodeRow(node, record.name_of(node), kinds[node]) for node in seen.nodes]
    return nodes, [exported(edge, choice.at) for edge in seen.edges] + [
        exporting.EdgeRow(one.source, one.target, "by way of hidden nodes", "contracted", 0.0, 0)
        for one in seen.contracted
    ]


def explored(form: GraphForm, record: Record) -> dict[str, Any]:
    choice = form.choice(record.usual_focus)
    record = with_focus(record, choice)
    kinds = record.kinds
    seen = selected(record, choice)
    graph = graph_at(record.version, choice.at, with_later=choice.with_later, with_undated=False)
    carried = {node: graph.carries(node) for node in seen.nodes}
    rows = [edge_row(record, edge, choice.at) for edge in seen.edges]
    drawn = drawing.picture(
        node_marks(record, seen, choice, kinds, carried),
        edge_marks(record, seen, rows),
        is_radial=form.asked["layout"] == "radial",
    )
    picked = form.asked["pick"] or next(iter(choice.focus), "")
    asked = form.asked
    return {
        "form": form,
        "panel": panel_of(form, record, choice, picked),
        "at": choice.at,
        "is_past": form.is_past,
        "seen": seen,
        "hidden": hidden_rows(form, seen),
        "nodes": node_lines(form, record, seen, kinds, carried),
        "edges": rows,
        "contracted": [
            ContractedRow(
                Link(record.name_of(one.source), form.query(focus=one.source)),
                Link(record.name_of(one.target), form.query(focus=one.target)),
                tuple(edge_row(record, edge, choice.at) for edge in one.chain),
            )
            for one in seen.contracted
        ],
        "focus": [Link(record.name_of(node), without(form, choice, node)) for node in choice.focus],
        "kinds": options(KINDS, asked["hide"] or ()),
        "relations": options(RELATIONS, asked["relation"] or ()),
        "depths": options(DEPTHS, [asked["depth"] or "1"]),
        "sures": options(SURE, [asked["sure"] or "claimed"]),
        "layouts": options(LAYOUTS, [asked["layout"] or "layered"]),
        "with_undated": choice.with_undated,
        "with_later": choice.with_later,
        "known_names": record.known_names,
        "state": form.query(find=""),
        "asked_focus": asked["focus"],
        "asked_open": asked["open"],
    } | answering(drawn, seen.nodes, seen.links, picked)


def without(form: GraphForm, choice: Choice, node: str) -> str:
    return form.query(focus=[one for one in choice.focus if one != node])


def node_marks(
    record: Record, seen: Selection, choice: Choice, kinds: Mapping[str, str], carried: dict[str, int]
) -> list[drawing.NodeMark]:
    past = severities(seen.nodes, choice.at)
    return [
        drawing.NodeMark(
            node=node,
            name=record.name_of(node),
            kind=kinds[node],
            carried=carried[node],
            severities=past.get(node, ()),
            is_focus=node in choice.focus,
        )
        for node in seen.nodes
    ]


def edge_marks(record: Record, seen: Selection, rows: Sequence[EdgeRow]) -> list[drawing.EdgeMark]:
    plain = [
        drawing.EdgeMark(
            source=edge.source,
            target=edge.target,
            relation=row.relation,
            ref=row.key,
            proofs=len(edge.proofs),
            state=seen.states[edge.key],
            said=in_words(row),
        )
        for edge, row in zip(seen.edges, rows, strict=True)
    ]
    return plain + [
        drawing.EdgeMark(
            source=one.source,
            target=one.target,
            relation="by way of hidden",
            ref="|".join(key_of(edge) for edge in one.chain),
            proofs=1,
            state="contracted",
            said=contracted_words(record, one),
        )
        for one in seen.contracted
    ]


def node_lines(
    form: GraphForm, record: Record, seen: Selection, kinds: Mapping[str, str], carried: dict[str, int]
) -> list[NodeLine]:
    touching = Counter(end for link in seen.links for end in (link.source, link.target))
    # One address each, with the node's name put in: an address of ours costs more than all else of a line.
    pick, focus = form.query(pick=NODE), form.query(focus=NODE, open="", pick="")
    return [
        NodeLine(
            name=record.name_of(node),
            kind=kinds[node],
            pick=pick.replace(NODE, quote(node, safe=":")),
            focus=focus.replace(NODE, quote(node, safe=":")),
            carried=carried[node],
            edges=touching[node],
        )
        for node in seen.nodes
    ]


def hidden_rows(form: GraphForm, seen: Selection) -> list[HiddenRow]:
    depth = form.asked["depth"] or "1"
    show = {
        Hidden.LATER: form.query(later="1"),
        Hidden.UNDATED: form.query(undated="1"),
        Hidden.RELATION: form.query(relation=""),
        Hidden.CONFIDENCE: form.query(sure=""),
        Hidden.KIND: form.query(hide=""),
        Hidden.DISTANCE: form.query(depth=DEEPER.get(depth, "all")),
    }
    return [
        HiddenRow(REASONS[reason], seen.hidden_nodes[reason], seen.hidden_edges[reason], show.get(reason, ""))
        for reason in Hidden
        if seen.hidden_nodes[reason] or seen.hidden_edges[reason]
    ]
