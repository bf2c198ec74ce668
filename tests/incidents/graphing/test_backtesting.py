"""Were outages foreseen: by what was known before each, and by nothing else."""

from __future__ import annotations

from datetime import timedelta

from incidents.graphing.backtesting import PastOutage, backtest, observed
from tests.incidents.graphing.graphs import EAST, NOW, WEST, edge, proof

DAY = timedelta(days=1)
A, B, C = "organisation:a", "organisation:b", "organisation:c"


def outage(name: str, at: object, *hit: str, failed: str = EAST) -> PastOutage:
    return PastOutage(name, at, frozenset({failed}), frozenset(hit))  # type: ignore[arg-type]


def test_precision_and_recall_are_counted_over_all_outages() -> None:
    edges = [edge("a", EAST), edge("c", EAST)]
    told = backtest([outage("one", NOW, A, B), outage("two", NOW + DAY, A)], edges)
    assert (told.count("right"), told.count("predicted"), told.count("hit")) == (2, 4, 3)
    assert told.precision == 0.5
    assert told.recall == 2 / 3


def test_what_was_learned_in_the_outage_itself_is_no_foresight() -> None:
    edges = [edge("a", EAST, "", proof("2025-10-31"))]
    assert backtest([outage("one", NOW, A)], edges).recall == 0


def test_an_earlier_outage_foretells_the_next_there() -> None:
    outages = [outage("one", NOW, A), outage("two", NOW + 30 * DAY, A)]
    told = backtest(outages, observed(outages, 0.8))
    assert [len(checked.right) for _, checked in told.checked] == [0, 1]


def test_where_several_things_failed_nothing_is_observed() -> None:
    both = PastOutage("one", NOW, frozenset({EAST, WEST}), frozenset({A}))
    assert observed([both], 0.8) == []


def test_one_left_open_is_neither_right_nor_missed() -> None:
    told = backtest([outage("one", NOW, A)], [edge("a", "provider:aws")])
    assert (told.count("open"), told.count("missed"), told.recall) == (1, 0, 0)
    assert told.recall_with_open == 1
