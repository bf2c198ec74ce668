"""What another app tells the record: a report with its posts and accounts, frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from nlp.document import DocumentKind, EntityKind, Fact, Precision, Relevance


@dataclass(frozen=True, slots=True)
class NewPost:
    """One post. `seen_at` is when this wording was first captured by us, or the archive's capture time."""

    ref: str
    text: str
    said_at: datetime | None
    seen_at: datetime
    precision: Precision = Precision.MINUTE
    status: str = ""


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What the report says about one incident; evidence of its facts points to `NewReport.posts`.

    `is_strong` is true for a provider's or an organisation's own record, false for press and round-ups.
    """

    slot: str
    is_strong: bool
    relevance: Relevance
    facts: tuple[Fact, ...]
    provider: str = ""
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class NewName:
    """A name or code that the vocabulary lacks, as the report writes it and by the slug it is kept under."""

    kind: EntityKind
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report as it now stands. `posts` are the current ones, first to last; earlier wordings are kept.

    `captured_at` is when this state was seen; a state older than the one stored adds history only.
    `is_read` is False for a stub: a page that somebody cites and nobody has read.
    """

    key: str
    source: str
    kind: DocumentKind
    url: str
    title: str
    posts: tuple[NewPost, ...]
    accounts: tuple[NewAccount, ...]
    captured_at: datetime
    published_at: datetime | None = None
    modified_at: datetime | None = None
    is_read: bool = True
    is_maintenance: bool = False
    extractor: str = ""
    unknown_names: tuple[NewName, ...] = ()
