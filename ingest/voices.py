"""What the rows of a feed mean to the pure steps: its kind, its context, and who speaks through it."""

from __future__ import annotations

from incidents.choices import PublisherKind
from ingest.drawing import Voice
from ingest.entries import Reading
from ingest.errors import ParseError
from ingest.kinds import Context, Kind, all_kinds
from ingest.models import Feed
from ingest.parser_process import DEADLINE, read_in_parser


def kind_of(feed: Feed) -> Kind:
    try:
        return all_kinds()[feed.kind]
    except KeyError as error:
        raise ParseError(f"no kind is called {feed.kind!r}: {', '.join(all_kinds())}") from error


def context_of(feed: Feed) -> Context:
    provider, organisation = owners(feed)
    return Context(
        publisher=organisation or provider, url=feed.url, provider=provider, organisation=organisation
    )


def owners(feed: Feed) -> tuple[str, str]:
    source = feed.source
    return (
        source.provider.slug if source.provider else "",
        source.organisation.slug if source.organisation else "",
    )


def voice_of(feed: Feed) -> Voice:
    """The press speaks for nobody but itself, whatever it is about."""
    provider, organisation = owners(feed)
    if feed.source.publisher_kind not in {PublisherKind.PROVIDER, PublisherKind.ORGANISATION}:
        return Voice(feed.source.slug)
    return Voice(feed.source.slug, provider, organisation)


def read(feed: Feed, body: bytes) -> Reading:
    """In this process: for what was read before, and for archives that are larger than any fetched body."""
    return kind_of(feed).read(body, context_of(feed))


def read_apart(feed: Feed, body: bytes, *, seconds: float = DEADLINE) -> Reading:
    """In the parser process, which a body that is built to do harm may kill."""
    return read_in_parser(kind_of(feed).slug, body, context_of(feed), seconds=seconds)
