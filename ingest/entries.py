"""What every parser returns: one feed item with its posts, frozen, free of Django."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from nlp.document import DocumentKind, Fact, Precision


@dataclass(frozen=True, slots=True)
class EntryPost:
    """One post of an item. `ref` tells it apart from its siblings and lasts when it is reworded.

    `text` is plain text. `said_at` is when the publisher says it was posted (aware, UTC).
    """

    ref: str
    text: str
    said_at: datetime | None = None
    precision: Precision = Precision.MINUTE
    status: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One item as published. `key` is the publisher's (design: identity of reports).

    `posts` run from the first to the last. `facts` were read from structured fields. `modified_at` is the
    source's own stamp of the revision, where it has one: it orders revisions before capture time does.
    `raw` is the item as published, for reading again with a better parser.

    `aliases` are what the publisher's other schemas know the item by: items that share one are one report,
    whose key is the greatest of theirs (a Google id sorts after the path that the old schema had instead).
    `is_partial` marks an item that shows only some of the report's posts, as a feed of single updates does:
    a post that is missing in it is not gone.
    """

    key: str
    url: str
    title: str
    posts: tuple[EntryPost, ...]
    raw: str
    document_kind: DocumentKind
    facts: tuple[Fact, ...] = ()
    published_at: datetime | None = None
    modified_at: datetime | None = None
    is_maintenance: bool = False
    aliases: tuple[str, ...] = ()
    is_partial: bool = False


@dataclass(frozen=True, slots=True)
class Unusable:
    """An item that could not be read: counted, named and left out; the rest of the payload stands."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What one payload held. `stamped_at` is the newest stamp inside, for archives without a capture time.

    `ttl` is for how long the feed itself asks to be left alone. `is_history` marks a body that lists what is
    over as well, where other bodies of the kind list only what is open.
    """

    entries: tuple[Entry, ...]
    unusable: tuple[Unusable, ...] = ()
    stamped_at: datetime | None = None
    ttl: timedelta | None = None
    is_history: bool = False
