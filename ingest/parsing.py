"""Bodies as feeds and as JSON: feedparser's oddities live here. Nothing but a ParseError leaves."""

from __future__ import annotations

import codecs
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import feedparser  # type: ignore[import-untyped]  # ships no types

from ingest.entries import Unusable
from ingest.errors import ParseError
from ingest.screening import MARKS, MAX_ITEMS, screened
from ingest.stamps import feed_time
from ingest.text import printable
from nlp.document import Precision

JSON_FEED = "https://jsonfeed.org/version/1.1"
SHARES_LINK = "_shares_link"  # our own mark in a kept item: alone it would no longer show


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One item of a feed. `content` is markup; times keep the offset that the feed printed.

    `precision` is a day where the feed prints no clock. `shares_link` is true where another item of the same
    feed has the same link. `raw` is the item alone as a JSON Feed, with its times as printed, and can be read
    again by `parse_feed`.
    """

    guid: str
    link: str
    title: str
    content: str
    published_at: datetime | None
    updated_at: datetime | None
    categories: tuple[str, ...]
    raw: str
    precision: Precision
    shares_link: bool


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """The items of a feed in its own order, what of it could not be read, and its `ttl`."""

    items: tuple[FeedItem, ...]
    unusable: tuple[Unusable, ...] = ()
    ttl: timedelta | None = None


def parse_feed(body: bytes) -> ParsedFeed:
    """RSS, RDF, Atom or JSON Feed. No items is no error; a body that is no feed is."""
    if body.lstrip(codecs.BOM_UTF8 + b" \t\r\n").startswith(b"{"):
        return parse_json_feed(body)
    safe = screened(body)
    parsed = parse_xml(safe.body)
    items, unusable = list(parsed.entries), []
    if parsed.bozo and safe.is_cut_short:
        unusable.append(Unusable("the last item", "the document ends within it"))
        del items[-1:]
    if safe.items_left_out:
        unusable.append(Unusable(f"{safe.items_left_out} items", f"only the first {MAX_ITEMS} are read"))
    return ParsedFeed(to_items(map(as_json_feed, items)), tuple(unusable), ttl_of(parsed.feed))


def ttl_of(channel: Mapping[str, Any]) -> timedelta | None:
    """RSS counts it in minutes; nobody means more than a day."""
    told = str(channel.get("ttl") or "").strip()
    return timedelta(minutes=min(int(told[:6]), 24 * 60)) if told.isascii() and told.isdecimal() else None


def parse_xml(body: bytes) -> Any:
    try:
        # BytesIO: a bare string would be opened as a URL or a file.
        parsed = feedparser.parse(BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    except MemoryError:
        raise
    except Exception as error:  # feedparser means to raise nothing, so what it does raise is no set of types
        raise ParseError(f"no feed: the parser failed with {type(error).__name__}: {error}"[:300]) from error
    if not parsed.get("version") and not parsed.entries:
        trouble = parsed.get("bozo_exception") or "neither RSS, RDF, Atom nor JSON Feed"
        raise ParseError(f"no feed: {trouble}"[:300])
    return parsed


def as_json_feed(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What feedparser read of an item, in the words of JSON Feed."""
    return {
        "id": entry.get("id", ""),
        "url": entry.get("link", ""),
        "title": entry.get("title", ""),
        "content_html": content_of(entry),
        "date_published": entry.get("published", ""),
        # SIM401: `get` would answer with `published` here, and warn.
        "date_modified": entry["updated"] if "updated" in entry else "",  # noqa: SIM401
        "tags": [tag["term"] for tag in entry.get("tags", ()) if tag.get("term")],
    }


def content_of(entry: Mapping[str, Any]) -> str:
    """The fullest text that the item carries: content where there is any, else the summary."""
    texts: list[str] = [part.get("value", "") for part in entry.get("content", ())]
    texts.append(entry.get("summary", ""))
    return max(texts, key=len)


def parse_json_feed(body: bytes) -> ParsedFeed:
    feed = parse_json(body)
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        raise ParseError("no feed: JSON, but no JSON Feed")
    return ParsedFeed(to_items(item for item in feed["items"] if isinstance(item, dict)))


def to_items(items: Iterable[dict[str, Any]]) -> tuple[FeedItem, ...]:
    items = list(items)
    links = Counter(page_of(item) for item in items)
    return tuple(to_item(item | {SHARES_LINK: True} if links[page_of(item)] > 1 else item) for item in items)


def to_item(item: dict[str, Any]) -> FeedItem:
    content = item.get("content_html") or item.get("content_text") or item.get("summary") or ""
    published, updated = (str(item.get(name) or "") for name in ("date_published", "date_modified"))
    return FeedItem(
        guid=printable(str(item.get("id") or "")).strip(),
        link=link_of(item),
        title=str(item.get("title") or ""),
        content=str(content),
        published_at=feed_time(published),
        updated_at=feed_time(updated),
        categories=tuple(map(str, tags)) if isinstance(tags := item.get("tags"), list) else (),
        raw=json.dumps({"version": JSON_FEED, "items": [item]}),
        precision=Precision.MINUTE if ":" in (published or updated or ":") else Precision.DAY,
        shares_link=SHARES_LINK in item,
    )


def link_of(item: dict[str, Any]) -> str:
    return printable(str(item.get("url") or item.get("external_url") or "")).strip()


def page_of(item: dict[str, Any]) -> str:
    """The link without its fragment."""
    return link_of(item).partition("#")[0]


def joined(raws: Iterable[str]) -> str:
    """Several items as one JSON Feed."""
    items = [item for raw in raws for item in json.loads(raw)["items"]]
    return json.dumps({"version": JSON_FEED, "items": items})


def parse_json(body: bytes) -> Any:
    """The value of a JSON body in UTF-8, or in the encoding that its byte-order mark or its zeros tell of."""
    try:
        return json.loads(decoded(body))
    except (ValueError, RecursionError) as error:
        raise ParseError(f"no JSON: {str(error)[:200] or 'nested too deep'}") from error


def text_in(item: dict[str, Any], field: str) -> str:
    """A field that names the item: a text that is not empty, or a ValueError."""
    value = item[field]
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"the field {field!r} names nothing: {value!r}"[:200])
    return value


def decoded(body: bytes) -> str:
    """A JSON body as text: the server's header is not trusted, AWS sends UTF-16 under another name."""
    for mark, encoding in MARKS:
        if body.startswith(mark):
            return without_padding(body.removeprefix(mark), encoding)
    return without_padding(body, json.detect_encoding(body))


def without_padding(body: bytes, encoding: str) -> str:
    """A mark may come twice, and zeros behind the end, also half a character of them."""
    width = 2 if "16" in encoding else 4 if "32" in encoding else 1
    whole = body[: len(body) - len(body) % width] if body.endswith(b"\0") else body
    return whole.decode(encoding).lstrip("\ufeff").rstrip("\0")
