"""Our own sentences and what each reader takes from them; the file is data, one sentence a line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nlp.causes import read_cause
from nlp.document import Document, DocumentKind, Fact, Field, Passage
from nlp.extraction import extract
from nlp.findings import Found
from nlp.phases import read_phase
from nlp.sentences import Text
from nlp.severity import read_severity
from nlp.symptoms import read_symptoms

ROWS = [
    json.loads(line) for line in Path(__file__).with_name("labelled_reading.jsonl").read_text().splitlines()
]


def document_of(row: dict[str, Any]) -> Document:
    kind = DocumentKind(row.get("kind", "provider-status"))
    organisation = row.get("organisation_slug", "")
    return Document("t", kind, (Passage(row["text"]),), organisation=organisation)


def text_of(row: dict[str, Any]) -> Text:
    return Text(document_of(row))


def facts_of(document: Document, *fields: Field) -> list[Fact]:
    accounts = extract(document).accounts
    return [fact for account in accounts for fact in account.facts if fact.field in fields]


def impairments(document: Document) -> list[str]:
    return sorted(fact.key for fact in facts_of(document, Field.IMPAIRMENT))


def dependencies(document: Document) -> list[str]:
    facts = facts_of(document, Field.DEPENDS_ON, Field.NO_LONGER_DEPENDS_ON)
    return sorted(f"{fact.subject.partition(':')[2]} {fact.field} {fact.key}" for fact in facts)


def value(found: Found | None) -> str:
    return found.value if found else "unknown"


def symptoms(text: Text) -> list[str]:
    return sorted(found.value for found in read_symptoms(text, set(text.sentences)))


READERS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "cause": lambda row: value(read_cause(text_of(row), is_organisation=row.get("organisation", False))),
    "phase": lambda row: value(read_phase(text_of(row))),
    "severity": lambda row: value(read_severity(text_of(row), is_maintenance=False)),
    "symptoms": lambda row: symptoms(text_of(row)),
    "relevance": lambda row: extract(document_of(row)).relevance,
    "impairments": lambda row: impairments(document_of(row)),
    "dependencies": lambda row: dependencies(document_of(row)),
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['reader']}: {row['text'][:60]}")
def test_reads_our_own_sentences(row: dict[str, Any]) -> None:
    expected = sorted(row["expect"]) if isinstance(row["expect"], list) else row["expect"]
    assert READERS[row["reader"]](row) == expected
