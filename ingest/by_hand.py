"""Brings one page into the record by hand: many exchanges have no feed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from incidents.amending import Amendment
from incidents.models import Organisation, Provider, Report, Source, User
from incidents.models.amendments import as_people_read
from incidents.models.choices import PublisherKind, SourceState
from incidents.naming import given_terms
from incidents.readings import amend_reading
from incidents.reports import NewReport
from ingest.canonical import page_key
from ingest.drawing import Revision, Voice, as_report
from ingest.entries import Reading
from ingest.errors import ParseError
from ingest.kinds import Context
from ingest.models import Feed, Item
from ingest.parser_process import read_in_parser
from ingest.processing import draw_again
from ingest.redrawing import wait_for_people
from ingest.storing import store
from nlp.document import INCIDENT, DocumentKind
from nlp.extraction import extract

KIND = "report-by-hand"
VOICES = {
    PublisherKind.PROVIDER: DocumentKind.PIR,
    PublisherKind.ORGANISATION: DocumentKind.EXCHANGE_STATUS,
    PublisherKind.PRESS: DocumentKind.NEWS,
}


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who published the page: the slug of a provider or organisation, else any name, which is press."""

    slug: str
    name: str
    kind: PublisherKind
    provider: Provider | None = None
    organisation: Organisation | None = None

    @property
    def source(self) -> str:
        return f"by-hand-{self.slug}"

    @property
    def context(self) -> Context:
        provider = self.provider.slug if self.provider else ""
        organisation = self.organisation.slug if self.organisation else ""
        return Context(
            publisher=organisation or provider, url="", provider=provider, organisation=organisation
        )


@dataclass(frozen=True, slots=True)
class Page:
    """What the person brings. Without a title it is the first line; without a kind, the publisher's own."""

    publisher: str
    url: str
    published_at: datetime
    text: str
    title: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Added:
    what: str
    report: Report


def publisher_of(name: str) -> Publisher:
    provider = Provider.objects.filter(slug=name).first()
    organisation = Organisation.objects.filter(slug=name).first()
    slug = slugify(name)
    if not slug:
        raise ParseError(f"publisher {name!r} is no name")
    if organisation:
        return Publisher(slug, organisation.name, PublisherKind.ORGANISATION, organisation=organisation)
    if provider:
        return Publisher(slug, provider.name, PublisherKind.PROVIDER, provider=provider)
    return Publisher(slug, name, PublisherKind.PRESS)


def propose(page: Page) -> NewReport:
    """What the page would tell the record. Stores nothing."""
    publisher = publisher_of(page.publisher)
    reading = read_page(page, publisher)
    context = publisher.context
    voice = Voice(publisher.source, context.provider, context.organisation)
    revision = Revision(reading.entries[0], KIND, voice, timezone.now())
    drawn = as_report(page_key(page.url), revision, partial(extract, given=given_terms()))
    return as_people_read([[drawn]])[0][0]


@transaction.atomic
def add_amended(page: Page, amendments: Iterable[Amendment], person: User) -> Added:
    """Add the page as the person corrected it: each correction is a verdict on keys that last."""
    key = page_key(page.url)
    for one in amendments:
        amend_reading(
            *(one.kind, one.account, key, person),
            accepts=one.accepts,
            subject="" if one.subject == INCIDENT else one.subject,
            field=one.field,
            value_key=one.key,
        )
    return add(page)


def add(page: Page) -> Added:
    """Store the page, draw its report and link what it tells. The same again adds nothing."""
    publisher, key = publisher_of(page.publisher), page_key(page.url)
    reading = read_page(page, publisher)
    stored = store(feed_of(publisher), body_of(page, publisher), reading, timezone.now())
    wait_for_people()
    draw_again(Item.objects.waiting().filter(key=key).values_list("pk", flat=True))
    if trouble := Item.objects.filter(key=key).exclude(trouble="").first():
        raise ParseError(f"stored, but it could not be drawn: {trouble.complaint}")
    what = "added" if stored.new else "changed" if stored.changed else "known already"
    return Added(what, Report.objects.get(key=key))


def read_page(page: Page, publisher: Publisher) -> Reading:
    """In the parser process, as whatever comes from outside."""
    reading = read_in_parser(KIND, body_of(page, publisher), publisher.context)
    if reading.unusable:
        raise ParseError(reading.unusable[0].reason)
    return reading


def body_of(page: Page, publisher: Publisher) -> bytes:
    report = {
        "url": page.url,
        "title": page.title,
        "published_at": page.published_at.isoformat(),
        "document_kind": page.kind or VOICES[publisher.kind],
        "text": page.text,
    }
    return json.dumps(report, ensure_ascii=False).encode()


def feed_of(publisher: Publisher) -> Feed:
    """The source of what this publisher's pages say when a person brings them."""
    source, _ = Source.objects.get_or_create(
        slug=publisher.source,
        defaults={
            "name": f"{publisher.name}, by hand",
            "publisher": publisher.name,
            "publisher_kind": publisher.kind,
            "provider": publisher.provider,
            "organisation": publisher.organisation,
            "state": SourceState.ARCHIVE,
        },
    )
    feed, _ = Feed.objects.get_or_create(source=source, defaults={"kind": KIND})
    return feed
