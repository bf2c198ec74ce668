"""Time zones by the names that people write: abbreviations, "Pacific Time", "US/Pacific", "UTC+8"."""

from __future__ import annotations

import re
from datetime import UTC, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

# An abbreviation that names the season ("PDT") is taken at its word; one that does not ("PT") follows the
# daylight saving of its place.
OFFSETS = {
    "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "MEZ": 1, "WAT": 1, "CEST": 2,
    "MESZ": 2, "CAT": 2, "SAST": 2, "EET": 2, "IDT": 3, "EEST": 3, "EAT": 3, "MSK": 3, "TRT": 3, "GST": 4,
    "PKT": 5, "IST": 5.5, "NPT": 5.75, "ICT": 7, "WIB": 7, "AWST": 8, "HKT": 8, "SGT": 8, "MYT": 8, "PHT": 8,
    "PHST": 8, "WITA": 8, "JST": 9, "KST": 9, "ACST": 9.5, "AEST": 10, "ACDT": 10.5, "AEDT": 11, "NZST": 12,
    "NZDT": 13, "NDT": -2.5, "BRT": -3, "ART": -3, "CLST": -3, "ADT": -3, "NST": -3.5, "AST": -4, "CLT": -4,
    "EDT": -4, "EST": -5, "CDT": -5, "COT": -5, "PET": -5, "CST": -6, "MDT": -6, "MST": -7, "PDT": -7,
    "AKDT": -8, "PST": -8, "AKST": -9, "HST": -10,
}  # fmt: skip
PLACES = {
    "PT": "America/Los_Angeles", "MT": "America/Denver", "CT": "America/Chicago", "ET": "America/New_York",
    "AET": "Australia/Sydney",
}  # fmt: skip
SPELLED = {
    "pacific": "America/Los_Angeles",
    "us/pacific": "America/Los_Angeles",
    "us pacific": "America/Los_Angeles",
    "seattle": "America/Los_Angeles",
    "san francisco": "America/Los_Angeles",
    "mountain": "America/Denver",
    "us/mountain": "America/Denver",
    "us mountain": "America/Denver",
    "central": "America/Chicago",
    "us/central": "America/Chicago",
    "us central": "America/Chicago",
    "chicago": "America/Chicago",
    "eastern": "America/New_York",
    "us/eastern": "America/New_York",
    "us eastern": "America/New_York",
    "new york": "America/New_York",
    "uk": "Europe/London",
    "london": "Europe/London",
    "british": "Europe/London",
    "central european": "Europe/Paris",
    "paris": "Europe/Paris",
    "berlin": "Europe/Berlin",
    "frankfurt": "Europe/Berlin",
    "amsterdam": "Europe/Amsterdam",
    "dublin": "Europe/Dublin",
    "eastern european": "Europe/Helsinki",
    "moscow": "Europe/Moscow",
    "dubai": "Asia/Dubai",
    "indian": "Asia/Kolkata",
    "india": "Asia/Kolkata",
    "singapore": "Asia/Singapore",
    "hong kong": "Asia/Hong_Kong",
    "beijing": "Asia/Shanghai",
    "china": "Asia/Shanghai",
    "shanghai": "Asia/Shanghai",
    "taipei": "Asia/Taipei",
    "tokyo": "Asia/Tokyo",
    "japan": "Asia/Tokyo",
    "seoul": "Asia/Seoul",
    "korea": "Asia/Seoul",
    "korean": "Asia/Seoul",
    "sydney": "Australia/Sydney",
    "australian eastern": "Australia/Sydney",
    "日本時間": "Asia/Tokyo",
    "北京时间": "Asia/Shanghai",
    "한국 시간": "Asia/Seoul",
    "한국시간": "Asia/Seoul",
}
CHINA = timezone(timedelta(hours=8))

# Read only behind a clock or a date, so that "ET" and "CAT" are no words of their own elsewhere.
_PREFIXED = r"(?:UTC|GMT)\s?[+\-]\s?\d{1,2}(?::?[0-5]\d)?"
_ABBREVIATED = "|".join(sorted((*OFFSETS, *PLACES), key=len, reverse=True))
_IANA = r"(?:America|Europe|Asia|Australia|Africa|Pacific|Etc)/[A-Z][A-Za-z]+(?:_[A-Z][A-Za-z]+){0,2}"
_NAMED = "|".join(sorted((re.escape(name) for name in SPELLED if name.isascii()), key=len, reverse=True))
_CJK = "|".join(name for name in SPELLED if not name.isascii())
ZONE = (
    rf"{_PREFIXED}|(?:{_ABBREVIATED})(?![\w/])|{_IANA}|(?i:us/(?:pacific|eastern|central|mountain))(?!\w)"
    rf"|(?i:coordinated universal time|universal time|greenwich mean time)"
    rf"|(?i:the )?(?i:{_NAMED})(?i:(?: standard| daylight| summer)? time)(?!\w)"
    rf"|(?:[Pp]acific|[Ee]astern)(?![\w-]|\s[A-Z])|{_CJK}"
)


def zone_named(name: str, *, is_china: bool = False) -> tzinfo | None:
    """The zone that a matched name means; None for one that nobody knows. `is_china` settles "CST"."""
    if name.upper() == "CST" and is_china:
        return CHINA
    return _zone_named(" ".join(name.split()))


@cache
def _zone_named(name: str) -> tzinfo | None:
    if name.upper() in OFFSETS:
        return timezone(timedelta(hours=OFFSETS[name.upper()]))
    if name.upper() in PLACES:
        return ZoneInfo(PLACES[name.upper()])
    if shift := re.fullmatch(r"(?:UTC|GMT)\s?([+\-])\s?(\d{1,2}):?([0-5]\d)?", name):
        return _shifted(shift[1], int(shift[2]), int(shift[3] or 0))
    return _spelled(name)


def _shifted(sign: str, hours: int, minutes: int) -> tzinfo | None:
    if hours > 14:
        return None
    shift = timedelta(hours=hours, minutes=minutes)
    return timezone(shift if sign == "+" else -shift)


def _spelled(name: str) -> tzinfo | None:
    lowered = name.lower().removeprefix("the ")
    if lowered in ("coordinated universal time", "universal time", "greenwich mean time"):
        return UTC
    plain = lowered.removesuffix(" time")
    for season in (" standard", " daylight", " summer"):
        plain = plain.removesuffix(season)
    if plain in SPELLED:
        return ZoneInfo(SPELLED[plain])
    return _iana(name)


def _iana(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError):  # ZoneInfoNotFoundError is a KeyError
        return None
