"""What is in sight and what is not: examples, and the sum that must always come out."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from incidents.graphing.edges import Edge, part_of
from incidents.graphing.selecting import Choice, EdgeState, Hidden, select
from tests.incidents.graphing.graphs import (
    AWS,
    DYNAMO,
    EAST,
    NOW,
    WEST,
    edge,
    graphs,
    nodes,
    proof,
    undated,
    unhurried,
)


def with_parts(edges: list[Edge]) -> list[Edge]:
    targets = sorted({one.target for one in edges})
    return [*edges, *(part for target in targets if (part := part_of(target)))]


def kinds_of(edges: list[Edge], *lone: str) -> dict[str, str]:
    found = {node for one in edges for node in (one.source, one.target)} | set(lone)
    return {node: node.partition(":")[0] for node in found}


def test_one_node_and_what_is_beside_it() -> None:
    edges = with_parts([edge("coinbase", EAST), edge("robinhood", EAST), edge("okx", WEST)])
    seen = select(edges, kinds_of(edges), Choice(NOW, ("organisation:coinbase",)))
    assert set(seen.nodes) == {"organisation:coinbase", EAST}
    assert [one.target for one in seen.edges] == [EAST]
    assert seen.hidden_edges == {Hidden.DISTANCE: 4}


def test_an_opened_node_brings_its_neighbours() -> None:
    edges = with_parts([edge("coinbase", EAST), edge("robinhood", EAST)])
    seen = select(edges, kinds_of(edges), Choice(NOW, ("organisation:coinbase",), opened=(EAST,)))
    assert set(seen.nodes) == {"organisation:coinbase", "organisation:robinhood", EAST, AWS}


def test_a_hidden_middle_leaves_a_contracted_edge_that_keeps_its_chain() -> None:
    edges = with_parts([edge("coinbase", EAST)])
    choice = Choice(NOW, ("organisation:coinbase",), hidden_kinds=frozenset({"region"}))
    seen = select(edges, kinds_of(edges), choice)
    assert [(one.source, one.target) for one in seen.contracted] == [("organisation:coinbase", AWS)]
    assert seen.contracted[0].chain == tuple(edges)
    assert seen.hidden_edges == {Hidden.KIND: 2}


def test_a_node_in_the_focus_is_shown_whatever_its_kind() -> None:
    edges = with_parts([edge("coinbase", EAST)])
    seen = select(edges, kinds_of(edges), Choice(NOW, (EAST,), hidden_kinds=frozenset({"region"})))
    assert EAST in seen.nodes


def test_lone_nodes_stay_where_everything_is_asked_for() -> None:
    edges = with_parts([edge("coinbase", EAST)])
    seen = select(edges, kinds_of(edges, "organisation:lone"), Choice(NOW, depth=None))
    assert "organisation:lone" in seen.nodes


def test_what_became_known_later_is_hidden_and_counted_unless_asked_for() -> None:
    edges = [edge("coinmarketcap", EAST, "", proof("2025-10-31"))]
    focus = ("organisation:coinmarketcap",)
    assert select(edges, kinds_of(edges), Choice(NOW, focus)).hidden_edges == {Hidden.LATER: 1}
    seen = select(edges, kinds_of(edges), Choice(NOW, focus, with_later=True))
    assert seen.states[edges[0].key] == EdgeState.LATER


def test_undated_edges_can_be_left_out() -> None:
    edges = [undated("alpaca", DYNAMO)]
    focus = ("organisation:alpaca",)
    assert select(edges, kinds_of(edges), Choice(NOW, focus)).states[edges[0].key] == EdgeState.UNDATED
    without = select(edges, kinds_of(edges), Choice(NOW, focus, with_undated=False))
    assert without.hidden_edges == {Hidden.UNDATED: 1}


def test_the_nearest_keep_their_place_where_room_ends() -> None:
    edges = with_parts([edge(name, EAST) for name in "abcdef"])
    seen = select(edges, kinds_of(edges), Choice(NOW, (EAST,), depth=None, room=3))
    assert len(seen.nodes) == 3
    assert EAST in seen.nodes
    assert seen.hidden_nodes[Hidden.ROOM] == 5


choices = st.builds(
    Choice,
    at=st.just(NOW),
    focus=st.lists(nodes, max_size=2, unique=True).map(tuple),
    depth=st.sampled_from([0, 1, 2, None]),
    opened=st.lists(nodes, max_size=2, unique=True).map(tuple),
    hidden_kinds=st.frozensets(st.sampled_from(["organisation", "region", "service", "provider"])),
    hidden_relations=st.frozensets(st.sampled_from(["hosted-on", "part-of"])),
    least=st.sampled_from([0.0, 0.5, 0.9]),
    with_undated=st.booleans(),
    with_later=st.booleans(),
    room=st.sampled_from([2, 5, 240]),
)


@unhurried
@given(graphs, choices)
def test_shown_and_hidden_add_up_to_the_record(graph: list[Edge], choice: Choice) -> None:
    edges = with_parts(graph)
    kinds = kinds_of(edges, "organisation:lone")
    seen = select(edges, kinds, choice)
    assert seen.total_edges == len(edges)
    assert seen.total_nodes == len(kinds)
    assert len(set(seen.nodes)) == len(seen.nodes)


@unhurried
@given(graphs, choices)
def test_every_edge_in_sight_joins_nodes_in_sight_and_stands_for_edges_of_the_record(
    graph: list[Edge], choice: Choice
) -> None:
    edges = with_parts(graph)
    seen = select(edges, kinds_of(edges), choice)
    for one in (*seen.edges, *seen.contracted):
        assert {one.source, one.target} <= set(seen.nodes)
    for contracted in seen.contracted:
        chain = contracted.chain
        assert len(chain) > 1 and set(chain) <= set(edges)
        assert (chain[0].source, chain[-1].target) == (contracted.source, contracted.target)
        assert all(a.target == b.source for a, b in pairwise(chain))
