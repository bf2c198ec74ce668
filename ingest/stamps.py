"""Times as sources print them: every one becomes an aware datetime in UTC, or a ValueError."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from nlp.zones import zone_named

PACIFIC = ZoneInfo("US/Pacific")
MILLISECONDS_FROM = 100_000_000_000  # as seconds this would be the year 5138

MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

# Names with several meanings: further hours east of UTC beside what nlp.zones takes them for.
OTHER_MEANINGS = {
    "AST": (3,),  # Arabia
    "BST": (6,),  # Bangladesh
    "CST": (8,),  # China
    "IST": (1, 2),  # Ireland, Israel
    "PST": (8,),  # Philippines
}


def from_iso(text: str) -> datetime:
    """2022-07-19T17:13:35+00:00, with Z or an offset; one without a zone is refused."""
    at = datetime.fromisoformat(text.strip())
    if at.tzinfo is None:
        raise ValueError(f"a time without a zone: {text!r}")
    return in_utc(at)


def from_epoch(number: str | int | float) -> datetime:
    """Seconds or milliseconds since 1970, as a number or as text."""
    seconds = float(number)
    if abs(seconds) >= MILLISECONDS_FROM:
        seconds /= 1000
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError) as error:
        raise ValueError(f"no time: {number!r}") from error


def in_utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"a time out of range: {at!r}") from error


def zones_of(name: str) -> tuple[tzinfo, ...]:
    """What a zone's name can mean, the likeliest first: PDT, GMT+0, UTC-03:30."""
    name = name.strip().upper()
    zone = zone_named(f"UTC{name}" if name[:1] in "+-" else name)
    if zone is None:
        raise ValueError(f"not a zone: {name!r}")
    return zone, *(timezone(timedelta(hours=hours)) for hours in OTHER_MEANINGS.get(name, ()))


def month_of(name: str) -> int:
    """The number of Jan, Sept or December."""
    try:
        return MONTHS.index(name[:3].lower()) + 1
    except ValueError as error:
        raise ValueError(f"not a month: {name!r}") from error


def hour_of(hour: int, half: str = "") -> int:
    """The hour of a 12-hour clock: 12 AM is 0, 12 PM is 12. Without AM or PM the hour as it stands."""
    if not half:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError(f"no hour of a 12-hour clock: {hour}")
    return hour % 12 + (12 if half.upper().startswith("P") else 0)


def nearest_year(month: int, day: int, near: date) -> date:
    """The date of that month and day which lies nearest: feeds print no year."""
    years = [near.year - 1, near.year, near.year + 1]
    dates = [date(year, month, day) for year in years if is_date(year, month, day)]
    if not dates:
        raise ValueError(f"no such day: {month}-{day} near {near.year}")
    return min(dates, key=lambda found: abs(found - near))


def last_before(month: int, day: int, latest: date) -> date:
    """The last date of that month and day which is not after the given one."""
    for year in range(latest.year, latest.year - 5, -1):
        if is_date(year, month, day) and date(year, month, day) <= latest:
            return date(year, month, day)
    raise ValueError(f"no such day: {month}-{day} before {latest}")


def is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


FEED_TIME = re.compile(
    r"(?:[^\W\d]+\.?,?\s+)?"
    r"(?:(?P<day>\d{1,2})[\s-]+(?P<month>[A-Za-z]{3,9})\.?[\s,-]+(?P<year>\d{4}|\d{2})"
    r"|(?P<us_month>[A-Za-z]{3,9})\.?\s+(?P<us_day>\d{1,2}),?\s+(?P<us_year>\d{4}))"
    r"(?:[\s,]+(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d{1,9})?)?\s*(?P<half>[AP]M)?)?"
    r"\s*(?P<zone>[+-]\d\d:?\d\d|[A-Za-z]{1,5}(?:[+-]\d{1,2}(?::?\d\d)?)?)?\s*",
    re.IGNORECASE,
)
YEARS = range(1990, 2100)


def feed_time(text: str) -> datetime | None:
    """A time as feeds print it, with its own offset; None where it is none or cannot be true.

    ISO 8601, RFC 822 with numbers or names for zones (feedparser takes AEST for UTC), full month names, and
    "Nov 21, 2026 10:00 AM PST". A time without a zone is taken for UTC.
    """
    text = " ".join(text.split())[:100]
    try:
        at = from_iso_or_rfc(text)
    except (ValueError, OverflowError):
        return None
    return at if at.year in YEARS else None


def from_iso_or_rfc(text: str) -> datetime:
    found = FEED_TIME.fullmatch(text)
    if not found:
        at = datetime.fromisoformat(text)
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    year = found["year"] or found["us_year"]
    return datetime(
        int(year) if len(year) == 4 else 2000 + int(year),
        month_of(found["month"] or found["us_month"]),
        int(found["day"] or found["us_day"]),
        hour_of(int(found["hour"] or 0), found["half"] or ""),
        int(found["minute"] or 0),
        min(int(found["second"] or 0), 59),
        tzinfo=zones_of(found["zone"] or "UTC")[0],
    )
