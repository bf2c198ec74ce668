"""What tasks and beats rely on: one app, one queue, one beat that gives out tasks."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
import time_machine
from celery import current_app
from django.conf import settings

from config.beat import LockedScheduler
from config.celery import HARD_LIMIT_SECONDS, VISIBILITY_SECONDS, app, broker_url
from config.server_processes import wait_until


def test_tasks_of_every_program_go_through_our_app() -> None:
    assert current_app._get_current_object() is app


def test_schedule_names_tasks_that_exist() -> None:
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)


def test_task_is_over_before_its_message_is_given_to_another() -> None:
    assert HARD_LIMIT_SECONDS < VISIBILITY_SECONDS
    options = app.conf.broker_transport_options
    assert options["visibility_timeout"] == app.conf.visibility_timeout == VISIBILITY_SECONDS
    # The defaults sweep so seldom that a killed worker's tasks look lost for minutes.
    assert options["unacked_restore_interval"] * options["unacked_restore_throttle"] < 30


def test_no_call_waits_in_the_queue_for_long() -> None:
    for entry in app.conf.beat_schedule.values():
        assert entry["options"]["expires"] < VISIBILITY_SECONDS


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("unix:///run/redis.sock?db=0", "redis+socket:///run/redis.sock?virtual_host=0"),
        ("redis://broker:6379/0", "redis://broker:6379/0"),
        ("rediss://:secret@broker:6380/1", "rediss://:secret@broker:6380/1"),
    ],
)
def test_speaks_kombus_spelling_of_the_url(url: str, expected: str) -> None:
    assert broker_url(url) == expected


def test_task_that_is_sent_stands_in_redis(broker: str) -> None:
    with app.connection_for_write() as connection:
        queue = connection.SimpleQueue(app.conf.task_default_queue)
        queue.clear()
        app.send_task("ingest.tasks.heartbeat")
        assert queue.get(timeout=5).headers["task"] == "ingest.tasks.heartbeat"
        queue.close()


@pytest.fixture
def scheduler(servers: None):
    made: list[LockedScheduler] = []

    def make() -> LockedScheduler:
        made.append(LockedScheduler(app=app))
        return made[-1]

    yield make
    for each in made:
        each.let_go()


def test_of_two_beats_one_gives_out_tasks(scheduler: Callable[[], LockedScheduler]) -> None:
    first, second = scheduler(), scheduler()
    assert first.holds_lock()
    assert first.holds_lock()
    assert not second.holds_lock()
    first.let_go()
    assert wait_until(second.holds_lock, 10)


def test_beat_whose_session_was_cut_takes_the_lock_again(scheduler: Callable[[], LockedScheduler]) -> None:
    beat = scheduler()
    assert beat.holds_lock()
    assert beat.holder is not None
    with psycopg.connect(settings.DATABASE_URL, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [beat.holder.info.backend_pid])
    assert not beat.holds_lock()
    assert wait_until(beat.holds_lock, 10)


def test_everything_is_due_when_beat_begins(scheduler: Callable[[], LockedScheduler]) -> None:
    beat = scheduler()
    assert set(beat.schedule) == set(app.conf.beat_schedule)
    assert all(entry.is_due().is_due for entry in beat.schedule.values())


def test_case_37_a_clock_that_jumps_back_stops_no_schedule(
    scheduler: Callable[[], LockedScheduler], monkeypatch: pytest.MonkeyPatch
) -> None:
    beat, sent = scheduler(), list[str]()
    monkeypatch.setattr(beat, "apply_entry", lambda entry, **_: sent.append(entry.name))
    names = set(beat.schedule)
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False) as clock:
        beat.make_due()
        for _ in range(2 * len(names)):
            beat.tick()
        assert sorted(sent) == sorted(names), "each once"
        clock.shift(-3600)
        for _ in range(2 * len(names)):
            beat.tick()
        assert sorted(sent) == sorted(2 * [*names])
