"""What other programs take of the graph: well formed, whole, harmless."""

from __future__ import annotations

import csv
import io
from xml.etree import ElementTree

from incidents.graphing.exporting import EdgeRow, NodeRow, as_csv, graphml, mermaid

NASTY = 'A "quoted" <b>&name] =1'
NODES = [NodeRow("organisation:a", NASTY, "exchange", "falls"), NodeRow("provider:aws", "AWS", "provider")]
EDGES = [
    EdgeRow(
        "organisation:a", "provider:aws", "hosted on", "known", 0.5, 2, "g", ("https://x.example/?a=1&b",)
    ),
    EdgeRow("organisation:a", "provider:aws", "by way of hidden nodes", "contracted", 0.0, 0),
]


def test_graphml_is_xml_with_every_node_and_edge() -> None:
    root = ElementTree.fromstring(graphml(NODES, EDGES))
    space = {"g": "http://graphml.graphdrawing.org/xmlns"}
    assert len(root.findall(".//g:node", space)) == 2
    assert len(root.findall(".//g:edge", space)) == 2
    assert root.find(".//g:node/g:data[@key='name']", space).text == NASTY  # type: ignore[union-attr]


def test_mermaid_draws_what_is_not_known_dotted_and_takes_no_mark_of_a_name() -> None:
    told = mermaid(NODES, EDGES)
    assert told.startswith("graph LR\n")
    assert "n0 -->|hosted on| n1" in told
    assert "n0 -.->|by way of hidden nodes| n1" in told
    assert '"quoted"' not in told and "<b>" not in told


def test_csv_has_a_line_for_each_edge_and_no_formula() -> None:
    rows = list(csv.reader(io.StringIO(as_csv(NODES, [*EDGES, EdgeRow("=x", "b", "+r", "known", 1, 1)]))))
    assert len(rows) == 4
    assert rows[1][-1] == "falls"
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
