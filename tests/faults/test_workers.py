"""Cases 23 to 32 of the list of faults: worker, beat and broker killed for real, in the middle of their work.

The counts here are small; `FAULTS_SCALE` multiplies them, as `make soak` does.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import psutil
import pytest
from celery import Celery
from django.db import transaction
from django.utils import timezone

from config.celery import app as product
from incidents.models import Account, Incident, Report
from ingest import leases, tasks
from ingest.health import start_now
from ingest.models import Feed, Item, ItemState, RawItem
from ingest.storing import store
from ingest.voices import read
from tests.factories import NOON
from tests.faults.lab import Lab, app_of, children, wait_for
from tests.ingest.bodies import body_of, google, make_feed
from tests.ingest.hostile import Hostile

SCALE = int(os.environ.get("FAULTS_SCALE", "1"))
MOST_MEMORY = 512 * 2**20
ALONE = ("--concurrency", "1")


@pytest.fixture
def queue(lab: Lab) -> Celery:
    return app_of(lab)


class Slow:
    """Serves feeds that wait for a word before they answer; counts who asked."""

    def __init__(self, server: Hostile) -> None:
        self.server = server
        self.go = threading.Event()
        self.asked: Counter[str] = Counter()

    def serve(self, slug: str, *items: Any) -> str:
        body = body_of(*items)
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"

        def answer(connection: Any, request: str) -> None:
            self.asked[slug] += 1
            self.go.wait(30)
            with suppress(OSError):
                connection.sendall(head.encode() + body)

        return self.server.handle(f"/{slug}", answer)


@pytest.fixture
def slow(server: Hostile) -> Slow:
    return Slow(server)


def key(number: int) -> str:
    return f"AbCdEfGhIjKlMnO{number:05}"


def make_feeds(slow: Slow, count: int) -> list[str]:
    """So many sources, each with an incident of its own, none on the same host as another."""
    slugs = []
    for number in range(count):
        address = slow.serve(f"source-{number}", google(key(number)))
        # Any loopback address is this one: each source has a host of its own.
        url = address.replace("127.0.0.1", f"127.0.{number // 200}.{number % 200 + 1}")
        slugs.append(f"source-{number}")
        make_feed(slugs[-1], url=url)
    return slugs


def send(queue: Celery, slugs: Iterable[str]) -> None:
    for slug in slugs:
        queue.send_task("ingest.tasks.poll_feed", [slug])


def time_passes() -> None:
    """What runs out by itself has run out: leases of feeds, claims on items."""
    Feed.objects.update(leased_until=None, queued_until=None)
    Item.objects.update(claimed_until=None)


def assert_whole(count: int) -> None:
    """Nothing lost, nothing doubled, nothing left half-way."""
    assert Report.objects.count() == count
    assert RawItem.objects.count() == count
    assert Account.objects.exclude(incident=None).count() == count
    assert not Item.objects.exclude(state=ItemState.DONE).exists()
    assert not Incident.objects.live().filter(accounts=None).exists()


def done() -> int:
    return Item.objects.filter(state=ItemState.DONE).count()


def test_case_23_a_killed_child_costs_one_more_attempt_and_no_row(
    lab: Lab, queue: Celery, slow: Slow
) -> None:
    worker = lab.start("worker", *ALONE)
    slugs = make_feeds(slow, 1)
    send(queue, slugs)
    wait_for(lambda: slow.asked["source-0"] == 1)
    (child,) = children(worker)
    child.kill()
    slow.go.set()
    wait_for(lambda: any(one.pid != child.pid for one in children(worker)))
    # The task came back at once and found the feed leased. When that runs out, beat sends it again.
    time_passes()
    send(queue, leases.take_due(10))
    wait_for(lambda: done() == 1)
    assert slow.asked["source-0"] == 2
    assert_whole(1)


def test_case_24_a_killed_worker_with_prefetched_work_loses_and_doubles_nothing(
    lab: Lab, queue: Celery, slow: Slow
) -> None:
    count = 20 * SCALE
    worker = lab.start("worker")
    slugs = make_feeds(slow, count)
    send(queue, slugs)
    wait_for(lambda: len(slow.asked) >= 2)
    lab.kill(worker)
    slow.go.set()
    lab.start("worker")
    time_passes()
    send(queue, leases.take_due(count))
    wait_for(lambda: done() == count, 60 * SCALE)
    assert_whole(count)


def test_case_25_the_second_copy_of_a_slow_task_leaves_it_alone(lab: Lab, queue: Celery, slow: Slow) -> None:
    lab.start("worker")
    send(queue, [*make_feeds(slow, 1), "source-0", "source-0"])
    wait_for(lambda: slow.asked["source-0"] == 1)
    # A task behind them is done, so they were taken, looked at the lease and left.
    queue.send_task("ingest.tasks.process_waiting")
    wait_for(lambda: lab.broker.llen("faultline") == 0)
    wait_for(lambda: lab.broker.hlen("unacked") == 1)
    slow.go.set()
    wait_for(lambda: done() == 1)
    assert slow.asked["source-0"] == 1
    assert_whole(1)


def test_case_26_a_broker_killed_again_and_again_under_load_stops_no_worker(
    lab: Lab, queue: Celery, slow: Slow
) -> None:
    count = 12 * SCALE
    lab.start("worker")
    slugs = make_feeds(slow, count)
    slow.go.set()
    for number in range(3):
        send(queue, slugs[number * count // 3 : (number + 1) * count // 3])
        lab.kill_server("redis")
    time_passes()
    send(queue, leases.take_due(count))
    wait_for(lambda: done() == count, 90)
    assert_whole(count)


def test_case_27_an_emptied_broker_costs_ticks_and_no_data(lab: Lab, queue: Celery, slow: Slow) -> None:
    count = 20 * SCALE
    slow.go.set()
    make_feeds(slow, count)
    body = body_of(*(google(key(count + number)) for number in range(20)))
    archive = make_feed("archive")
    store(archive, body, read(archive, body), NOON)
    send(queue, leases.take_due(count))
    queue.send_task("ingest.tasks.process_waiting")
    lab.broker.flushall()
    lab.start("worker")
    time_passes()
    send(queue, leases.take_due(count))  # a tick of beat
    queue.send_task("ingest.tasks.process_waiting")
    wait_for(lambda: done() == count + 20, 60 * SCALE)
    assert_whole(count + 20)


def test_case_29_what_was_rolled_back_is_never_read_and_what_was_committed_once(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    monkeypatch.setattr(tasks.poll_feed, "delay", sent.append)
    feed = make_feed(url="https://one.example/")
    Feed.objects.update(due_at=timezone.now() + timedelta(hours=1))
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        start_now(feed)
        raise ZeroDivisionError
    tasks.poll_due()
    assert sent == []
    start_now(feed)  # committed; whoever was to send it is gone
    tasks.poll_due()
    tasks.poll_due()
    assert sent == ["gcp-status"]


POISONS = ("raise", "loop", "crash", "eat")


def test_case_30_poison_is_set_aside_with_its_trouble_and_the_queue_moves_on(lab: Lab, queue: Celery) -> None:
    feed = make_feed()
    items = [google(key(number), external_desc=title) for number, title in enumerate(POISONS)]
    body = body_of(*items, *(google(key(9 + number)) for number in range(5)))
    store(feed, body, read(feed, body), NOON)
    worker = lab.start("worker", *ALONE, app="tests.faults.poisoned")
    peak = 0

    def is_settled() -> bool:
        nonlocal peak
        with suppress(psutil.NoSuchProcess):
            peak = max([peak, *(child.memory_info().rss for child in children(worker))])
        if lab.broker.llen("faultline") == lab.broker.hlen("unacked") == 0:
            time_passes()
            queue.send_task("ingest.tasks.process_waiting")
        return not Item.objects.waiting().exists()

    wait_for(is_settled, 120)
    troubles = {item.key: item.trouble for item in Item.objects.set_aside()}
    assert set(troubles) == {f"gcp:{key(number)}" for number in range(len(POISONS))}
    assert "RuntimeError: cannot be digested" in troubles[f"gcp:{key(0)}"]
    assert all("worker died" in troubles[f"gcp:{key(number)}"] for number in (1, 2))
    assert "MemoryError" in troubles[f"gcp:{key(3)}"]
    assert peak < MOST_MEMORY
    assert done() == 5
    lab.end()
    told = lab.manage("replay", "gcp-status")
    assert "4 items" in told
    assert Item.objects.waiting().count() == len(POISONS)


def test_case_31_of_two_beats_one_gives_out_each_tick_and_the_other_takes_over(lab: Lab) -> None:
    ticks = len(product.conf.beat_schedule)
    first = lab.start("beat")
    wait_for(lambda: lab.broker.llen("faultline") == ticks)
    second = lab.start("beat")
    lab.kill(first)
    lab.broker.delete("faultline")
    wait_for(lambda: lab.broker.llen("faultline") == ticks, 20)
    assert second.poll() is None


def test_case_32_a_worker_told_to_end_finishes_or_gives_back(lab: Lab, queue: Celery, slow: Slow) -> None:
    count = 6
    worker = lab.start("worker")
    send(queue, make_feeds(slow, count))
    wait_for(lambda: len(slow.asked) >= 2)
    worker.send_signal(signal.SIGTERM)
    slow.go.set()
    assert worker.wait(timeout=30) == 0
    begun = set(slow.asked)
    assert done() == len(begun), "what was begun is finished"
    lab.start("worker")
    time_passes()
    send(queue, leases.take_due(count))
    wait_for(lambda: done() == count)
    assert_whole(count)
    assert all(times == 1 for times in slow.asked.values())
