"""Where the posts of a running text begin, and when each was said: "9:18 PM PDT We are investigating"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from nlp.time_anchors import A_DAY, local_day, with_year
from nlp.time_clocks import moment_on
from nlp.time_grammar import Phrase
from nlp.time_phrases import Expression

BEFORE = re.compile(r"(?:^|[\n.!?。|>)\]]|[.!?][\"”])\s{0,4}[\[(]?$")
AFTER = re.compile(r"[\])]?\s{1,3}[\[(\"“]?(?:[A-Z0-9]|[^\x00-\x7f–—])|[\])]?\s*(?:\n|$)")
POSTED = re.compile(r"\bPosted\s(?:on\s)?$")
OUT_OF_ORDER = (
    120  # minutes: a stamp earlier than the one before it by less than that is a slip, not a midnight
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A post's stamp in the text, resolved. `is_trailing`: it closes its post instead of opening it."""

    phrase: Phrase
    said_at: datetime
    is_trailing: bool


def is_stamp(text: str, expression: Expression) -> bool:
    """A clock with its zone that stands by itself before a sentence, and is no part of one."""
    phrase = expression.first
    if expression.last is not None or not phrase.has_clock or not phrase.has_minute:
        return False
    if is_trailing(text, phrase):
        return True
    if (
        not phrase.zone.isascii()
        or not phrase.zone
        or phrase.relative
        or (phrase.weekday is not None and not phrase.has_date)
    ):
        return False
    before, after = text[max(0, phrase.start - 6) : phrase.start], text[phrase.end : phrase.end + 8]
    return bool(BEFORE.search(before)) and bool(AFTER.match(after))


def is_trailing(text: str, phrase: Phrase) -> bool:
    return bool(POSTED.search(text, max(0, phrase.start - 12), phrase.start))


def closes(text: str, first: int, end: int) -> bool:
    """Do the stamps, from the first's beginning to the last's end, stand below their posts? Words come before
    them all, and none behind."""
    return not text[end:].strip(" \n\r)].") and any(map(str.isalnum, text[:first]))


def resolved(
    text: str, stamps: Sequence[Phrase], zones: Sequence[tzinfo], published_at: datetime | None
) -> list[Stamp]:
    """The stamps whose day can be told.

    One without a date runs on from the stamp before it, or back from the one behind; where none has a date
    the days are those that bring one of them closest to the publication.
    """
    if not stamps:
        return []
    is_closing = closes(text, stamps[0].start, stamps[-1].end)
    known = [dated(stamp, zone, published_at) for stamp, zone in zip(stamps, zones, strict=True)]
    if any(known):
        days = running(stamps, known)
    elif published_at is not None:
        first = local_day(published_at, zones[0])
        days = nearest(stamps, zones, running(stamps, [first, *known[1:]]), published_at)
    else:
        return []
    return [
        Stamp(stamp, moment_on(day, stamp, zone), is_closing or is_trailing(text, stamp))
        for stamp, zone, day in zip(stamps, zones, days, strict=True)
        if day is not None
    ]


def dated(stamp: Phrase, zone: tzinfo, published_at: datetime | None) -> date | None:
    if not stamp.has_date:
        return None
    return with_year(stamp, None if published_at is None else local_day(published_at, zone))


def running(stamps: Sequence[Phrase], known: Sequence[date | None]) -> list[date | None]:
    """Days filled forward over midnights, then backward from the first that is known."""
    days = list(known)
    for i in range(1, len(days)):
        before = days[i - 1]
        if days[i] is None and before is not None:
            days[i] = before + A_DAY * (minute_of(stamps[i]) < minute_of(stamps[i - 1]) - OUT_OF_ORDER)
    for i in range(len(days) - 2, -1, -1):
        behind = days[i + 1]
        if days[i] is None and behind is not None:
            days[i] = behind - A_DAY * (minute_of(stamps[i]) > minute_of(stamps[i + 1]) + OUT_OF_ORDER)
    return days


def nearest(
    stamps: Sequence[Phrase], zones: Sequence[tzinfo], days: Sequence[date | None], published_at: datetime
) -> list[date | None]:
    """The run of days, shifted so that one of its stamps comes closest to the publication."""
    filled = [day for day in days if day is not None]
    span = (filled[-1] - filled[0]).days

    def distance(shift: int) -> timedelta:
        moments = (moment_on(d + shift * A_DAY, s, z) for d, s, z in zip(filled, stamps, zones, strict=True))
        return min(abs(moment - published_at) for moment in moments)

    shift = min(range(-span - 1, 2), key=distance)
    return [day + shift * A_DAY for day in filled]


def minute_of(phrase: Phrase) -> int:
    clock = moment_on(date(2000, 1, 1), phrase, UTC)
    return clock.hour * 60 + clock.minute
