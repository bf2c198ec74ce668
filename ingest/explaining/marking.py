"""An extraction laid over its text: pieces with and without a mark, and the rows that the marks lead to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from nlp.document import (
    INCIDENT,
    AccountOf,
    Document,
    Evidence,
    Extraction,
    Fact,
    Field,
    FoundTime,
    Mention,
    Precision,
    Role,
)

ROLES = {
    Role.AFFECTED: "affected",
    Role.NOT_AFFECTED: "not affected",
    Role.HOST: "host or fallback",
    Role.SOURCE: "source",
    Role.PAST: "past incident",
    Role.MENTIONED: "only named",
}
UNKNOWN = "unknown name"
TIME = "time"
FORMATS = {
    Precision.MINUTE: "%Y-%m-%d %H:%M UTC",
    Precision.HOUR: "%Y-%m-%d %H h UTC",
    Precision.DAY: "%Y-%m-%d",
    Precision.MONTH: "%Y-%m",
    Precision.YEAR: "%Y",
}
ANCHORS = {
    "stamp": "when the post was made; a stamp without a day runs on from the one before it, or back from the "
    "publication",
    "dated": "the day beside it",
    "date": "the date as written; a missing year is that of a date nearby, else of the publication",
    "clock": "the day of its post's stamp, else the last day named, else that of the publication",
    "zoneless": "a clock whose zone nobody names: worth a day",
    "range": "both ends share the day and the zone that stand once",
    "publication-day": "counted from the publication",
    "ago": "counted back from the publication",
    "weekday": "the last one before the publication, or the dated one that fell on it",
    "week": "counted from the publication",
    "month": "the last one before the publication",
    "year": "the year as written",
    "event-relative": "counted from the day named before",
    "event-weekday": "counted from the day named before",
}
"""What each rule of the times hangs a time on."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something found, numbered as the text runs. `role` is a word, `look` the class of its colour."""

    number: int
    text: str
    role: str
    look: str
    value: str
    rule: str
    confidence: str
    evidence: Evidence
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """The title, or one post with when it was said."""

    name: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class ShownFact:
    about: str
    field: str
    value: str
    rule: str
    confidence: str
    origin: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ShownAccount:
    owner: str
    slot: str
    relevance: str
    facts: tuple[ShownFact, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    relevance: str
    version: str
    parts: tuple[Part, ...]
    mentions: tuple[Mark, ...]
    times: tuple[Mark, ...]
    accounts: tuple[ShownAccount, ...]


def explained(document: Document, extraction: Extraction) -> Explained:
    marks = tuple(numbered(extraction))
    return Explained(
        relevance=extraction.relevance.value.replace("-", " "),
        version=extraction.version,
        parts=tuple(parts(document, marks)),
        mentions=tuple(mark for mark in marks if mark.look != TIME),
        times=tuple(mark for mark in marks if mark.look == TIME),
        accounts=tuple(account(document, one) for one in extraction.accounts),
    )


def numbered(extraction: Extraction) -> Iterator[Mark]:
    found: list[Mention | FoundTime] = [
        *extraction.mentions,
        *extraction.unknown_names,
        *extraction.times,
    ]
    for number, one in enumerate(sorted(found, key=lambda one: place(one.evidence)), start=1):
        yield of_time(number, one) if isinstance(one, FoundTime) else of_mention(number, one)


def place(evidence: Evidence) -> tuple[int, int, int]:
    """In reading order, the title first; of two that begin together the longer."""
    passage = -1 if evidence.passage is None else evidence.passage
    return passage, evidence.start or 0, -(evidence.end or 0)


def of_mention(number: int, mention: Mention) -> Mark:
    role = ROLES[mention.role] if mention.slug else f"{UNKNOWN}, {ROLES[mention.role]}"
    return Mark(
        number=number,
        text=mention.text,
        role=role,
        look=mention.role.value if mention.slug else "unknown",
        value=f"{mention.kind} {mention.slug}" if mention.slug else "a candidate for review, no entity",
        rule=mention.rule,
        confidence=f"{mention.confidence:.2f}",
        evidence=mention.evidence,
    )


def of_time(number: int, time: FoundTime) -> Mark:
    at = written(time.at, time.precision)
    return Mark(
        number=number,
        text=time.text,
        role=TIME,
        look=TIME,
        value=f"{at} to {written(time.end_at, time.precision)}" if time.end_at else at,
        rule=time.rule,
        confidence="",
        evidence=time.evidence,
        anchor=ANCHORS.get(time.rule, ""),
    )


def written(at: datetime, precision: Precision) -> str:
    return at.astimezone(UTC).strftime(FORMATS[precision])


def parts(document: Document, marks: Sequence[Mark]) -> Iterator[Part]:
    if document.title:
        yield Part("Title", tuple(pieces(document.title, of_part(marks, None))))
    for number, passage in enumerate(document.passages):
        name = f"Post {number + 1}" if len(document.passages) > 1 else "Text"
        said = f", {passage.said_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if passage.said_at else ""
        yield Part(name + said, tuple(pieces(passage.text, of_part(marks, number))))


def of_part(marks: Sequence[Mark], passage: int | None) -> list[Mark]:
    return [mark for mark in marks if mark.evidence.passage == passage and mark.evidence.end is not None]


def pieces(text: str, marks: Sequence[Mark]) -> Iterator[Piece]:
    """The whole text in order; of marks that overlap the first is drawn, and all are in the lists."""
    end = 0
    for mark in marks:
        first, after = mark.evidence.start or 0, mark.evidence.end or 0
        if first < end:
            continue
        if first > end:
            yield Piece(text[end:first])
        yield Piece(text[first:after], mark)
        end = after
    if end < len(text):
        yield Piece(text[end:])


def account(document: Document, told: AccountOf) -> ShownAccount:
    facts = (fact for fact in told.facts if fact.field is not Field.RELEVANCE)
    return ShownAccount(
        owner=told.provider or told.organisation,
        slot=told.slot,
        relevance=told.relevance.value.replace("-", " "),
        facts=tuple(shown(document, fact) for fact in facts),
    )


def shown(document: Document, fact: Fact) -> ShownFact:
    return ShownFact(
        about="" if fact.subject == INCIDENT else fact.subject.partition(":")[2],
        field=fact.field.value.replace("_", " "),
        value=as_words(fact),
        rule=fact.rule,
        confidence=f"{fact.confidence:.2f}",
        origin=fact.origin.value,
        sentence=sentence(document, fact.evidence),
    )


def as_words(fact: Fact) -> str:
    if fact.precision is not None:
        return written(datetime.fromisoformat(fact.value), fact.precision)
    return f"{fact.value} minutes" if fact.field is Field.DURATION else fact.value


def sentence(document: Document, evidence: Evidence) -> str:
    """The words that prove a fact; empty for what was read from no words."""
    if evidence.end is None:
        return ""
    text = document.title if evidence.passage is None else document.passages[evidence.passage].text
    return text[evidence.start : evidence.end]
