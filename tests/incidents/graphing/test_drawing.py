"""The picture: every mark in its place, and a figure that Plotly takes."""

from __future__ import annotations

from dataclasses import replace

import plotly.graph_objects as go
from hypothesis import given

from incidents.graphing.curving import curve
from incidents.graphing.drawing import EdgeMark, NodeMark, picture
from incidents.graphing.edges import Edge
from incidents.graphing.explaining import Fate
from incidents.graphing.layout import Place
from tests.incidents.graphing.graphs import graphs, unhurried


def marks(edges: list[Edge]) -> tuple[list[NodeMark], list[EdgeMark]]:
    nodes = sorted({end for edge in edges for end in (edge.source, edge.target)})
    return [NodeMark(node, node, node.partition(":")[0], 1, (("major", 2),), Fate.FALLS) for node in nodes], [
        EdgeMark(edge.source, edge.target, edge.relation, " ".join(edge.key), len(edge.proofs))
        for edge in edges
    ]


@unhurried
@given(graphs)
def test_every_node_and_edge_is_drawn_and_plotly_takes_it(graph: list[Edge]) -> None:
    nodes, edges = marks(graph)
    for is_radial in (False, True):
        figure = picture(nodes, edges, is_radial=is_radial).figure
        go.Figure(figure)
        *_, handles, dots = figure["data"]
        assert handles["ids"] == [edge.ref for edge in edges]
        assert dots["ids"] == [node.node for node in nodes]
        assert len(figure["layout"]["shapes"]) == len(nodes)


def test_names_are_text_and_no_markup() -> None:
    figure = picture([NodeMark("organisation:x", "<img src=x>", "exchange")], []).figure
    assert "<img" not in str(figure)


def test_an_edge_leaves_and_arrives_at_its_nodes() -> None:
    points = curve(Place(0, 0, 1), Place(1, 3, 0), is_straight=False)
    assert points[0] == (0, 0)
    assert points[-1] == (1, -3)


def test_edges_of_one_look_are_one_trace() -> None:
    nodes, edges = marks([Edge(f"organisation:{n}", "provider:aws") for n in "abcdefgh"])
    assert len(picture(nodes, edges).figure["data"]) == 3


def test_the_focus_is_named_in_the_densest_picture_and_a_crowd_only_where_there_is_room() -> None:
    nodes, edges = marks([Edge(f"organisation:a-long-name-{n}", "provider:aws") for n in range(150)])
    nodes = [replace(node, is_focus=node.node == "organisation:a-long-name-77") for node in nodes]
    for is_radial in (False, True):
        dots = picture(nodes, edges, is_radial=is_radial).figure["data"][-1]
        named = {node for node, text in zip(dots["ids"], dots["text"], strict=True) if text}
        assert "organisation:a-long-name-77" in named
        assert len(named) < len(nodes)


def test_a_bundle_of_edges_is_named_once() -> None:
    nodes, edges = marks([Edge(f"organisation:{n}", "provider:aws") for n in "abcdefgh"])
    nodes = [replace(node, name=node.node[-3:]) for node in nodes]
    *_, handles, _ = picture(nodes, edges).figure["data"]
    assert sum(bool(text) for text in handles["text"]) == 1
