"""Reads feeds side by side: while hosts keep a worker waiting, the worker reads what else is due.

Only the fetch leaves this thread; what it brings is stored and drawn here, one body after the other. So a
host that drips for half a minute holds up nobody, in any number of workers with any number of children.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from structlog.contextvars import bound_contextvars

from ingest import leases, pipeline
from ingest.fetching import Answer
from ingest.models import Feed

AT_ONCE = 12  # fetches of one child under way: twelve bodies at their largest are what it has memory for
ABREAST = 4  # of those, fetches that are not slow: one after the other is too late for a thousand sources
PATIENCE = 1.0  # seconds; nearly all hosts have answered by then, a fetch that takes longer is slow
LONGEST = 60.0  # seconds for which others are begun beside one that is slow: its task has an end
TAIL = 30.0  # seconds more for those that are sound: what was begun last may drip so long


@dataclass(frozen=True, slots=True)
class Flight:
    """A fetch under way, and the feed and host that it holds until it has landed."""

    feed: Feed
    at: datetime
    held: ExitStack


class Fetchers:
    """Threads that fetch; what they bring is waited for here."""

    def __init__(self) -> None:
        self.threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="fetch")

    def launch(self, question: Callable[[], Answer]) -> Future[Answer]:
        return self.threads.submit(question)

    def landed(self, flights: Collection[Future[Answer]], seconds: float) -> set[Future[Answer]]:
        """Those that are over, as soon as one is; none when the seconds are over."""
        return wait(flights, timeout=seconds, return_when=FIRST_COMPLETED).done

    def close(self) -> None:
        self.threads.shutdown()


class Reader:
    def __init__(self, fetchers: Fetchers) -> None:
        self.fetchers = fetchers
        self.flights: dict[Future[Answer], Flight] = {}
        self.hosts: dict[str, None] = {}

    def read(self, slug: str) -> list[str]:
        until = time.monotonic() + LONGEST
        self.begin(slug)
        while self.flights:
            now = time.monotonic()
            if now < until + TAIL:
                for other in leases.overdue(self.room(), only_sound=now >= until):
                    self.begin(other)
            for future in self.fetchers.landed(self.flights, PATIENCE):
                self.land(future)
        return list(self.hosts)

    def room(self) -> int:
        """How many fetches may be begun now: few bodies should wait for this thread to store them."""
        since = timezone.now() - timedelta(seconds=PATIENCE)
        slow = sum(flight.at <= since for flight in self.flights.values())
        return min(AT_ONCE, slow + ABREAST) - len(self.flights)

    def begin(self, slug: str) -> None:
        with ExitStack() as held:
            feed = held.enter_context(leases.reading(slug))
            if feed is None:
                return
            self.hosts[feed.host] = None
            future = self.fetchers.launch(pipeline.question(feed))
            self.flights[future] = Flight(feed, timezone.now(), held.pop_all())

    def land(self, future: Future[Answer]) -> None:
        """Store and draw what came."""
        flight = self.flights.pop(future)
        # Whatever is logged meanwhile, by whichever step, names the source.
        with flight.held, bound_contextvars(source=flight.feed.source.slug):
            pipeline.finish(flight.feed, future.result, flight.at)

    def let_go(self) -> None:
        """Give back what is held where not all have landed: those feeds are still due."""
        with ExitStack() as held:
            for flight in self.flights.values():
                held.push(flight.held)


def read(slug: str) -> list[str]:
    """Read this feed, and others while it keeps us waiting; the hosts that were asked."""
    fetchers = Fetchers()
    reader = Reader(fetchers)
    try:
        return reader.read(slug)
    finally:
        reader.let_go()
        fetchers.close()
