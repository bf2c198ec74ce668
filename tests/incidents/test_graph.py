"""What falls with what: examples first, then what must hold for every graph."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.graph import Graph
from incidents.graphing.edges import (
    PART_OF,
    Edge,
    EdgeProof,
    confidence,
    end_of,
    standing,
    words_for,
)
from incidents.graphing.explaining import Fate
from tests.incidents.graphing.graphs import unhurried

NOW = datetime(2025, 10, 19, tzinfo=UTC)
EAST, WEST, AWS = "region:aws:us-east-1", "region:aws:us-west-2", "provider:aws"
DYNAMO = "service:aws:dynamodb"


def proof(day: str = "2024-06-30", weight: float = 0.8) -> EdgeProof:
    about = date.fromisoformat(day)
    return EdgeProof(weight=weight, publisher="a", about_to=about, known_at=end_of(about))


def edge(source: str, target: str, group: str = "", *proofs: EdgeProof) -> Edge:
    return Edge(f"organisation:{source}", target, group=group, proofs=proofs or (proof(),))


def fate(edges: list[Edge], failed: set[str], name: str) -> Fate:
    return Graph(edges).fall(failed, NOW).fate(f"organisation:{name}")


def test_an_organisation_falls_with_its_region() -> None:
    assert fate([edge("coinbase", EAST)], {EAST}, "coinbase") == Fate.FALLS


def test_one_in_another_region_stands() -> None:
    assert fate([edge("binance", WEST)], {EAST}, "binance") == Fate.STANDS


def test_a_provider_takes_its_regions_and_services_with_it() -> None:
    edges = [edge("a", EAST), edge("b", DYNAMO), edge("c", AWS)]
    assert {fate(edges, {AWS}, name) for name in "abc"} == {Fate.FALLS}


def test_where_only_the_provider_is_known_a_region_leaves_it_open() -> None:
    assert fate([edge("kraken", AWS)], {EAST}, "kraken") == Fate.UNKNOWN


def test_a_service_whose_region_is_not_known_is_open_too() -> None:
    assert fate([edge("gemini", DYNAMO)], {EAST}, "gemini") == Fate.UNKNOWN
    assert fate([edge("gemini", DYNAMO), edge("gemini", WEST)], {EAST}, "gemini") == Fate.STANDS


def test_a_failed_service_leaves_open_who_used_it_in_a_region() -> None:
    assert fate([edge("coinbase", EAST)], {DYNAMO}, "coinbase") == Fate.UNKNOWN


def test_a_chain_reaches_the_wallet_behind_the_node_provider() -> None:
    edges = [edge("metamask", "organisation:infura"), edge("infura", EAST)]
    outcome = Graph(edges).fall({EAST}, NOW)
    assert outcome.fate("organisation:metamask") == Fate.FALLS
    assert [step.target for step in outcome.chain("organisation:metamask")] == ["organisation:infura", EAST]
    assert (
        outcome.reached["organisation:metamask"].confidence
        < outcome.reached["organisation:infura"].confidence
    )


def test_a_declared_alternative_turns_a_fall_into_a_degradation() -> None:
    edges = [edge("a", EAST, "regions"), edge("a", WEST, "regions")]
    assert fate(edges, {EAST}, "a") == Fate.DEGRADES
    assert fate(edges, {EAST, WEST}, "a") == Fate.FALLS


def test_an_alternative_on_the_same_upstream_is_none() -> None:
    edges = [
        edge("a", "organisation:x", "rpc"),
        edge("a", "organisation:y", "rpc"),
        edge("x", EAST),
        edge("y", EAST),
    ]
    assert fate(edges, {EAST}, "a") == Fate.FALLS


def test_a_circle_of_dependents_ends() -> None:
    edges = [edge("a", "organisation:b"), edge("b", "organisation:a"), edge("a", EAST)]
    outcome = Graph(edges).fall({EAST}, NOW)
    assert outcome.fate("organisation:b") == Fate.FALLS
    assert outcome.chain("organisation:b")[-1].target == EAST


def test_an_edge_is_known_from_the_end_of_the_month_that_it_speaks_of() -> None:
    later = edge("coinmarketcap", EAST, "", proof("2025-10-31"))
    assert standing([later], NOW) == []
    assert standing([later], datetime(2025, 11, 1, tzinfo=UTC)) == [later]


def test_an_undated_proof_is_left_out_of_the_past() -> None:
    undated = Edge("organisation:a", EAST, proofs=(EdgeProof(0.9, "a", None, None),))
    assert standing([undated], NOW) == []
    assert confidence(undated, NOW) == 0


def test_a_statement_of_leaving_ends_the_edge() -> None:
    left = Edge("organisation:bitfinex", AWS, proofs=(proof("2018-12-31"),), ended_on=date(2019, 1, 31))
    assert standing([left], datetime(2019, 1, 15, tzinfo=UTC)) == [left]
    assert standing([left], NOW) == []


def test_a_proof_loses_half_its_weight_in_three_years() -> None:
    old = edge("a", EAST, "", proof("2021-10-19", weight=0.8))
    assert confidence(old, datetime(2024, 10, 19, tzinfo=UTC)) == pytest.approx(0.4, abs=0.005)


def test_independent_proofs_add_up() -> None:
    one, two = edge("a", EAST, "", proof()), edge("a", EAST, "", proof(), proof("2025-01-31"))
    assert confidence(one, NOW) < confidence(two, NOW) < 1


@pytest.mark.parametrize(("share", "word"), [(0.9, "proven"), (0.5, "likely"), (0.1, "claimed")])
def test_three_words_stand_beside_the_number(share: float, word: str) -> None:
    assert words_for(share) == word


names = st.sampled_from("abcdef")
clouds = st.sampled_from([EAST, WEST, AWS, DYNAMO, "region:gcp:us-east1", "provider:gcp"])
targets = st.one_of(clouds, names.map(lambda name: f"organisation:{name}"))
edges = st.lists(st.builds(edge, names, targets, st.sampled_from(["", "", "g", "h"])), max_size=14)
failures = st.sets(st.one_of(clouds, names.map(lambda name: f"organisation:{name}")), max_size=3)


@unhurried
@given(edges, failures, failures)
def test_failing_more_never_saves_anyone(graph: list[Edge], failed: set[str], more: set[str]) -> None:
    less, worse = Graph(graph).fall(failed, NOW), Graph(graph).fall(failed | more, NOW)
    assert all(worse.fate(node) >= found.fate for node, found in less.reached.items())
    assert all(worse.at_worst(node) >= found.at_worst for node, found in less.reached.items())


@unhurried
@given(edges, failures)
def test_a_declared_alternative_that_stands_keeps_its_owner_from_falling(
    graph: list[Edge], failed: set[str]
) -> None:
    outcome = Graph([*graph, edge("z", EAST, "g"), edge("z", "region:oracle:x", "g")]).fall(failed, NOW)
    assert outcome.fate("organisation:z") != Fate.FALLS or "organisation:z" in failed


@unhurried
@given(edges, failures, st.randoms())
def test_the_order_of_edges_does_not_matter(graph: list[Edge], failed: set[str], random: object) -> None:
    shuffled = list(graph)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, two = Graph(graph).fall(failed, NOW), Graph(shuffled).fall(failed, NOW)
    assert {node: found.fate for node, found in one.reached.items()} == {
        node: found.fate for node, found in two.reached.items()
    }


@unhurried
@given(edges, failures)
def test_who_does_not_stand_can_say_why(graph: list[Edge], failed: set[str]) -> None:
    outcome = Graph(graph).fall(failed, NOW)
    for node, found in outcome.reached.items():
        edge = found.through
        assert node in failed or edge in graph or (edge and edge.relation == PART_OF)


def test_an_alternative_of_which_it_cannot_be_told_may_fall_too() -> None:
    edges = [edge("a", EAST, "g"), edge("a", "provider:gcp", "g")]
    outcome = Graph(edges).fall({EAST, "region:gcp:us-east1"}, NOW)
    assert outcome.fate("organisation:a") == Fate.DEGRADES
    assert outcome.at_worst("organisation:a") == Fate.FALLS


def test_a_stated_alternative_without_a_name_keeps_its_owner_from_falling_for_sure() -> None:
    outcome = Graph([edge("binance", "provider:cloudflare", "edge")]).fall({"provider:cloudflare"}, NOW)
    assert outcome.fate("organisation:binance") == Fate.DEGRADES
    assert outcome.at_worst("organisation:binance") == Fate.FALLS


def test_an_edge_of_unknown_date_leaves_it_open() -> None:
    doubtful = Edge("organisation:alpaca", EAST, proofs=(EdgeProof(0.8, "a", None, None),))
    outcome = Graph([doubtful, edge("x", "organisation:alpaca")]).fall({EAST}, NOW)
    assert outcome.fate("organisation:alpaca") == outcome.fate("organisation:x") == Fate.UNKNOWN
    assert outcome.at_worst("organisation:alpaca") == Fate.FALLS


def test_a_group_whose_edges_are_all_of_unknown_date_leaves_it_open() -> None:
    undated = EdgeProof(0.8, "a", None, None)
    outcome = Graph([edge("b", EAST, "g", undated), edge("b", WEST, "g", undated)]).fall({EAST, WEST}, NOW)
    assert outcome.fate("organisation:b") == Fate.UNKNOWN
    assert outcome.at_worst("organisation:b") == Fate.FALLS
    assert outcome.reached["organisation:b"].through is not None


@unhurried
@given(edges, failures)
def test_what_cannot_be_told_is_never_safe(graph: list[Edge], failed: set[str]) -> None:
    outcome = Graph(graph).fall(failed, NOW)
    for node, found in outcome.reached.items():
        assert found.at_worst > Fate.STANDS
        assert found.at_worst >= found.fate or found.fate == Fate.UNKNOWN
        chain = outcome.chain(node)
        assert len(chain) <= len(graph) + 2
        assert all(outcome.fate(step.source) >= found.fate for step in chain)
