"""/sources/: a source that cannot be read never reads as fine."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from incidents.choices import SourceState
from ingest.models import Check, Feed, Item, Payload
from ingest.overview import ago, next_run, span, warning
from tests.factories import DAY, HOUR, NOON, make_user
from tests.ingest.bodies import MINUTE, google, make_feed, take

pytestmark = pytest.mark.django_db

URL = "https://status.example/feed"
HURT = "<script>alert(1)</script>"


def make_live(slug: str = "gcp-status", **fields: Any) -> Feed:
    feed = make_feed(slug, url=URL)
    for name, value in fields.items():
        setattr(feed.source if name in {"state", "state_reason", "last_read_at"} else feed, name, value)
    feed.source.save()
    feed.save()
    return feed


def check(feed: Feed, state: SourceState = SourceState.ANSWERS, **fields: Any) -> Check:
    return Check.objects.create(feed=feed, **{"at": timezone.now(), "state": state, "seconds": 0.2} | fields)


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(make_user("grace", is_staff=True))
    return client


def text_of(response: Any) -> str:
    assert response.status_code == 200
    return str(response.content.decode())


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (SourceState.ANSWERS, "answers"),
        (SourceState.UNCHANGED, "unchanged"),
        (SourceState.EMPTY, "empty"),
        (SourceState.UNREADABLE, "unreadable"),
        (SourceState.UNREACHABLE, "unreachable"),
        (SourceState.BLOCKED, "blocked"),
        (SourceState.DISABLED, "switched off"),
        (SourceState.NEVER_READ, "never read"),
    ],
)
def test_each_state_is_a_word(client: Client, state: SourceState, word: str) -> None:
    make_live(state=state, state_reason="because of this")
    page = text_of(client.get("/sources/"))
    assert f">{word}</span>" in page
    assert "because of this" in page


def test_it_counts_the_sources_that_cannot_be_seen(client: Client) -> None:
    make_live("well", state=SourceState.ANSWERS)
    make_live("ill", state=SourceState.UNREACHABLE)
    make_live("odd", state=SourceState.EMPTY)
    assert "2 of 3 cannot be seen now" in text_of(client.get("/sources/"))


def test_those_in_trouble_stand_first(client: Client) -> None:
    make_live("a-well", state=SourceState.ANSWERS)
    make_live("z-ill", state=SourceState.BLOCKED)
    page = text_of(client.get("/sources/"))
    assert page.index("z-ill") < page.index("a-well")


def test_archives_stand_apart(client: Client) -> None:
    make_feed("saved")
    page = text_of(client.get("/sources/"))
    assert "Archives" in page
    assert "No source is asked yet" in page


def test_many_sources_cost_no_more_queries(client: Client, django_assert_num_queries: Any) -> None:
    for number in range(12):
        check(make_live(f"source-{number}"))
    with django_assert_num_queries(2):
        client.get("/sources/")


def test_a_source_page_shows_its_checks_and_what_was_left_out(client: Client) -> None:
    feed = make_live()
    check(feed, SourceState.UNREACHABLE, failure="timed-out", reason="took longer than 30 s")
    Payload.objects.create(
        feed=feed,
        body_hash="0",
        size=1,
        captured_at=NOON,
        unusable=[{"where": "[3]", "reason": "no field 'id'"}],
    )
    page = text_of(client.get("/sources/gcp-status/"))
    assert "timed-out" in page
    assert "took longer than 30 s" in page
    assert "no field &#x27;id&#x27;" in page


def test_a_source_page_of_nothing_is_not_found(client: Client) -> None:
    assert client.get("/sources/nothing/").status_code == 404


@pytest.mark.parametrize("path", ["/sources/", "/sources/gcp-status/"])
def test_case_17_what_strangers_wrote_is_text(client: Client, path: str) -> None:
    feed = make_live(state=SourceState.UNREADABLE, state_reason=HURT)
    check(feed, SourceState.UNREADABLE, failure="unreadable", reason=HURT)
    page = text_of(client.get(path))
    assert HURT not in page
    assert "&lt;script&gt;" in page


def test_the_last_payload_is_for_staff_and_is_text(client: Client, staff: Client) -> None:
    take(make_live(), google(external_desc=HURT))
    kept = Payload.objects.get()
    path = f"/sources/gcp-status/payloads/{kept.pk}/"
    assert client.get(path).status_code == 302
    assert path not in text_of(client.get("/sources/gcp-status/"))
    assert path in text_of(staff.get("/sources/gcp-status/"))
    page = text_of(staff.get(path))
    assert HURT not in page
    assert "&lt;script&gt;" in page


def test_a_traceback_is_for_staff(client: Client, staff: Client) -> None:
    take(make_live(), google())
    Item.objects.update(state="set-aside", trouble="Traceback\nValueError: inside")
    assert "ValueError: inside" not in text_of(client.get("/sources/gcp-status/"))
    assert "ValueError: inside" in text_of(staff.get("/sources/gcp-status/"))


def test_read_now_makes_a_source_the_next_one(staff: Client) -> None:
    make_live(due_at=timezone.now() + DAY, is_enabled=False)
    response = staff.post("/sources/gcp-status/read/", follow=True)
    assert "next in line" in text_of(response)
    feed = Feed.objects.get()
    assert (feed.due_at, feed.is_enabled) == (None, True)


def test_read_now_is_for_staff_and_by_post(client: Client, staff: Client) -> None:
    make_live(due_at=NOON)
    assert client.post("/sources/gcp-status/read/").status_code == 302
    assert staff.get("/sources/gcp-status/read/").status_code == 405
    assert Feed.objects.get().due_at == NOON
    make_feed("saved")
    assert staff.post("/sources/saved/read/").status_code == 404


@pytest.mark.parametrize("path", ["/sources/", "/sources/gcp-status/"])
def test_pages_are_read_only_and_not_kept_by_caches(client: Client, path: str) -> None:
    make_live()
    assert client.post(path).status_code == 405
    assert "no-store" in client.get(path).headers["Cache-Control"]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"state": SourceState.EMPTY, "had_items_at": NOON - HOUR}, "no all-clear"),
        ({"state": SourceState.UNREACHABLE, "last_read_at": NOON - HOUR}, "not seen for 1 h"),
        ({"state": SourceState.ANSWERS, "last_read_at": NOON - 9 * MINUTE}, ""),
        ({"state": SourceState.UNREACHABLE, "last_read_at": NOON - HOUR, "is_enabled": False}, ""),
        ({"state": SourceState.ANSWERS, "moved_to": "https://new.example/"}, "https://new.example/"),
    ],
)
def test_what_is_odd_about_a_source_is_said(fields: dict[str, Any], says: str) -> None:
    told = warning(make_live(**fields), NOON)
    assert says in told if says else told == ""


def test_a_source_that_brings_nothing_for_long_is_doubted() -> None:
    feed = make_live(state=SourceState.UNCHANGED, last_read_at=NOON)
    feed.source.last_changed_at = NOON - 112 * DAY
    assert warning(feed, NOON) == "nothing new for 112 d: is it still kept up?"


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(seconds=40), "40 s"),
        (timedelta(minutes=12, seconds=30), "12 min"),
        (timedelta(minutes=61), "1 h"),
        (timedelta(hours=5), "5 h"),
        (timedelta(days=3), "3 d"),
    ],
)
def test_spans_are_told_in_one_unit(length: timedelta, text: str) -> None:
    assert span(length) == text


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"due_at": NOON - MINUTE}, "due"),
        ({"due_at": None}, "due"),
        ({"due_at": NOON + 5 * MINUTE}, "in 5 min"),
        ({"due_at": NOON, "is_enabled": False}, None),
    ],
)
def test_the_next_run_is_due_or_ahead(fields: dict[str, Any], text: str | None) -> None:
    told = next_run(make_live(**fields), NOON)
    assert (told.text if told else None) == text


def test_times_are_told_by_how_far_they_are() -> None:
    texts = [ago(NOON + length, NOON) for length in (-HOUR, timedelta(), 5 * MINUTE)]
    assert [told.text for told in texts if told] == ["1 h ago", "now", "in 5 min"]
    assert ago(None, NOON) is None
