"""Cases 33 to 35 and 37: the database restarted, crowded, locked and read-only under what is running."""

from __future__ import annotations

import signal
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message

import psycopg
import pytest
from celery import Celery
from django.db import OperationalError, connection
from psycopg.errors import LockNotAvailable

from config import preparing
from config.server_processes import wait_until
from ingest import leases
from tests.faults.lab import Lab, app_of, wait_for
from tests.faults.test_workers import Slow, assert_whole, done, make_feeds, send, time_passes
from tests.ingest.hostile import Hostile

PAGES = ("/", "/timeline/", "/sources/")


@pytest.fixture
def queue(lab: Lab) -> Celery:
    return app_of(lab)


@pytest.fixture
def slow(server: Hostile) -> Slow:
    return Slow(server)


class Web:
    """The web of the lab, asked as a browser asks."""

    def __init__(self, lab: Lab) -> None:
        if not (lab.data / "static" / "staticfiles.json").exists():
            lab.manage("collectstatic", "--no-input", "--verbosity", "0")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        lab.start("web", "--port", str(self.port), "--workers", "1")
        wait_for(lambda: self.status("/healthz") == 200)

    def status(self, path: str) -> int:
        return self.get(path)[0]

    def get(self, path: str) -> tuple[int, Message, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=40) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode()
        except OSError:
            return 0, Message(), ""


@contextmanager
def holding(lab: Lab, statement: str) -> Iterator[psycopg.Connection]:
    """A transaction that did this and does not end."""
    with psycopg.connect(lab.url) as other:
        other.execute(statement)
        yield other
        other.rollback()


def test_case_33_a_restart_in_immediate_mode_fails_no_page_afterwards_and_leaves_nothing_half_done(
    lab: Lab, queue: Celery, slow: Slow
) -> None:
    count = 12
    web, _ = Web(lab), lab.start("worker")
    assert [web.status(page) for page in PAGES] == [200] * 3
    slugs = make_feeds(slow, count)
    slow.go.set()
    send(queue, slugs)
    wait_for(lambda: done() >= 2)
    postgres = lab.servers.all["postgres"]
    process = postgres.process()
    assert process is not None
    process.send_signal(signal.SIGQUIT)
    wait_until(lambda: postgres.process() is None, 30)
    lab.servers.ensure_up()
    assert [web.status(page) for page in 7 * PAGES] == [200] * 21
    connection.close()
    time_passes()
    send(queue, leases.take_due(count))
    queue.send_task("ingest.tasks.process_waiting")
    wait_for(lambda: done() == count)
    assert_whole(count)


def test_case_34_a_crowded_database_answers_503_in_time_and_other_pages_go_on(lab: Lab) -> None:
    web = Web(lab)
    quick = median(web, "/healthz")
    with holding(lab, "LOCK TABLE incidents_incident IN ACCESS EXCLUSIVE MODE"):
        answers: list[tuple[int, Message, str]] = []
        stuck = [threading.Thread(target=lambda: answers.append(web.get("/timeline/"))) for _ in range(2)]
        for thread in stuck:
            thread.start()
        time.sleep(0.5)
        assert median(web, "/healthz") <= max(3 * quick, 0.05)
        for thread in stuck:
            thread.join(30)
    assert [status for status, *_ in answers] == [503, 503]
    assert all(headers["Retry-After"] == "10" and "Traceback" not in body for _, headers, body in answers)
    assert web.status("/timeline/") == 200


def median(web: Web, path: str) -> float:
    """Seconds that a page takes."""
    taken = []
    for _ in range(9):
        began = time.monotonic()
        assert web.status(path) == 200
        taken.append(time.monotonic() - began)
    return sorted(taken)[4]


def test_case_35_a_migration_waits_for_a_lock_without_making_pages_wait(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparing, "PAUSE_SECONDS", 0.3)
    tries: list[float] = []
    waits: list[float] = []
    over = threading.Event()

    def migrate() -> None:
        tries.append(time.monotonic())
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE ingest_feed ADD COLUMN later text")

    def read() -> None:
        """A page that looks at the table, behind the migration in the line for its lock."""
        with psycopg.connect(lab.url, autocommit=True) as page:
            while not over.wait(0.05):
                began = time.monotonic()
                page.execute("SELECT count(*) FROM ingest_feed")
                waits.append(time.monotonic() - began)

    with holding(lab, "SELECT count(*) FROM ingest_feed") as long:
        reader = threading.Thread(target=read)
        reader.start()
        threading.Timer(3.5, long.rollback).start()
        preparing.patiently(migrate)
        over.set()
        reader.join()
    assert len(tries) >= 2
    assert max(waits) <= 2.5
    assert leases.take_due(1) == [], "yesterday's code does not mind the new column"
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ingest_feed DROP COLUMN later")
        cursor.execute("SET lock_timeout = 0")


def test_case_35_patience_has_an_end(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparing, "PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr(preparing, "LOCK_TIMEOUT", "100ms")

    def migrate() -> None:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE ingest_feed ADD COLUMN later text")

    with holding(lab, "SELECT count(*) FROM ingest_feed"), pytest.raises(OperationalError) as raised:
        preparing.patiently(migrate)
    assert isinstance(raised.value.__cause__, LockNotAvailable)
    connection.close()


def test_case_37_a_record_that_cannot_be_written_is_not_ready_and_goes_on_when_it_can(
    lab: Lab, queue: Celery, slow: Slow
) -> None:
    web, _ = Web(lab), lab.start("worker")
    slugs = make_feeds(slow, 4)
    slow.go.set()
    assert '"database": "ok"' in web.get("/readyz")[2]
    only_read(lab, "on")
    status, _, told = web.get("/readyz")
    assert status == 503
    assert "ReadOnlySqlTransaction" in told
    assert web.status("/timeline/") == 200, "what is there can be read"
    send(queue, slugs)
    wait_for(lambda: lab.broker.llen("faultline") == 0)
    only_read(lab, "off")
    assert '"database": "ok"' in web.get("/readyz")[2]
    connection.close()
    time_passes()
    send(queue, leases.take_due(4))
    wait_for(lambda: done() == 4)
    assert_whole(4)


def only_read(lab: Lab, word: str) -> None:
    """What a full disk, or a standby that was promoted elsewhere, comes to."""
    with psycopg.connect(
        lab.url, autocommit=True, options="-c default_transaction_read_only=off"
    ) as database:
        database.execute(f"ALTER SYSTEM SET default_transaction_read_only = {word}")
        database.execute("SELECT pg_reload_conf()")
    time.sleep(0.3)
