"""The words of time in a text: each part (a clock, a date, "last Wednesday"), not yet a moment.

`parts(text)` finds them, `nlp.time_phrases` joins neighbours, `nlp.times` resolves them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from nlp.zones import ZONE


@dataclass(frozen=True, slots=True)
class Phrase:
    """What the words say, with holes for what they leave out. Parts join when they fill different holes.

    `until_day` is the last day of "28 and 29 June". `relative` holds words that count from elsewhere
    ("yesterday", "ago"), with `amount` and `unit`; `has_minute` is false for "5 pm".
    """

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    until_day: int | None = None
    weekday: int | None = None
    relative: str = ""
    amount: int = 0
    unit: str = ""
    hour: int | None = None
    minute: int = 0
    meridiem: str = ""
    has_minute: bool = False
    zone: str = ""
    needs_company: bool = False  # "2/20" or a bare "9" is a time only beside another part

    @property
    def has_date(self) -> bool:
        return self.month is not None or self.year is not None

    @property
    def has_clock(self) -> bool:
        return self.hour is not None

    @property
    def has_day(self) -> bool:
        return self.has_date or self.weekday is not None or bool(self.relative)


MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
WEEKDAYS = {name: number for number, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))}
NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "a couple of": 2, "couple of": 2, "three": 3, "four": 4, "five": 5,
    "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13,
    "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
    "twenty": 20, "thirty": 30, "forty": 40, "forty-five": 45, "fifty": 50, "sixty": 60, "ninety": 90,
}  # fmt: skip
NUMBER = r"\d{1,4}|" + "|".join(sorted(NUMBERS, key=len, reverse=True))

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)(?![A-Za-z])\.?"
)
_WEEKDAY = (
    r"(?:Mon(?:day)?|Tues?(?:day)?|Wed(?:nesday)?|Thur?s?(?:day)?|Fri(?:day)?|Sat(?:urday)?|Sun(?:day)?)"
    r"(?![A-Za-z])"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?!\d)"
_TH = r"(?:st|nd|rd|th)?(?![A-Za-z\d])"
_AND = r"\s?(?:-|–|to|and|&)\s?"
_YEAR = r"(?:19|20)\d\d(?!\d)"
_MERIDIEM = r"[AaPp](?:\.\s?[Mm]\.?|[Mm])(?![A-Za-z\d])"
_NOT_A_DAY = r"(?!\s?(?:[:/]\d|%|[AaPp]\.?[Mm]\b|(?:more )?(?:hours?|minutes?|days?|weeks?)\b))"
_SECONDS = r"(?::[0-5]\d(?:[.,]\d+)?)?"

# Tried in this order: a longer reading stands before a shorter one that begins alike.
PATTERNS = {
    "stamp": rf"({_YEAR})-([01]\d)-([0-3]\d)T([0-2]\d):([0-5]\d){_SECONDS}(Z|[+\-][0-2]\d:?[0-5]\d)?",
    "iso": rf"({_YEAR})([-/.])(0?[1-9]|1[0-2])[-/.]({_DAY})(?![-/.]?\d)",
    "slashed": rf"(\d\d?)/(\d\d?)/({_YEAR}|\d\d(?![\d:.]))(?!/)",
    "dashed": rf"(\d\d?)([-.])(\d\d?)[-.]({_YEAR})(?![-.]\d)",
    "cjk_date": rf"(?:({_YEAR})\s?[年년]\s?)?(\d\d?)\s?[月월]\s?(\d\d?)\s?[日일]",
    "month_days": rf"({_MONTH})\s({_DAY}){_TH}{_AND}({_DAY}){_TH}{_NOT_A_DAY}(?:,?\s({_YEAR}))?",
    "days_month": rf"({_DAY}){_TH}{_AND}({_DAY}){_TH}\s(?:of\s)?({_MONTH})(?:,?\s({_YEAR}))?",
    "month_day": rf"({_MONTH})\s{{1,3}}({_DAY}){_TH}{_NOT_A_DAY}(?:,?\s({_YEAR})(?!:))?",
    "day_month": rf"({_DAY}){_TH}(?:\sof)?[\s\-]({_MONTH})(?:,?[\s\-]({_YEAR})(?!:))?",
    "month_year": rf"({_MONTH}),?\s(?:of\s)?({_YEAR})",
    "prefixed": r"(AM|PM|午前|午後|오전|오후)\s?(\d\d?):([0-5]\d)",
    "clock": rf"(\d\d?)(?::|h(?!\d\d\s?m))([0-5]\d){_SECONDS}(?!\d|:\d)(?:\s{{0,2}}({_MERIDIEM}))?",
    "dotted": rf"(\d\d?)\.([0-5]\d)\s?({_MERIDIEM})",
    "hour": rf"(\d\d?)\s?({_MERIDIEM})",
    "military": r"([01]\d|2[0-3])([0-5]\d)(?=\s?(?:UTC|GMT|hrs|hours|Z)\b)",
    "bare": rf"(\d\d?)(?=\s?(?:-|–|to|and|until)\s?\d\d?(?:[:.][0-5]\d)?\s?{_MERIDIEM})",
    "noon": r"(noon|midday|midnight)(?![A-Za-z])",
    "short": r"(\d\d?)/(\d\d?)(?![\d/%])",
    "weekday": rf"(?:(last|this past|past|next|following|previous)\s)?({_WEEKDAY})(?:['’]s)?",
    "relative": (
        r"([Yy]esterday|[Tt]oday|[Tt]onight|[Tt]omorrow|[Oo]vernight|[Ll]ast (?:night|week|month|year)"
        r"|[Tt]his (?:morning|afternoon|evening|week|month|year)|[Nn]ext (?:week|month|year)"
        r"|[Tt]he (?:very )?(?:same|next|following|previous) (?:day|morning|afternoon|evening|night)"
        r"|[Tt]he (?:day|night) (?:before|after)|(?:the same|that) day)(?:['’]s)?(?![A-Za-z])"
    ),
    "ago": (
        rf"((?i:{NUMBER}))[\s\-](?:(?:full|short|whole|more)\s)?(minute|hour|day|week|month|year)s?"
        r"\s(ago|earlier|later|prior|(?:before|after)(?= that\b|[,.;]))(?![A-Za-z])"
    ),
    "month": (
        r"(?:(?:[Ii]n|[Ss]ince|[Ll]ast|[Dd]uring|[Oo]f|[Ee]arly|[Ll]ate|[Mm]id|[Tt]hroughout)[\s\-])"
        rf"({_MONTH})(?!\s?\d)"
    ),
    "year": (
        r"(?:[Ii]n|[Ss]ince|[Dd]uring|[Ee]arly|[Ll]ate|[Mm]id|[Oo]f|[Ss]ummer|[Ss]pring|[Ff]all)[\s\-]"
        rf"({_YEAR})(?![\w.,]\d|%|\s(?:UTC|GMT|[a-z]+s)\b)"
    ),
    "marked": rf"({_YEAR})(?=\s(?:outage|disruption|incident|failure)s?\b)",
    "zone": r"(日本時間|北京时间|한국\s?시간)",
}  # fmt: skip
PART = re.compile(
    r"(?<![A-Za-z\d_.:/$€£#])(?=[\dA-Za-z日北한午오])(?:"
    + "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in PATTERNS.items())
    + ")"
)
DETAILS = {kind: re.compile(pattern) for kind, pattern in PATTERNS.items()}
# A zone is read only behind a clock or a date: "ET", "EAT" and "Pacific" are words of their own elsewhere.
ZONE_BEHIND = re.compile(rf"\s{{0,2}}\((?:[Tt]ime zone )?({ZONE})\)|\s{{0,2}}({ZONE})|\s?/\s?({ZONE})")


def parts(text: str) -> Iterator[Phrase]:
    """The parts in order; one that names no possible day or clock ("45:10", "13/25/2024") is left out."""
    for found in PART.finditer(text):
        kind = found.lastgroup or ""
        details = DETAILS[kind].match(text, found.start())
        if details is not None and (phrase := READERS[kind](found.start(), found.end(), details.groups())):
            yield with_zone(text, phrase)


def with_zone(text: str, phrase: Phrase) -> Phrase:
    if phrase.zone or not (phrase.has_clock or phrase.day or phrase.weekday is not None):
        return phrase
    found = ZONE_BEHIND.match(text, phrase.end)
    if found is None:
        return phrase
    return replace(phrase, zone=found[1] or found[2] or found[3], end=found.end())


Groups = tuple[str | None, ...]
Reader = Callable[[int, int, Groups], Phrase | None]


def number(word: str | None) -> int:
    return int(word) if word and word.isdigit() else NUMBERS.get((word or "").lower(), 0)


def month_number(word: str | None) -> int:
    return MONTHS[(word or "")[:3].lower()]


def date(
    start: int, end: int, year: str | None, month: int, day: str | None, until: str | None = None
) -> Phrase | None:
    """A day of the calendar; a year of two digits is one of this century."""
    if not 1 <= month <= 12 or not 1 <= number(day) <= 31:
        return None
    full = None if year is None else int(year) if len(year) == 4 else 2000 + int(year)
    last = number(until) if until and number(until) > number(day) else None
    return Phrase(start, end, year=full, month=month, day=number(day), until_day=last)


def clock(start: int, end: int, hour: str | None, minute: str | None, meridiem: str = "") -> Phrase | None:
    mark = {"a": "am", "p": "pm", "": ""}[meridiem[:1].lower()]
    hours = number(hour)
    if hours > (12 if mark and not minute else 24) or (hours == 0 and mark and not minute):
        return None
    if hours > 12:
        mark = ""  # "13:24 PM" is said, and means what it can only mean
    return Phrase(
        start, end, hour=hours % 24, minute=number(minute), meridiem=mark, has_minute=minute is not None
    )


def slashed(start: int, end: int, g: Groups) -> Phrase | None:
    """Month first, as the providers write; day first where the month could not be one."""
    first, second = number(g[0]), g[1]
    return date(start, end, g[2], first, second) or date(start, end, g[2], number(second), g[0])


def dashed(start: int, end: int, g: Groups) -> Phrase | None:
    """ "20.10.2025" is a day first wherever it is written so; with hyphens as with slashes."""
    if g[1] == ".":
        return date(start, end, g[3], number(g[2]), g[0])
    return slashed(start, end, (g[0], g[2], g[3]))


def stamp(start: int, end: int, g: Groups) -> Phrase | None:
    day, at = date(start, end, g[0], number(g[1]), g[2]), clock(start, end, g[3], g[4])
    if day is None or at is None:
        return None
    zone = {"Z": "UTC", None: ""}.get(g[5], f"UTC{g[5]}")
    return replace(day, hour=at.hour, minute=at.minute, has_minute=True, zone=zone)


def short(start: int, end: int, g: Groups) -> Phrase | None:
    found = date(start, end, None, number(g[0]), g[1])
    return found and replace(found, needs_company=True)


def weekday(start: int, end: int, g: Groups) -> Phrase | None:
    name = g[1] or ""
    return Phrase(
        start, end, weekday=WEEKDAYS[name[:3].lower()], unit=g[0] or "", needs_company=len(name) < 6
    )


def bare(start: int, end: int, g: Groups) -> Phrase | None:
    found = clock(start, end, g[0], None)
    return found and replace(found, needs_company=True)


def prefixed(start: int, end: int, g: Groups) -> Phrase | None:
    return clock(start, end, g[1], g[2], "a" if g[0] in ("AM", "午前", "오전") else "p")


def spelled_clock(start: int, end: int, g: Groups) -> Phrase | None:
    return clock(start, end, "0" if g[0] == "midnight" else "12", "0")


def ago(start: int, end: int, g: Groups) -> Phrase | None:
    return (
        Phrase(start, end, relative=g[2] or "", amount=number(g[0]), unit=g[1] or "")
        if number(g[0])
        else None
    )


READERS: dict[str, Reader] = {
    "stamp": stamp,
    "iso": lambda s, e, g: date(s, e, g[0], number(g[2]), g[3]),
    "slashed": slashed,
    "dashed": dashed,
    "cjk_date": lambda s, e, g: date(s, e, g[0], number(g[1]), g[2]),
    "month_days": lambda s, e, g: date(s, e, g[3], month_number(g[0]), g[1], g[2]),
    "days_month": lambda s, e, g: date(s, e, g[3], month_number(g[2]), g[0], g[1]),
    "month_day": lambda s, e, g: date(s, e, g[2], month_number(g[0]), g[1]),
    "day_month": lambda s, e, g: date(s, e, g[2], month_number(g[1]), g[0]),
    "month_year": lambda s, e, g: Phrase(s, e, year=number(g[1]), month=month_number(g[0])),
    "prefixed": prefixed,
    "clock": lambda s, e, g: clock(s, e, g[0], g[1], g[2] or ""),
    "dotted": lambda s, e, g: clock(s, e, g[0], g[1], g[2] or ""),
    "hour": lambda s, e, g: clock(s, e, g[0], None, g[1] or ""),
    "military": lambda s, e, g: clock(s, e, g[0], g[1]),
    "bare": bare,
    "noon": spelled_clock,
    "short": short,
    "weekday": weekday,
    "relative": lambda s, e, g: Phrase(s, e, relative=" ".join((g[0] or "").lower().split())),
    "ago": ago,
    "month": lambda s, e, g: Phrase(s, e, month=month_number(g[0])),
    "year": lambda s, e, g: Phrase(s, e, year=number(g[0])),
    "marked": lambda s, e, g: Phrase(s, e, year=number(g[0])),
    "zone": lambda s, e, g: Phrase(s, e, zone=g[0] or "", needs_company=True),
}
