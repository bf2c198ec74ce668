"""Our own sentences and what each reader takes from them; the file is data, one sentence a line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nlp.causes import read_cause
from nlp.document import Document, DocumentKind, Passage
from nlp.findings import Found
from nlp.phases import read_phase
from nlp.sentences import Text
from nlp.severity import read_severity
from nlp.symptoms import read_symptoms

ROWS = [
    json.loads(line) for line in Path(__file__).with_name("labelled_reading.jsonl").read_text().splitlines()
]


def text_of(row: dict[str, Any]) -> Text:
    kind = DocumentKind(row.get("kind", "provider-status"))
    return Text(Document("t", kind, (Passage(row["text"]),)))


def value(found: Found | None) -> str:
    return found.value if found else "unknown"


def symptoms(text: Text) -> list[str]:
    return sorted(found.value for found in read_symptoms(text, set(text.sentences)))


READERS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "cause": lambda row: value(read_cause(text_of(row), is_organisation=row.get("organisation", False))),
    "phase": lambda row: value(read_phase(text_of(row))),
    "severity": lambda row: value(read_severity(text_of(row), is_maintenance=False)),
    "symptoms": lambda row: symptoms(text_of(row)),
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['reader']}: {row['text'][:60]}")
def test_reads_our_own_sentences(row: dict[str, Any]) -> None:
    expected = sorted(row["expect"]) if isinstance(row["expect"], list) else row["expect"]
    assert READERS[row["reader"]](row) == expected
