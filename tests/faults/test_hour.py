"""An hour of simulated time with a thousand sources, a hundred of which fail in ten ways, on one worker.

The clock moves by what each reading takes, and fetches end when they would in life, in a worker with one
child. `HOUR_SOURCES` sets the number of sources; `make soak` runs the thousand.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from ingest import pipeline, reading, tasks
from ingest.errors import Failure, FetchError
from ingest.fetching import Answer, Known, Outcome
from ingest.models import TICK, Feed
from ingest.reading import Fetchers
from tests.factories import NOON
from tests.ingest.bodies import MINUTE, make_feed

# Statements commit one by one, as in a worker: within one transaction nothing of the hour is cleaned up.
pytestmark = pytest.mark.django_db(transaction=True)

SOURCES = int(os.environ.get("HOUR_SOURCES", "50"))
FAILING = max(SOURCES // 10, 10)
HOUR = timedelta(hours=1)
INTERVAL = 5 * MINUTE
HEALTHY_FETCH, HEALTHY_WORK = 0.3, 0.05
"""Seconds of a fetch, and of this process for what did not change: measured, and rounded up threefold."""


def failure(kind: Failure, seconds: float, asked: timedelta | None = None) -> tuple[float, FetchError]:
    return seconds, FetchError(kind.value, kind, asked)


WAYS = [
    failure(Failure.TIMED_OUT, 30.0),  # drips until it is cut at the wall clock
    failure(Failure.UNREACHABLE, 10.0),  # nobody answers the connection
    failure(Failure.SERVER_ERROR, 0.3),
    failure(Failure.THROTTLED, 0.1, 2 * MINUTE),
    failure(Failure.MISSING, 0.1),
    failure(Failure.BLOCKED, 0.1),
    failure(Failure.GONE, 0.1),
    failure(Failure.REDIRECT, 0.5),
    failure(Failure.TOO_LARGE, 3.0),
    failure(Failure.BAD_ENCODING, 0.1),
]


class Simulated(Fetchers):
    """Fetches that end when the clock says so; waiting for them moves it."""

    def __init__(self, clock: time_machine.Coordinates) -> None:
        self.clock = clock
        self.ends: dict[Future[Answer], datetime] = {}

    def launch(self, question: Callable[[], Answer]) -> Future[Answer]:
        future: Future[Answer] = Future()
        try:
            answer = question()
        except Slow as told:
            future.set_exception(told.error)
            seconds = told.seconds
        else:
            future.set_result(answer)
            seconds = answer.seconds
        self.ends[future] = timezone.now() + timedelta(seconds=seconds)
        return future

    def landed(self, flights: Collection[Future[Answer]], seconds: float) -> set[Future[Answer]]:
        now = timezone.now()
        first = min(self.ends[future] for future in flights)
        self.clock.move_to(max(now, min(first, now + timedelta(seconds=seconds))))
        return {future for future in flights if self.ends[future] <= timezone.now()}

    def close(self) -> None:
        self.ends.clear()


class Slow(Exception):
    """What a fetch that fails says, and after how many seconds."""

    def __init__(self, seconds: float, error: FetchError) -> None:
        self.seconds, self.error = seconds, error


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def test_every_healthy_source_is_read_on_time(monkeypatch: pytest.MonkeyPatch, clock: Any) -> None:
    reads: dict[str, list[datetime]] = {}
    queue: list[str] = []

    def fetched(url: str, **_: Any) -> Answer:
        slug = url.rsplit("/", 1)[1]
        reads.setdefault(slug, []).append(timezone.now())
        kind, number = slug.split("-")
        if kind == "failing":
            raise Slow(*WAYS[int(number) % len(WAYS)])
        return Answer(Outcome.NOT_MODIFIED, Known(), seconds=HEALTHY_FETCH)

    def finished(*arguments: Any) -> Any:
        clock.shift(HEALTHY_WORK)
        return finish(*arguments)

    finish = pipeline.finish
    monkeypatch.setattr(pipeline, "fetch", fetched)
    monkeypatch.setattr(pipeline, "finish", finished)
    monkeypatch.setattr(reading, "Fetchers", lambda: Simulated(clock))
    # The clock of tasks counts on, whatever the sources' says.
    monkeypatch.setattr(reading.time, "monotonic", lambda: timezone.now().timestamp())
    monkeypatch.setattr(tasks.poll_feed, "delay", queue.append)
    for number in range(SOURCES):
        kind = "failing" if number < FAILING else "healthy"
        feed = make_feed(f"{kind}-{number}", url=f"https://host-{number}.example/{kind}-{number}")
        # They have been read for days: what falls due is spread over the interval.
        spread = INTERVAL * (number * 7919 % SOURCES) / SOURCES
        Feed.objects.filter(pk=feed.pk).update(due_at=NOON + spread)
    next_tick = NOON
    while timezone.now() < NOON + HOUR:
        if timezone.now() >= next_tick:
            next_tick += TICK
            tasks.poll_due()
        elif queue:
            tasks.poll_feed(queue.pop(0))
        else:
            clock.move_to(next_tick)
    healthy = [times for slug, times in reads.items() if slug.startswith("healthy")]
    gaps = sorted(later - earlier for times in healthy for earlier, later in pairwise(times))
    late = [gap for gap in gaps if gap > 1.1 * INTERVAL]
    print(
        f"\n{len(gaps)} readings of {len(healthy)} healthy sources: median {gaps[len(gaps) // 2]}, "
        f"longest {gaps[-1]}, {len(late)} more than 10 % late"
    )
    assert len(healthy) == SOURCES - FAILING
    assert all(len(times) >= 11 for times in healthy)
    assert late == []
