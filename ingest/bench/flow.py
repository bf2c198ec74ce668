"""From bytes to the record: stored, extracted, concluded, beside the parser alone and extraction alone."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

import feedparser  # type: ignore[import-untyped]  # ships no types
from django.test import override_settings
from django.utils import timezone

from incidents.choices import PublisherKind
from incidents.models import Incident, Provider, Report, Source
from ingest.bench import Row, Run
from ingest.bench.bodies import google_list, news, outage_news
from ingest.drawing import as_document
from ingest.models import Feed, Item, Payload
from ingest.pipeline import poll
from ingest.processing import histories, process
from ingest.storing import store
from ingest.voices import read, voice_of
from nlp.document import Document
from nlp.extraction import extract

INCIDENTS = 100
ARTICLES = 400
ALL = 10**9


def rows() -> Iterator[Row]:
    yield from google_rows()
    for slug, write, count, what, least in (
        ("bench-news", news, ARTICLES, "of the trade press", 0.5),
        ("bench-outages", outage_news, ARTICLES // 4, "of outages only", None),
    ):
        page = Page(write, count)
        with served(page) as url, override_settings(ALLOW_PRIVATE_SOURCES=True):
            yield from news_rows(page, make_feed(slug, "news-feed", url=url), what, least)
        empty()


def google_rows() -> Iterator[Row]:
    """A list of incidents with all their updates, as an archive brings it."""
    body = google_list(INCIDENTS)
    feed = make_feed("bench-google", "gcp-incidents-json", provider="gcp")
    documents = documents_of(feed, body)

    def parse() -> None:
        json.loads(body)

    def store_body() -> None:
        store(feed, body, read(feed, body), timezone.now())

    def conclude() -> None:
        store_body()
        process(ALL)

    def fill() -> None:
        if not Report.objects.exists():
            conclude()

    size = f"{INCIDENTS} incidents, {len(body) >> 10} KiB"
    yield Row(f"bytes to entries: {size}", "json.loads", lambda: read(feed, body), parse)
    yield Row("bytes to stored rows", "json.loads", store_body, parse, before=empty)
    yield Row("stored rows to extracted states", "extract", draw_states, extracting(documents), before=fill)
    yield Row("bytes to concluded incidents", "extract", conclude, extracting(documents), before=empty)
    yield Row(
        "the same body once more",
        "bytes to concluded incidents",
        store_body,
        conclude,
        before=fill,
        before_floor=empty,
    )


class Page:
    """A page on loopback that shows other articles before each run: nothing measured was read before."""

    def __init__(self, write: Callable[[int, int], bytes], count: int) -> None:
        self.write, self.count = write, count
        self.turns = itertools.count()
        self.turn()

    def turn(self) -> None:
        self.body = self.write(self.count, next(self.turns))


def news_rows(page: Page, feed: Feed, what: str, least: float | None) -> Iterator[Row]:
    """A news feed, fetched from loopback as a worker does it."""

    def poll_anew() -> None:
        poll(fresh(feed), at_once=ALL)

    def parse() -> None:
        feedparser.parse(BytesIO(page.body))

    def turn_and_forget() -> None:
        page.turn()
        empty()
        Feed.objects.filter(pk=feed.pk).update(etag="", last_modified="", body_hash="")

    size = f"{page.count} articles {what}, {len(page.body) >> 10} KiB"
    yield Row(
        f"fetch to rows: {size}",
        "feedparser.parse",
        poll_anew,
        parse,
        before=turn_and_forget,
        least=least,
    )
    yield Row(
        "fetch of an unchanged body",
        "fetch to rows",
        poll_anew,
        poll_anew,
        before=poll_anew,
        before_floor=turn_and_forget,
        least=20,
    )


def extracting(documents: list[Document]) -> Run:
    def extract_all() -> None:
        for document in documents:
            extract(document)

    return extract_all


def draw_states() -> None:
    histories({item.pk: item for item in Item.objects.all()})


def documents_of(feed: Feed, body: bytes) -> list[Document]:
    voice = voice_of(feed)
    return [as_document(entry.key, entry, voice) for entry in read(feed, body).entries]


def make_feed(slug: str, kind: str, *, url: str = "", provider: str = "") -> Feed:
    owner = (
        Provider.objects.get_or_create(slug=provider, defaults={"name": provider})[0] if provider else None
    )
    source = Source.objects.create(
        slug=slug,
        name=slug,
        publisher=slug,
        publisher_kind=PublisherKind.PROVIDER if owner else PublisherKind.PRESS,
        provider=owner,
    )
    return fresh(Feed.objects.create(source=source, kind=kind, url=url))


def fresh(feed: Feed) -> Feed:
    return Feed.objects.select_related("source__provider", "source__organisation").get(pk=feed.pk)


def empty() -> None:
    """A record without reports: each run starts from the same nothing."""
    Item.objects.all().delete()
    Payload.objects.all().delete()
    Incident.objects.update(shown_as=None)
    Report.objects.all().delete()
    Incident.objects.all().delete()


@contextmanager
def served(page: Page) -> Iterator[str]:
    """The page on loopback, at the address."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(page.body)))
            self.end_headers()
            self.wfile.write(page.body)

        def log_message(self, *_: object) -> None:
            """Nothing: the table is all that is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/feed"
    finally:
        server.shutdown()
        server.server_close()
