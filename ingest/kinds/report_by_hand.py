"""A report that a person brought with `add_report`, as many exchanges have no feed: one JSON object a page.

`text` is plain text or HTML. Without a `title` it is the first line that is no date and no trail
of links. Brought again with another text it is a revision of the same page, known by its address.
"""

from __future__ import annotations

import re
from typing import Any

from ingest.canonical import page_key
from ingest.entries import Entry, EntryPost, Reading
from ingest.errors import ParseError
from ingest.kinds import Context, Kind, read_each
from ingest.parsing import parse_json
from ingest.stamps import from_iso
from ingest.text import one_line, plain_text, tidy
from nlp.document import DocumentKind

FIELDS = frozenset({"document_kind", "published_at", "text", "url"})
DATE = re.compile(r"(?:[A-Za-z]+day,? )?(?:[A-Za-z]+\.? \d{1,2}|\d{1,2}\.? [A-Za-z]+),? \d{4}|[\d./-]{6,10}")
TRAIL = re.compile(r"^\S[^.!?]{0,60} [>»] ")
MARKUP = ("<p", "<div", "<br", "<html", "<h1", "<body", "<article")


def parse(body: bytes, context: Context) -> Reading:
    report = parse_json(body)
    if not isinstance(report, dict) or not report.keys() >= FIELDS:
        raise ParseError(f"report-by-hand: not an object with {', '.join(sorted(FIELDS))}")
    return read_each([("report", report | {"raw": body.decode()})], to_entry)


def to_entry(report: dict[str, Any]) -> Entry:
    text = readable(report["text"])
    if not text:
        raise ValueError("no text")
    said_at = from_iso(report["published_at"])
    return Entry(
        key=page_key(report["url"]),
        url=report["url"],
        title=one_line(report.get("title") or "") or headline(text),
        posts=(EntryPost("page", text, said_at),),
        raw=report["raw"],
        document_kind=DocumentKind(report["document_kind"]),
        published_at=said_at,
    )


def headline(text: str) -> str:
    """The first line of a copied page that says something: dates and "Home > News" stand above it."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    said = (line for line in lines if not DATE.fullmatch(line) and not TRAIL.search(line))
    return next(said, lines[0])[:300]


def readable(text: str) -> str:
    is_markup = any(tag in text.lower() for tag in MARKUP)
    return plain_text(text) if is_markup else tidy(text)


KIND = Kind("report-by-hand", parse)
