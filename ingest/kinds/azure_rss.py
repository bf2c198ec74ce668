"""The Azure status feed: items exist only while something is posted, so no items is the healthy answer.

The guid is a slug of the title and is used again for other incidents, so the report is guid and pubDate. The
link is the general page. `<category>` mixes services and regions in one flat list. There is no end time: the
item vanishes. Text is plain or HTML, its spaces escaped twice; titles end in blanks.
"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.entries import Entry, EntryPost, Reading
from ingest.facts import stated, without_repeats
from ingest.kinds import Context, Kind, read_items
from ingest.naming import known, region, service
from ingest.parsing import FeedItem
from ingest.stamps import in_utc
from ingest.text import one_line, plain_text
from nlp.document import DocumentKind, EntityKind, Fact, Field

NAMES_NO_REGION = "public non-regional"


def parse(body: bytes, context: Context) -> Reading:
    return read_items(body, to_entry)


def to_entry(item: FeedItem) -> Entry:
    if not item.guid or not item.published_at:
        raise ValueError("no guid or no pubDate: nothing else tells incidents apart")
    said_at = in_utc(item.published_at)
    return Entry(
        key=f"azure-rss:{item.guid}@{said_at.isoformat()}",
        url=item.link,
        title=one_line(item.title),
        posts=(EntryPost("item", plain_text(item.content), said_at),),
        raw=item.raw,
        document_kind=DocumentKind.PROVIDER_STATUS,
        facts=without_repeats(facts_of(item)),
        published_at=said_at,
    )


def facts_of(item: FeedItem) -> Iterator[Fact]:
    yield stated(Field.PROVIDER, "azure", "")
    for i, category in enumerate(item.categories):
        if category.strip().casefold() == NAMES_NO_REGION:
            continue
        # A name that is neither is likelier a service: regions are few and known.
        name = region if known(EntityKind.REGION, "azure", category) else service
        if found := name("azure", category, path=f"category[{i}]"):
            yield found


KIND = Kind("azure-rss", parse)
