"""Worker children, worker, broker and PostgreSQL killed at random under load: nothing lost, nothing doubled.

`SOAK_SECONDS` sets for how long; `make soak` kills for ten minutes. `SOAK_SEED` repeats a run.
"""

from __future__ import annotations

import json
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

import psutil
from celery import Celery
from django.db import connection
from django.utils import timezone

from config.server_processes import wait_until
from incidents.models import Account, Claim, Incident, Post, Report
from incidents.relinking import relink
from ingest.models import Feed, Item, ItemState, Payload, RawItem
from ingest.processing import draw_again
from tests.faults.lab import Lab, app_of, children, wait_for
from tests.ingest.bodies import google, make_feed
from tests.ingest.hostile import Hostile

SECONDS = float(os.environ.get("SOAK_SECONDS", "15"))
SEED = int(os.environ.get("SOAK_SEED", str(time.time_ns() % 10**6)))
SOURCES = 40
PATIENCE = 60.0
EVERY = timedelta(seconds=5)
MOST_MEMORY = 512 * 2**20
WORDS = ("Errors in us-central1.", "We found the cause.", "A fix is on its way.", "All is well again.")


class Pages:
    """Forty pages that change all the time: each says something more, or has an incident more, when asked."""

    def __init__(self, server: Hostile) -> None:
        self.server = server
        self.lock = threading.Lock()
        self.told: dict[int, list[tuple[str, int]]] = {
            number: [(f"Soak{number:06}Nr{0:08}", 1)] for number in range(SOURCES)
        }
        """By page: the key of each of its incidents, and how many posts it has."""
        self.is_growing = True
        self.asked: Counter[int] = Counter()
        for number in range(SOURCES):
            url = server.handle(f"/{number}", partial(self.answer, number))
            make_feed(f"page-{number}", url=url.replace("127.0.0.1", f"127.0.1.{number + 1}"), interval=EVERY)

    def answer(self, number: int, connection: Any, request: str) -> None:
        body = self.body(number)
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        with suppress(OSError):
            connection.sendall(head.encode() + body)

    def body(self, number: int) -> bytes:
        with self.lock:
            self.asked[number] += 1
            told = self.told[number]
            if self.is_growing:
                if told[-1][1] < len(WORDS):
                    told[-1] = (told[-1][0], told[-1][1] + 1)
                else:
                    told.append((f"Soak{number:06}Nr{len(told):08}", 1))
            return json.dumps([google(key, *WORDS[:count]) for key, count in told[-30:]]).encode()

    def stop_growing(self) -> None:
        with self.lock:
            self.is_growing = False

    def keys(self) -> set[str]:
        with self.lock:
            return {f"gcp:{key}" for told in self.told.values() for key, _ in told}


class Killer:
    """Kills something every few seconds, and counts what."""

    def __init__(self, lab: Lab, dice: random.Random) -> None:
        self.lab, self.dice = lab, dice
        self.worker, self.beat = lab.start("worker"), lab.start("beat")
        self.killed: Counter[str] = Counter()
        self.deck: list[Callable[[], None]] = []
        self.peak = 0

    def child(self) -> None:
        found = [one for one in children(self.worker) if one.is_running()]
        if found:
            with suppress(psutil.NoSuchProcess):
                self.dice.choice(found).kill()

    def whole_worker(self) -> None:
        self.lab.kill(self.worker)
        self.worker = self.lab.start("worker")

    def whole_beat(self) -> None:
        self.lab.kill(self.beat)
        self.beat = self.lab.start("beat")

    def broker(self) -> None:
        self.lab.kill_server("redis")

    def database(self) -> None:
        self.lab.kill_server("postgres")

    def strike(self) -> None:
        """In no order that anybody knows, but each of them time and again."""
        if not self.deck:
            self.deck = [
                self.child,
                self.child,
                self.whole_worker,
                self.whole_beat,
                self.broker,
                self.database,
            ]
            self.dice.shuffle(self.deck)
        act = self.deck.pop()
        self.killed[act.__name__] += 1
        act()

    def look(self) -> None:
        """Memory of the worker, its children and the parsers that those started."""
        with suppress(psutil.NoSuchProcess):
            family = psutil.Process(self.worker.pid).children(recursive=True)
            sizes = [one.memory_info().rss for one in family if one.is_running()]
            self.peak = max([self.peak, *sizes])
        if self.worker.poll() is not None:
            self.worker = self.lab.start("worker")
        if self.beat.poll() is not None:
            self.beat = self.lab.start("beat")


def test_whatever_is_killed_nothing_is_lost_and_nothing_doubled(lab: Lab, server: Hostile) -> None:
    dice = random.Random(SEED)
    pages, queue, killer = Pages(server), app_of(lab), Killer(lab, dice)
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        # Never into a standstill: each strike hits work that is under way.
        before = sum(pages.asked.values())
        wait_until(lambda before=before: sum(pages.asked.values()) > before, PATIENCE)
        time.sleep(dice.uniform(0, 4))
        killer.look()
        killer.strike()
    settle(lab, pages, queue, killer)
    told = figures(pages, killer)
    print(f"\nseed {SEED}, {SECONDS:g} s: {json.dumps(told)}")
    assert told["reports"] >= SOURCES
    assert_all_is_there(pages)
    assert not relink(apply=False)
    assert killer.peak < MOST_MEMORY


def settle(lab: Lab, pages: Pages, queue: Celery, killer: Killer) -> None:
    """Stop killing, let what runs out by itself run out, and wait until each page is read as it stands."""
    pages.stop_growing()
    lab.servers.ensure_up()
    stopped_at = timezone.now()
    connection.close()
    Feed.objects.update(leased_until=None, queued_until=None, due_at=None)
    Item.objects.update(claimed_until=None)

    def is_settled() -> bool:
        killer.look()
        unread = Feed.objects.exclude(checked_at__gt=stopped_at, failures=0).count()
        waiting = Item.objects.waiting().count()
        if waiting and not lab.broker.llen("faultline"):
            Item.objects.update(claimed_until=None)
            queue.send_task("ingest.tasks.process_waiting")
        return not unread and not waiting

    wait_for(is_settled, 180)
    lab.end()


def rows() -> list[str]:
    claims = Claim.objects.values_list(
        *(
            "account__key",
            "subject",
            "field",
            "key",
            "path",
            "post__ref",
            "start",
            "end",
            "seen_at",
            "gone_at",
        )
    )
    posts = Post.objects.values_list("report__key", "ref", "revision", "text", "seen_at", "gone_at")
    return [*sorted(map(repr, claims)), *sorted(map(repr, posts))]


def figures(pages: Pages, killer: Killer) -> dict[str, Any]:
    return {
        "killed": dict(sorted(killer.killed.items())),
        "fetches": sum(pages.asked.values()),
        "incidents told": len(pages.keys()),
        "reports": Report.objects.count(),
        "revisions": RawItem.objects.count(),
        "posts": Post.objects.count(),
        "claims": Claim.objects.count(),
        "incidents": Incident.objects.live().count(),
        "peak MiB": killer.peak >> 20,
    }


def assert_all_is_there(pages: Pages) -> None:
    assert not Item.objects.exclude(state=ItemState.DONE).exists()
    assert set(Report.objects.values_list("key", flat=True)) == pages.keys()
    assert Account.objects.count() == Report.objects.count(), "one account each"
    assert not Account.objects.filter(incident=None).exists()
    for told in pages.told.values():
        for key, count in told:
            report = Report.objects.get(key=f"gcp:{key}")
            texts = list(report.posts.current().order_by("position").values_list("text", flat=True))
            assert texts == list(WORDS[:count]), key
    stood = rows()
    Report.objects.update(digest="")  # so that all is written anew
    draw_again(Item.objects.values_list("pk", flat=True))
    assert rows() == stood, "drawn from nothing it is the same"
    brought = Payload.objects.filter(packed__isnull=False)
    assert not brought.filter(items=None).exists(), "a body is kept for what it brought"
