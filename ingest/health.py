"""How a source is: what each attempt to read it met, in words. A source that cannot be read is never fine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from incidents.choices import SourceState
from ingest import leases, schedule
from ingest.errors import Failure
from ingest.fetching import Known
from ingest.fitting import LONGEST_URL
from ingest.listing import EMPTY_BELIEVED_AFTER
from ingest.models import Check, Feed

KEPT_FOR = timedelta(days=7)
MOVED_AFTER = timedelta(days=6)
PRESS = "news-feed"
CAN_BE_SEEN = frozenset({SourceState.ANSWERS, SourceState.UNCHANGED})

STATE_OF = {
    Failure.BLOCKED: SourceState.BLOCKED,
    Failure.THROTTLED: SourceState.BLOCKED,
    Failure.GONE: SourceState.DISABLED,
    Failure.UNREADABLE: SourceState.UNREADABLE,
    Failure.BAD_ENCODING: SourceState.UNREADABLE,
    Failure.TOO_LARGE: SourceState.UNREADABLE,
}
"""What a failure makes of the source's state; any other one: it could not be reached."""


@dataclass(frozen=True, slots=True)
class Polled:
    """What one attempt to read a source met. `reason` is for people; empty where all went well."""

    slug: str
    state: SourceState
    seconds: float = 0.0
    failure: Failure | None = None
    reason: str = ""
    listed: int | None = None
    new: int = 0
    changed: int = 0
    unchanged: int = 0

    @property
    def is_failure(self) -> bool:
        return self.failure is not None


def state_of(feed: Feed, listed: int, at: datetime, *, is_same: bool) -> SourceState:
    """The state of a source that could be read. Empty where items were is no all-clear.

    A source that lists only what is open may be empty for good reason: it is believed after an hour.
    """
    if not listed and feed.had_items_at is not None:
        is_quiet = feed.source.lists_only_open and at - feed.had_items_at >= EMPTY_BELIEVED_AFTER
        if not is_quiet:
            return SourceState.EMPTY
    return SourceState.UNCHANGED if is_same else SourceState.ANSWERS


@transaction.atomic
def note_success(
    feed: Feed,
    polled: Polled,
    known: Known,
    moved_to: str,
    at: datetime,
    *,
    fresh_for: timedelta | None = None,
) -> None:
    """`known` is kept only now that all it stands for is stored, in the transaction of the caller."""
    feed.etag, feed.last_modified, feed.body_hash = known.etag, known.last_modified, known.body_hash
    feed.failures, feed.failing_since = 0, None
    feed.latency = timedelta(seconds=polled.seconds)
    if polled.listed is not None:
        feed.item_count = polled.listed
    if feed.item_count:
        feed.had_items_at = at
    learn_address(feed, moved_to, at)
    turn = int(at.timestamp())
    asked = max(filter(None, [fresh_for, feed.ttl]), default=None)
    feed.due_at = at + schedule.wait_after_success(
        feed.interval, polled.slug, turn, asked=asked, most=most_patience(feed)
    )
    if polled.state in CAN_BE_SEEN:
        feed.source.last_read_at = at
    if polled.new or polled.changed:
        feed.source.last_changed_at = at
    note(feed, polled, at)


def most_patience(feed: Feed) -> timedelta:
    """What goes on is believed for three intervals: a status page is not left alone for as long."""
    if feed.kind == PRESS:
        return schedule.MOST_WAIT
    return min(schedule.MOST_FRESH_STATUS, 2 * feed.interval)


@transaction.atomic
def note_failure(feed: Feed, polled: Polled, asked: timedelta | None, at: datetime) -> None:
    failure = polled.failure or Failure.UNREADABLE
    feed.failures += 1
    feed.failing_since = feed.failing_since or at
    wait = schedule.wait_after_failure(
        feed.interval, polled.slug, failure=failure, failures=feed.failures, asked=asked
    )
    feed.due_at = at + wait
    if failure is Failure.GONE:
        feed.is_enabled = False
    if failure is Failure.THROTTLED and asked:
        leases.keep_quiet(feed.host, at + asked)
    note(feed, polled, at)


def note(feed: Feed, polled: Polled, at: datetime) -> None:
    source = feed.source
    feed.checked_at = at
    source.state, source.state_reason = polled.state, polled.reason
    source.save(update_fields=["state", "state_reason", "last_read_at", "last_changed_at"])
    feed.save(
        update_fields=[
            *("etag", "last_modified", "body_hash", "failures", "failing_since", "latency", "ttl"),
            *("item_count", "had_items_at", "url", "moved_to", "moved_since"),
            *("checked_at", "due_at", "is_enabled"),
        ]
    )
    Check.objects.create(
        feed=feed,
        at=at,
        state=polled.state,
        failure=polled.failure or "",
        reason=polled.reason,
        seconds=polled.seconds,
        items=polled.listed,
        new=polled.new,
        changed=polled.changed,
    )
    feed.checks.filter(at__lt=at - KEPT_FOR).delete()


def learn_address(feed: Feed, moved_to: str, at: datetime) -> None:
    """A permanent redirect is believed when it led to the same place for days."""
    if len(moved_to) > LONGEST_URL:
        moved_to = ""  # no address that anybody meant to last
    if moved_to != feed.moved_to:
        feed.moved_to, feed.moved_since = moved_to, at if moved_to else None
        return
    if not moved_to or feed.moved_since is None or at - feed.moved_since < MOVED_AFTER:
        return
    if not Feed.objects.filter(url=moved_to).exclude(pk=feed.pk).exists():
        feed.url, feed.moved_to, feed.moved_since = moved_to, "", None


def start_now(feed: Feed) -> None:
    """Let the feed be read next, whatever its back-off says; one that was switched off is switched on."""
    Feed.objects.filter(pk=feed.pk).update(due_at=None, is_enabled=True, queued_until=None)
