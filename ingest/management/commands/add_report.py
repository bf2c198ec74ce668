"""Brings one page into the record by hand: many exchanges have no feed."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.core.validators import URLValidator
from django.forms import ValidationError
from django.utils import timezone
from django.utils.text import slugify

from incidents.models import Organisation, Provider, Report, Source
from incidents.models.choices import PublisherKind, SourceState
from ingest.archives import instant
from ingest.canonical import page_key
from ingest.errors import ParseError
from ingest.models import Feed, Item
from ingest.processing import draw_again
from ingest.storing import store
from ingest.voices import read_apart
from nlp.document import DocumentKind

KIND = "report-by-hand"
VOICES = {
    PublisherKind.PROVIDER: DocumentKind.PIR,
    PublisherKind.ORGANISATION: DocumentKind.EXCHANGE_STATUS,
    PublisherKind.PRESS: DocumentKind.NEWS,
}


class Command(BaseCommand):
    help = "Add a report by hand. Again with the same address: a revision of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--publisher", required=True, help="slug of a provider or organisation, else a name"
        )
        parser.add_argument("--url", required=True)
        parser.add_argument("--published-at", required=True, metavar="TIME", help="2025-10-20T07:11:00Z")
        parser.add_argument("--title", default="", help="else the first line")
        parser.add_argument(
            "--kind", choices=[kind.value for kind in DocumentKind], help="else by the publisher"
        )
        parser.add_argument("file", type=Path, metavar="FILE", help="text or HTML")

    def handle(self, *args: Any, **options: Any) -> None:
        feed = feed_of(options["publisher"])
        try:
            URLValidator(schemes=["http", "https"])(options["url"])
            published_at = instant("--published-at", options["published_at"])
            text = options["file"].read_bytes().decode("utf-8", "replace")
        except (ValidationError, ParseError, OSError) as error:
            raise CommandError(str(error)) from error
        report = {
            "url": options["url"],
            "title": options["title"],
            "published_at": published_at.isoformat(),
            "document_kind": options["kind"] or VOICES[PublisherKind(feed.source.publisher_kind)],
            "text": text,
        }
        self.add(feed, json.dumps(report, ensure_ascii=False).encode(), page_key(options["url"]))

    def add(self, feed: Feed, body: bytes, key: str) -> None:
        try:
            reading = read_apart(feed, body)
        except ParseError as error:
            raise CommandError(str(error)) from error
        if reading.unusable:
            raise CommandError(reading.unusable[0].reason)
        stored = store(feed, body, reading, timezone.now())
        draw_again(stored.waiting)
        if trouble := Item.objects.filter(key=key).exclude(trouble="").first():
            raise CommandError(f"stored, but it could not be drawn: {trouble.complaint}")
        done = "added" if stored.new else "changed" if stored.changed else "known already"
        self.stdout.write(f"{done}: {Report.objects.get(key=key)} ({key})")


def feed_of(publisher: str) -> Feed:
    """The source of what this publisher's pages say when a person brings them."""
    provider = Provider.objects.filter(slug=publisher).first()
    organisation = Organisation.objects.filter(slug=publisher).first()
    owner = organisation or provider
    slug = slugify(publisher)
    if not slug:
        raise CommandError(f"--publisher {publisher!r} is no name")
    kind = PublisherKind.PRESS
    if owner:
        kind = PublisherKind.ORGANISATION if organisation else PublisherKind.PROVIDER
    source, _ = Source.objects.get_or_create(
        slug=f"by-hand-{slug}",
        defaults={
            "name": f"{owner or publisher}, by hand",
            "publisher": owner.name if owner else publisher,
            "publisher_kind": kind,
            "provider": None if organisation else provider,
            "organisation": organisation,
            "state": SourceState.ARCHIVE,
        },
    )
    feed, _ = Feed.objects.get_or_create(source=source, defaults={"kind": KIND})
    return feed
