"""The commands that people and scripts rely on."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from incidents.choices import PublisherKind, SourceState
from incidents.models import Claim, Incident, Post, Report, Source
from ingest import pipeline, processing
from ingest.kinds import all_kinds
from ingest.models import Feed, Item, Payload, RawItem
from nlp.document import Field, Origin
from nlp.extraction import extract
from tests.factories import DAY, HOUR, NOON, make_fact, make_organisation, make_provider
from tests.ingest.bodies import body_of, google, make_feed
from tests.ingest.hostile import Hostile, hostile

pytestmark = pytest.mark.django_db

A = "AbCdEfGhIjKlMnOpQrSt"
B = "BbCdEfGhIjKlMnOpQrSt"
server = pytest.fixture(hostile)


def run(*words: Any, **options: Any) -> str:
    out = StringIO()
    call_command(*map(str, words), stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def failing(*words: Any) -> tuple[str, CommandError]:
    out = StringIO()
    with pytest.raises(CommandError) as caught:
        call_command(*map(str, words), stdout=out)
    return out.getvalue(), caught.value


@pytest.fixture
def saved(tmp_path: Path) -> Callable[..., Path]:
    def save(name: str, content: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return save


def counts() -> list[int]:
    models = (Report, Post, Claim, Incident, Item, RawItem, Payload)
    return [model.objects.count() for model in models]


def test_add_source_adds_a_provider_s_source() -> None:
    make_provider("gcp")
    run(
        "add_source",
        "google",
        "--kind",
        "gcp-incidents-json",
        "--url",
        "https://a.example/",
        "--provider",
        "gcp",
    )
    feed = Feed.objects.select_related("source").get()
    assert (feed.url, feed.kind, feed.source.slug) == ("https://a.example/", "gcp-incidents-json", "google")
    assert (feed.source.publisher_kind, feed.source.state) == (PublisherKind.PROVIDER, SourceState.NEVER_READ)


def test_add_source_without_an_address_is_an_archive() -> None:
    make_organisation("coinbase")
    run("add_source", "saved", "--kind", "statuspage-feed", "--organisation", "coinbase")
    source = Source.objects.get()
    assert (source.state, source.publisher_kind) == (SourceState.ARCHIVE, PublisherKind.ORGANISATION)


def test_add_source_again_changes_it_and_starts_anew() -> None:
    run("add_source", "page", "--kind", "news-feed", "--url", "https://a.example/")
    Feed.objects.update(etag='"old"', is_enabled=False)
    run("add_source", "page", "--kind", "news-feed", "--url", "https://b.example/", "--interval", "600")
    feed = Feed.objects.get()
    assert (feed.url, feed.etag, feed.is_enabled) == ("https://b.example/", "", True)
    assert feed.source.interval.total_seconds() == 600
    assert feed.source.publisher_kind == PublisherKind.PRESS


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["x y", "--kind", "news-feed"], "no slug"),
        (["x", "--kind", "news-feed", "--provider", "nobody"], "Known: aws"),
        (["x", "--kind", "nothing"], "invalid choice"),
    ],
)
def test_add_source_says_what_would_be_right(words: list[str], names: str) -> None:
    make_provider("aws")
    _, error = failing("add_source", *words)
    assert names in str(error)


def test_poll_tells_a_line_a_source_and_fails_if_any_did(server: Hostile, settings: Any) -> None:
    settings.ALLOW_PRIVATE_SOURCES = True
    make_feed("well", url=server.answer("/well", body_of(google(A), google(B))))
    make_feed("ill", url=server.answer("/ill", status="500 Oh"))
    out, error = failing("poll")
    ill, well = out.splitlines()
    assert re.fullmatch(r"well +answers +new +2 +changed +0 +unchanged +0 +\d+\.\d\d s", well), (
        "slug, outcome, new, changed, unchanged, seconds"
    )
    assert re.fullmatch(r"ill +server-error +.* s  answered 500 Internal Server Error", ill)
    assert (error.returncode, str(error)) == (1, "1 of 2 sources could not be read")
    assert Report.objects.count() == 2


def test_poll_reads_those_it_is_told_and_names_those_it_cannot(server: Hostile, settings: Any) -> None:
    settings.ALLOW_PRIVATE_SOURCES = True
    make_feed("well", url=server.answer("/well", body_of(google(A))))
    make_feed("archive")
    out, _ = failing("poll", "missing", "archive", "well")
    assert [line.split()[:2] for line in out.splitlines()] == [
        ["missing", "missing"],
        ["archive", "missing"],
        ["well", "answers"],
    ]


def test_poll_goes_on_behind_a_fault_of_our_own(
    server: Hostile, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def note_half(feed: Feed, *_: Any, **__: Any) -> None:
        feed.etag = "of what was never stored"
        raise KeyError("a bug")

    settings.ALLOW_PRIVATE_SOURCES = True
    make_feed("a-first", url=server.answer("/first", body_of(google(A))))
    make_feed("b-second", url=server.answer("/second", status="500 Oh"))
    monkeypatch.setattr(pipeline, "note_success", note_half)
    out, error = failing("poll")
    assert [line.split()[:2] for line in out.splitlines()] == [
        ["a-first", "unreadable"],
        ["b-second", "server-error"],
    ]
    assert "our own mistake: KeyError: 'a bug'" in out
    feed = Feed.objects.get(source__slug="a-first")
    assert (feed.failures, feed.etag, feed.source.state) == (1, "", SourceState.UNREADABLE)
    assert str(error) == "2 of 2 sources could not be read"


def test_poll_draws_all_that_it_stored(
    server: Hostile, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ALLOW_PRIVATE_SOURCES = True
    monkeypatch.setattr(processing, "BATCH", 2)
    make_feed("well", url=server.answer("/well", body_of(*(google(f"{n}{A}") for n in range(7)))))
    run("poll")
    assert Report.objects.count() == 7


def test_backfill_reads_an_archive_once(saved: Callable[..., Path]) -> None:
    make_feed("archive")
    path = saved("copy.json", body_of(google(A), google(B)))
    assert "1 payloads: 2 new, 0 changed, 0 unchanged; 2 reports drawn" in run("backfill", "archive", path)
    before = counts()
    assert "0 new, 0 changed, 2 unchanged; 0 reports drawn" in run("backfill", "archive", path)
    assert counts() == before


def test_backfill_takes_the_newest_stamp_inside_as_the_time_of_capture(saved: Callable[..., Path]) -> None:
    make_feed("archive")
    run("backfill", "archive", saved("copy.json", body_of(google(A, "One.", "Two."))))
    assert Payload.objects.get().captured_at == RawItem.objects.get().modified_at


def test_backfill_takes_the_time_of_capture_that_it_is_told(saved: Callable[..., Path]) -> None:
    make_feed("archive")
    path = saved("copy.json", body_of(google(A)))
    run("backfill", "archive", path, "--captured-at", "2025-10-21T12:00:00Z")
    assert Payload.objects.get().captured_at == NOON + DAY


def test_an_older_copy_played_later_changes_nothing_shown(saved: Callable[..., Path]) -> None:
    make_feed("archive")
    run("backfill", "archive", saved("new.json", body_of(google(A, "Errors.", "Over."))))
    shown = list(Incident.objects.values_list("title", "status", "started_at", "shown"))
    run("backfill", "archive", saved("old.json", body_of(google(A, "Errors."))))
    assert list(Incident.objects.values_list("title", "status", "started_at", "shown")) == shown
    assert RawItem.objects.count() == 2


def test_backfill_of_a_replay_takes_each_line_as_a_body(saved: Callable[..., Path]) -> None:
    make_feed("archive")
    lines = [
        {"fetched_at": (NOON + HOUR).isoformat(), "changed": [google(A, "Errors.")], "removed": []},
        {"captured_at": (NOON + 2 * HOUR).isoformat(), "body": json.dumps([google(A, "Errors.", "Over.")])},
    ]
    run("backfill", "archive", saved("replay.jsonl", "\n".join(map(json.dumps, lines)).encode()))
    assert list(Payload.objects.order_by("captured_at").values_list("captured_at", flat=True)) == [
        NOON + HOUR,
        NOON + 2 * HOUR,
    ]
    assert [post.text for post in Report.objects.get().posts.all()] == ["Errors.", "Over."]


def test_backfill_names_what_it_cannot_read_and_reads_the_rest(saved: Callable[..., Path]) -> None:
    make_feed("archive")
    good = saved("good.json", body_of(google(A), {"id": "broken"}))
    bad = saved("bad.json", b"<html>")
    lines = saved("lines.jsonl", b'{"fetched_at": "never", "changed": []}')
    out, error = failing("backfill", "archive", bad, lines, good)
    assert "1 items could not be read or were left out:" in out
    assert "good.json [1] broken" in out
    assert "2 payloads could not be read:" in out
    assert "bad.json: " in out
    assert "'never' is no time" in out
    assert error.returncode == 1
    assert Report.objects.count() == 1


def test_backfill_of_a_body_that_tells_no_time_says_so(saved: Callable[..., Path]) -> None:
    make_feed("archive")
    path = saved("empty.json", b"[]")
    assert "1 payloads tell no time: taken as captured now" in run("backfill", "archive", path)
    captured_at = Payload.objects.get().captured_at
    run("backfill", "archive", path)
    assert Payload.objects.get().captured_at == captured_at, "again it is the same one"


def test_backfill_goes_on_where_a_killed_run_ended(
    saved: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_: Any) -> None:
        raise Killed

    make_feed("archive")
    path = saved("copy.json", body_of(google(A), google(B)))
    with monkeypatch.context() as killed, pytest.raises(Killed):
        killed.setattr(processing, "draw", die)
        run("backfill", "archive", path)
    processing.claim(100)  # by the run that was killed
    assert "2 reports drawn" in run("backfill", "archive", path)
    assert Report.objects.count() == 2


def test_backfill_names_reports_that_cannot_be_drawn(
    saved: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def choke(document: Any) -> Any:
        raise ValueError("indigestible")

    make_feed("archive")
    monkeypatch.setattr(processing, "extract", choke)
    out, _ = failing("backfill", "archive", saved("copy.json", body_of(google(A))))
    assert f"gcp:{A}: ValueError: indigestible" in out


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["nowhere", "pyproject.toml"], "add_source nowhere"),
        (["archive", "no/such/file"], "no such file"),
        (["archive", "pyproject.toml", "--captured-at", "soon"], "'soon' is no time"),
    ],
)
def test_backfill_says_what_would_be_right(words: list[str], names: str) -> None:
    make_feed("archive")
    _, error = failing("backfill", *words)
    assert names in str(error)


def test_add_report_brings_a_page_by_hand(saved: Callable[..., Path]) -> None:
    make_organisation("coinbase")
    page = saved(
        "page.html", b"<h1>Logins failed</h1><p>Coinbase could not be reached on 20 October 2025.</p>"
    )
    words = (
        "--publisher",
        "coinbase",
        "--url",
        "https://c.example/post/",
        "--published-at",
        "2025-10-21T09:00:00Z",
    )
    assert "added: Logins failed" in run("add_report", *words, page)
    report = Report.objects.select_related("source__organisation").get()
    assert (report.key, report.published_at) == ("web:https://c.example/post", NOON + DAY - 3 * HOUR)
    assert report.source.organisation.slug == "coinbase"
    assert report.source.publisher_kind == PublisherKind.ORGANISATION
    assert "known already" in run("add_report", *words, page)


def test_add_report_again_with_another_text_is_a_revision(saved: Callable[..., Path]) -> None:
    words = ("--publisher", "The Herald", "--url", "https://h.example/1", "--published-at", "2025-10-21")
    text = b"AWS outage takes down Coinbase\n\nAWS had an outage in us-east-1 on Monday, Coinbase was down."
    run("add_report", *words, saved("a.txt", text))
    assert "changed" in run("add_report", *words, saved("b.txt", text + b" It is back."))
    assert Report.objects.get().source.publisher == "The Herald"
    assert RawItem.objects.count() == 2


@pytest.mark.parametrize(
    ("url", "at", "text", "names"),
    [
        ("nowhere", "2025-10-21", b"Text.", "valid URL"),
        ("https://h.example/1", "yesterday", b"Text.", "'yesterday' is no time"),
        ("https://h.example/1", "2025-10-21", b"<p> </p>", "no text"),
    ],
)
def test_add_report_says_what_would_be_right(
    saved: Callable[..., Path], url: str, at: str, text: bytes, names: str
) -> None:
    words = ("--publisher", "herald", "--url", url, "--published-at", at)
    _, error = failing("add_report", *words, saved("page.txt", text))
    assert names in str(error)


def test_news_that_concern_no_outage_keep_title_address_and_date(saved: Callable[..., Path]) -> None:
    words = ("--publisher", "herald", "--url", "https://h.example/2", "--published-at", "2025-10-21")
    run("add_report", *words, saved("page.txt", b"Cake recipes\n\nTake flour, eggs and sugar."))
    report = Report.objects.get()
    assert (report.title, report.url) == ("Cake recipes", "https://h.example/2")
    assert (report.posts.count(), report.accounts.count()) == (0, 0)


@pytest.fixture
def improved_extractor(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that also finds a cause in everything."""

    def better(document: Any) -> Any:
        found = extract(document)
        fact = make_fact(Field.CAUSE, "dns", origin=Origin.TEXT)
        accounts = tuple(replace(account, facts=(*account.facts, fact)) for account in found.accounts)
        return replace(found, accounts=accounts, version="better")

    monkeypatch.setattr(processing, "extract", better)


def test_reextract_tells_what_would_change_before_it_is_applied(
    saved: Callable[..., Path], improved_extractor: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_feed("archive")
    with monkeypatch.context() as before:
        before.setattr(processing, "extract", extract)
        run("backfill", "archive", saved("copy.json", body_of(google(A), google(B))))
    claims = Claim.objects.count()
    told = run("reextract")
    assert "2 of 2 reports would change" in told
    assert re.search(r"cause +2 claims more +0 less", told)
    assert Claim.objects.count() == claims
    assert "2 of 2 reports changed" in run("reextract", "archive", "--apply")
    assert Claim.objects.filter(field="cause", key="dns").count() == 2
    assert "0 of 2 reports would change" in run("reextract")


def test_reextract_goes_on_where_a_run_was_broken_off(
    saved: Callable[..., Path], improved_extractor: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_feed("archive")
    with monkeypatch.context() as before:
        before.setattr(processing, "extract", extract)
        run("backfill", "archive", saved("copy.json", body_of(google(A), google(B))))
    Report.objects.filter(pk=Report.objects.order_by("pk").values("pk")[:1]).update(extractor="older")
    told = run("reextract", "--apply", "--resume")
    assert "1 are drawn already" in told
    assert "1 of 1 reports changed" in told
    assert Claim.objects.filter(field="cause", key="dns").count() == 1


def test_reread_reads_stored_bodies_with_the_present_parser(
    saved: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = make_feed("archive")
    run("backfill", "archive", saved("copy.json", body_of(google(A), google(B))))
    assert "0 of 2 reports would change" in run("reread")
    kind = all_kinds()["gcp-incidents-json"]

    def parse(body: bytes, context: Any) -> Any:
        reading = kind.parse(body, context)
        renamed = tuple(replace(entry, key=entry.key.replace(A, "A2")) for entry in reading.entries)
        return replace(reading, entries=renamed)

    monkeypatch.setitem(all_kinds(), feed.kind, replace(kind, parse=parse))
    before = counts()
    assert f"  - gcp:{A}" in run("reread", "archive")
    assert counts() == before
    run("reread", "archive", "--apply")
    assert set(Report.objects.values_list("key", flat=True)) == {"gcp:A2", f"gcp:{B}"}
    assert Incident.objects.live().count() == before[3]


def test_reread_names_a_source_that_it_does_not_know() -> None:
    _, error = failing("reread", "nothing")
    assert "nothing" in str(error)
