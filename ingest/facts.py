"""What structured fields say, as facts with the path of the field that says it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ingest.text import printable
from nlp.document import INCIDENT, Evidence, Fact, Field, Origin, Phase, Precision, Severity

SOURCES_OWN_FIELD = "field"
LONGEST_PATH = 300


def stated(
    field: Field, value: str, path: str, *, subject: str = INCIDENT, rule: str = SOURCES_OWN_FIELD
) -> Fact:
    value = printable(value)
    return Fact(field, value, value, Evidence(path=path[:LONGEST_PATH]), rule, subject, Origin.STRUCTURED)


def stated_time(field: Field, at: datetime, path: str) -> Fact:
    """A time to the minute: sources that print seconds do not mean them."""
    return Fact(
        field,
        at.isoformat(timespec="seconds"),
        at.strftime("%Y-%m-%dT%H:%M"),
        Evidence(path=path),
        SOURCES_OWN_FIELD,
        origin=Origin.STRUCTURED,
        precision=Precision.MINUTE,
    )


def graded(severity: Severity, word: str, path: str) -> tuple[Fact, Fact]:
    """Our severity and the source's own word; a word that no table knows is unknown, never harmless."""
    return stated(Field.SEVERITY, severity.value, path), stated(Field.SEVERITY_WORD, word, path)


def reached(phase: Phase, path: str) -> Fact:
    return stated(Field.PHASE, phase.value, path)


def without_repeats(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """The first of facts that say the same: a place is named by the item and by each of its updates."""
    first: dict[tuple[Field, str, str], Fact] = {}
    for fact in facts:
        first.setdefault((fact.field, fact.subject, fact.key), fact)
    return tuple(first.values())
