"""The words of time in a text: each part (a clock, a date, "last Wednesday"), not yet a moment.

`parts` finds them, `nlp.time_phrases` joins neighbours, `nlp.times` resolves them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from nlp.time_words import (
    COUNTED,
    COUNTED_HINT,
    COUNTED_PART,
    HINT,
    MONTHS,
    NUMBER_PART,
    NUMBERS,
    PARTS,
    PATTERNS,
    WEEKDAYS,
    YEAR_PART,
)
from nlp.zones import IN_TOWN, ZONE


class Phrase(NamedTuple):
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
    day_of_month: int | None = None  # of "Tuesday 17th", which leaves the month open
    relative: str = ""
    amount: int = 0
    unit: str = ""
    hour: int | None = None
    minute: int = 0
    meridiem: str = ""
    has_minute: bool = False
    zone: str = ""
    is_night: bool = False  # "Thursday night": what strikes in the small hours struck on the next day
    needs_company: bool = False  # "2/20" or a bare "9" is a time only beside another part

    def moved(self, offset: int) -> Phrase:
        return Phrase(self[0] + offset, self[1] + offset, *self[2:])

    @property
    def has_date(self) -> bool:
        return self.month is not None or self.year is not None

    @property
    def has_clock(self) -> bool:
        return self.hour is not None

    @property
    def has_day(self) -> bool:
        return self.has_date or self.weekday is not None or bool(self.relative)


DIGITS = re.compile(r"\d+")
NOT_INSIDE = frozenset("_.:/$€£#")
GROUPS = {kind: re.compile(pattern).groups for kind, pattern in PATTERNS.items()}
# A zone is read only behind a clock or a date: "ET", "EAT" and "Pacific" are words of their own elsewhere.
# "CST (UTC+8)", "CST (China Standard Time)": the second says what the first means.
ZONE_BEHIND = re.compile(
    rf"\s{{0,2}}\((?:[Tt]ime zone )?({ZONE})\)|(?:\s{{0,2}}|\s?/\s?)({ZONE})(?:\s?\(({ZONE})\))?"
)

# "KST 9:00 a.m.", but not the zone of the clock before it.
ZONE_BEFORE = re.compile(r"(?<![\w/])(?<!\d\s)(?<![ap]m\s)(?<!\.m\.\s)([A-Z]{3,4})\s$")


def parts(text: str, starts: Iterable[int]) -> Iterator[Phrase]:
    """The parts in order, of those that may begin at `starts` (`Line.times`).

    One that names no possible day or clock ("45:10", "13/25/2024") is left out.
    """
    hint = COUNTED_HINT if COUNTED.search(text) else HINT
    place = 0
    for start in starts:
        if start < place or not begins_word(text, start):
            continue
        part = part_at(text, start, hint)
        found = part.match(text, start) if part else None
        if found is not None and (phrase := read(text, found)):
            place = phrase.end
            yield phrase


def part_at(text: str, start: int, hint: re.Pattern[str]) -> re.Pattern[str] | None:
    """The kinds of part that may begin here: with so many digits, or with these words."""
    if digits := DIGITS.match(text, start):
        length = digits.end() - start
        return YEAR_PART if length == 4 else NUMBER_PART if length < 4 else None
    opening = hint.match(text, start)
    return PARTS.get(opening.group(), COUNTED_PART) if opening else None


def read(text: str, found: re.Match[str]) -> Phrase | None:
    kind = found.lastgroup or ""
    first = found.re.groupindex[kind]  # the groups of the kind follow its own
    groups = found.groups()[first : first + GROUPS[kind]]
    phrase = READERS[kind](found.start(), found.end(), groups)
    return with_zone(text, phrase) if phrase else None


def begins_word(text: str, start: int) -> bool:
    """Not inside a word, a number, an address or a price; Japanese and Korean set no blanks."""
    if start == 0:
        return True
    last = text[start - 1]
    return not (last in NOT_INSIDE or (last.isascii() and last.isalnum()))


def with_zone(text: str, phrase: Phrase) -> Phrase:
    if phrase.zone or not (phrase.has_clock or phrase.day or phrase.weekday is not None):
        return phrase
    found = ZONE_BEHIND.match(text, phrase.end)
    if found is None and phrase.has_clock and (before := ZONE_BEFORE.search(text, 0, phrase.start)):
        return phrase._replace(zone=before[1])
    if found is None and phrase.has_clock and (town := IN_TOWN.match(text, phrase.end)):
        return phrase._replace(zone=town["town"], end=town.end())
    if found is None:
        return phrase
    return phrase._replace(zone=found[1] or found[3] or found[2], end=found.end())


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
    return day._replace(hour=at.hour, minute=at.minute, has_minute=True, zone=zone)


def short(start: int, end: int, g: Groups) -> Phrase | None:
    found = date(start, end, None, number(g[0]), g[1])
    return found and found._replace(needs_company=True)


def weekday(start: int, end: int, g: Groups) -> Phrase | None:
    name = g[1] or ""
    return Phrase(
        start,
        end,
        weekday=WEEKDAYS[name[:3].lower()],
        day_of_month=number(g[2]) or None,
        is_night=bool(g[3]),
        unit=g[0] or "",
        needs_company=len(name) < 6 and g[2] is None,
    )


def relative(start: int, end: int, words: str) -> Phrase:
    return Phrase(start, end, relative=words, is_night=words in ("last night", "tonight", "overnight"))


def bare(start: int, end: int, g: Groups) -> Phrase | None:
    found = clock(start, end, g[0], None)
    return found and found._replace(needs_company=True)


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
    "relative": lambda s, e, g: relative(s, e, " ".join((g[0] or "").lower().split())),
    "ago": ago,
    "month": lambda s, e, g: Phrase(s, e, month=month_number(g[0])),
    "year": lambda s, e, g: Phrase(s, e, year=number(g[0])),
    "marked": lambda s, e, g: Phrase(s, e, year=number(g[0])),
    "zone": lambda s, e, g: Phrase(s, e, zone=g[0] or "", needs_company=True),
}
