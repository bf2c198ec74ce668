"""Bodies as feeds and as JSON: feedparser's oddities live here. Nothing but a ParseError leaves."""

from __future__ import annotations

import codecs
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

import feedparser  # type: ignore[import-untyped]  # ships no types

from ingest.errors import ParseError
from ingest.stamps import feed_time

JSON_FEED = "https://jsonfeed.org/version/1.1"
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One item of a feed. `content` is markup; times keep the offset that the feed printed.

    `raw` is the item alone as a JSON Feed, with its times as printed: `parse_feed` reads it again.
    """

    guid: str
    link: str
    title: str
    content: str
    published_at: datetime | None
    updated_at: datetime | None
    categories: tuple[str, ...]
    raw: str


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """What a feed holds, in its own order. `trouble` says what was not well-formed but could be read."""

    items: tuple[FeedItem, ...]
    trouble: str = ""


def parse_feed(body: bytes) -> ParsedFeed:
    """RSS, RDF, Atom or JSON Feed. No items is no error; a body that is no feed is."""
    if body.lstrip(codecs.BOM_UTF8 + b" \t\r\n").startswith(b"{"):
        return parse_json_feed(body)
    parsed = feedparser.parse(BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    trouble = f"{parsed.get('bozo_exception', '')}"[:200] if parsed.bozo else ""
    if not parsed.version and not parsed.entries:
        raise ParseError(f"no feed: {trouble or 'neither RSS, RDF, Atom nor JSON Feed'}")
    return ParsedFeed(tuple(map(to_item, parsed.entries)), trouble)


def to_item(entry: Mapping[str, Any]) -> FeedItem:
    return from_json_feed(
        {
            "id": entry.get("id", ""),
            "url": entry.get("link", ""),
            "title": entry.get("title", ""),
            "content_html": content_of(entry),
            "date_published": entry.get("published", ""),
            # SIM401: `get` would answer with `published` here, and warn.
            "date_modified": entry["updated"] if "updated" in entry else "",  # noqa: SIM401
            "tags": [tag["term"] for tag in entry.get("tags", ()) if tag.get("term")],
        }
    )


def content_of(entry: Mapping[str, Any]) -> str:
    """The fullest text that the item carries: content where there is any, else the summary."""
    texts: list[str] = [part.get("value", "") for part in entry.get("content", ())]
    texts.append(entry.get("summary", ""))
    return max(texts, key=len)


def parse_json_feed(body: bytes) -> ParsedFeed:
    feed = parse_json(body)
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        raise ParseError("no feed: JSON, but no JSON Feed")
    return ParsedFeed(tuple(from_json_feed(item) for item in feed["items"] if isinstance(item, dict)))


def from_json_feed(item: dict[str, Any]) -> FeedItem:
    content = item.get("content_html") or item.get("content_text") or item.get("summary") or ""
    return FeedItem(
        guid=str(item.get("id") or ""),
        link=str(item.get("url") or item.get("external_url") or ""),
        title=str(item.get("title") or ""),
        content=str(content),
        published_at=feed_time(str(item.get("date_published") or "")),
        updated_at=feed_time(str(item.get("date_modified") or "")),
        categories=tuple(map(str, item.get("tags") or ())),
        raw=json.dumps({"version": JSON_FEED, "items": [item]}, ensure_ascii=False),
    )


def parse_json(body: bytes) -> Any:
    """The value of a JSON body in UTF-8, or in the encoding that its byte-order mark or its zeros tell of."""
    try:
        return json.loads(decoded(body))
    except (ValueError, RecursionError) as error:
        raise ParseError(f"no JSON: {str(error)[:200] or 'nested too deep'}") from error


def decoded(body: bytes) -> str:
    """A JSON body as text: the server's header is not trusted, AWS sends UTF-16 under another name."""
    encoding = next((name for mark, name in MARKS if body.startswith(mark)), None)
    return body.decode(encoding or json.detect_encoding(body))
