"""Reads sources now, in the foreground: one line a source."""

from __future__ import annotations

import logging
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from incidents.choices import SourceState
from ingest import pipeline
from ingest.errors import Failure
from ingest.health import Polled
from ingest.models import Feed

logger = logging.getLogger(__name__)

ALL = 10**9


class Command(BaseCommand):
    help = "Fetch now: slug, outcome, new, changed, unchanged, seconds, reason. Status 1 if any failed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slugs", nargs="*", metavar="SLUG", help="these only; else all that are enabled")

    def handle(self, *args: Any, **options: Any) -> None:
        feeds = fetched_feeds()
        slugs = options["slugs"] or sorted(feeds)
        width = max(map(len, slugs), default=0)
        failed = 0
        for slug in slugs:
            polled = read(feeds[slug]) if slug in feeds else unread(slug)
            failed += polled.is_failure
            self.stdout.write(line(polled, width))
            self.stdout.flush()
        if failed:
            raise CommandError(f"{failed} of {len(slugs)} sources could not be read", returncode=1)


def fetched_feeds() -> dict[str, Feed]:
    feeds = Feed.objects.fetched().select_related("source__provider", "source__organisation")
    return {feed.source.slug: feed for feed in feeds}


def read(feed: Feed) -> Polled:
    """A fault of our own is told like any other: the sources behind it are read all the same."""
    try:
        return pipeline.poll(feed, at_once=ALL)
    except OperationalError:
        raise
    except Exception as error:
        logger.exception("source %s", feed.source.slug, extra={"source": feed.source.slug})
        reason = f"our own mistake: {type(error).__name__}: {error}"
        return Polled(feed.source.slug, SourceState.UNREADABLE, failure=Failure.UNREADABLE, reason=reason)


def unread(slug: str) -> Polled:
    feed = Feed.objects.filter(source__slug=slug).first()
    if feed is None:
        reason = "no source has this slug: add it with `add_source`"
    elif feed.is_enabled:
        reason = "an archive without an address: fill it with `backfill`"
    else:
        reason = 'switched off: "read now" on its page or `add_source` switches it on'
    return Polled(slug, SourceState.DISABLED, failure=Failure.MISSING, reason=reason)


def line(polled: Polled, width: int) -> str:
    outcome = polled.failure or polled.state
    return (
        f"{polled.slug:{width}}  {outcome:16}  new {polled.new:>4}  changed {polled.changed:>4}  "
        f"unchanged {polled.unchanged:>4}  {polled.seconds:6.2f} s  {polled.reason}"
    ).rstrip()
