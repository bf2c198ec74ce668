"""Time zones by the names that people write: abbreviations, "Pacific Time", "US/Pacific", "UTC+8"."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

# An abbreviation that names no season ("PT") follows the daylight saving of its place.
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
# One that names a season is taken at its word on days that know it. "EST" in June is what people write for
# New York's clock, whatever it is called then (posts that carry both show it). "MST" stays: Arizona has no
# summer.
SEASONAL = {
    "EST": "ET", "EDT": "ET", "CST": "CT", "CDT": "CT", "MDT": "MT", "PST": "PT", "PDT": "PT",
    "CET": "Europe/Paris", "CEST": "Europe/Paris", "EET": "Europe/Helsinki", "EEST": "Europe/Helsinki",
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
    "washington": "America/New_York",
    "boston": "America/New_York",
    "virginia": "America/New_York",
    "toronto": "America/Toronto",
    "montreal": "America/Toronto",
    "dallas": "America/Chicago",
    "los angeles": "America/Los_Angeles",
    "california": "America/Los_Angeles",
    "oregon": "America/Los_Angeles",
    "sao paulo": "America/Sao_Paulo",
    "são paulo": "America/Sao_Paulo",
    "brasilia": "America/Sao_Paulo",
    "brazil": "America/Sao_Paulo",
    "mexico city": "America/Mexico_City",
    "ireland": "Europe/Dublin",
    "germany": "Europe/Berlin",
    "france": "Europe/Paris",
    "zurich": "Europe/Zurich",
    "switzerland": "Europe/Zurich",
    "milan": "Europe/Rome",
    "italy": "Europe/Rome",
    "madrid": "Europe/Madrid",
    "spain": "Europe/Madrid",
    "stockholm": "Europe/Stockholm",
    "sweden": "Europe/Stockholm",
    "warsaw": "Europe/Warsaw",
    "poland": "Europe/Warsaw",
    "netherlands": "Europe/Amsterdam",
    "istanbul": "Europe/Istanbul",
    "turkey": "Europe/Istanbul",
    "tel aviv": "Asia/Jerusalem",
    "israel": "Asia/Jerusalem",
    "johannesburg": "Africa/Johannesburg",
    "south africa": "Africa/Johannesburg",
    "lagos": "Africa/Lagos",
    "nairobi": "Africa/Nairobi",
    "bahrain": "Asia/Bahrain",
    "manama": "Asia/Bahrain",
    "gulf": "Asia/Dubai",
    "uae": "Asia/Dubai",
    "abu dhabi": "Asia/Dubai",
    "united arab emirates": "Asia/Dubai",
    "saudi": "Asia/Riyadh",
    "riyadh": "Asia/Riyadh",
    "mumbai": "Asia/Kolkata",
    "hyderabad": "Asia/Kolkata",
    "bangkok": "Asia/Bangkok",
    "thailand": "Asia/Bangkok",
    "jakarta": "Asia/Jakarta",
    "indonesia": "Asia/Jakarta",
    "vietnam": "Asia/Ho_Chi_Minh",
    "hanoi": "Asia/Ho_Chi_Minh",
    "kuala lumpur": "Asia/Kuala_Lumpur",
    "malaysia": "Asia/Kuala_Lumpur",
    "manila": "Asia/Manila",
    "philippine": "Asia/Manila",
    "philippines": "Asia/Manila",
    "taiwan": "Asia/Taipei",
    "osaka": "Asia/Tokyo",
    "japanese": "Asia/Tokyo",
    "south korea": "Asia/Seoul",
    "south korean": "Asia/Seoul",
    "melbourne": "Australia/Melbourne",
    "auckland": "Pacific/Auckland",
    "wellington": "Pacific/Auckland",
    "new zealand": "Pacific/Auckland",
    "日本時間": "Asia/Tokyo",
    "北京时间": "Asia/Shanghai",
    "한국 시간": "Asia/Seoul",
    "한국시간": "Asia/Seoul",
}
NO_TOWNS = frozenset(
    {"pacific", "us/pacific", "us pacific", "mountain", "us/mountain", "us mountain", "central", "us/central"}
    | {"us central", "eastern", "us/eastern", "us eastern", "british", "central european", "eastern european"}
    | {"australian eastern", "indian", "korean", "south korean", "japanese", "philippine", "saudi", "gulf"}
)
LOCAL_TIME = r"(?i:local time)(?!\w)"
A_DAY = timedelta(days=1)
CHINA = timezone(timedelta(hours=8))

# Read only behind a clock or a date, so that "ET" and "CAT" are no words of their own elsewhere.
_PREFIXED = r"(?:UTC|GMT)\s?[+\-]\s?\d{1,2}(?::?[0-5]\d)?"
_ABBREVIATED = "|".join(sorted((*OFFSETS, *PLACES), key=len, reverse=True))
_IANA = r"(?:America|Europe|Asia|Australia|Africa|Pacific|Etc)/[A-Z][A-Za-z]+(?:_[A-Z][A-Za-z]+){0,2}"
_NAMED = "|".join(sorted((re.escape(name) for name in SPELLED if name.isascii()), key=len, reverse=True))
_CJK = "|".join(name for name in SPELLED if not name.isascii())
ZONE = (
    rf"{_PREFIXED}|(?:{_ABBREVIATED})(?!\w|/[A-Za-z])|{_IANA}|(?i:us/(?:pacific|eastern|central|mountain))(?!\w)"
    rf"|(?i:coordinated universal time|universal time|greenwich mean time)"
    rf"|{LOCAL_TIME}"
    rf"|(?i:the )?(?i:{_NAMED})(?i:(?: standard| daylight| summer)? time)(?!\w)"
    rf"|(?:[Pp]acific|[Ee]astern)(?![\w-]|\s[A-Z])|{_CJK}"
)

# "At 2:14 p.m. in New York" reads that town's clock.
_TOWNS = "|".join(
    sorted(
        (
            name.upper() if len(name) < 4 else name.title()
            for name in SPELLED.keys() - NO_TOWNS
            if name.isascii()
        ),
        key=len,
        reverse=True,
    )
)
TOWN = re.compile(rf"(?<!\w)(?P<town>{_TOWNS})(?![\w-])")
IN_TOWN = re.compile(rf",?\sin\s(?P<town>{_TOWNS})(?![\w-])")


def zone_of_town(text: str) -> tzinfo | None:
    """The clock of the first town or country that a text names; None where it names none."""
    found = TOWN.search(text)
    return _spelled(found["town"]) if found else None


def zone_named(name: str, *, is_china: bool = False, is_literal: bool = False) -> tzinfo | None:
    """The zone that a matched name means; None for one that nobody knows.

    `is_china` settles "CST"; `is_literal` holds for a writer who never takes one season's name for the other.
    """
    short = name.upper()
    if short == "CST" and is_china:
        return CHINA
    if short in SEASONAL and not is_literal:
        place = SEASONAL[short]
        return Seasonal(short, timedelta(hours=OFFSETS[short]), ZoneInfo(PLACES.get(place, place)))
    return _zone_named(" ".join(name.split()))


class Seasonal(tzinfo):
    """A clock called by its season: that season's offset on days that know it, else the place's own."""

    def __init__(self, name: str, literal: timedelta, place: tzinfo) -> None:
        self.name, self.literal, self.place = name, literal, place

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        if moment is None:
            return None
        plain = moment.replace(tzinfo=None)
        around = (plain - A_DAY, plain, plain + A_DAY)
        offsets = [at.replace(tzinfo=self.place).utcoffset() for at in around]
        return self.literal if self.literal in offsets else offsets[1]

    def dst(self, moment: datetime | None) -> timedelta | None:
        return None

    def tzname(self, moment: datetime | None) -> str:
        return self.name

    def fromutc(self, moment: datetime) -> datetime:
        """As `tzinfo.fromutc`, which needs a `dst`: the literal offset where it holds at that time there."""
        there = moment.replace(tzinfo=None) + self.literal
        return there.replace(tzinfo=self) + (self._offset(there) - self.literal)

    def _offset(self, there: datetime) -> timedelta:
        return self.utcoffset(there) or self.literal


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
    lowered = name.lower().removeprefix("the ").removeprefix("in ")
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
