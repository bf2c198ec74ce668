"""Feeds made to break parsers, each read as news in the process that is there for it."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from ingest.errors import ParseError
from ingest.kinds import Context
from ingest.parser_process import DEADLINE, Parser, Request
from ingest.text import UNPRINTABLE

KNOWN_FILES = 2_165
CONTEXT = Context(url="https://e.example/feed")
ELEMENT = re.compile(r"<(?:script|img|iframe|object|style|svg)[\s>]", re.IGNORECASE)


@pytest.mark.shared
def test_no_torture_file_crashes_or_delays_the_parser(shared: Path) -> None:
    parser, read, refused = Parser(), 0, []
    try:
        for path in sorted(path for path in (shared / "feeds/torture").rglob("*") if path.is_file()):
            begun = time.monotonic()
            try:
                entries = parser.read(Request("news-feed", path.read_bytes(), CONTEXT, DEADLINE)).entries
            except ParseError as error:
                refused.append(f"{path.name}: {error}")
                continue
            finally:
                assert time.monotonic() - begun < DEADLINE, path
            read += 1
            for text in (text for entry in entries for text in (entry.title, entry.posts[0].text)):
                assert not UNPRINTABLE.search(text), path
                assert not ELEMENT.search(text), path
    finally:
        parser.stop()
    assert read + len(refused) == KNOWN_FILES
    assert read > 2_100
    assert not [reason for reason in refused if "process" in reason or "longer" in reason]
