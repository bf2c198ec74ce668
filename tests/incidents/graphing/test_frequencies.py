"""How often an outage reached somebody: figures only where there are enough cases, with both bounds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from incidents.graphing.frequencies import Frequency, Told, Verification, frequencies
from tests.incidents.graphing.graphs import unhurried

names = st.frozensets(st.sampled_from("abcdef"))


def test_the_share_lies_between_all_outages_and_those_where_its_state_is_known() -> None:
    past = frequencies(20, [("a", Told.REACHED)] * 4 + [("a", Told.NOT_REACHED)] * 2)["a"]
    assert past.bounds == (4 / 20, 4 / 6)
    assert past.silent == 14


def test_under_five_known_cases_there_is_no_figure() -> None:
    assert Frequency(100, 4, 0).bounds is None
    assert Frequency(100, 5, 0).bounds == (0.05, 1.0)


@unhurried
@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 100))
def test_silence_never_raises_the_share(reached: int, spared: int, silent: int) -> None:
    past = Frequency(reached + spared + silent, reached, spared)
    if past.bounds:
        low, high = past.bounds
        assert 0 <= low <= high <= 1


@unhurried
@given(names, names, names)
def test_everybody_who_was_hit_is_right_open_or_missed(
    predicted: frozenset[str], unknown: frozenset[str], hit: frozenset[str]
) -> None:
    told = Verification(predicted, unknown, hit, frozenset())
    assert told.right | told.open | told.missed == hit
    assert len(told.right) + len(told.open) + len(told.missed) == len(hit)
    assert told.right | told.silent == predicted
