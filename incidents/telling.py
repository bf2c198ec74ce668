"""What is told of one incident: its claims with who makes them, as `conclude` and the grading read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from incidents.choices import PublisherKind
from incidents.ranks import Voice, voice_of
from nlp.document import INCIDENT, DocumentKind, Field, Origin, Precision

TIMES = frozenset({Field.STARTED_AT, Field.ENDED_AT, Field.NOT_BEFORE})
EPOCH = "1970-01-01T00:00"
LENGTHS = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY, 13: Precision.HOUR}


@dataclass(frozen=True, slots=True)
class Listing:
    """How a source that shows ends listed the item. `fresh_until`: to when its last reading speaks.

    `is_fresh` is whether that is still to come, as the record was drawn.
    """

    unlisted_at: datetime | None
    lists_only_open: bool
    fresh_until: datetime
    is_fresh: bool


@dataclass(frozen=True, slots=True)
class Teller:
    """One account and who speaks in it. `speaker` is "provider:aws", "organisation:x" or empty (press).

    `publisher` is what independence is counted by; `spoke` are the times of its posts, `seen_at` by when it
    was public at all.
    """

    account: str
    report: str
    publisher: str
    publisher_kind: PublisherKind
    document: DocumentKind
    seen_at: datetime
    speaker: str = ""
    title: str = ""
    is_strong: bool = True
    is_maintenance: bool = False
    spoke: tuple[datetime, ...] = ()
    listing: Listing | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """One claim. `person` is set for a person's own."""

    teller: Teller
    field: Field
    value: str
    key: str
    seen_at: datetime
    gone_at: datetime | None = None
    subject: str = INCIDENT
    precision: Precision | None = None
    origin: Origin = Origin.TEXT
    confidence: float = 1.0
    rule: str = ""

    def stands(self, at: datetime | None) -> bool:
        """Whether it was said then and not taken back; None: now."""
        if at is None:
            return self.gone_at is None
        return self.seen_at <= at and (self.gone_at is None or at < self.gone_at)

    def voice(self, owner: str) -> Voice:
        return voice_of(
            subject=self.subject,
            owner=owner,
            speaker=self.teller.speaker,
            publisher_kind=self.teller.publisher_kind,
            document=self.teller.document,
            origin=self.origin,
            confidence=self.confidence,
        )


@dataclass(frozen=True, slots=True)
class ValueRuling:
    """A person's word on one value of one field: it holds, or it does not. The newer of two holds."""

    subject: str
    field: Field
    key: str
    accepts: bool
    made_at: datetime
    order: int = 0

    @property
    def names(self) -> tuple[str, Field, str]:
        return self.subject, self.field, self.key

    def as_claim(self) -> Said:
        """The value in the person's own name, for when no report claims it any more."""
        person = Teller(
            account="",
            report="",
            publisher="a person",
            publisher_kind=PublisherKind.PERSON,
            document=DocumentKind.NEWS,
            seen_at=self.made_at,
        )
        value, precision = moment_of(self.key) if self.field in TIMES else (self.key, None)
        return Said(
            teller=person,
            field=self.field,
            value=value,
            key=self.key,
            seen_at=self.made_at,
            subject=self.subject,
            precision=precision,
            origin=Origin.PERSON,
            rule="accepted",
        )


def moment_of(key: str) -> tuple[str, Precision]:
    """A time and its precision from its key, which is cut to it: "2025-10-20T06:48", "2025-10"."""
    whole = key + EPOCH[len(key) :]
    return f"{whole}:00+00:00", LENGTHS.get(len(key), Precision.MINUTE)


@dataclass(frozen=True, slots=True)
class Told:
    """All that is told of one incident. `owner` is whose it is: "provider:aws", "organisation:coinbase"."""

    owner: str
    tellers: tuple[Teller, ...]
    claims: tuple[Said, ...]
    rulings: tuple[ValueRuling, ...] = ()
