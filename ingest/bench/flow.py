"""From bytes to the record: stored, extracted, concluded, beside the parser alone and extraction alone."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

import feedparser  # type: ignore[import-untyped]  # ships no types
from django.test import override_settings
from django.utils import timezone

from incidents.choices import PublisherKind
from incidents.models import Incident, Provider, Report, Source
from ingest.bench import Row, Run
from ingest.bench.bodies import google_list, news
from ingest.drawing import as_document
from ingest.models import Feed, Item, Payload
from ingest.pipeline import poll
from ingest.processing import histories, process
from ingest.storing import store
from ingest.voices import read, voice_of
from nlp.document import Document
from nlp.extraction import extract

INCIDENTS = 100
ARTICLES = 100
ALL = 10**9


def rows() -> Iterator[Row]:
    yield from google_rows()
    with served(news(ARTICLES)) as page, override_settings(ALLOW_PRIVATE_SOURCES=True):
        yield from news_rows(page)
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


def news_rows(url: str) -> Iterator[Row]:
    """A news feed, fetched from loopback as a worker does it."""
    body = news(ARTICLES)
    feed = make_feed("bench-news", "news-feed", url=url)
    documents = documents_of(feed, body)

    def poll_anew() -> None:
        poll(fresh(feed), at_once=ALL)

    def parse() -> None:
        feedparser.parse(BytesIO(body))

    def fill() -> None:
        if not Report.objects.exists():
            poll_anew()

    def empty_and_forget() -> None:
        empty()
        Feed.objects.filter(pk=feed.pk).update(etag="", last_modified="", body_hash="")

    size = f"{ARTICLES} articles, {len(body) >> 10} KiB"
    yield Row(
        f"fetch to committed rows: {size}",
        "feedparser.parse",
        poll_anew,
        parse,
        before=empty_and_forget,
        least=0.5,
    )
    yield Row(
        "fetch to committed rows of news",
        "extract",
        poll_anew,
        extracting(documents),
        before=empty_and_forget,
    )
    yield Row(
        "fetch of an unchanged body",
        "fetch to committed rows of news",
        poll_anew,
        poll_anew,
        before=fill,
        before_floor=empty_and_forget,
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
def served(body: bytes) -> Iterator[str]:
    """The body on loopback, at the address."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing: the table is all that is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/feed"
    finally:
        server.shutdown()
        server.server_close()
