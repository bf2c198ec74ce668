"""A body that would stop or kill a worker costs only the process that reads it."""

from __future__ import annotations

import os
import pickle
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ingest import parser_process
from ingest.child_process import ChildLost, understood
from ingest.errors import ParseError
from ingest.kinds import Context, all_kinds
from ingest.parser_process import Answer, Parser, Request

GOOD = b'<rss version="2.0"><channel><item><title>t</title><link>https://e.example/1</link></item></channel></rss>'
# A page of so many open elements is slow to cut; nothing screens pages.
SLOW = b"<html>incident-history" + b"<a><b><i>" * 300_000
AT_ONCE = 8.0  # with the start of a child, on a busy machine


@pytest.fixture
def parser() -> Iterator[Parser]:
    parser = Parser()
    yield parser
    parser.stop()


def request(kind: str, body: bytes, seconds: float = 5.0) -> Request:
    return Request(kind, body, Context(url="https://e.example/feed"), seconds)


def test_reads_as_the_kind_does(parser: Parser) -> None:
    wanted = request("news-feed", GOOD)
    assert parser.read(wanted) == all_kinds()["news-feed"].read(GOOD, wanted.context)


def test_says_what_was_wrong_with_a_body(parser: Parser) -> None:
    with pytest.raises(ParseError, match="no feed"):
        parser.read(request("news-feed", b"<html></html>"))


def test_one_process_reads_many_bodies(parser: Parser) -> None:
    parser.read(request("news-feed", GOOD))
    first = parser.running().pid
    parser.read(request("news-feed", GOOD))
    assert parser.running().pid == first


def test_case_16_a_body_that_takes_too_long_is_given_up_and_the_next_is_read_at_once(parser: Parser) -> None:
    begun = time.monotonic()
    with pytest.raises(ParseError, match="longer than it may"):
        parser.read(request("azure-history", SLOW, seconds=0.3))
    assert time.monotonic() - begun < AT_ONCE
    assert parser.read(request("news-feed", GOOD)).entries
    assert time.monotonic() - begun < 2 * AT_ONCE


def test_a_process_that_died_is_replaced(parser: Parser) -> None:
    parser.running().kill()
    parser.running().wait()
    assert parser.read(request("news-feed", GOOD)).entries


def test_memory_is_limited(parser: Parser) -> None:
    numbers = b"[" + b"[{}]," * 6_000_000 + b"0]"
    with pytest.raises(ParseError, match=r"MiB|died"):
        parser.read(request("gcp-incidents-json", numbers, seconds=30))
    assert parser.read(request("news-feed", GOOD)).entries


def test_our_own_bugs_rise(parser: Parser) -> None:
    with pytest.raises(RuntimeError, match="KeyError"):
        parser.read(request("no-such-kind", GOOD))


def test_the_process_knows_no_secret(parser: Parser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret@localhost/x")
    child = parser.running().pid
    with open(f"/proc/{child}/environ", "rb") as environment:  # noqa: PTH123
        assert b"secret" not in environment.read()


def test_a_child_of_a_fork_is_left_to_the_parent(parser: Parser, monkeypatch: pytest.MonkeyPatch) -> None:
    inherited = parser.running()
    monkeypatch.setattr(os, "getpid", lambda: -1)
    assert parser.running().pid != inherited.pid
    assert inherited.poll() is None
    parser.stop()
    assert inherited.poll() is None
    inherited.kill()
    inherited.wait()
    for pipe in (inherited.stdin, inherited.stdout):
        assert pipe
        pipe.close()


def test_the_process_ends_with_its_parent(parser: Parser) -> None:
    child = parser.running()
    assert child.stdin
    child.stdin.close()
    assert child.wait(timeout=5) == 0


class Call:
    """A pickle that calls something when it is read."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.called = (function, arguments)

    def __reduce__(self) -> Any:
        return self.called


@pytest.mark.parametrize(
    "message",
    [
        pickle.dumps(Call(os.system, "false")),
        pickle.dumps(Call(eval, "1")),
        pickle.dumps(Call(getattr, datetime, "now")),
        b"cingest.entries\ndatetime.now\n.",
        b"cnlp.document\ndataclass\n.",
        b"cingest.parser_process\nParser\n.",
        pickle.dumps(["no answer"]),
        b"\x80\x05nonsense",
        b"",
    ],
)
def test_a_child_that_was_taken_over_can_make_us_call_nothing(message: bytes) -> None:
    with pytest.raises(ChildLost, match="parser process"):
        understood(message, Answer)


def test_all_that_kinds_return_is_understood() -> None:
    samples = Path(__file__).resolve().parents[1] / "samples"
    for kind in all_kinds().values():
        for path in sorted((samples / kind.slug).iterdir()):
            if not path.name.endswith(".expected.json"):
                reading = kind.read(path.read_bytes(), Context(publisher="p", organisation="p"))
                assert understood(pickle.dumps(Answer(reading)), Answer) == Answer(reading)


def test_the_module_reads_for_everybody() -> None:
    assert parser_process.read_in_parser("news-feed", GOOD, Context()).entries
    parser_process.PARSER.stop()
