"""The strip of years: every year has its place, each half its own scale, and what is there is seen."""

from __future__ import annotations

from itertools import pairwise

from incidents.strip import ABOVE, BELOW, FOOT, NUMBER, WIDTH, draw_strip


def test_a_year_without_outages_keeps_its_place() -> None:
    strip = draw_strip([(2020, 4, 1), (2023, 2, 2)])
    assert strip
    assert [(year.year, year.all.count) for year in strip.years] == [
        (2020, 4),
        (2021, 0),
        (2022, 0),
        (2023, 2),
    ]
    steps = {round(later.x - earlier.x) for earlier, later in pairwise(strip.years)}
    assert steps == {WIDTH / 4}


def test_each_half_fills_its_own_room() -> None:
    strip = draw_strip([(2020, 400, 1), (2021, 200, 2)])
    assert strip
    first, second = strip.years
    assert (first.all.height, second.all.height) == (ABOVE - NUMBER, (ABOVE - NUMBER) / 2)
    assert (first.reached.height, second.reached.height) == ((BELOW - NUMBER) / 2, BELOW - NUMBER)
    assert first.all.y + first.all.height == ABOVE
    assert first.reached.y == ABOVE + FOOT


def test_one_outage_beside_thousands_is_seen_and_none_is_not() -> None:
    strip = draw_strip([(2020, 1, 0), (2021, 9_000, 3)])
    assert strip
    assert strip.years[0].all.height > 1
    assert strip.years[0].reached.height == 0


def test_a_record_that_reached_nobody_is_drawn_and_an_empty_one_is_not() -> None:
    assert draw_strip([(2020, 3, 0)]) is not None
    assert draw_strip([]) is None
