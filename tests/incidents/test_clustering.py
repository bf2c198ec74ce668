"""cluster and number: functions of sets, whatever the order of arrivals, removals, verdicts and undos.

`Ledger` is the record without a database: it answers about touched accounts only, clusters touched components
only, and carries numbers on, as linking does. The six properties of the design are checked after every step.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.clustering import Cluster, Node, Pair, Ruling, adjacency, cluster, component, fits
from incidents.numbering import Number, number
from tests.factories import HOUR, NOON

HISTORIES = int(os.environ.get("HISTORIES", "1000"))


@dataclass(frozen=True)
class Told:
    """An account of the toy world: two agree when they are of one place and within 12 hours."""

    key: str
    is_strong: bool
    at: int
    width: int
    place: str

    @property
    def node(self) -> Node:
        start = NOON + self.at * HOUR
        return Node(self.key, self.is_strong, start, start + self.width * HOUR)


def answer(a: Told, b: Told) -> float | None:
    apart = max(a.at - b.at - b.width, b.at - a.at - a.width, 0)
    return None if a.place != b.place or apart > 12 else 1 - apart / 13


def answers_among(told: Iterable[Told]) -> dict[Pair, float]:
    ordered = sorted(told, key=lambda one: one.key)
    return {
        (a.key, b.key): score
        for number, a in enumerate(ordered)
        for b in ordered[number + 1 :]
        if (score := answer(a, b)) is not None
    }


def partition_of(told: Iterable[Told], rulings: dict[Pair, Ruling]) -> frozenset[Cluster]:
    told = list(told)
    return cluster([one.node for one in told], answers_among(told), rulings)


@dataclass
class Ledger:
    told: dict[str, Told] = field(default_factory=dict)
    rulings: dict[Pair, Ruling] = field(default_factory=dict)
    home: dict[str, Cluster] = field(default_factory=dict)
    anchors: dict[int, str] = field(default_factory=dict)
    shown_as: dict[int, int | None] = field(default_factory=dict)
    count: int = 0

    def around(self, keys: set[str]) -> set[str]:
        same = [pair for pair, ruling in self.rulings.items() if ruling.is_same]
        return component(keys, adjacency([*answers_among(self.told.values()), *same])) & self.told.keys()

    def change(
        self, put: Iterable[Told] = (), drop: Iterable[str] = (), rule: dict[Pair, bool | None] | None = None
    ) -> None:
        self.count += 1
        put, drop, rule = list(put), list(drop), rule or {}
        touched = {one.key for one in put} | set(drop) | {key for pair in rule for key in pair}
        before = self.around(touched)
        gone = {key for key in drop if key in self.told}
        for one in put:
            self.told[one.key] = one
        for key in gone:
            del self.told[key]
        for pair, is_same in rule.items():
            self.rulings.pop(pair, None)
            if is_same is not None:
                self.rulings[pair] = Ruling(is_same, self.count)
        dirty = self.around((touched | before) & self.told.keys())
        partition = cluster(
            [self.told[key].node for key in dirty],
            answers_among(self.told[key] for key in dirty),
            self.rulings,
        )
        last = {key: self.home[key] for key in dirty | gone if key in self.home}
        self.renumber(partition, dirty | gone, last)
        self.home = {key: there for key, there in self.home.items() if key not in dirty | gone}
        self.home.update({key: there for there in partition for key in there})

    def renumber(self, partition: frozenset[Cluster], touched: set[str], last: dict[str, Cluster]) -> None:
        numbers = [
            Number(n, anchor, frozenset(last.get(anchor, ())))
            for n, anchor in self.anchors.items()
            if anchor in touched
        ]
        numbering = number(partition, numbers, order=min)
        self.anchors.update(numbering.anchors)
        self.shown_as.update(numbering.shown_as)
        for there in numbering.unnumbered:
            new = len(self.anchors) + 1
            self.anchors[new] = min(there)
            self.shown_as[new] = new

    def live(self) -> dict[Cluster, int]:
        return {self.home[self.anchors[n]]: n for n, shown in self.shown_as.items() if n == shown}


KEYS = [f"k{number:02}" for number in range(12)]
told = st.builds(
    Told,
    key=st.sampled_from(KEYS),
    is_strong=st.booleans(),
    at=st.integers(0, 120),
    width=st.sampled_from([0, 0, 2, 12, 90]),
    place=st.sampled_from("ab"),
)
pairs = st.lists(st.sampled_from(KEYS), min_size=2, max_size=2, unique=True).map(
    lambda two: (min(two), max(two))
)
steps = st.one_of(
    st.tuples(st.just("put"), st.lists(told, min_size=1, max_size=3)),
    st.tuples(st.just("drop"), st.lists(st.sampled_from(KEYS), min_size=1, max_size=2)),
    st.tuples(
        st.just("rule"), st.dictionaries(pairs, st.sampled_from([True, False, None]), min_size=1, max_size=1)
    ),
)


def play(history: Iterable[tuple[str, object]]) -> Ledger:
    ledger = Ledger()
    for step, what in history:
        ledger.change(**{step: what})  # type: ignore[arg-type]
        check(ledger)
    return ledger


def check(ledger: Ledger) -> None:
    partition = partition_of(ledger.told.values(), ledger.rulings)
    assert frozenset(ledger.home.values()) == partition, "incremental is from scratch"
    assert set(ledger.home) == set(ledger.told)
    for (a, b), ruling in ledger.rulings.items():
        if not ruling.is_same and a in ledger.told and b in ledger.told:
            assert ledger.home[a] != ledger.home[b], "a pair judged not the same stands together"
    for n, shown in ledger.shown_as.items():
        assert shown is None or ledger.shown_as[shown] == shown, f"number {n} leads nowhere"
        assert (shown is None) == (ledger.anchors[n] not in ledger.told)
    assert sorted(map(sorted, ledger.live())) == sorted(map(sorted, partition)), "one live number a cluster"
    for there in partition:
        ruled = any(ruling.is_same and {*pair} <= there for pair, ruling in ledger.rulings.items())
        if not ruled:
            assert fits([ledger.told[key].node for key in there]), "beyond the time bound"
            assert_no_bridge(ledger, there)


def assert_no_bridge(ledger: Ledger, there: Cluster) -> None:
    """Without its weak accounts, a cluster's strong ones still hold together."""
    strong = [ledger.told[key] for key in there if ledger.told[key].is_strong]
    if strong:
        held = component({strong[0].key}, adjacency(answers_among(strong)))
        assert held >= {one.key for one in strong}, "a weak account joins two strong clusters"


@settings(max_examples=HISTORIES, deadline=None)
@given(st.lists(steps, max_size=20), st.randoms(use_true_random=False))
def test_the_partition_and_the_numbers_hold_through_any_history(
    history: list[tuple[str, object]], random: Random
) -> None:
    ledger = play(history)
    last, rulings = list(ledger.told.values()), list(ledger.rulings.items())
    random.shuffle(last)
    other = Ledger()
    for one in last:
        other.change(put=[one])
    for pair, ruling in sorted(rulings, key=lambda item: item[1].order):
        other.change(rule={pair: ruling.is_same})
    assert frozenset(other.home.values()) == frozenset(ledger.home.values()), "any order, the same partition"


@settings(max_examples=max(HISTORIES // 4, 50), deadline=None)
@given(st.lists(steps, max_size=12), pairs, st.booleans())
def test_retracting_a_verdict_restores_partition_and_numbers(
    history: list[tuple[str, object]], pair: Pair, is_same: bool
) -> None:
    ledger = play(history)
    if pair in ledger.rulings:
        return
    before = dict(ledger.home), {key: ledger.live()[there] for key, there in ledger.home.items()}
    ledger.change(rule={pair: is_same})
    ledger.change(rule={pair: None})
    after = dict(ledger.home), {key: ledger.live()[there] for key, there in ledger.home.items()}
    assert after == before


def node(key: str, at: float, *, strong: bool = True, until: float | None = None) -> Node:
    return Node(key, strong, NOON + at * HOUR, NOON + (at if until is None else until) * HOUR)


def test_press_joins_the_incident_that_it_answers_best_and_bridges_none() -> None:
    nodes = [node("a", 0), node("b", 1), node("press", 0, strong=False)]
    found = cluster(nodes, {("a", "press"): 0.6, ("b", "press"): 0.8}, {})
    assert found == {frozenset({"a"}), frozenset({"b", "press"})}


def test_what_is_more_than_two_days_apart_is_not_joined_through_a_third() -> None:
    nodes = [node("a", 0), node("b", 40), node("c", 80)]
    found = cluster(nodes, {("a", "b"): 0.9, ("b", "c"): 0.8}, {})
    assert found == {frozenset({"a", "b"}), frozenset({"c"})}


def test_a_report_that_spans_the_gap_holds_them_together() -> None:
    nodes = [node("a", 0), node("long", 0, until=90), node("c", 80)]
    found = cluster(nodes, {("a", "long"): 0.9, ("c", "long"): 0.8}, {})
    assert found == {frozenset({"a", "long", "c"})}


def test_of_verdicts_that_cannot_all_hold_the_newer_ones_do() -> None:
    rulings = {("a", "b"): Ruling(True, 1), ("b", "c"): Ruling(True, 2), ("a", "c"): Ruling(False, 3)}
    assert cluster([node("a", 0), node("b", 0), node("c", 0)], {}, rulings) == {
        frozenset({"a"}),
        frozenset({"b", "c"}),
    }


def test_a_person_may_join_what_lies_further_apart_than_the_bound() -> None:
    found = cluster([node("a", 0), node("b", 400)], {}, {("a", "b"): Ruling(True, 1)})
    assert found == {frozenset({"a", "b"})}


def test_a_number_whose_anchor_is_gone_goes_with_those_that_stood_with_it() -> None:
    numbering = number([frozenset({"b", "c"})], [Number(1, "a", frozenset({"a", "b"}))], order=min)
    assert (numbering.anchors, numbering.shown_as, numbering.unnumbered) == ({1: "b"}, {1: 1}, ())


def test_two_numbers_in_one_cluster_are_shown_under_the_lower() -> None:
    numbering = number([frozenset({"a", "b"})], [Number(2, "a"), Number(5, "b")], order=min)
    assert numbering.shown_as == {2: 2, 5: 2}


def test_a_number_without_accounts_is_withdrawn_and_keeps_its_anchor() -> None:
    numbering = number([], [Number(1, "a", frozenset({"a"}))], order=min)
    assert (numbering.anchors, numbering.shown_as) == ({1: "a"}, {1: None})


COUNTED = Node("web:1#aws/2025-10-22", False, NOON + 34 * HOUR, NOON + 58 * HOUR, is_counted=True)
NEAR = Node("catalogue:a", False, NOON, NOON + 2 * HOUR)
ALSO_NEAR = Node("aws-rss:b", True, NOON + 60 * HOUR, NOON + 61 * HOUR)
LONE = 0.45


def test_a_counted_day_joins_the_only_incident_near_it() -> None:
    answered = {(NEAR.key, COUNTED.key): LONE}
    assert cluster([NEAR, COUNTED], answered, {}) == {frozenset({NEAR.key, COUNTED.key})}


def test_a_counted_day_between_two_incidents_stays_on_its_own() -> None:
    answered = {(NEAR.key, COUNTED.key): LONE, (ALSO_NEAR.key, COUNTED.key): LONE}
    assert frozenset({COUNTED.key}) in cluster([NEAR, COUNTED, ALSO_NEAR], answered, {})


def test_a_counted_day_that_is_tied_to_one_incident_bridges_to_no_other() -> None:
    answered = {(NEAR.key, COUNTED.key): LONE, (ALSO_NEAR.key, COUNTED.key): 0.8}
    found = cluster([NEAR, COUNTED, ALSO_NEAR], answered, {})
    assert found == {frozenset({NEAR.key}), frozenset({ALSO_NEAR.key, COUNTED.key})}


def test_two_texts_that_count_to_one_day_join_the_incident_together() -> None:
    other = Node("web:2#aws/2025-10-22", False, COUNTED.earliest, COUNTED.latest, is_counted=True)
    pairs = {(NEAR.key, COUNTED.key): LONE, (NEAR.key, other.key): LONE, (COUNTED.key, other.key): 0.5}
    assert cluster([NEAR, COUNTED, other], pairs, {}) == {frozenset({NEAR.key, COUNTED.key, other.key})}


def test_a_ruling_keeps_a_counted_day_apart() -> None:
    answered = {(NEAR.key, COUNTED.key): LONE}
    apart = {(NEAR.key, COUNTED.key): Ruling(is_same=False)}
    assert len(cluster([NEAR, COUNTED], answered, apart)) == 2
