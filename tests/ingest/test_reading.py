"""A host that keeps a worker waiting holds up no other source."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from structlog.contextvars import get_contextvars

from ingest import pipeline, reading
from ingest.models import Feed, HostLease
from tests.ingest.bodies import body_of, google, make_feed
from tests.ingest.hostile import Hostile

# The fetches run in threads; all rows are written in this one, inside the test's transaction.
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def laboratory(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ALLOW_PRIVATE_SOURCES = True
    monkeypatch.setattr(reading, "PATIENCE", 0.05)


@pytest.fixture
def server() -> Any:
    server = Hostile("0.0.0.0")
    yield server
    server.close()


def dripping(server: Hostile, go: threading.Event) -> None:
    """One source that answers when it is told to."""

    def answer(connection: Any, request: str) -> None:
        go.wait(20)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]")

    make_feed("drips", url=server.handle("/drips", answer))


def elsewhere(server: Hostile, number: int) -> str:
    """A source on a host of its own."""
    url = server.answer(f"/{number}", body_of(google(f"AbCdEfGhIjKlMnOpQr{number:02}")))
    make_feed(f"quick-{number}", url=url.replace("127.0.0.1", f"127.0.0.{number + 2}"))
    return f"quick-{number}"


def test_others_that_are_due_are_read_while_one_host_drips(
    server: Hostile, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()
    dripping(server, go)
    others = [elsewhere(server, number) for number in range(5)]
    finish, order = pipeline.finish, list[str]()

    def finished(feed: Feed, *rest: Any) -> Any:
        order.append(feed.source.slug)
        if len(order) == len(others):
            go.set()
        return finish(feed, *rest)

    monkeypatch.setattr(pipeline, "finish", finished)
    hosts = reading.read("drips")
    assert order[-1] == "drips"
    assert len(hosts) == 6
    states = dict(Feed.objects.values_list("source__slug", "source__state"))
    assert states == dict.fromkeys(["drips", *others], "answers")
    assert not HostLease.objects.exists()
    assert not Feed.objects.exclude(leased_until=None).exists()


def test_late_in_a_task_only_those_that_are_sound_are_read_beside_a_host_that_drips(
    server: Hostile, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()
    dripping(server, go)
    sound, failing = elsewhere(server, 0), elsewhere(server, 1)
    Feed.objects.filter(source__slug=failing).update(failures=1)
    monkeypatch.setattr(reading, "LONGEST", 0.0)
    threading.Timer(2.5, go.set).start()
    reading.read("drips")
    read_now = Feed.objects.exclude(checked_at=None).values_list("source__slug", flat=True)
    assert set(read_now) == {"drips", sound}


def test_those_that_answer_at_once_are_read_a_few_abreast(
    server: Hostile, monkeypatch: pytest.MonkeyPatch
) -> None:
    slugs = [elsewhere(server, number) for number in range(9)]
    landed, under_way = reading.Fetchers.landed, list[int]()

    def counted(self: reading.Fetchers, flights: Any, seconds: float) -> Any:
        under_way.append(len(flights))
        return landed(self, flights, seconds)

    monkeypatch.setattr(reading, "PATIENCE", 5.0)  # on a machine under load none of these counts as slow
    monkeypatch.setattr(reading.Fetchers, "landed", counted)
    reading.read(slugs[0])
    assert not Feed.objects.filter(checked_at=None).exists()
    assert max(under_way) == reading.ABREAST


def test_a_host_that_is_asked_twice_already_is_not_asked_a_third_time(server: Hostile) -> None:
    go = threading.Event()
    dripping(server, go)
    for number in range(3):
        make_feed(f"same-{number}", url=server.answer(f"/{number}", b"[]"))
    threading.Timer(0.4, go.set).start()
    most = 0
    landed = reading.Fetchers.landed

    def counted(self: reading.Fetchers, flights: Any, seconds: float) -> Any:
        nonlocal most
        most = max(most, len(flights))
        return landed(self, flights, seconds)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading.Fetchers, "landed", counted)
        reading.read("drips")
    assert most == 2


def test_after_a_mistake_of_ours_nothing_stays_leased(
    server: Hostile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slip(*_: Any, **__: Any) -> Any:
        raise ZeroDivisionError

    go = threading.Event()
    dripping(server, go)
    elsewhere(server, 0)
    monkeypatch.setattr(pipeline, "store", slip)
    threading.Timer(0.3, go.set).start()
    with pytest.raises(ZeroDivisionError):
        reading.read("drips")
    assert not HostLease.objects.exists()
    assert not Feed.objects.exclude(leased_until=None).exists()


def test_whatever_is_logged_of_a_reading_names_its_source(
    server: Hostile, monkeypatch: pytest.MonkeyPatch
) -> None:
    slug, told = elsewhere(server, 0), list[dict[str, Any]]()
    monkeypatch.setattr(pipeline, "finish", lambda *_: told.append(get_contextvars()))
    reading.read(slug)
    assert told == [{"source": slug}]
    assert get_contextvars() == {}
