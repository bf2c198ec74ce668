"""What a source that lists only what is open listed when: an item that it lists no more was over by then.

A function of the bodies that were read, in whatever order they arrived. An empty body is believed only after
it stood for an hour without an item coming back: a page that is down shows nothing as well.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from itertools import pairwise

from django.db import transaction
from django.db.models import F, Q

from incidents.models import Account, Report
from ingest.models import Feed, Item, Listing

EMPTY_BELIEVED_AFTER = timedelta(hours=1)


@transaction.atomic
def list_items(feed: Feed, ids: Collection[int], captured_at: datetime) -> None:
    """Remember that the feed listed these items then."""
    rows = [Listing(feed=feed, item_id=pk, listed_at=captured_at) for pk in sorted(ids)]
    Listing.objects.bulk_create(rows, ignore_conflicts=True)
    Listing.objects.filter(feed=feed, item__in=ids, listed_at__lt=captured_at).update(listed_at=captured_at)


def find_absent(feed: Feed, captured_at: datetime, read_at: datetime) -> set[int]:
    """Items of which it is news since when the feed lists them no more, or that it lists them again.

    `captured_at` is of the body that was read; `read_at` when the feed was last known to show its last body.
    """
    rows = list(
        feed.listings.filter(
            Q(absent_since=None) | Q(absent_since__gt=captured_at) | Q(absent_since__lte=F("listed_at"))
        )
    )
    if not rows:
        return set()
    since = min(row.listed_at for row in rows)
    bodies = feed.payloads.filter(captured_at__gt=since).order_by("captured_at", "pk")
    moments = believed(bodies.values_list("captured_at", "item_count"), read_at)
    changed = []
    for row in rows:
        later = bisect_right(moments, row.listed_at)
        absent_since = moments[later] if later < len(moments) else None
        if absent_since != row.absent_since:
            row.absent_since = absent_since
            changed.append(row)
    Listing.objects.bulk_update(changed, ["absent_since"], batch_size=500)
    return {row.item_id for row in changed}


def believed(bodies: Iterable[tuple[datetime, int]], read_at: datetime) -> list[datetime]:
    """When bodies were captured that can tell that an item is gone, oldest first."""
    found = []
    for (at, count), (later, _) in pairwise([*bodies, (read_at, 0)]):
        if count or later - at >= EMPTY_BELIEVED_AFTER:
            found.append(at)
    return found


def tell_reports(items: Collection[Item]) -> set[str]:
    """Pass on to the reports when they were listed last; keys of the accounts for which that is news."""
    told: set[str] = set()
    listings = Listing.objects.filter(item__in=items).values_list("item__key", "listed_at", "absent_since")
    by_key: dict[str, list[tuple[datetime, datetime | None]]] = {}
    for key, listed_at, absent_since in listings:
        by_key.setdefault(key, []).append((listed_at, absent_since))
    for report in Report.objects.filter(key__in=by_key):
        spans = by_key[report.key]
        last_listed_at = max(listed_at for listed_at, _ in spans)
        ends = [absent_since for _, absent_since in spans]
        # Listed anywhere, it is open; the last list that dropped it decides.
        unlisted_at = None if None in ends else max(end for end in ends if end)
        if (report.last_listed_at, report.unlisted_at) != (last_listed_at, unlisted_at):
            Report.objects.filter(pk=report.pk).update(last_listed_at=last_listed_at, unlisted_at=unlisted_at)
            told |= set(Account.objects.filter(report=report).values_list("key", flat=True))
    return told
