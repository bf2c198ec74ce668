"""The schedule: what is due, who reads it, and what duplicates and losses cost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from config.celery import app
from incidents.choices import SourceState
from incidents.models import Report, Source
from ingest import leases, pipeline, processing, tasks
from ingest.errors import Failure, FetchError
from ingest.fetching import Answer, Known, Outcome
from ingest.health import MOVED_AFTER, Polled
from ingest.models import LONGEST_LEASE, TICK, Check, Feed, Heartbeat, Host, Item, Payload
from ingest.storing import store
from ingest.voices import read
from nlp.document import Document, Extraction
from nlp.extraction import extract
from tests.factories import DAY, HOUR, NOON
from tests.ingest.bodies import MINUTE, aws_event, aws_feed, body_of, google, make_feed, poll_again, take
from tests.ingest.hostile import Hostile, hostile

pytestmark = pytest.mark.django_db

A = "AbCdEfGhIjKlMnOpQrSt"
server = pytest.fixture(hostile)


@pytest.fixture(autouse=True)
def laboratory(settings: Any) -> None:
    settings.ALLOW_PRIVATE_SOURCES = True


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Slugs for which a reading was sent, instead of sending it."""
    slugs: list[str] = []
    monkeypatch.setattr(tasks.poll_feed, "delay", slugs.append)
    return slugs


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def feeds(count: int, host: str = "") -> None:
    for number in range(count):
        make_feed(f"source-{number}", url=f"https://{host or f'host-{number}.example'}/{number}.json")


def test_what_is_due_is_sent_once(sent: list[str]) -> None:
    feeds(3)
    tasks.poll_due()
    tasks.poll_due()
    assert sorted(sent) == ["source-0", "source-1", "source-2"]


def test_archives_and_sources_that_are_off_or_not_due_are_not_sent(sent: list[str]) -> None:
    feeds(2)
    make_feed("archive", url="")
    Feed.objects.filter(source__slug="source-0").update(is_enabled=False)
    Feed.objects.filter(source__slug="source-1").update(due_at=timezone.now() + HOUR)
    tasks.poll_due()
    assert sent == []


def test_what_falls_due_before_the_next_tick_is_sent_but_a_host_that_failed_gets_its_time(
    sent: list[str], clock: Any
) -> None:
    feeds(3)
    for slug, seconds, failures in (("source-0", 14, 0), ("source-1", 14, 1), ("source-2", 16, 0)):
        due_at = NOON + timedelta(seconds=seconds)
        Feed.objects.filter(source__slug=slug).update(due_at=due_at, failures=failures)
    tasks.poll_due()
    assert sent == ["source-0"]


def test_beat_asks_as_often_as_the_schedule_counts_on() -> None:
    assert app.conf.beat_schedule["poll"]["schedule"] == TICK.total_seconds()


def test_case_27_an_emptied_broker_costs_two_ticks(sent: list[str], clock: Any) -> None:
    feeds(100)
    for _ in range(3):
        tasks.poll_due()
        clock.shift(timedelta(seconds=15))
    assert len(sent) == 200
    assert len(set(sent)) == 100


def test_a_host_gets_two_readings_at_once(sent: list[str]) -> None:
    feeds(9, host="one.example")
    tasks.poll_due()
    assert len(sent) == 2


def test_case_31_duplicates_of_a_task_read_once(server: Hostile) -> None:
    make_feed(url=server.answer("/feed", body_of(google(A))))
    tasks.poll_feed("gcp-status")
    tasks.poll_feed("gcp-status")
    assert len(server.requests) == 1


def test_case_25_a_feed_that_is_being_read_is_left_alone(server: Hostile) -> None:
    make_feed(url=server.answer("/feed", body_of(google(A))))
    with leases.reading("gcp-status") as feed, leases.reading("gcp-status") as other:
        assert feed is not None
        assert other is None


def killed_while_reading(slug: str) -> None:
    """What a worker that is killed leaves: nothing of its own is given back."""
    feed = leases.lease(slug)
    assert feed is not None
    assert leases.ask(feed.host) is not None


def test_a_lease_that_a_killed_worker_left_runs_out(clock: Any) -> None:
    make_feed(url="https://one.example/")
    killed_while_reading("gcp-status")
    with leases.reading("gcp-status") as feed:
        assert feed is None
    clock.shift(LONGEST_LEASE + timedelta(seconds=1))
    with leases.reading("gcp-status") as feed:
        assert feed is not None


def test_a_place_at_a_host_is_for_two_and_runs_out(clock: Any) -> None:
    places = [leases.ask("one.example") for _ in range(3)]
    assert [place is None for place in places] == [False, False, True]
    clock.shift(leases.ASKING_FOR)
    assert leases.ask("one.example") is not None


def test_a_feed_whose_host_is_busy_stays_due(sent: list[str]) -> None:
    make_feed(url="https://one.example/")
    for _ in range(2):
        leases.ask("one.example")
    tasks.poll_feed("gcp-status")
    assert Feed.objects.get().due_at is None
    assert Feed.objects.get().leased_until is None


def test_when_a_place_is_free_again_the_next_feed_of_the_host_is_sent(
    server: Hostile, sent: list[str]
) -> None:
    for number in range(4):
        make_feed(f"source-{number}", url=server.answer(f"/{number}", body_of(google(A))))
    tasks.poll_feed("source-0")
    assert len(sent) == 2
    assert "source-0" not in sent


def test_beat_worker_and_broker_together_read_what_is_due(server: Hostile) -> None:
    for number in range(5):
        make_feed(f"source-{number}", url=server.answer(f"/{number}", body_of(google(A))))
    app.conf.task_always_eager = True
    try:
        tasks.poll_due()
    finally:
        app.conf.task_always_eager = False
    assert len(server.requests) == 5
    assert Report.objects.count() == 1


def test_case_01_a_304_reads_nothing_and_writes_no_payload(server: Hostile) -> None:
    url = server.answer("/feed", body_of(google(A)), headers={"ETag": '"1"'})
    feed = make_feed(url=url)
    assert poll_again(feed).new == 1
    server.answer("/feed", status="304 Not Modified")
    polled = poll_again(feed)
    assert (polled.state, polled.unchanged) == (SourceState.UNCHANGED, 1)
    assert Payload.objects.count() == 1
    assert Feed.objects.get().etag == '"1"'


def test_case_02_the_same_body_under_a_new_etag_is_unchanged(server: Hostile) -> None:
    feed = make_feed(url=server.answer("/feed", body_of(google(A)), headers={"ETag": '"1"'}))
    poll_again(feed)
    server.answer("/feed", body_of(google(A)), headers={"ETag": '"2"'})
    polled = poll_again(feed)
    assert (polled.state, Payload.objects.count(), Feed.objects.get().etag) == ("unchanged", 1, '"2"')


def test_case_03_all_feeds_of_a_host_wait_as_long_as_it_asked(
    server: Hostile, sent: list[str], clock: Any
) -> None:
    make_feed("told", url=server.answer("/a", status="429 Slow", headers={"Retry-After": "1800"}))
    make_feed("other", url=server.answer("/b", body_of(google(A))))
    tasks.poll_feed("told")
    clock.shift(29 * MINUTE)
    tasks.poll_due()
    tasks.poll_feed("other")
    assert sent == []
    assert Host.objects.get().quiet_until == NOON + 30 * MINUTE
    clock.shift(MINUTE)
    tasks.poll_due()
    assert sent == ["other"], "the one that was told has its jitter on top"


def test_case_04_failures_back_off_and_the_first_success_ends_it(server: Hostile, clock: Any) -> None:
    feed = make_feed(url=server.answer("/feed", status="502 Bad Gateway"))
    waits = []
    for _ in range(10):
        poll_again(feed)
        due_at = Feed.objects.get().due_at
        assert due_at is not None
        waits.append(due_at - timezone.now())
        clock.move_to(due_at)
    assert all(earlier <= 1.1 * later for earlier, later in pairwise(waits))
    assert waits[0] >= 5 * MINUTE
    assert waits[-1] <= 66 * MINUTE
    failing = Feed.objects.get()
    assert (failing.failures, failing.failing_since, failing.source.state) == (10, NOON, "unreachable")
    server.answer("/feed", body_of(google(A)))
    poll_again(feed)
    well = Feed.objects.get()
    assert (well.failures, well.failing_since, well.source.state) == (0, None, "answers")


@pytest.mark.parametrize(
    ("status", "state", "least"),
    [
        ("401 Who", SourceState.BLOCKED, HOUR),
        ("403 No", SourceState.BLOCKED, HOUR),
        ("404 Where", SourceState.UNREACHABLE, HOUR),
        ("500 Oh", SourceState.UNREACHABLE, 5 * MINUTE),
    ],
)
def test_case_05_a_page_that_refuses_us_is_asked_seldom(
    server: Hostile, status: str, state: SourceState, least: timedelta, clock: Any
) -> None:
    polled = poll_again(make_feed(url=server.answer("/feed", status=status)))
    feed = Feed.objects.get()
    assert polled.state == feed.source.state == state
    assert feed.is_enabled
    assert feed.due_at is not None
    assert least <= feed.due_at - NOON <= 1.1 * least


def test_case_05_a_page_that_is_gone_is_switched_off_and_its_history_stays(
    server: Hostile, sent: list[str]
) -> None:
    feed = make_feed(url=server.answer("/feed", body_of(google(A))))
    poll_again(feed)
    server.answer("/feed", status="410 Gone")
    assert poll_again(feed).state == SourceState.DISABLED
    Feed.objects.update(due_at=None)
    tasks.poll_due()
    assert sent == []
    assert Report.objects.count() == 1
    assert Source.objects.get(slug="gcp-status").state_reason == "answered 410 Gone"


def test_case_06_a_permanent_redirect_is_learnt_after_days(server: Hostile, clock: Any) -> None:
    final = server.answer("/new", body_of(google(A)))
    old = server.answer("/old", status="301 Moved", headers={"Location": "/new"})
    feed = make_feed(url=old)
    poll_again(feed)
    clock.shift(MOVED_AFTER - HOUR)
    poll_again(feed)
    assert Feed.objects.get().url == old
    clock.shift(2 * HOUR)
    poll_again(feed)
    assert Feed.objects.get().url == final


def test_case_06_a_redirect_that_changes_its_mind_starts_anew(server: Hostile, clock: Any) -> None:
    for name in ("/new", "/newer"):
        server.answer(name, body_of(google(A)))
    feed = make_feed(url=server.answer("/old", status="301 Moved", headers={"Location": "/new"}))
    poll_again(feed)
    server.answer("/old", status="301 Moved", headers={"Location": "/newer"})
    clock.shift(MOVED_AFTER)
    poll_again(feed)
    feed.refresh_from_db()
    assert (feed.moved_to, feed.moved_since) == (server.url("/newer"), NOON + MOVED_AFTER)


def test_case_06_an_address_longer_than_any_is_not_learnt(server: Hostile) -> None:
    longer = server.answer("/new?" + 1_000 * "x", body_of(google(A)))
    feed = make_feed(url=server.answer("/old", status="301 Moved", headers={"Location": longer}))
    assert poll_again(feed).new == 1
    assert Feed.objects.get().moved_to == ""


def test_case_06_a_redirect_onto_another_sources_address_is_shown_not_taken(
    server: Hostile, clock: Any
) -> None:
    final = server.answer("/new", body_of(google(A)))
    make_feed("other", url=final)
    old = server.answer("/old", status="301 Moved", headers={"Location": "/new"})
    feed = make_feed(url=old)
    poll_again(feed)
    clock.shift(MOVED_AFTER)
    poll_again(feed)
    feed.refresh_from_db()
    assert (feed.url, feed.moved_to) == (old, final)


def test_case_07_an_inner_address_is_refused_and_nothing_is_stored(server: Hostile, settings: Any) -> None:
    settings.ALLOW_PRIVATE_SOURCES = False
    polled = poll_again(make_feed(url=server.answer("/feed", body_of(google(A)))))
    assert polled.failure is Failure.REFUSED
    assert server.requests == []
    assert Payload.objects.count() == Item.objects.count() == 0


@pytest.mark.parametrize(
    "body", [b"<html><title>Oops</title></html>", b'{"error": 1}', b"", b"\0" * 100_000, b"[1, 2]", b"[{}]"]
)
def test_case_11_what_is_no_feed_leaves_the_last_good_entries_alone(server: Hostile, body: bytes) -> None:
    feed = make_feed(url=server.answer("/feed", body_of(google(A)), headers={"ETag": '"good"'}))
    poll_again(feed)
    server.answer("/feed", body, headers={"ETag": '"bad"'})
    polled = poll_again(feed)
    assert (polled.state, polled.failure) == (SourceState.UNREADABLE, Failure.UNREADABLE)
    assert Report.objects.count() == 1
    assert Feed.objects.get().etag == '"good"', "it is fetched again, not answered with 304"
    assert Source.objects.get().last_read_at is not None


def test_case_12_a_document_cut_in_the_middle_takes_nothing_back(server: Hostile) -> None:
    feed = make_feed(url=server.answer("/feed", body_of(google(A), google("B"))))
    poll_again(feed)
    server.answer("/feed", body_of(google(A), google("B"))[:700])
    assert poll_again(feed).state == SourceState.UNREADABLE
    assert Report.objects.filter(unlisted_at=None).count() == 2


def test_an_item_that_cannot_be_read_is_counted_and_the_others_stand(server: Hostile) -> None:
    polled = poll_again(make_feed(url=server.answer("/feed", body_of(google(A), {"id": "broken"}))))
    assert (polled.state, polled.new, polled.reason) == ("answers", 1, "1 items could not be read")
    (unusable,) = Payload.objects.get().unusable
    assert "broken" in unusable["where"]


def test_an_empty_feed_where_items_were_is_no_all_clear(server: Hostile) -> None:
    feed = make_feed(url=server.answer("/feed", body_of(google(A))))
    poll_again(feed)
    read_at = Source.objects.get().last_read_at
    server.answer("/feed", b"[]")
    assert poll_again(feed).state == SourceState.EMPTY
    assert poll_again(feed).state == SourceState.EMPTY, "also when the same nothing comes again"
    assert Source.objects.get().last_read_at == read_at


def test_a_list_of_what_is_open_may_be_empty_for_good_reason(server: Hostile, clock: Any) -> None:
    feed = aws_feed(server.answer("/feed", body_of(aws_event("A"))))
    poll_again(feed)
    server.answer("/feed", b"[]")
    clock.shift(5 * MINUTE)
    assert poll_again(feed).state == SourceState.EMPTY
    clock.shift(HOUR)
    assert poll_again(feed).state == SourceState.UNCHANGED
    assert Report.objects.get().unlisted_at == NOON + 5 * MINUTE


def test_a_feed_that_never_had_items_answers(server: Hostile) -> None:
    assert poll_again(make_feed(url=server.answer("/feed", b"[]"))).state == SourceState.ANSWERS


def test_a_mistake_of_ours_does_not_make_a_source_look_fine(
    server: Hostile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slip(*_: Any) -> Any:
        raise ZeroDivisionError("ours")

    feed = make_feed(url=server.answer("/feed", body_of(google(A))))
    monkeypatch.setattr(pipeline, "store", slip)
    with pytest.raises(ZeroDivisionError):
        poll_again(feed)
    feed = Feed.objects.get()
    assert (feed.source.state, feed.etag) == (SourceState.UNREADABLE, "")
    assert feed.due_at is not None
    assert feed.due_at > timezone.now()


def test_each_attempt_is_kept_for_a_week(server: Hostile, clock: Any) -> None:
    feed = make_feed(url=server.answer("/feed", body_of(google(A))))
    for _ in range(3):
        poll_again(feed)
        clock.shift(4 * DAY)
    assert Check.objects.count() == 2


def test_a_source_is_due_before_its_interval_is_over(server: Hostile, clock: Any) -> None:
    poll_again(make_feed(url=server.answer("/feed", body_of(google(A)))))
    due_at = Feed.objects.get().due_at
    assert due_at is not None
    assert NOON + 4.5 * MINUTE <= due_at <= NOON + 5 * MINUTE


@pytest.mark.parametrize(
    ("kind", "least", "most"),
    [("gcp-incidents-json", 10 * MINUTE, 10 * MINUTE), ("news-feed", 3 * HOUR, 3 * HOUR)],
)
def test_a_page_that_says_it_holds_for_hours_is_left_alone_but_a_status_page_not_for_long(
    server: Hostile, kind: str, least: timedelta, most: timedelta, clock: Any
) -> None:
    body = body_of(google(A)) if kind != "news-feed" else b'<rss version="2.0"><channel/></rss>'
    poll_again(
        make_feed(kind=kind, url=server.answer("/f", body, headers={"Cache-Control": "max-age=10800"}))
    )
    due_at = Feed.objects.get().due_at
    assert due_at is not None
    assert NOON + least <= due_at <= NOON + most


def test_what_a_feed_asks_for_in_its_own_words_holds_also_while_it_is_unchanged(
    server: Hostile, clock: Any
) -> None:
    body = b'<rss version="2.0"><channel><title>t</title><ttl>90</ttl></channel></rss>'
    feed = make_feed(kind="news-feed", url=server.answer("/f", body))
    for _ in range(2):
        poll_again(feed)
        assert Feed.objects.get().due_at == NOON + 90 * MINUTE


def test_case_37_a_clock_that_jumps_back_an_hour_stops_no_source_and_reads_none_twice(
    server: Hostile, sent: list[str], clock: Any
) -> None:
    feed = make_feed(url=server.answer("/feed", body_of(google(A))))
    poll_again(feed)
    clock.shift(5 * MINUTE)
    killed_while_reading("gcp-status")
    clock.move_to(NOON - HOUR)
    tasks.poll_due()
    assert sent == ["gcp-status"]
    tasks.poll_feed("gcp-status")
    tasks.poll_feed("gcp-status")
    tasks.poll_due()
    assert (len(server.requests), sent) == (2, ["gcp-status"])
    due_at = Feed.objects.get().due_at
    assert due_at is not None
    assert NOON - HOUR + 4 * MINUTE <= due_at <= NOON - HOUR + 5 * MINUTE


def test_a_sweep_draws_what_a_lost_worker_left() -> None:
    feed = make_feed()
    body = body_of(google(A))
    store(feed, body, read(feed, body), NOON)
    tasks.process_waiting()
    assert Report.objects.count() == 1


def test_a_heartbeat_is_one_row_that_moves(clock: Any) -> None:
    tasks.heartbeat()
    clock.shift(HOUR)
    tasks.heartbeat()
    assert Heartbeat.objects.get().at == NOON + HOUR


@pytest.mark.django_db(transaction=True)
def test_a_revision_that_arrives_while_its_item_is_drawn_is_drawn_afterwards(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    feed = make_feed()
    take(feed, google(A, "Errors."), at=NOON)
    later = body_of(google(A, "Errors.", "Over."))
    arrivals: list[threading.Thread] = []

    def arrive() -> None:
        store(feed, later, read(feed, later), NOON + HOUR)
        connection.close()

    def slow(document: Document) -> Extraction:
        if not arrivals:
            arrivals.append(threading.Thread(target=arrive))
            arrivals[0].start()
            arrivals[0].join(timeout=0.5)
            assert arrivals[0].is_alive(), "it waits for the item's row"
        return extract(document)

    monkeypatch.setattr(processing, "extract", slow)
    Item.objects.update(state="waiting")
    processing.process(1)
    arrivals[0].join()
    assert Item.objects.get().state == "waiting"
    processing.process(1)
    assert [post.text for post in Report.objects.get().posts.all()] == ["Errors.", "Over."]


def test_polled_says_whether_it_failed() -> None:
    assert Polled("x", SourceState.BLOCKED, failure=Failure.THROTTLED).is_failure
    assert not Polled("x", SourceState.EMPTY).is_failure


HOW_TO_FAIL = {
    "drip": (30.0, Failure.TIMED_OUT),
    "down": (0.1, Failure.UNREACHABLE),
    "moved": (0.1, Failure.MISSING),
    "sorry": (0.2, Failure.SERVER_ERROR),
}


def test_healthy_sources_are_read_on_time_beside_failing_ones(
    monkeypatch: pytest.MonkeyPatch, sent: list[str], clock: Any
) -> None:
    """Half an hour on one worker; four sources fail, one of them for half a minute each time."""
    reads: dict[str, list[datetime]] = {}

    def fetched(url: str, **_: Any) -> Answer:
        slug = url.rsplit("/", 1)[1]
        reads.setdefault(slug, []).append(timezone.now())
        seconds, failure = HOW_TO_FAIL.get(slug, (0.05, None))
        clock.shift(timedelta(seconds=seconds))
        if failure:
            raise FetchError(slug, failure)
        return Answer(Outcome.NOT_MODIFIED, Known(), seconds=seconds)

    monkeypatch.setattr(pipeline, "fetch", fetched)
    healthy = [f"source-{number}" for number in range(16)]
    for slug in (*healthy, *HOW_TO_FAIL):
        make_feed(slug, url=f"https://{slug}.example/{slug}")
    while timezone.now() < NOON + HOUR / 2:
        tasks.poll_due()
        while sent:
            tasks.poll_feed(sent.pop(0))
        clock.shift(timedelta(seconds=15))
    gaps = [later - earlier for slug in healthy for earlier, later in pairwise(reads[slug])]
    assert max(gaps) <= 1.1 * 5 * MINUTE + timedelta(seconds=30), "a drip holds up the only worker once"
    assert sorted(gaps)[int(0.95 * len(gaps))] <= 1.1 * 5 * MINUTE
    assert len(reads["moved"]) == 1
