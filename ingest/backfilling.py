"""Archives through the same steps as polled bodies, in this process: stored first, then drawn."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.db.models import Min
from django.utils import timezone

from ingest.archives import Saved, saved_payloads
from ingest.entries import Reading, Unusable
from ingest.errors import ParseError
from ingest.fetching import LARGEST
from ingest.models import Feed, Item
from ingest.processing import BATCH, Processed, draw_again
from ingest.storing import Stored, store
from ingest.voices import read, read_apart

PATIENCE = 60.0  # seconds to read one body: an archive of years takes longer than what a page shows


@dataclass(frozen=True, slots=True)
class Told:
    """What came of one body. Of one that could not be read nothing is stored, and `trouble` says why.

    `is_undated`: nothing tells when it was captured, so that was now.
    """

    name: str
    stored: Stored | None = None
    unusable: tuple[Unusable, ...] = ()
    trouble: str = ""
    is_undated: bool = False


def store_file(feed: Feed, path: Path, captured_at: datetime | None) -> Iterator[Told]:
    """Store each body of a file. One that cannot be read is named; the others are still stored."""
    payloads = saved_payloads(path)
    while True:
        try:
            saved = next(payloads, None)
        except (ParseError, OSError) as error:
            yield Told(path.name, trouble=str(error))
            return
        if saved is None:
            return
        yield store_saved(feed, saved, captured_at)


def store_saved(feed: Feed, saved: Saved, captured_at: datetime | None) -> Told:
    try:
        reading = read_saved(feed, saved.body)
    except ParseError as error:
        return Told(saved.name, trouble=str(error))
    at = captured_at or saved.captured_at or time_of(feed, saved, reading)
    now = timezone.now()
    # Planned maintenance is stamped ahead: nothing was captured in the future.
    stored = store(feed, saved.body, reading, min(at or now, now))
    return Told(saved.name, stored, reading.unusable, is_undated=at is None)


def read_saved(feed: Feed, body: bytes) -> Reading:
    """Apart, as a fetched body, unless it is larger than any of those."""
    if len(body) > LARGEST:
        return read(feed, body)
    return read_apart(feed, body, seconds=PATIENCE)


def time_of(feed: Feed, saved: Saved, reading: Reading) -> datetime | None:
    """When a body without a capture time was captured: as before if we had it, else its newest stamp."""
    body_hash = hashlib.sha256(saved.body).hexdigest()
    before: datetime | None = feed.payloads.filter(body_hash=body_hash).aggregate(at=Min("captured_at"))["at"]
    return before or reading.stamped_at


def waiting_ids(feed: Feed) -> list[int]:
    """Items of the feed that are not drawn yet, also those that an interrupted run left."""
    items = Item.objects.waiting().filter(pk__in=feed.items.values("item"))
    return list(items.values_list("pk", flat=True))


def draw_waiting(ids: list[int]) -> Iterator[Processed]:
    left = iter(ids)
    while batch := list(islice(left, BATCH)):
        yield draw_again(batch)
