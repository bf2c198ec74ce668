"""Feeds of every make are read, and nothing that a feed holds escapes as anything but a ParseError."""

from __future__ import annotations

import json
import socket
import time
from datetime import UTC, datetime

import pytest

from ingest.errors import ParseError
from ingest.parsing import parse_feed, parse_json
from ingest.screening import MAX_ITEMS


def rss(inside: str = "", title: str = "kept") -> str:
    item = f"<item><title>{title}</title><link>https://e.example/1</link>{inside}</item>"
    return f'<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>{item}</channel></rss>'


ATTRIBUTES = " ".join(f'a{i}="1"' for i in range(100_000))
COSTLY = {
    "attributes": rss(f"<x {ATTRIBUTES}/>"),
    "attributes behind a bracket": rss(f'<x b=">" {ATTRIBUTES}/>'),
    "attributes in markup": rss(f"<description><![CDATA[<p {'a=1 ' * 100_000}>x]]></description>"),
    "an author": rss(f"<author>a@{'a.' * 16_000}!</author>"),
    "an author in CDATA": rss(f"<dc:creator><![CDATA[a@{'a.' * 16_000}!]]></dc:creator>"),
    "comments": rss(f"<description><![CDATA[{'<!--' * 50_000}]]></description>"),
    "elements": rss("<x>" * 20_000 + "</x>" * 20_000),
    "markup": rss(f"<description><![CDATA[{'<div>' * 50_000}]]></description>"),
    "brackets": rss(f"<description><![CDATA[{'<' * 500_000}]]></description>"),
    "a title": rss(title="x" * 1_000_000),
    "an entity": f'<!DOCTYPE l [<!ENTITY a "{"a" * 50_000}">]>' + rss(title="kept" + "&a;" * 50_000),
}


@pytest.mark.parametrize("body", COSTLY.values(), ids=COSTLY)
def test_case_16_costly_feeds_are_read_in_little_time(body: str) -> None:
    begun = time.process_time()
    items = parse_feed(body.encode()).items
    assert time.process_time() - begun < 2.5
    assert [item.link for item in items] == ["https://e.example/1"]


DECLARATION = '<?xml version="1.0" encoding="{}"?>'
ENCODED = [
    ("latin-1 that says utf-8", DECLARATION.format("utf-8"), "iso-8859-1", "Ausfälle"),
    ("windows-1251", DECLARATION.format("windows-1251"), "windows-1251", "Авария"),
    ("koi8-r", DECLARATION.format("koi8-r"), "koi8-r", "Авария"),
    ("utf-16 with a mark", DECLARATION.format("utf-16"), "utf-16", "Авария 停止"),
    ("utf-16 that says utf-8", DECLARATION.format("utf-8"), "utf-16", "Авария 停止"),
    ("utf-16 without a mark", "", "utf-16-le", "Авария 停止"),
    ("utf-8 with a mark", DECLARATION.format("utf-8"), "utf-8-sig", "Авария 停止"),
]


@pytest.mark.parametrize(
    ("declaration", "encoding", "title"), [case[1:] for case in ENCODED], ids=[case[0] for case in ENCODED]
)
def test_case_13_encodings_are_read_as_they_are(declaration: str, encoding: str, title: str) -> None:
    assert parse_feed((declaration + rss(title=title)).encode(encoding)).items[0].title == title


def test_case_13_a_byte_order_mark_may_come_twice() -> None:
    assert parse_feed(b"\xef\xbb\xbf\xef\xbb\xbf" + rss().encode()).items


@pytest.mark.parametrize("reference", ["&#0;", "&#x1F;", "&#xD800;", "&#xFFFF;", "&#99999999999;"])
def test_case_14_a_reference_to_no_character_is_dropped(reference: str) -> None:
    assert parse_feed(rss(title=f"a{reference}b").encode()).items[0].title == "ab"


def test_case_12_items_of_a_document_that_was_cut_are_kept_but_for_the_last() -> None:
    items = "".join(f"<item><title>{i}</title><link>https://e.example/{i}</link></item>" for i in range(9))
    body = f'<rss version="2.0"><channel>{items}</channel></rss>'
    feed = parse_feed(body[: body.index("<title>7") + 8].encode())
    assert [item.title for item in feed.items] == list("0123456")
    assert [unusable.where for unusable in feed.unusable] == ["the last item"]


def test_case_21_a_feed_of_very_many_items_is_cut_and_says_so() -> None:
    items = "".join(f"<item><title>{i}</title></item>" for i in range(MAX_ITEMS + 7))
    feed = parse_feed(f'<rss version="2.0"><channel>{items}</channel></rss>'.encode())
    assert len(feed.items) == MAX_ITEMS
    assert feed.unusable[0].where == "7 items"


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
ENTITIES = {
    "billion laughs": f'<!DOCTYPE r [<!ENTITY l0 "lol">{LAUGHS}]>' + rss(title="kept&l9;"),
    "quadratic": f'<!DOCTYPE r [<!ENTITY a "{"a" * 50_000}">]>' + rss(title="kept" + "&a;" * 50_000),
    "a file": '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + rss(title="kept&x;"),
    "the network": '<!DOCTYPE r SYSTEM "http://192.0.2.1/evil.dtd">' + rss(title="kept"),
    "a parameter": '<!DOCTYPE r [<!ENTITY % x SYSTEM "http://192.0.2.1/x"> %x;]>' + rss(title="kept"),
}


@pytest.mark.parametrize("body", ENTITIES.values(), ids=ENTITIES)
def test_case_15_no_entity_is_expanded_and_no_file_or_host_is_asked(
    body: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    begun = time.process_time()
    try:
        told = [item.title for item in parse_feed(body.encode()).items]
    except ParseError as refusal:
        told = [str(refusal)]
    assert time.process_time() - begun < 1
    assert not any("root:" in text or text.count("lol") > 1 for text in told)


def test_items_without_a_channel_are_read() -> None:
    body = '<rss version="2.0"><channel><title>t</title></channel><item><title>outside</title></item></rss>'
    assert [item.title for item in parse_feed(body.encode()).items] == ["outside"]


TIMES = {
    "Fri, 23 Aug 2019 04:18:35 PDT": datetime(2019, 8, 23, 11, 18, 35, tzinfo=UTC),
    "Wed,  8 Feb 2017 09:46:27 PST": datetime(2017, 2, 8, 17, 46, 27, tzinfo=UTC),
    "Wed, 07 Sep 2022 16:10:40 Z": datetime(2022, 9, 7, 16, 10, 40, tzinfo=UTC),
    "Nov 21, 2026 10:00 AM PST": datetime(2026, 11, 21, 18, tzinfo=UTC),
    "Sat, 21 Nov 2026 10:00:00 AEST": datetime(2026, 11, 21, tzinfo=UTC),
    "06 April 2020": datetime(2020, 4, 6, tzinfo=UTC),
    "Sat, 2 Sep 23 12:00 GMT+0": datetime(2023, 9, 2, 12, tzinfo=UTC),
    "2024-03-05T18:00:00.123-05:00": datetime(2024, 3, 5, 23, 0, 0, 123000, tzinfo=UTC),
    "Mon, 01 Jan 0001 00:00:00 GMT": None,
    "31 Feb 2020": None,
    "Thu, 01 Jan 1970 00:00:00 GMT": None,
    "Sat, 01 Jan 2199 00:00:00 GMT": None,
    "Thu, 01 Jan 2004 25:00:00 GMT": None,
    "soon": None,
    "1 " * 5_000: None,
}


@pytest.mark.parametrize(("printed", "meant"), TIMES.items(), ids=lambda value: str(value)[:30])
def test_case_20_times_are_what_they_say_or_none(printed: str, meant: datetime | None) -> None:
    assert parse_feed(rss(f"<pubDate>{printed}</pubDate>").encode()).items[0].published_at == meant


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b'{"items": 7}', b"<html></html>", b"plain words", b"\0" * 1000, b"[" * 100_000, b"<rss"],
)
def test_what_is_no_feed_is_refused(body: bytes) -> None:
    with pytest.raises(ParseError):
        parse_feed(body)


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 100_000, b"\xff\xfe[", b"9" * 10_000, b"nul"])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(ParseError):
        parse_json(body)


def test_json_is_read_in_utf_16_whatever_its_header_says() -> None:
    assert parse_json(b"\xfe\xff" + json.dumps(["é"]).encode("utf-16-be")) == ["é"]
