"""Sets as masks: what goes in comes out, and what can be reached is reached, as one step at a time would."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from incidents.graphing.masks import Ways, mask_of, masks, numbers_in

SIZE = 40
numbers = st.integers(0, SIZE - 1)
links = st.dictionaries(numbers, st.sets(numbers, max_size=4))


@given(st.sets(numbers))
def test_what_goes_in_comes_out_lowest_first(members: set[int]) -> None:
    assert numbers_in(mask_of(members, SIZE)) == sorted(members)


@given(links, st.sets(numbers), st.sets(numbers))
def test_a_spread_reaches_what_one_step_at_a_time_would(
    to: dict[int, set[int]], seeds: set[int], before: set[int]
) -> None:
    ways = Ways([0] * SIZE).with_more(masks(to, SIZE))
    known = ways.spread(mask_of(before, SIZE))
    found = set(seeds | before)
    todo = list(found)
    while todo:
        new = to.get(todo.pop(), set()) - found
        found |= new
        todo += new
    assert numbers_in(ways.spread(mask_of(seeds, SIZE), known)) == sorted(found)
