"""Which names a picture writes out: none over another, the weightiest first."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from incidents.graphing.labelling import ABOVE, BELOW, LEFT, RIGHT, Box, Label, box, sides, square, width
from incidents.graphing.scaling import NARROWEST
from tests.incidents.graphing.graphs import unhurried

FRAME = Box(0, 0, 600, 400)
EVERYWHERE = (ABOVE, BELOW, RIGHT, LEFT)


def make_label(text: str = "Coinbase", x: float = 300, y: float = 200, **more: object) -> Label:
    return Label(**{"radius": 7, "reach": 12, "sides": EVERYWHERE, "size": 12} | more, text=text, x=x, y=y)


labels_drawn = st.lists(
    st.builds(
        make_label,
        st.sampled_from(["A", "us-east-1", "Amazon Web Services", "Deutsche Börse", "取引所"]),
        st.floats(0, 600),
        st.floats(0, 400),
        radius=st.floats(3, 20),
        sides=st.permutations(EVERYWHERE).map(tuple),
        is_bold=st.booleans(),
    ),
    max_size=40,
)


def room_of(label: Label, side: str) -> Box:
    return box(label, side, width(label.text, label.size, is_bold=label.is_bold))


def meet(one: Box, other: Box) -> bool:
    return (
        one.left < other.right
        and other.left < one.right
        and one.top < other.bottom
        and other.top < one.bottom
    )


@unhurried
@given(labels_drawn)
def test_no_written_name_meets_another_or_the_mark_of_another(labels: list[Label]) -> None:
    written = [
        (one, room_of(one, side))
        for one, side in zip(labels, sides(tuple(labels), FRAME), strict=True)
        if side
    ]
    for (_, room), (_, other) in combinations(written, 2):
        assert not meet(room, other)
    for owner, room in written:
        for one in labels:
            own = square(owner.x, owner.y, owner.reach)
            mark = square(one.x, one.y, one.reach)
            assert one is owner or meet(own, mark) or not meet(room, mark)


@unhurried
@given(labels_drawn)
def test_the_first_is_written_whatever_stands_around_it_when_it_is_owed(labels: list[Label]) -> None:
    first = make_label("us-east-1", is_bold=True, is_owed=True)
    assert sides((first, *labels), FRAME)[0]


def test_a_name_takes_the_next_side_where_the_best_is_taken() -> None:
    above = make_label("Kraken", y=176)
    assert sides((make_label(), above), FRAME) == (BELOW, ABOVE)


def test_a_name_without_room_stays_unwritten() -> None:
    crowd = [make_label(f"Exchange {n}", x=300 + n % 5 * 30, y=200 + n // 5 * 30) for n in range(25)]
    written = sides(tuple(crowd), FRAME)
    assert "" in written
    assert any(written)


def test_what_leaves_the_frame_is_not_written_there() -> None:
    assert sides((make_label(x=20, sides=(LEFT, ABOVE)),), FRAME) == ("",)
    assert sides((make_label(x=580, sides=(RIGHT, LEFT)),), FRAME) == (LEFT,)


@pytest.mark.parametrize(("wider", "narrower"), [("WWW", "iii"), ("取引所", "abc"), ("Coinbase", "Coin")])
def test_a_name_of_wide_letters_is_wide(wider: str, narrower: str) -> None:
    assert width(wider, 12) > width(narrower, 12)


def test_pictures_are_as_wide_as_the_style_sheet_lets_them_be() -> None:
    css = Path(settings.BASE_DIR, "incidents/static/incidents/graph.css").read_text()
    said = {}
    for selectors, rem in re.findall(
        r"((?:\.chart\.graph\.cols-\d > \.canvas,?\s*)+)\{\s*min-width: (\d+)rem", css
    ):
        said |= {int(columns): int(rem) * 16 for columns in re.findall(r"cols-(\d)", selectors)}
    assert said == NARROWEST
