"""Times: our own sentences in `labelled_times.jsonl` with what they say, and the rules between sentences."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from nlp.document import Document, DocumentKind, FoundTime, Passage, Precision
from nlp.times import find_times

SENTENCES = Path(__file__).with_name("labelled_times.jsonl")
LABELLED = [json.loads(line) for line in SENTENCES.read_text(encoding="utf-8").splitlines()]
PUBLISHED = "2024-05-16T18:00Z"  # a Thursday
CUTS = {Precision.YEAR: 4, Precision.MONTH: 7, Precision.DAY: 10, Precision.HOUR: 16, Precision.MINUTE: 16}


def document(row: dict[str, Any]) -> Document:
    published = row.get("published_at", PUBLISHED)
    return Document(
        key="a",
        kind=DocumentKind(row.get("kind", "news")),
        passages=(Passage(row["text"]),),
        published_at=datetime.fromisoformat(published) if published else None,
        provider=row.get("provider", ""),
    )


def told(found: FoundTime) -> list[str]:
    """The words, the moment cut to its precision, and for a range its end."""
    ends = [found.at] if found.end_at is None else [found.at, found.end_at]
    hour = "h" if found.precision is Precision.HOUR else ""
    return [found.text, *(at.isoformat()[: CUTS[found.precision]] + hour for at in ends)]


@pytest.mark.parametrize("row", LABELLED, ids=[row["text"][:60] for row in LABELLED])
def test_sentence_says_these_times(row: dict[str, Any]) -> None:
    assert [told(found) for found in find_times(document(row))] == row["times"]


def test_evidence_is_the_words_themselves() -> None:
    text = "The outage began at 06:48 UTC on 20 October 2025 and ended nine hours later."
    for found in find_times(document({"text": text})):
        assert text[found.evidence.start : found.evidence.end] == found.text


def test_times_are_aware_and_in_utc() -> None:
    (found,) = find_times(document({"text": "It began at 3:11 a.m. ET on Monday."}))
    assert found.at == datetime(2024, 5, 13, 7, 11, tzinfo=UTC)
    assert found.at.tzinfo is UTC
