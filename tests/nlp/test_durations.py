"""Durations: how long, in the words people use, and which of them is the outage's."""

from __future__ import annotations

import pytest

from nlp.document import Document, DocumentKind, Passage
from nlp.durations import find_durations, lasting
from nlp.sentences import Text


def text_of(words: str) -> Text:
    return Text(Document(key="a", kind=DocumentKind.NEWS, passages=(Passage(words),)))


@pytest.mark.parametrize(
    ("words", "minutes", "is_rough"),
    [
        ("two hours", 120, False),
        ("Two-hour", 120, False),
        ("roughly 15 hours", 900, True),
        ("about 90 minutes", 90, True),
        ("more than a day", 1_440, True),
        ("1 hour 27 minutes", 87, False),
        ("2 days, 20 hours, 31 minutes", 4_111, False),
        ("2 hours and 5 minutes", 125, False),
        ("2h 14m", 134, False),
        ("2h14m", 134, False),
        ("1h 20 min", 80, False),
        ("2.5 hours", 150, False),
        ("two and a half hours", 150, False),
        ("an hour and a half", 90, False),
        ("half an hour", 30, False),
        ("nearly half a day", 720, True),
        ("forty-five minutes", 45, False),
        ("a couple of hours", 120, False),
        ("three full days", 4_320, False),
        ("58 minutes and 20 seconds", 58, False),
    ],
)
def test_words_mean_this_long(words: str, minutes: int, is_rough: bool) -> None:
    text = text_of(f"It was out for {words}, they said.")
    (found,) = find_durations(text.document, text)
    assert (found.text, found.minutes, found.is_rough) == (words, minutes, is_rough)


@pytest.mark.parametrize("words", ["and", "several hours", "10 million", "m5.2xlarge", "at 2:14 pm", ""])
def test_these_words_are_no_duration(words: str) -> None:
    text = text_of(words)
    assert find_durations(text.document, text) == ()


@pytest.mark.parametrize(
    ("words", "minutes"),
    [
        ("The outage lasted for two hours.", 120),
        ("For two hours, trading platforms were inaccessible after the outage.", 120),
        ("A seven-hour disruption hit the exchange.", 420),
        ("Trading resumed after more than seven hours.", 420),
        ("Duration: 3 hours, 4 minutes of impact", 184),
        ("The outage lasted about two hours. In all, the disruption took 1 hour and 53 minutes.", 113),
        ("We expect the outage to end within 3 hours.", None),
        ("The outage comes two days after another.", None),
        ("The outage was noticed 20 minutes later.", None),
        ("The next update on the outage follows in the next 30 minutes.", None),
        ("The film lasted two hours.", None),
    ],
)
def test_duration_of_the_outage_is_told_from_others(words: str, minutes: int | None) -> None:
    text = text_of(words)
    found = lasting(text, find_durations(text.document, text))
    assert (None if found is None else found.minutes) == minutes
