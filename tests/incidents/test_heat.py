"""Days in lines: each day has its place, and the worst of it its colour."""

from __future__ import annotations

from datetime import date

from incidents.heat import YEARS, draw_heat, x_of


def test_a_day_is_as_bad_as_the_worst_of_it_and_counts_all() -> None:
    heat = draw_heat([(date(2025, 10, 20), "minor", 2), (date(2025, 10, 20), "critical", 1)], 2025)
    assert heat
    (stroke,) = heat.lines[0].strokes
    assert (stroke.severity, stroke.path.count("M"), heat.lines[0].total) == ("critical", 1, 3)
    assert stroke.told == "2025, critical at worst: 20 Oct"


def test_unknown_is_not_taken_for_harmless() -> None:
    heat = draw_heat([(date(2025, 1, 1), "none", 1), (date(2025, 1, 1), "unknown", 1)], 2025)
    assert heat and heat.lines[0].strokes[0].severity == "unknown"


def test_years_stand_below_each_other_the_newest_on_top_without_a_gap() -> None:
    heat = draw_heat([(date(2020, 2, 29), "major", 1), (date(2023, 3, 1), "major", 1)], 2024)
    assert heat
    assert [line.year for line in heat.lines] == [2024, 2023, 2022, 2021, 2020]
    assert heat.height > heat.lines[-1].y


def test_the_same_day_stands_in_the_same_place_each_year() -> None:
    assert (
        x_of(date(2023, 3, 1)) == x_of(date(2024, 3, 1)) > x_of(date(2024, 2, 29)) > x_of(date(2023, 2, 28))
    )


def test_what_began_before_the_first_line_is_counted() -> None:
    heat = draw_heat([(date(2025 - YEARS, 5, 5), "major", 4), (date(2025, 5, 5), "major", 1)], 2025)
    assert heat and (len(heat.lines), heat.earlier) == (YEARS, 4)


def test_nothing_has_no_picture() -> None:
    assert draw_heat([], 2025) is None
