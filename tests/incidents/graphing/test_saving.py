"""What redundancy would have saved: sums of windows, and what has none."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from incidents.graphing.saving import Loss, Span, savings, union
from tests.factories import HOUR, NOON
from tests.incidents.graphing.graphs import unhurried

EAST = frozenset({"aws:us-east-1"})
WORLD = frozenset({"cloudflare:global"})


def span(start: float, hours: float) -> Span:
    return NOON + start * HOUR, NOON + (start + hours) * HOUR


def test_a_second_region_saves_what_one_region_cost() -> None:
    told = savings(
        [Loss("provider:aws", EAST, span(0, 2), None), Loss("provider:cloudflare", WORLD, span(9, 1), None)]
    )
    assert told.lost.measured == 3 * HOUR
    assert told.second_region.measured == 2 * HOUR
    assert told.second_cloud.measured == 3 * HOUR


def test_nothing_saves_what_it_broke_itself() -> None:
    told = savings([Loss("", frozenset(), span(0, 5), None)])
    assert told.by_itself.measured == 5 * HOUR
    assert told.lost.outages == told.second_cloud.outages == 0


def test_an_outage_that_names_no_region_may_be_everywhere() -> None:
    assert savings([Loss("provider:aws", frozenset(), span(0, 2), None)]).second_region.outages == 0


def test_the_providers_window_only_bounds_it() -> None:
    told = savings([Loss("provider:aws", EAST, None, span(0, 8)), Loss("provider:aws", EAST, None, None)])
    assert (told.lost.measured, told.lost.at_most) == (timedelta(), 8 * HOUR)
    assert (told.lost.counted, told.lost.bounded, told.lost.unknown) == (0, 1, 1)


def test_windows_that_overlap_are_counted_once() -> None:
    assert union([span(0, 2), span(1, 2), span(5, 1)]) == 4 * HOUR


moments = st.integers(0, 200).map(lambda hour: NOON + hour * HOUR)
spans = st.lists(st.tuples(moments, moments).map(lambda pair: (min(pair), max(pair))), max_size=12)


@unhurried
@given(spans, spans)
def test_more_outages_never_cost_less_and_never_more_than_their_sum(
    some: list[tuple[datetime, datetime]], more: list[tuple[datetime, datetime]]
) -> None:
    assert union(some) <= union([*some, *more]) <= union(some) + union(more)
