"""The window of an account as facts: start or bound, end, duration, each with the sentence that says it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from nlp.document import Fact, Field, FoundTime, Precision
from nlp.durations import FoundDuration
from nlp.findings import Found
from nlp.posts import Bound
from nlp.sentences import Sentence, Text
from nlp.windows import EndKind, StartKind, Window, read_window

KEY_LENGTH = {
    Precision.MINUTE: 16,
    Precision.HOUR: 13,
    Precision.DAY: 10,
    Precision.MONTH: 7,
    Precision.YEAR: 4,
}


def window(text: Text, times: Sequence[FoundTime], durations: Sequence[FoundDuration]) -> Iterator[Fact]:
    found = read_window(text, times, durations)
    if found.start:
        is_stated = found.start_kind is StartKind.STATED
        field = Field.STARTED_AT if is_stated else Field.NOT_BEFORE
        yield bound(text, field, found.start, 0.8 if is_stated else 0.5)
    # The post that says it is over is no end (design, ranks); the phase tells of it.
    if found.end and found.end_kind is EndKind.STATED:
        yield bound(text, Field.ENDED_AT, found.end, 0.75)
    if found.duration_minutes is not None and (sentence := proof(text, found)):
        yield Found(str(found.duration_minutes), sentence, "duration", 0.7).fact(Field.DURATION)


def proof(text: Text, found: Window) -> Sentence | None:
    """The sentence that tells the length, else the one that tells the start, else that of the first post."""
    if found.duration:
        return text.around(found.duration.evidence)
    if found.start is None:
        return None
    if found.start.sentence is not None:
        return found.start.sentence
    evidence = found.start.time.evidence
    return text.around(evidence) if evidence.start is not None else None


def bound(text: Text, field: Field, found: Bound, confidence: float) -> Fact:
    return moment(text, field, found.time, found.sentence, f"{field}:{found.rule}", confidence)


def moment(
    text: Text, field: Field, time: FoundTime, sentence: Sentence | None, rule: str, confidence: float
) -> Fact:
    """A time as a fact; its evidence is the sentence around it, or the stamp itself where there is none."""
    if sentence is None and time.evidence.start is not None:
        sentence = text.around(time.evidence)
    at = time.at.astimezone(UTC)
    return Fact(
        field=field,
        value=at.isoformat(),
        key=key_of(at, time.precision),
        evidence=sentence.evidence if sentence else time.evidence,
        rule=rule,
        confidence=confidence,
        precision=time.precision,
    )


def key_of(at: datetime, precision: Precision) -> str:
    return at.isoformat()[: KEY_LENGTH[precision]]
