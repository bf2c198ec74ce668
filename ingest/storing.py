"""Second step of the flow: what a body held becomes rows, as published. What was there is left alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from ingest.entries import Entry, Reading
from ingest.identity import items_of
from ingest.listing import find_absent, list_items
from ingest.models import Feed, Item, ItemState, Payload, RawItem

BATCH = 500

# As one document: an array of long texts costs the driver several times what parsing it costs the server.
INSERT_REVISIONS = """
    INSERT INTO ingest_rawitem (item_id, feed_id, payload_id, raw, raw_hash, modified_at, captured_at)
    SELECT item, %(feed)s, %(payload)s, raw, raw_hash, modified_at, %(captured_at)s
    FROM json_to_recordset(%(rows)s::json)
        AS given (item bigint, raw text, raw_hash text, modified_at timestamptz)
    ON CONFLICT (item_id, raw_hash) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """What a body brought, in items. `waiting` are the ids of those that are to be drawn again."""

    new: int
    changed: int
    unchanged: int
    unusable: int
    waiting: frozenset[int]

    @property
    def listed(self) -> int:
        return self.new + self.changed + self.unchanged


@transaction.atomic
def store(feed: Feed, body: bytes, reading: Reading, captured_at: datetime) -> Stored:
    """Keep what is new in a body: the revisions, and the whole body if it brought any."""
    items = items_of(reading.entries)
    ids = {item.pk for item in items.values()}
    known = set(RawItem.objects.filter(item__in=ids).values_list("item_id", flat=True).distinct())
    payload = payload_of(feed, body, reading, captured_at)
    brought = {(items[entry.key].pk, raw_hash_of(entry)): entry for entry in reading.entries}
    fresh = new_revisions(feed, payload, brought)
    if fresh and payload.packed is None:
        payload.keep(body)
        payload.save(update_fields=["packed"])
    touched = fresh | seen_earlier(brought, captured_at)
    gone: set[int] = set()
    if feed.source.lists_only_open and not reading.is_history:
        list_items(feed, ids, captured_at)
        gone = find_absent(feed, captured_at, read_at=captured_at)
    wait(touched | gone)
    return Stored(
        new=len(fresh - known),
        changed=len(touched & known),
        unchanged=len(ids - touched),
        unusable=len(reading.unusable),
        waiting=frozenset(touched | gone),
    )


def payload_of(feed: Feed, body: bytes, reading: Reading, captured_at: datetime) -> Payload:
    payload, _ = Payload.objects.get_or_create(
        feed=feed,
        body_hash=hashlib.sha256(body).hexdigest(),
        captured_at=captured_at,
        defaults={
            "size": len(body),
            "item_count": len(reading.entries),
            "read_at": timezone.now(),
            "unusable": [asdict(item) for item in reading.unusable],
        },
    )
    return payload


def new_revisions(feed: Feed, payload: Payload, brought: Mapping[tuple[int, str], Entry]) -> set[int]:
    """Store the wordings that nobody brought before; the ids of their items."""
    known = set(revisions_among(brought).values_list("item_id", "raw_hash"))
    rows = [
        {"item": item, "raw": storable(entry.raw), "raw_hash": raw_hash, "modified_at": stamp_of(entry)}
        for (item, raw_hash), entry in brought.items()
        if (item, raw_hash) not in known
    ]
    given: dict[str, Any] = {"feed": feed.pk, "payload": payload.pk, "captured_at": payload.captured_at}
    with connection.cursor() as cursor:
        for first in range(0, len(rows), BATCH):
            cursor.execute(INSERT_REVISIONS, given | {"rows": json.dumps(rows[first : first + BATCH])})
    return {item for item, raw_hash in brought if (item, raw_hash) not in known}


def stamp_of(entry: Entry) -> str | None:
    return entry.modified_at.isoformat() if entry.modified_at else None


def seen_earlier(brought: Iterable[tuple[int, str]], captured_at: datetime) -> set[int]:
    """An archive older than what we have: what it shows was there by then already."""
    pairs = set(brought)
    rows = revisions_among(pairs).filter(captured_at__gt=captured_at)
    older = {
        pk: item for pk, item, raw in rows.values_list("pk", "item_id", "raw_hash") if (item, raw) in pairs
    }
    RawItem.objects.filter(pk__in=older).update(captured_at=captured_at)
    return set(older.values())


def revisions_among(pairs: Iterable[tuple[int, str]]) -> models.QuerySet[RawItem]:
    pairs = list(pairs)
    return RawItem.objects.filter(
        item__in={item for item, _ in pairs}, raw_hash__in={raw_hash for _, raw_hash in pairs}
    )


def wait(ids: set[int]) -> None:
    """Let the items be drawn again; locked in one order, since another worker may hold some of them."""
    locked = Item.objects.filter(pk__in=ids).order_by("pk").select_for_update()
    rows = locked.values_list("pk", "state", "claimed_until", "attempts", "trouble")
    # What waits already and nobody has begun stays as it is: of a body that is all new, nothing is written.
    others = [pk for pk, *state in rows if state != [ItemState.WAITING, None, 0, ""]]
    if others:
        Item.objects.filter(pk__in=others).update(
            state=ItemState.WAITING, waiting_since=timezone.now(), claimed_until=None, attempts=0, trouble=""
        )


def storable(text: str) -> str:
    """PostgreSQL holds neither NUL nor half a surrogate pair."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")


def raw_hash_of(entry: Entry) -> str:
    return hash_of(storable(entry.raw))


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
