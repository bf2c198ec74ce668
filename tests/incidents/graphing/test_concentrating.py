"""Single points of failure: who falls alone, joints, and how concentrated layers are."""

from __future__ import annotations

import pytest
from hypothesis import given

from incidents.graph import Graph
from incidents.graphing.concentrating import layers, points
from incidents.graphing.edges import Edge
from tests.incidents.graphing.graphs import AWS, EAST, NOW, WEST, edge, graphs, unhurried

ALL = frozenset(f"organisation:{name}" for name in "abcdef")


def test_the_ranking_counts_those_that_nothing_else_serves() -> None:
    edges = [edge("a", EAST), edge("b", EAST, "g"), edge("b", WEST, "g"), edge("c", WEST)]
    found = {point.node: point for point in points(Graph(edges), NOW, ALL)}
    assert found[EAST].alone == {"organisation:a"}
    assert found[EAST].degraded == {"organisation:b"}
    assert found[AWS].alone == {"organisation:a", "organisation:b", "organisation:c"}


def test_a_busy_node_with_alternatives_ranks_below_a_quiet_one_without() -> None:
    edges = [edge(name, target, "g") for name in "abc" for target in (EAST, "region:gcp:x")]
    order = [point.node for point in points(Graph([*edges, edge("d", "provider:ovh")]), NOW, ALL)]
    assert order[0] == "provider:ovh"


def test_a_joint_is_a_node_without_which_the_graph_falls_apart() -> None:
    edges = [edge("a", "organisation:infura"), edge("infura", EAST)]
    joints = {point.node for point in points(Graph(edges), NOW, ALL) if point.is_joint}
    assert joints == {"organisation:infura", EAST}


def test_the_index_is_one_where_all_stand_on_one_thing() -> None:
    provider, region, service = layers([edge("a", EAST), edge("b", EAST)], ALL)
    assert (provider.index, region.index, service.index) == (1.0, 1.0, None)
    assert (region.known, region.unknown, service.unknown) == (2, 4, 6)


def test_an_organisation_on_two_things_is_split_between_them() -> None:
    _, region, _ = layers([edge("a", EAST), edge("a", WEST)], ALL)
    assert region.index == pytest.approx(0.5)


@unhurried
@given(graphs)
def test_known_and_unknown_are_all_there_are(graph: list[Edge]) -> None:
    for layer in layers(graph, ALL):
        assert layer.known + layer.unknown == len(ALL)
        assert layer.index is None or 0 < layer.index <= 1 + 1e-9
        assert sum(share for _, share in layer.shares) == pytest.approx(1 if layer.known else 0)
