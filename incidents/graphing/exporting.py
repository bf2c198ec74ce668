"""A selection for other programs: GraphML, Mermaid, CSV. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from incidents.spreadsheets import neutral

NODE_KEYS = ("name", "kind", "fate")
EDGE_KEYS = ("relation", "state", "confidence", "proofs", "group", "urls")


@dataclass(frozen=True, slots=True)
class NodeRow:
    node: str
    name: str
    kind: str
    fate: str = ""


@dataclass(frozen=True, slots=True)
class EdgeRow:
    """`state`: known, undated, later, or contracted, which stands for a chain of hidden edges."""

    source: str
    target: str
    relation: str
    state: str
    confidence: float
    proofs: int
    group: str = ""
    urls: tuple[str, ...] = ()


def values(row: EdgeRow) -> dict[str, str]:
    return {
        "relation": row.relation,
        "state": row.state,
        "confidence": f"{row.confidence:.3f}",
        "proofs": str(row.proofs),
        "group": row.group,
        "urls": " ".join(row.urls),
    }


def graphml(nodes: Sequence[NodeRow], edges: Sequence[EdgeRow]) -> str:
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
        *(f'<key id="{k}" for="node" attr.name="{k}" attr.type="string"/>' for k in NODE_KEYS),
        *(f'<key id="{k}" for="edge" attr.name="{k}" attr.type="string"/>' for k in EDGE_KEYS),
        '<graph id="faultline" edgedefault="directed">',
    ]
    for node in nodes:
        told = {"name": node.name, "kind": node.kind, "fate": node.fate}
        lines.append(f"<node id={quoteattr(node.node)}>{data(told)}</node>")
    for edge in edges:
        ends = f"source={quoteattr(edge.source)} target={quoteattr(edge.target)}"
        lines.append(f"<edge {ends}>{data(values(edge))}</edge>")
    return "\n".join([*lines, "</graph>", "</graphml>", ""])


def data(told: dict[str, str]) -> str:
    return "".join(f'<data key="{key}">{escape(value)}</data>' for key, value in told.items() if value)


def mermaid(nodes: Sequence[NodeRow], edges: Sequence[EdgeRow]) -> str:
    """Known edges solid, all others dotted. Mermaid's own marks in names are written as its codes."""
    number = {node.node: f"n{i}" for i, node in enumerate(nodes)}
    lines = ["graph LR", *(f'  {number[node.node]}["{quoted(node.name)}"]' for node in nodes)]
    for edge in edges:
        arrow = "-->" if edge.state == "known" else "-.->"
        ends = f"{number[edge.source]} {arrow}|{quoted(edge.relation)}| {number[edge.target]}"
        lines.append(f"  {ends}")
    return "\n".join([*lines, ""])


def quoted(text: str) -> str:
    return "".join(c if c.isalnum() or c in " .-/:,()" else f"#{ord(c)};" for c in text)


def as_csv(nodes: Sequence[NodeRow], edges: Sequence[EdgeRow]) -> str:
    """An edge a line; no cell can be taken for a formula."""
    fates = {node.node: node.fate for node in nodes}
    told = io.StringIO()
    writer = csv.writer(told, lineterminator="\n")
    writer.writerow(["source", "target", *EDGE_KEYS, "fate of source"])
    for edge in edges:
        cells = [edge.source, edge.target, *values(edge).values(), fates.get(edge.source, "")]
        writer.writerow([neutral(cell) for cell in cells])
    return told.getvalue()
