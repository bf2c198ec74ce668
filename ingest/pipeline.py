"""The flow: fetch, read, store, draw. One step a function; any of them may run twice without harm."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from incidents.choices import SourceState
from ingest.entries import Reading
from ingest.errors import Failure, FetchError, ParseError
from ingest.fetching import Answer, Known, Outcome, Rules, fetch
from ingest.health import STATE_OF, Polled, note_failure, note_success, state_of
from ingest.listing import find_absent
from ingest.models import Feed
from ingest.processing import AsRead, process
from ingest.storing import Stored, raw_hash_of, storable, store, wait
from ingest.voices import read_apart

logger = logging.getLogger(__name__)

AT_ONCE = 200  # items that a poll draws itself; a sweep does the rest


def rules() -> Rules:
    agent = f"Faultline (reads public status pages; {settings.FAULTLINE_URL}/about/)"
    return Rules(allow_private=settings.ALLOW_PRIVATE_SOURCES, user_agent=agent)


def poll(feed: Feed, at_once: int = AT_ONCE) -> Polled:
    """Read the feed now, store what is new and draw it; what came of it is also noted on the source."""
    return finish(feed, question(feed), timezone.now(), at_once)


def question(feed: Feed) -> Callable[[], Answer]:
    """The fetch of a feed; it touches neither database nor feed, so any thread may ask it."""
    known = Known(feed.etag, feed.last_modified, feed.body_hash)
    return partial(fetch, feed.url, known=known, rules=rules())


def finish(feed: Feed, answer: Callable[[], Answer], at: datetime, at_once: int = AT_ONCE) -> Polled:
    """The rest of a poll that began at this time."""
    before = feed.source.state
    try:
        polled, waiting, as_read = take(feed, answer(), at)
    except (FetchError, ParseError) as error:
        polled = fail(feed, error, at)
        tell(polled, before)
        return polled
    except Exception as error:
        # A bug of ours. The source must not look fine meanwhile, nor be asked in a tight loop. What it was
        # told before the fault is not stored, so it must not be remembered either.
        feed.refresh_from_db()
        fail(feed, ParseError(f"our own mistake: {type(error).__name__}: {error}"), at)
        raise
    tell(polled, before)
    process(at_once, only=waiting, as_read=as_read)
    return polled


def tell(polled: Polled, before: str) -> None:
    """Log what an operator would act on: a source that is other than it was, or brought something."""
    is_news = polled.state != before or polled.new or polled.changed
    level = logging.DEBUG if not is_news else logging.WARNING if polled.is_failure else logging.INFO
    told = polled.reason or f"{polled.new} new, {polled.changed} changed, {polled.unchanged} unchanged"
    what = polled.failure or polled.state
    logger.log(level, "source %s: %s: %s", polled.slug, what, told, extra={"source": polled.slug})


def take(feed: Feed, answer: Answer, at: datetime) -> tuple[Polled, frozenset[int], AsRead]:
    """Store an answer, note the source's state with it; the ids of items that now wait, and their entries."""
    if answer.outcome is not Outcome.FETCHED:
        return *take_unchanged(feed, answer, at), {}
    reading = read_apart(feed, answer.body)
    if reading.unusable and not reading.entries:
        first = reading.unusable[0]
        raise ParseError(
            f"none of its {len(reading.unusable)} items can be read: {first.where}: {first.reason}"
        )
    with transaction.atomic():
        stored = store(feed, answer.body, reading, at)
        polled = Polled(
            slug=feed.source.slug,
            state=state_of(feed, stored.listed, at, is_same=False),
            seconds=answer.seconds,
            reason=left_out(stored),
            listed=stored.listed,
            new=stored.new,
            changed=stored.changed,
            unchanged=stored.unchanged,
        )
        feed.ttl = reading.ttl
        note_success(feed, polled, answer.known, answer.moved_to, at, fresh_for=answer.fresh_for)
    return polled, stored.waiting, as_read_of(feed, reading)


def as_read_of(feed: Feed, reading: Reading) -> AsRead:
    """Revisions that were stored exactly as read: those are as if they had been read from their rows."""
    return {
        (feed.pk, raw_hash_of(entry)): entry for entry in reading.entries if storable(entry.raw) == entry.raw
    }


def take_unchanged(feed: Feed, answer: Answer, at: datetime) -> tuple[Polled, frozenset[int]]:
    polled = Polled(
        slug=feed.source.slug,
        state=state_of(feed, feed.item_count, at, is_same=True),
        seconds=answer.seconds,
        unchanged=feed.item_count,
    )
    gone: set[int] = set()
    with transaction.atomic():
        note_success(feed, polled, answer.known, answer.moved_to, at, fresh_for=answer.fresh_for)
        if feed.source.lists_only_open and not feed.item_count:
            gone = find_absent(feed, at, read_at=at)
            wait(gone)
    return polled, frozenset(gone)


def left_out(stored: Stored) -> str:
    return f"{stored.unusable} items could not be read" if stored.unusable else ""


def fail(feed: Feed, error: FetchError | ParseError, at: datetime) -> Polled:
    """Note a failure. The validators stay those of the last body that could be read: it is fetched again."""
    failure = error.failure if isinstance(error, FetchError) else Failure.UNREADABLE
    polled = Polled(
        slug=feed.source.slug,
        state=STATE_OF.get(failure, SourceState.UNREACHABLE),
        seconds=(timezone.now() - at).total_seconds(),
        failure=failure,
        reason=str(error),
    )
    note_failure(feed, polled, error.retry_after if isinstance(error, FetchError) else None, at)
    return polled
