"""Where nodes stand: layers, order, rings."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from incidents.graphing.layout import Link, layered, layers_of, ordered, radial
from tests.incidents.graphing.graphs import unhurried

links_drawn = st.lists(st.tuples(st.sampled_from("abcdefg"), st.sampled_from("abcdefg")), max_size=16)


def test_each_node_stands_one_layer_above_the_highest_that_it_stands_on() -> None:
    links = [("coinbase", "east"), ("east", "aws"), ("metamask", "infura"), ("infura", "east")]
    layer = layers_of({"coinbase", "east", "aws", "metamask", "infura"}, links)
    assert layer == {"aws": 0, "east": 1, "coinbase": 2, "infura": 2, "metamask": 3}


def test_outermost_nodes_come_to_the_last_layer() -> None:
    links = [("coinbase", "east"), ("east", "aws"), ("bitmex", "cloudflare")]
    layer = layers_of({"coinbase", "east", "aws", "bitmex", "cloudflare"}, links, outermost={"bitmex"})
    assert layer["bitmex"] == layer["coinbase"] == 2


def test_a_circle_ends() -> None:
    assert layers_of({"a", "b"}, [("a", "b"), ("b", "a")]) == {"a": 1, "b": 0}


def test_a_long_chain_needs_no_stack() -> None:
    links = [(f"n{i:05d}", f"n{i + 1:05d}") for i in range(5000)]
    assert layers_of({name for link in links for name in link}, links)["n00000"] == 5000


def test_the_order_of_a_layer_uncrosses_its_links() -> None:
    links = [("a", "y"), ("b", "x"), ("c", "z")]
    rows = ordered(layers_of(set("abcxyz"), links), links)
    place = {node: i for row in rows for i, node in enumerate(row)}
    assert all(place[source] == place[target] for source, target in links)


@unhurried
@given(st.sets(st.sampled_from("abcdefg")), links_drawn)
def test_no_two_nodes_stand_on_one_spot(names: set[str], links: list[Link]) -> None:
    links = [link for link in links if set(link) <= names and link[0] != link[1]]
    for lay in (layered, radial):
        places = lay(layers_of(names, links), links)
        assert places.keys() == names
        spots = {(round(place.x, 6), round(place.y, 6)) for place in places.values()}
        assert len(spots) == len(names)
