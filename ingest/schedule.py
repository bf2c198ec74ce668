"""When a source is asked again: pure functions of what it answered. Due times stand in the database."""

from __future__ import annotations

import re
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from ingest.errors import Failure

LEAST_WAIT = timedelta(minutes=1)
MOST_WAIT = timedelta(hours=24)
# A status page fails when there is most to read on it: while it is merely out of reach we stay close.
MOST_WAIT_WHILE_DOWN = timedelta(hours=1)
FIRST_WAIT_WHEN_UNWANTED = timedelta(hours=1)
# A status page that says it stays as it is for a day is asked all the same: it says so on its worst day too.
MOST_FRESH_STATUS = timedelta(minutes=15)
JITTER = 0.10

# The host answers and does not want us, or the page is not there: asking often changes nothing.
UNWANTED = frozenset({Failure.BLOCKED, Failure.MISSING, Failure.REFUSED, Failure.REDIRECT})


def retry_after(text: str, date: str, now: datetime) -> timedelta | None:
    """How long a host asks us to wait: seconds, or a date by the host's own clock (its `Date` header).

    None for what is neither. Never less than a minute nor more than a day.
    """
    text = text.strip()
    if re.fullmatch(r"[+-]?\d+", text):
        # Many digits are cut before they become a number that no timedelta holds.
        return clamped(timedelta(seconds=max(-1, min(int(text[:12]), 10**9))))
    if (until := http_date(text)) is None:
        return None
    return clamped(until - (http_date(date) or now))


def fresh_for(cache_control: str, expires: str, date: str, now: datetime) -> timedelta | None:
    """How long a host says that its answer stays as it is; None where it says nothing that can be used.

    `max-age` outranks `Expires`, which counts by the host's own clock. `Expires: 0` and dates gone by ask for
    nothing.
    """
    told = {name.strip().lower(): value for name, _, value in map(split_directive, cache_control.split(","))}
    if {"no-cache", "no-store"} & told.keys():
        return None
    age = told.get("max-age", "").strip(' "')
    if age.isdecimal():
        wait = timedelta(seconds=min(int(age[:12]), 10**9))
    elif until := http_date(expires):
        wait = until - (http_date(date) or now)
    else:
        return None
    return min(wait, MOST_WAIT) if wait > timedelta(0) else None


def split_directive(text: str) -> tuple[str, str, str]:
    return text.partition("=")


def http_date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def clamped(wait: timedelta) -> timedelta:
    return max(LEAST_WAIT, min(wait, MOST_WAIT))


def jitter(slug: str, turn: int) -> float:
    """A share of 0 to 10 %: other for each source and turn, the same when worked out again."""
    return JITTER * zlib.crc32(f"{slug}:{turn}".encode()) / 2**32


def wait_after_success(
    interval: timedelta, slug: str, turn: int, *, asked: timedelta | None = None, most: timedelta = MOST_WAIT
) -> timedelta:
    """The interval, or a little less: sources that were added together drift apart, none is read late.

    Longer where the host asked for it (its caching headers, the feed's own `ttl`), but at most `most`.
    """
    share = 1 - jitter(slug, turn)
    return max(interval * share, min(asked or timedelta(0), most))


def wait_after_failure(
    interval: timedelta, slug: str, *, failure: Failure, failures: int, asked: timedelta | None = None
) -> timedelta:
    """Doubled with each failure in a row, at least what the host asked for, with jitter on top."""
    if failure in UNWANTED:
        wait, most = max(interval, FIRST_WAIT_WHEN_UNWANTED), MOST_WAIT
    else:
        wait, most = interval, max(interval, MOST_WAIT_WHILE_DOWN)
    # 1 << 11 minutes are more than a day: no need to raise further.
    backed_off = min(wait * (1 << min(max(failures - 1, 0), 11)), most)
    return max(backed_off, asked or timedelta(0)) * (1 + jitter(slug, failures))
