"""The phrase language: what a line of a table finds, and what it does not."""

from __future__ import annotations

import pytest

from nlp.document import Document, DocumentKind, Passage
from nlp.lines import line_of
from nlp.phrases import Phrases
from nlp.sentences import Text


def found(line: str, text: str, named: dict[str, str] | None = None) -> list[str]:
    table = Phrases([(line, 1)], named)
    line_of.cache_clear()
    spots = Text(Document("t", DocumentKind.NEWS, (Passage(text),))).find(table)
    return [sentence.text[spot.start : spot.end] for sentence, hits in spots.items() for spot in hits]


@pytest.mark.parametrize(
    ("line", "text", "expected"),
    [
        ("power outage/loss", "A power outage, then power loss.", ["power outage", "power loss"]),
        ("overheat*", "It overheated.", ["overheated"]),
        ("overheat", "It overheated.", []),
        ("loss of .. power", "Loss of all utility power.", ["Loss of all utility power"]),
        ("loss of .. power", "Loss of a very long list of things, power.", []),
        ("heavy . traffic", "Heavy web traffic", ["Heavy web traffic"]),
        ("heavy . traffic", "Heavy and wild web traffic", []),
        ("the? cause was", "Its cause was dull", ["cause was"]),
        ("third party", "A third-party and a third party", ["third-party", "third party"]),
        ("bug", "A debug build", []),
        ("ups <bad>", "The UPS failed.", ["UPS failed"]),
    ],
)
def test_a_line_finds_its_phrase(line: str, text: str, expected: list[str]) -> None:
    assert found(line, text, {"bad": "failed/faulted"}) == expected


def test_no_phrase_runs_over_the_end_of_a_sentence() -> None:
    assert found("power loss", "There was no power. Loss of data followed.") == []


def test_offsets_hold_where_lower_case_is_longer() -> None:
    assert found("bug", "İİİ a Bug here.") == ["Bug"]
