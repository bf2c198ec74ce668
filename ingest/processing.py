"""Third step of the flow: waiting items become reports, and reports incidents.

The database remembers what remains to be done, so a lost worker costs nothing but time. An item that cannot
be read is tried three times and then set aside with its traceback; the others go on.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from types import MappingProxyType

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Q
from django.utils import timezone

from incidents.linking import link, lock
from incidents.models import Report
from incidents.naming import given_terms
from incidents.reports import NewReport
from ingest.concerns import extract
from ingest.drawing import Revision, states
from ingest.entries import Entry
from ingest.errors import ParseError
from ingest.listing import tell_reports
from ingest.models import Feed, Item, ItemState, RawItem
from ingest.voices import read, voice_of

logger = logging.getLogger(__name__)

BATCH = 200
ATTEMPTS = 3
CLAIM = timedelta(minutes=10)
DIED = "The worker died in each attempt: too much memory, too much time, or a crash in a library."


AsRead = Mapping[tuple[int, str], Entry]
"""Entries as a body just gave them, by feed and hash of the revision: these need not be read again."""


@dataclass(frozen=True, slots=True)
class Processed:
    done: int = 0
    failed: int = 0

    def __add__(self, other: Processed) -> Processed:
        return Processed(self.done + other.done, self.failed + other.failed)


def process(
    limit: int, only: Collection[int] | None = None, as_read: AsRead = MappingProxyType({})
) -> Processed:
    """Draw waiting items, at most so many, and link what they tell. `only`: of the items with these ids."""
    total = Processed()
    left = None if only is None else set(only)
    while total.done + total.failed < limit and left != set():
        batch = claim(min(BATCH, limit - total.done - total.failed), left)
        if not batch:
            break
        if left is not None:
            left -= {item.pk for item in batch}
        total += process_batch(batch, as_read)
    return total


def draw_again(ids: Collection[int]) -> Processed:
    """Draw these items now, also those that another run claimed and perhaps left: rows are locked anyway."""
    return process_batch(list(Item.objects.filter(pk__in=ids).order_by("pk")), {})


@transaction.atomic
def claim(limit: int, only: Collection[int] | None = None) -> list[Item]:
    """Take items that no other worker has. One that failed before is taken alone, not to harm others.

    The attempt is counted here, in a transaction of its own: one that kills its worker has been counted.
    """
    now = timezone.now()
    waiting = Item.objects.waiting().filter(Q(claimed_until=None) | Q(claimed_until__lt=now))
    if only is not None:
        waiting = waiting.filter(pk__in=only)
    found = list(waiting.select_for_update(skip_locked=True)[:limit])
    for item in [item for item in found if item.attempts >= ATTEMPTS]:
        set_aside(item, item.trouble or DIED)
    fresh = [item for item in found if item.attempts == 0]
    batch = fresh or [item for item in found if item.attempts < ATTEMPTS][:1]
    for item in batch:
        item.attempts += 1
    taken = Item.objects.filter(pk__in=[item.pk for item in batch])
    taken.update(attempts=F("attempts") + 1, claimed_until=now + CLAIM)
    return batch


def process_batch(batch: list[Item], as_read: AsRead) -> Processed:
    try:
        draw(batch, as_read)
    except (OperationalError, InterfaceError, SoftTimeLimitExceeded):
        raise  # no fault of the items, or one that the claims will count
    except Exception as error:  # whatever it is, it is kept with the item, and the others go on
        if len(batch) == 1:
            note_failure(batch[0], error)
            return Processed(failed=1)
        # Whichever it was must not hold up the others: each alone.
        return sum((process_batch([item], as_read) for item in batch), Processed())
    return Processed(done=len(batch))


@transaction.atomic
def draw(batch: Iterable[Item], as_read: AsRead = MappingProxyType({})) -> None:
    """Draw the items' reports from all their revisions, and the incidents that they touch."""
    # Locked until the end: a revision that is stored meanwhile lets its item wait again afterwards.
    items = {
        item.pk: item
        for item in Item.objects.filter(pk__in=[item.pk for item in batch]).order_by("pk").select_for_update()
    }
    told = histories(items, as_read)
    # Before any report is written: two workers that wrote first would wait for each other in linking.
    lock()
    link(Report.objects.keep_all(told) | tell_reports(items.values()))
    Item.objects.filter(pk__in=items).update(state=ItemState.DONE, claimed_until=None, attempts=0, trouble="")


def histories(items: dict[int, Item], as_read: AsRead = MappingProxyType({})) -> list[list[NewReport]]:
    # Plain values, and each feed once: a row of models for each revision costs more than reading it.
    found = RawItem.objects.filter(item__in=items).order_by("item_id", "pk")
    rows = list(found.values_list("item_id", "feed_id", "raw_hash", "raw", "captured_at"))
    feeds = Feed.objects.select_related("source__provider", "source__organisation").in_bulk(
        {feed for _, feed, *_ in rows}
    )
    voices = {pk: voice_of(feed) for pk, feed in feeds.items()}
    revisions: dict[int, list[Revision]] = {}
    for item, feed, raw_hash, raw, captured_at in rows:
        entry = as_read.get((feed, raw_hash)) or entry_of(feeds[feed], raw)
        revision = Revision(entry, feeds[feed].kind, voices[feed], captured_at)
        revisions.setdefault(item, []).append(revision)
    given = given_terms()
    reader = partial(extract, given=given) if given else extract
    return [states(items[pk].key, told, reader) for pk, told in revisions.items()]


def entry_of(feed: Feed, raw: str) -> Entry:
    reading = read(feed, raw.encode())
    if len(reading.entries) != 1:
        why = "; ".join(f"{item.where}: {item.reason}" for item in reading.unusable)
        raise ParseError(f"{len(reading.entries)} items in what was one: {why}")
    return reading.entries[0]


def note_failure(item: Item, error: Exception) -> None:
    trouble = "".join(traceback.format_exception(error))
    told, report = (item.key, item.attempts), {"report": item.key}
    logger.warning("item %s cannot be drawn, attempt %s: %s", *told, error, extra=report)
    if item.attempts >= ATTEMPTS:
        set_aside(item, trouble)
        return
    again_at = timezone.now() + timedelta(minutes=2**item.attempts)
    Item.objects.filter(pk=item.pk, state=ItemState.WAITING).update(trouble=trouble, claimed_until=again_at)


def set_aside(item: Item, trouble: str) -> None:
    report = {"report": item.key}
    logger.error("item %s is set aside after %s attempts", item.key, item.attempts, extra=report)
    Item.objects.filter(pk=item.pk).update(state=ItemState.SET_ASIDE, trouble=trouble, claimed_until=None)
