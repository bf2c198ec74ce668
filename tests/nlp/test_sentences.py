"""Sentences and sections."""

from __future__ import annotations

import pytest

from nlp.document import Document, DocumentKind, Passage
from nlp.sentences import Section, Text, sentences


def parts(text: str) -> list[str]:
    return [sentence.text for sentence in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It broke. We fixed it.", ["It broke.", "We fixed it."]),
        ("From 7:11 a.m. ET it was slow. Then not.", ["From 7:11 a.m. ET it was slow.", "Then not."]),
        ("It ended at 3 p.m. Customers were told.", ["It ended at 3 p.m.", "Customers were told."]),
        ("The U.S. East region, N. Virginia, fell.", ["The U.S. East region, N. Virginia, fell."]),
        ("On Oct. 20 it fell.", ["On Oct. 20 it fell."]),
        ("Version 1.2.3 of x.y failed", ["Version 1.2.3 of x.y failed"]),
        ("It is gone.Customers saw errors.", ["It is gone.", "Customers saw errors."]),
        ("1. Impact\nOrders failed", ["1. Impact", "Orders failed"]),
        (
            "遅延しています。復旧しました。 | It is slow. Done.",
            ["遅延しています。", "復旧しました。", "It is slow.", "Done."],
        ),
        ("It fell [...] and rose. [...] It fell.", ["It fell [...] and rose.", "It fell."]),
        ("One. -- * Two.", ["One.", "-- * Two."]),
        ("", []),
        (" \n\n ", []),
    ],
)
def test_cuts_where_a_sentence_ends(text: str, expected: list[str]) -> None:
    assert parts(text) == expected


def test_offsets_give_the_sentence_back() -> None:
    text = "  First one.\n\n Second (with a note.) Third"
    for sentence in sentences(text):
        assert text[sentence.start : sentence.end] == sentence.text


def test_a_text_without_full_stop_is_cut_into_pieces() -> None:
    assert max(len(part) for part in parts("a" * 100_000)) <= 2_000
    assert "".join(parts("ab " * 5_000)).replace(" ", "") == "ab" * 5_000


@pytest.mark.parametrize(
    ("heading", "section"),
    [
        ("What went wrong and why?", Section.CAUSE),
        ("Root Cause:", Section.CAUSE),
        ("## Preliminary root cause", Section.CAUSE),
        ("2. What caused this disruption?", Section.CAUSE),
        ("Summary of impact", Section.IMPACT),
        ("**Customer Impact:**", Section.IMPACT),
        ("How did we respond?", Section.RESPONSE),
        ("How are we making incidents like this less likely or less impactful?", Section.FOLLOW_UP),
        ("Next steps", Section.FOLLOW_UP),
        ("A word about nothing", Section.BODY),
    ],
)
def test_a_heading_opens_a_section(heading: str, section: Section) -> None:
    assert list(sentences(f"{heading}\nA sentence."))[-1].section is section


def test_a_label_at_the_start_of_a_line_opens_a_section() -> None:
    text = "It was slow.\nRoot cause: a bad cable. It had frayed.\nNext steps: new cables."
    assert [sentence.section for sentence in sentences(text)] == [
        Section.BODY,
        Section.CAUSE,
        Section.CAUSE,
        Section.FOLLOW_UP,
    ]


def test_finds_the_sentence_around_an_offset() -> None:
    document = Document("k", DocumentKind.NEWS, (Passage("One. Two three."),), title="Head")
    index = Text(document)
    sentence = index.at(0, 9)
    assert sentence is not None
    assert sentence.text == "Two three."
    title = index.at(None, 2)
    assert title is not None
    assert title.text == "Head"
    assert index.at(4, 0) is None


def test_a_line_broken_because_it_grew_too_long_goes_on_in_the_next() -> None:
    long = "Our engineers have found that this issue belongs to a single Google\nincident. See there."
    assert parts(long) == [long.removesuffix(" See there."), "See there."]
    assert parts("Affected:\nus-east1\nus-east4") == ["Affected:", "us-east1", "us-east4"]
