"""News: RSS, RDF, Atom or JSON Feed of a publisher, blog or search. An item is a page, named by its address.

Guids are no names here: they change with titles, are shared, or missing. An item without an address, or
with one that others of the same feed have too, is named by that address, else by the feed's, with a hash of
its guid, else of its title and date. Dates may be days without a clock, or of year 1.
"""

from __future__ import annotations

from functools import partial
from hashlib import sha256

from ingest.canonical import page_key
from ingest.entries import Entry, EntryPost, Reading
from ingest.kinds import Context, Kind, read_items
from ingest.parsing import FeedItem
from ingest.stamps import in_utc
from ingest.text import one_line, plain_text
from nlp.document import DocumentKind

ADDRESS = ("https://", "http://")


def parse(body: bytes, context: Context) -> Reading:
    return read_items(body, partial(to_entry, context=context))


def to_entry(item: FeedItem, context: Context) -> Entry:
    address = next((name for name in (item.link, item.guid) if name.lower().startswith(ADDRESS)), "")
    said_at = in_utc(item.published_at) if item.published_at else None
    changed_at = in_utc(item.updated_at) if item.updated_at else None
    text = plain_text(item.content)
    return Entry(
        key=key_of(item, address, context),
        url=address or context.url,
        title=one_line(item.title),
        posts=(EntryPost("article", text, said_at or changed_at, item.precision),),
        raw=item.raw,
        document_kind=DocumentKind.NEWS,
        published_at=said_at or changed_at,
        modified_at=changed_at,
    )


def key_of(item: FeedItem, address: str, context: Context) -> str:
    if address and not item.shares_link:
        return page_key(address)
    told_apart_by = item.guid or f"{item.title}\n{item.published_at or item.updated_at or ''}"
    if not told_apart_by.strip():
        raise ValueError("neither an address, an id nor a title")
    digest = sha256(told_apart_by.encode("utf-8", "replace")).hexdigest()[:16]
    return f"{page_key(address or context.url)}#{digest}"


KIND = Kind("news-feed", parse)
