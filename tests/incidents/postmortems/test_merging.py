from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.postmortems.merging import MINE, THEIRS, compare, merge

BASE = "one\ntwo\nthree\nfour\nfive"
CLEAN = [
    ("only mine changed", BASE.replace("two", "2"), BASE, BASE.replace("two", "2")),
    ("only theirs changed", BASE, BASE.replace("four", "4"), BASE.replace("four", "4")),
    ("both, apart", BASE.replace("two", "2"), BASE.replace("four", "4"), "one\n2\nthree\n4\nfive"),
    ("both the same", BASE.replace("two", "2"), BASE.replace("two", "2"), BASE.replace("two", "2")),
    ("one adds at the start, one at the end", f"zero\n{BASE}", f"{BASE}\nsix", f"zero\n{BASE}\nsix"),
    (
        "one removes what the other left",
        "one\nthree\nfour\nfive",
        f"{BASE}\nsix",
        "one\nthree\nfour\nfive\nsix",
    ),
]
lines = st.lists(st.sampled_from(["a", "b", "c", "d", "e", ""]), max_size=8).map("\n".join)


@pytest.mark.parametrize(("name", "mine", "theirs", "merged"), CLEAN, ids=[row[0] for row in CLEAN])
def test_changes_that_lie_apart_both_go_in(name: str, mine: str, theirs: str, merged: str) -> None:
    found = merge(BASE, mine, theirs)
    assert (found.text, found.is_clean) == (merged, True)


def test_changes_of_the_same_line_are_both_shown_and_not_taken() -> None:
    found = merge(BASE, BASE.replace("two", "mine"), BASE.replace("two", "theirs"))
    assert not found.is_clean
    assert found.text == f"one\n{MINE}\nmine\n=======\ntheirs\n{THEIRS}\nthree\nfour\nfive"


@given(lines, lines, lines)
def test_no_line_that_somebody_wrote_is_lost(base: str, mine: str, theirs: str) -> None:
    """What only one of them removed may go; what one of them added stays, whatever the other did."""
    told = merge(base, mine, theirs).text.split("\n")
    old = set(base.split("\n"))
    assert (set(mine.split("\n")) | set(theirs.split("\n"))) - old <= set(told)


@given(lines, lines)
def test_of_one_that_changed_nothing_the_other_is_taken(base: str, mine: str) -> None:
    assert merge(base, mine, base).text == mine
    assert merge(base, base, mine).text == mine


def test_a_hundred_thousand_lines_are_shown_and_not_compared() -> None:
    began = time.process_time()
    found = merge("[\n" * 50_000, "[\n" * 50_001, "]\n" * 50_000)
    assert not found.is_clean
    assert len(compare("[\n" * 50_000, "]\n" * 50_000)) > 100_000
    assert time.process_time() - began < 2


def test_a_comparison_marks_what_went_and_what_came() -> None:
    assert [(line.sign, line.text) for line in compare("a\nb\nc", "a\nx\nc")] == [
        (" ", "a"),
        ("-", "b"),
        ("+", "x"),
        (" ", "c"),
    ]


@pytest.mark.parametrize("often", [2, 100], ids=["two lines", "a hundred lines"])
def test_lines_that_recur_cost_no_more_than_others(often: int) -> None:
    """Two lines that took minutes: of each pair of equal ones it may be asked whether they are the same."""
    old = "\n".join(str(place % often) for place in range(3_000))
    new = "\n".join(str(place * 7 // 3 % often) for place in range(3_000))
    began = time.process_time()
    lines = compare(old, new)
    merge(old, new, f"{old}\nend")
    assert time.process_time() - began < 5
    assert [line.text for line in lines if line.sign != "-"] == new.split("\n")
    assert [line.text for line in lines if line.sign != "+"] == old.split("\n")
