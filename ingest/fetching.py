"""First step of the flow: a URL in, its body out, or word that nothing changed; the one door outwards."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import httpcore
import httpx

from ingest.addresses import NO_ADDRESS, PORTS, checked_url
from ingest.dialling import Budget, Transport
from ingest.errors import Failure, FetchError
from ingest.inflating import decoded
from ingest.schedule import fresh_for, retry_after

MIB = 2**20
LARGEST = 32 * MIB  # body, inflated
MAX_REDIRECTS = 5
PERMANENT = frozenset({301, 308})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True)
class Rules:
    """What a fetch may do and take. `seconds` is the wall clock for all of it, redirects included."""

    allow_private: bool = False
    ports: frozenset[int] = PORTS
    user_agent: str = "Faultline (reads public status pages)"
    seconds: float = 30.0
    wire: int = 8 * MIB
    inflated: int = LARGEST


class Outcome(StrEnum):
    FETCHED = "fetched"
    NOT_MODIFIED = "not modified"  # the host said so: 304
    SAME_BODY = "same body"  # the host sent it again all the same


@dataclass(frozen=True, slots=True)
class Known:
    """What the last fetch told, to ask whether anything changed since."""

    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""

    def headers(self) -> dict[str, str]:
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in asked.items() if value}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `body` is empty unless the outcome is FETCHED; `known` is what to ask with next time.

    `moved_to` is where permanent redirects led, if every hop was one; else empty. `fresh_for` is how long the
    host says that nothing changes.
    """

    outcome: Outcome
    known: Known
    moved_to: str = ""
    seconds: float = 0.0
    body: bytes = field(default=b"", repr=False)
    fresh_for: timedelta | None = None


def fetch(url: str, *, known: Known = Known(), rules: Rules = Rules()) -> Answer:
    """Ask once, follow redirects hop by hop; raises FetchError with the class of what went wrong."""
    started = time.monotonic()
    budget = Budget(seconds=rules.seconds, wire=rules.wire)
    headers = {
        "User-Agent": rules.user_agent,
        "Accept": "*/*",
        "Accept-Encoding": "gzip",
        "Connection": "close",
        **known.headers(),
    }
    try:
        with Transport(budget, allow_private=rules.allow_private) as transport:
            return follow(transport, url, headers, known, rules, started)
    except (httpcore.TimeoutException, httpx.TimeoutException) as error:
        raise FetchError(f"took longer than {rules.seconds:g} s", Failure.TIMED_OUT) from error
    except (httpcore.RemoteProtocolError, httpx.RemoteProtocolError) as error:
        raise FetchError(f"broken answer: {error}", Failure.CUT_SHORT) from error
    except (httpcore.NetworkError, httpcore.ProtocolError, httpx.TransportError) as error:
        raise FetchError(f"no answer: {error or type(error).__name__}") from error


def follow(
    transport: Transport, start: str, headers: dict[str, str], known: Known, rules: Rules, started: float
) -> Answer:
    url = checked_url(start, allow_private=rules.allow_private, ports=rules.ports)
    is_permanent = True
    for hops in range(MAX_REDIRECTS + 1):
        # No httpx.Client: it would build the next request of a redirect itself, and fail in ways of its own.
        response = transport.handle_request(httpx.Request("GET", url, headers=headers))
        try:
            if response.status_code not in REDIRECTS:
                moved_to = str(url) if hops and is_permanent else ""
                return read(response, known, rules, moved_to, started)
        finally:
            response.close()
        is_permanent = is_permanent and response.status_code in PERMANENT
        url = next_hop(url, response, rules)
    raise FetchError(f"more than {MAX_REDIRECTS} redirects", Failure.REDIRECT)


def next_hop(url: httpx.URL, response: httpx.Response, rules: Rules) -> httpx.URL:
    location = response.headers.get("Location", "")
    if not location:
        raise FetchError(f"{response.status_code} to nowhere", Failure.REDIRECT)
    try:
        target = url.join(location)
    except NO_ADDRESS as error:
        raise FetchError(f"{response.status_code} to what is no address", Failure.REDIRECT) from error
    if url.scheme == "https" and target.scheme == "http":
        raise FetchError("a redirect from https to http", Failure.REDIRECT)
    return checked_url(str(target), allow_private=rules.allow_private, ports=rules.ports)


def read(response: httpx.Response, known: Known, rules: Rules, moved_to: str, started: float) -> Answer:
    if response.status_code == NOT_MODIFIED and known.headers():
        kept = validators(response, known.body_hash, otherwise=known)
        fresh = freshness(response)
        return Answer(Outcome.NOT_MODIFIED, kept, moved_to, time.monotonic() - started, fresh_for=fresh)
    if response.status_code != httpx.codes.OK:
        raise refusal(response)
    # Without a size, or httpx would collect a whole step of bytes before it lets us look at the clock.
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    body = decoded(response.iter_raw(), encoding, limit=rules.inflated)
    now_known = validators(response, hashlib.sha256(body).hexdigest())
    seconds, fresh = time.monotonic() - started, freshness(response)
    if now_known.body_hash == known.body_hash:
        return Answer(Outcome.SAME_BODY, now_known, moved_to, seconds, fresh_for=fresh)
    return Answer(Outcome.FETCHED, now_known, moved_to, seconds, body, fresh)


def freshness(response: httpx.Response) -> timedelta | None:
    cached, expires, date = (response.headers.get(name, "") for name in ("Cache-Control", "Expires", "Date"))
    return fresh_for(cached, expires, date, datetime.now(UTC))


def validators(response: httpx.Response, body_hash: str, otherwise: Known = Known()) -> Known:
    """The answer's validators, where they can be sent back as they came."""
    etag = response.headers.get("ETag", otherwise.etag)
    last_modified = response.headers.get("Last-Modified", otherwise.last_modified)
    return Known(
        etag=etag if etag.isascii() and len(etag) <= 500 else "",
        last_modified=last_modified if last_modified.isascii() and len(last_modified) <= 100 else "",
        body_hash=body_hash,
    )


def refusal(response: httpx.Response) -> FetchError:
    status = response.status_code
    wait = retry_after(
        response.headers.get("Retry-After", ""), response.headers.get("Date", ""), datetime.now(UTC)
    )
    said = f"answered {status} {response.reason_phrase}".rstrip()
    if is_challenge(response):
        return FetchError(f"{said}: asks for a browser", Failure.BLOCKED, wait)
    return FetchError(said, failure_of(status), wait)


def is_challenge(response: httpx.Response) -> bool:
    """Cloudflare's and AWS's ways to say that only browsers are let in."""
    headers = response.headers
    return headers.get("cf-mitigated") == "challenge" or "x-amzn-waf-action" in headers


def failure_of(status: int) -> Failure:
    known = {
        401: Failure.BLOCKED,
        403: Failure.BLOCKED,
        404: Failure.MISSING,
        410: Failure.GONE,
        429: Failure.THROTTLED,
        451: Failure.BLOCKED,
    }
    if status >= 500:
        return Failure.SERVER_ERROR
    return known.get(status, Failure.UNEXPECTED)
