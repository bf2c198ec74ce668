"""Fetching against a server that misbehaves. The numbers are those of our list of fault cases."""

from __future__ import annotations

import gzip
import ipaddress
import socket
import threading
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from ingest import schedule
from ingest.addresses import REFUSAL, checked_url, may_dial
from ingest.errors import Failure, FetchError
from ingest.fetching import Known, Outcome, Rules, fetch
from tests.ingest.hostile import Hostile, hostile

RULES = Rules(allow_private=True, seconds=5)
QUICK = Rules(allow_private=True, seconds=0.5)
NOTHING = Known()
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

server = pytest.fixture(hostile)


def failing(url: str, rules: Rules = RULES, known: Known = NOTHING) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetch(url, known=known, rules=rules)
    return caught.value


def test_returns_the_body_and_what_to_ask_with_next_time(server: Hostile) -> None:
    url = server.answer("/feed", b"news", headers={"ETag": '"a"', "Last-Modified": "yesterday"})
    answer = fetch(url, rules=RULES)
    assert (answer.outcome, answer.body) == (Outcome.FETCHED, b"news")
    assert (answer.known.etag, answer.known.last_modified) == ('"a"', "yesterday")


def test_tells_who_asks_and_takes_gzip_only(server: Hostile) -> None:
    fetch(server.answer("/feed", b"news"), rules=Rules(allow_private=True, user_agent="Faultline/9"))
    (request,) = server.requests
    assert "User-Agent: Faultline/9" in request
    assert "Accept-Encoding: gzip\r\n" in request


def test_case_01_asks_with_validators_and_believes_a_304(server: Hostile) -> None:
    url = server.answer("/feed", status="304 Not Modified")
    answer = fetch(url, known=Known('"a"', "yesterday", "hash"), rules=RULES)
    assert answer.outcome is Outcome.NOT_MODIFIED
    assert answer.known == Known('"a"', "yesterday", "hash")
    assert 'If-None-Match: "a"' in server.requests[0]
    assert "If-Modified-Since: yesterday" in server.requests[0]


def test_case_01_a_304_that_nobody_asked_for_is_no_answer(server: Hostile) -> None:
    url = server.answer("/feed", status="304 Not Modified")
    assert failing(url).failure is Failure.UNEXPECTED


def test_case_02_same_body_with_a_new_etag_is_unchanged(server: Hostile) -> None:
    first = fetch(server.answer("/feed", b"news", headers={"ETag": '"a"'}), rules=RULES)
    url = server.answer("/feed", b"news", headers={"ETag": '"b"'})
    again = fetch(url, known=first.known, rules=RULES)
    assert (again.outcome, again.body, again.known.etag) == (Outcome.SAME_BODY, b"", '"b"')


@pytest.mark.parametrize("etag", ["é" * 3, "x" * 501])
def test_case_02_a_validator_that_cannot_be_sent_back_is_left(server: Hostile, etag: str) -> None:
    url = server.answer("/feed", b"news", headers={"ETag": etag})
    assert fetch(url, rules=RULES).known.etag == ""


AHEAD = NOW + timedelta(hours=5)  # a host whose clock is five hours fast


@pytest.mark.parametrize(
    ("said", "date", "wait"),
    [
        ("120", "", timedelta(minutes=2)),
        ("-5", "", schedule.LEAST_WAIT),
        ("99999999999", "", schedule.MOST_WAIT),
        ("9" * 4000, "", schedule.MOST_WAIT),
        ("soon", "", None),
        ("", "", None),
        (format_datetime(NOW + timedelta(minutes=9), usegmt=True), "", timedelta(minutes=9)),
        (format_datetime(AHEAD + timedelta(minutes=9)), format_datetime(AHEAD), timedelta(minutes=9)),
        (format_datetime(NOW - timedelta(days=9)), "", schedule.LEAST_WAIT),
        (format_datetime(NOW + timedelta(days=900)), "garbage", schedule.MOST_WAIT),
        (f"Mon, 1 Mar {'9' * 30} 12:09:00 GMT", "", None),
        ("Sun, 01 Mar 2026 12:09:00 GMT", f"Sun, 01 Mar 2026 12:00:00 +{'9' * 30}", timedelta(minutes=9)),
    ],
)
def test_case_03_retry_after_in_all_its_forms(said: str, date: str, wait: timedelta | None) -> None:
    assert schedule.retry_after(said, date, NOW) == wait


def test_case_03_429_tells_how_long_to_wait(server: Hostile) -> None:
    error = failing(server.answer("/feed", status="429 Too Many Requests", headers={"Retry-After": "600"}))
    assert (error.failure, error.retry_after) == (Failure.THROTTLED, timedelta(minutes=10))


@pytest.mark.parametrize("status", ["500 Oh", "502 Bad Gateway", "503 Busy", "599 Odd"])
def test_case_04_server_errors_have_their_class(server: Hostile, status: str) -> None:
    assert failing(server.answer("/feed", status=status)).failure is Failure.SERVER_ERROR


def test_case_04_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert failing(f"http://127.0.0.1:{port}/").failure is Failure.UNREACHABLE


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        ("401 Who", Failure.BLOCKED),
        ("403 No", Failure.BLOCKED),
        ("404 Where", Failure.MISSING),
        ("410 Gone", Failure.GONE),
        ("451 Law", Failure.BLOCKED),
        ("204 Empty", Failure.UNEXPECTED),
    ],
)
def test_case_05_refusals_have_their_class(server: Hostile, status: str, failure: Failure) -> None:
    assert failing(server.answer("/feed", status=status)).failure is failure


def test_case_05_a_challenge_for_browsers_is_blocked(server: Hostile) -> None:
    url = server.answer("/feed", status="503 Busy", headers={"cf-mitigated": "challenge"})
    assert failing(url).failure is Failure.BLOCKED


@pytest.mark.parametrize(
    ("statuses", "learns"),
    [
        (["301 Moved", "308 Moved"], True),
        (["301 Moved", "302 Found"], False),
        (["307 Later"], False),
    ],
)
def test_case_06_only_a_permanent_chain_tells_the_new_address(
    server: Hostile, statuses: list[str], learns: bool
) -> None:
    final = server.answer("/final", b"news")
    for number, status in enumerate(statuses):
        following = f"/{number + 1}" if number + 1 < len(statuses) else "/final"
        server.answer(f"/{number}", status=status, headers={"Location": following})
    answer = fetch(server.url("/0"), rules=RULES)
    assert (answer.body, answer.moved_to) == (b"news", final if learns else "")


def test_case_06_a_loop_of_redirects_ends(server: Hostile) -> None:
    url = server.answer("/loop", status="301 Moved", headers={"Location": "/loop"})
    assert failing(url).failure is Failure.REDIRECT
    assert len(server.requests) == 6


def test_case_06_five_redirects_are_followed(server: Hostile) -> None:
    for number in range(5):
        server.answer(f"/{number}", status="302 Found", headers={"Location": f"/{number + 1}"})
    server.answer("/5", b"news")
    assert fetch(server.url("/0"), rules=RULES).body == b"news"


@pytest.mark.parametrize(
    ("location", "failure"),
    [
        ("", Failure.REDIRECT),
        ("http://host:port/", Failure.REDIRECT),
        ("http://[", Failure.UNREACHABLE),
        ("/\x01", Failure.REDIRECT),
        ("/" + 70_000 * "x", Failure.REDIRECT),
        ("http://xn--/", Failure.REFUSED),
        ("http://xn--a/", Failure.REFUSED),
        ("javascript:alert(1)", Failure.REFUSED),
        ("data:,x", Failure.REFUSED),
    ],
)
def test_case_06_a_redirect_to_no_address_is_an_error(
    server: Hostile, location: str, failure: Failure
) -> None:
    url = server.answer("/feed", status="301 Moved", headers={"Location": location})
    assert failing(url).failure is failure


INNER = [
    "http://127.0.0.1/",
    "http://localhost/",
    "http://10.1.2.3/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://100.64.0.1/",
    "http://168.63.129.16/",
    "http://0.0.0.0/",
    "http://224.0.0.1/",
    "http://192.0.0.8/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b:1::1]/",
    "http://[2002:7f00:1::]/",
    "http://[2001:0:7f00:1::]/",
    "http://[fe80::1]/",
    "http://[fec0::1]/",
    "http://[fd00:ec2::254]/",
    "http://[ff02::1]/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://127.1/",
    "http://0177.0.0.1/",
    "http://user:secret@93.184.216.34/",
    "http://93.184.216.34:22/",
    "https://93.184.216.34:8443/",
    "file:///etc/passwd",
    "gopher://93.184.216.34/",
    "ftp://93.184.216.34/",
    "//93.184.216.34/",
    "http:///",
    "",
    "nothing",
]


@pytest.fixture
def no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.mark.parametrize("url", INNER)
def test_case_07_inner_addresses_are_refused_before_any_connection(url: str, no_connection: None) -> None:
    error = failing(url, Rules())
    assert (error.failure, str(error)) == (Failure.REFUSED, REFUSAL)


@pytest.mark.parametrize(
    "location", ["http://169.254.169.254/", "http://[::ffff:127.0.0.1]/", "file:///etc/passwd", "http://a@b/"]
)
def test_case_07_a_redirect_to_an_inner_address_is_refused(server: Hostile, location: str) -> None:
    url = server.answer("/feed", status="302 Found", headers={"Location": location})
    assert failing(url).failure is Failure.REFUSED


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "100.64.0.1", "64:ff9b::1", "224.0.0.1", "fd00:ec2::254"]
)
def test_case_07_a_laboratory_may_ask_private_addresses_but_no_metadata(address: str) -> None:
    assert not may_dial(ipaddress.ip_address(address), allow_private=True)
    assert may_dial(ipaddress.ip_address("10.0.0.1"), allow_private=True)


@pytest.mark.parametrize("address", ["93.184.216.34", "1.1.1.1", "2606:4700::1111"])
def test_case_07_public_addresses_are_dialled(address: str) -> None:
    assert may_dial(ipaddress.ip_address(address))


def test_case_07_listed_ports_are_asked() -> None:
    assert checked_url("http://example.com:8080/", ports=frozenset({8080})).port == 8080


def answers_of_the_resolver(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> None:
    """Each look-up of the name gets the next answer; the last one again and again."""
    left = list(answers)
    look_up = socket.getaddrinfo

    def answer(host: str, *where: Any, **options: Any) -> list[Any]:
        if host != "feed.example":
            return look_up(host, *where, **options)
        addresses = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", answer)


def test_case_08_mixed_answers_are_refused(monkeypatch: pytest.MonkeyPatch, no_connection: None) -> None:
    answers_of_the_resolver(monkeypatch, ["93.184.216.34", "10.0.0.1"])
    assert failing("http://feed.example/", Rules()).failure is Failure.REFUSED


def test_case_08_the_checked_address_is_the_one_dialled(
    monkeypatch: pytest.MonkeyPatch, server: Hostile
) -> None:
    """A name that is rebound after the check is not looked up again: the hop goes to the first answer."""
    answers_of_the_resolver(monkeypatch, ["127.0.0.1"], ["169.254.169.254"])
    server.answer("/feed", b"news")
    url = f"http://feed.example:{server.port}/feed"
    assert fetch(url, rules=RULES).body == b"news"
    assert failing(url).failure is Failure.REFUSED


def test_case_08_each_hop_is_looked_up_anew(monkeypatch: pytest.MonkeyPatch, server: Hostile) -> None:
    answers_of_the_resolver(monkeypatch, ["127.0.0.1"], ["169.254.169.254"])
    server.answer("/feed", status="302 Found", headers={"Location": "/feed"})
    assert failing(f"http://feed.example:{server.port}/feed").failure is Failure.REFUSED


def test_case_08_a_name_that_does_not_resolve_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    answered = threading.Event()

    def never(*_: Any, **__: Any) -> list[Any]:
        answered.wait()
        raise OSError("too late")

    monkeypatch.setattr(socket, "getaddrinfo", never)
    error = failing("http://feed.example/", Rules(seconds=0.3))
    answered.set()
    assert error.failure is Failure.TIMED_OUT


OK = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    ("start", "drop"),
    [
        (OK + b"Content-Length: 100000\r\n\r\n", b"x"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (OK, b"X-More: 1\r\n"),
        (b"", b"H"),
        (OK + b"Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08", b"\x00"),
    ],
)
def test_case_09_drips_are_cut_at_the_wall_clock(server: Hostile, start: bytes, drop: bytes) -> None:
    url = server.drip("/feed", start, drop)
    began = time.monotonic()
    assert failing(url, QUICK).failure in {Failure.TIMED_OUT, Failure.CUT_SHORT, Failure.BAD_ENCODING}
    assert time.monotonic() - began < 1.5


def test_case_09_silence_is_cut_at_the_wall_clock(server: Hostile) -> None:
    began = time.monotonic()
    assert failing(server.drip("/feed", b"", b""), QUICK).failure is Failure.TIMED_OUT
    assert 0.4 < time.monotonic() - began < 1.5


def test_case_09_redirects_share_one_deadline(server: Hostile) -> None:
    def slow(connection: socket.socket, request: str) -> None:
        server.stopped.wait(0.2)
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /slow\r\nContent-Length: 0\r\n\r\n")

    began = time.monotonic()
    assert failing(server.handle("/slow", slow), QUICK).failure is Failure.TIMED_OUT
    assert time.monotonic() - began < 1.5


def test_case_09_endless_headers_are_refused(server: Hostile) -> None:
    header = b"X-More: " + b"x" * 1000 + b"\r\n"
    url = server.raw("/feed", OK, header * 300, b"\r\nnews")
    assert failing(url).failure is Failure.CUT_SHORT


def bomb(mebibytes: int) -> bytes:
    return gzip.compress(bytes(mebibytes * 2**20), 9)


def test_case_10_a_bomb_stops_at_its_cap_without_growing_the_process(server: Hostile) -> None:
    body = bomb(200)
    url = server.answer("/feed", body, headers={"Content-Encoding": "gzip"})
    tracemalloc.start()
    error = failing(url, Rules(allow_private=True, inflated=8 * 2**20))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert error.failure is Failure.TOO_LARGE
    assert peak < 50 * 2**20


def test_case_10_a_body_beyond_the_wire_limit_is_cut(server: Hostile) -> None:
    url = server.raw("/feed", OK + b"\r\n", *[b"x" * 2**20] * 4)
    assert failing(url, Rules(allow_private=True, wire=2**20)).failure is Failure.TOO_LARGE


# Without the time of compression: each process of a parallel run must know a test by the same name.
NEWS = gzip.compress(b"news", mtime=0)
LONG_NEWS = gzip.compress(b"news" * 99, mtime=0)
TWICE = gzip.compress(NEWS, mtime=0)
MORE = gzip.compress(b" and more", mtime=0)


@pytest.mark.parametrize(
    ("body", "encoding", "failure"),
    [
        (TWICE, "gzip", Failure.BAD_ENCODING),
        (TWICE, "gzip, gzip", Failure.BAD_ENCODING),
        (b"news", "gzip", Failure.BAD_ENCODING),
        (b"news", "br", Failure.BAD_ENCODING),
        (NEWS, "", Failure.BAD_ENCODING),
        (LONG_NEWS[:-9], "gzip", Failure.CUT_SHORT),
        (b"", "gzip", Failure.CUT_SHORT),
    ],
)
def test_case_10_wrong_encodings_have_their_class(
    server: Hostile, body: bytes, encoding: str, failure: Failure
) -> None:
    url = server.answer("/feed", body, headers={"Content-Encoding": encoding})
    assert failing(url).failure is failure


@pytest.mark.parametrize("padding", [b"", bytes(20), MORE])
def test_case_10_gzip_in_members_or_with_padding_is_read(server: Hostile, padding: bytes) -> None:
    url = server.answer("/feed", NEWS + padding, headers={"Content-Encoding": "gzip"})
    expected = b"news and more" if padding.startswith(b"\x1f") else b"news"
    assert fetch(url, rules=RULES).body == expected


def test_case_10_a_body_shorter_than_announced_is_no_body(server: Hostile) -> None:
    url = server.answer("/feed", b"news", headers={"Content-Length": "400"})
    assert failing(url).failure is Failure.CUT_SHORT


def test_case_10_a_body_longer_than_announced_ends_where_it_said(server: Hostile) -> None:
    url = server.answer("/feed", b"news and more", headers={"Content-Length": "4"})
    assert fetch(url, rules=RULES).body == b"news"


SOON = format_datetime(AHEAD + timedelta(minutes=9), usegmt=True)
TEN = timedelta(minutes=10)


@pytest.mark.parametrize(
    ("cache_control", "expires", "wait"),
    [
        ("public, max-age=600", "", TEN),
        ('Max-Age="600", must-revalidate', SOON, TEN),
        ("max-age=0", SOON, None),
        ("max-age=600, no-cache", "", None),
        ("no-store", SOON, None),
        ("max-age=soon", SOON, timedelta(minutes=9)),
        ("max-age=" + "9" * 4000, "", schedule.MOST_WAIT),
        ("", SOON, timedelta(minutes=9)),
        ("", "0", None),
        ("", format_datetime(NOW - timedelta(days=9)), None),
        (",,=,;", "", None),
    ],
)
def test_caching_headers_tell_how_long_an_answer_holds(
    cache_control: str, expires: str, wait: timedelta | None
) -> None:
    assert schedule.fresh_for(cache_control, expires, format_datetime(AHEAD), NOW) == wait


def test_an_answer_carries_for_how_long_it_holds(server: Hostile) -> None:
    url = server.answer("/feed", b"news", headers={"Cache-Control": "max-age=600", "ETag": '"a"'})
    first = fetch(url, rules=RULES)
    assert first.fresh_for == TEN
    server.answer("/feed", status="304 Not Modified", headers={"Cache-Control": "max-age=900"})
    assert fetch(url, known=first.known, rules=RULES).fresh_for == timedelta(minutes=15)


@pytest.mark.parametrize("slug", ["aws", "gcp", "coinbase"])
def test_back_off_doubles_with_jitter_and_stays_near_a_page_that_is_down(slug: str) -> None:
    minutes = timedelta(minutes=1)
    waits = [
        schedule.wait_after_failure(5 * minutes, slug, failure=Failure.TIMED_OUT, failures=count)
        for count in range(1, 11)
    ]
    for wait, bare in zip(waits, [5, 10, 20, 40, 60, 60, 60, 60, 60, 60], strict=True):
        assert bare * minutes <= wait <= 1.1 * bare * minutes


def test_a_page_that_does_not_want_us_is_asked_daily_in_the_end() -> None:
    interval = timedelta(minutes=5)
    first, later = (
        schedule.wait_after_failure(interval, "x", failure=Failure.MISSING, failures=count)
        for count in (1, 9)
    )
    assert timedelta(hours=1) <= first <= timedelta(hours=1.1)
    assert timedelta(hours=24) <= later <= timedelta(hours=26.4)


def test_what_a_host_asks_for_is_the_least_we_wait() -> None:
    wait = schedule.wait_after_failure(
        timedelta(minutes=5), "x", failure=Failure.THROTTLED, failures=1, asked=timedelta(hours=3)
    )
    assert timedelta(hours=3) <= wait <= timedelta(hours=3.3)


def test_sources_added_together_drift_apart_and_none_waits_longer_than_its_interval() -> None:
    interval = timedelta(minutes=5)
    waits = {schedule.wait_after_success(interval, f"source-{number}", 7) for number in range(50)}
    assert len(waits) > 40
    assert all(0.9 * interval <= wait <= interval for wait in waits)
