"""AWS Service Health by RSS: status.aws.amazon.com/rss/all.rss and one feed a service.

Every update is an item of its own with its own epoch in the guid, `…#<service slug>_<epoch>`; the link is the
same for all, so the guid alone names an item, in `all` and in the service's feed alike. That several are one
outage is for the linker to find: slug, title and time. The title carries the state as a prefix
("Informational message: [RESOLVED] …"), which says nothing of the text. Markup may be escaped twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.entries import Entry, EntryPost, Reading
from ingest.facts import graded, reached, stated, without_repeats
from ingest.kinds import Context, Kind, read_items
from ingest.parsing import FeedItem
from ingest.publishers.aws import STATES, place_and_service, without_prefixes
from ingest.stamps import from_epoch, in_utc
from ingest.text import one_line, plain_text
from nlp.document import DocumentKind, Fact, Field, Phase

SERVICE_AND_EPOCH = re.compile(r"#(?P<service>[^#]+)_(?P<epoch>\d{9,13})$")


def parse(body: bytes, context: Context) -> Reading:
    return read_items(body, to_entry)


def to_entry(item: FeedItem) -> Entry:
    found = SERVICE_AND_EPOCH.search(item.guid)
    if not found:
        raise ValueError(f"the guid names no service and time: {item.guid[:100]!r}")
    said_at = in_utc(item.published_at) if item.published_at else from_epoch(found["epoch"])
    state, title, is_resolved = without_prefixes(one_line(item.title))
    return Entry(
        key=f"aws-rss:{item.guid}",
        url=item.link,
        title=title,
        posts=(EntryPost("update", plain_text(item.content), said_at, status=state),),
        raw=item.raw,
        document_kind=DocumentKind.PROVIDER_STATUS,
        facts=without_repeats(facts_of(found["service"], state, is_resolved=is_resolved)),
        published_at=said_at,
        modified_at=None,
    )


def facts_of(service_slug: str, state: str, *, is_resolved: bool) -> Iterator[Fact]:
    yield stated(Field.PROVIDER, "aws", "")
    yield from place_and_service(service_slug, path="guid")
    severity = STATES.get(state.casefold())
    if severity:
        yield from graded(severity, state, "title")
    if is_resolved or (state and not severity):
        yield reached(Phase.RESOLVED, "title")


KIND = Kind("aws-rss", parse)
