"""Times and lengths as a person reads them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from incidents.times import span_text, time_text
from nlp.document import Precision

AT = datetime(2025, 10, 20, 6, 48, tzinfo=UTC)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(0), "0 min"),
        (timedelta(minutes=45), "45 min"),
        (timedelta(seconds=59 * 60 + 40), "1 h"),
        (timedelta(hours=14, minutes=32), "14 h 32 min"),
        (timedelta(hours=24), "1 d"),
        (timedelta(days=3, hours=4, minutes=59), "3 d 4 h"),
    ],
)
def test_a_length_has_two_units_at_most(span: timedelta, words: str) -> None:
    assert span_text(span) == words


@pytest.mark.parametrize(
    ("precision", "words"),
    [
        ("", "2025-10-20 06:48"),
        (Precision.MINUTE, "2025-10-20 06:48"),
        (Precision.DAY, "2025-10-20"),
        (Precision.MONTH, "2025-10"),
    ],
)
def test_a_time_is_told_as_precisely_as_it_is_known(precision: str, words: str) -> None:
    assert time_text(AT, precision) == words


def test_no_time_is_no_words() -> None:
    assert time_text(None) == ""
