"""The bytes of a feed before a parser sees them: what would cost it seconds or break it is trimmed.

Measured with feedparser: one tag with 20,000 attributes takes 4 s and grows with the square, an author of
16,000 labels as long; a reference to a surrogate makes it raise. A reader misses nothing of what is cut here.
Every step is linear.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

MAX_ITEMS = 5_000
MAX_ATTRIBUTES = 100
LONG_TAG = 1_000

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
ZEROS = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
DECLARATION = re.compile(rb"^\s*<\?xml[^<>]*\?>")

REFERENCE = re.compile(rb"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));")
PERSON = re.compile(
    rb"(<(?:[\w.-]+:)?(?:author|contributor|creator|email|managingeditor|name|owner|publisher|webmaster)\b[^<>]*>"
    rb"\s*(?:<!\[CDATA\[)?[^<]{200})[^<]+",
    re.IGNORECASE,
)
TAG_NAME = re.compile(rb"[^\s<>/]+")
TAG = re.compile(rb"(?:[^<>\"']++|\"[^\"]*\"|'[^']*')*+>?")
ITEM = re.compile(rb"<(?:[\w.-]+:)?(?:item|entry)[\s>]", re.IGNORECASE)
ITEM_END = re.compile(rb"</(?:[\w.-]+:)?(?:item|entry)\s*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Screened:
    """A body that is safe to parse, in UTF-8 where it said so by its first bytes, and what was cut."""

    body: bytes
    items_left_out: int
    is_cut_short: bool


def screened(body: bytes) -> Screened:
    body = REFERENCE.sub(character, with_short_tags(PERSON.sub(rb"\1", in_utf8(body))))
    starts = [match.start() for match in ITEM.finditer(body)]
    ends = [match.end() for match in ITEM_END.finditer(body)]
    left_out = max(len(starts) - MAX_ITEMS, 0)
    if left_out and ends:
        body = body[: starts[MAX_ITEMS]] + body[max(ends[-1], starts[MAX_ITEMS]) :]
    return Screened(body, left_out, is_cut_short=len(ends) < len(starts) and bool(ends))


def in_utf8(body: bytes) -> bytes:
    """A body with a byte-order mark, or in UTF-16 by the look of it, without mark and declaration in UTF-8.

    The first bytes are right where they and the declared encoding differ.
    """
    for mark, encoding in MARKS:
        if body.startswith(mark):
            return in_utf8(recoded(body.removeprefix(mark), encoding))
    for zeros, encoding in ZEROS:
        if body.startswith(zeros):
            return recoded(body, encoding)
    return body


def recoded(body: bytes, encoding: str) -> bytes:
    text = body.decode(encoding, "replace")
    return DECLARATION.sub(b'<?xml version="1.0" encoding="utf-8"?>', text.encode("utf-8", "replace"))


def character(reference: re.Match[bytes]) -> bytes:
    """The reference, unless what it names is no character of XML."""
    digits = (reference[1] or reference[2]).lstrip(b"0")[:8] or b"0"
    code = int(digits, 16 if reference[1] else 10)
    is_text = (
        code in {9, 10, 13} or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0xFFFF < code < 0x110000
    )
    return reference[0] if is_text else b""


def with_short_tags(body: bytes) -> bytes:
    """Tags of more attributes than anybody writes lose them all."""
    parts = body.split(b"<")
    return b"<".join(
        shortened(part) if len(part) > LONG_TAG and part.count(b"=") > MAX_ATTRIBUTES else part
        for part in parts
    )


def shortened(part: bytes) -> bytes:
    """What follows a `<`, with the attributes of the tag cut off where they are too many."""
    tag, name = TAG.match(part), TAG_NAME.match(part)
    if not tag or not name or tag[0].count(b"=") <= MAX_ATTRIBUTES:
        return part
    end = b"/>" if tag[0].endswith(b"/>") else b">"
    return name[0] + end + part[tag.end() :]
