"""Which day the words mean, counted from the publication or from the event: pure rules of the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from nlp.document import Precision
from nlp.time_grammar import Phrase

A_DAY = timedelta(days=1)
AHEAD = timedelta(days=45)  # a date without a year lies at most so far ahead of the text
NEAR = timedelta(days=40)  # and belongs to the year of a full date nearby that it is so close to


@dataclass(frozen=True, slots=True)
class Day:
    """A day, or with `last` a stretch of days; `rule` says what it was counted from."""

    first: date
    precision: Precision = Precision.DAY
    last: date | None = None
    rule: str = "date"


def sane(moment: datetime | None) -> datetime | None:
    """None for what no clock has shown: feeds date posts to the year 1."""
    return moment if moment is not None and 1970 <= moment.year <= 9000 else None


def local_day(moment: datetime, zone: tzinfo) -> date:
    """The day of a moment there; a publication without a clock (midnight sharp) is a day everywhere."""
    if moment.astimezone(UTC).time() == time(0, 0):
        return moment.astimezone(UTC).date()
    return moment.astimezone(zone).date()


def with_year(phrase: Phrase, anchor: date | None, nearby: date | None = None) -> date | None:
    """The calendar day of a phrase with month and day. A missing year comes from a full date nearby in the
    text, else it is the latest that does not lie ahead of the anchor."""
    if phrase.month is None or phrase.day is None:
        return None
    if phrase.year is not None:
        return calendar_day(phrase.year, phrase.month, phrase.day)
    if nearby is not None and (close := nearest_year(phrase, nearby)) and abs(close - nearby) <= NEAR:
        return close
    if anchor is None:
        return nearest_year(phrase, nearby) if nearby else None
    candidates = (
        calendar_day(year, phrase.month, phrase.day) for year in range(anchor.year - 4, anchor.year + 2)
    )
    return max((day for day in candidates if day is not None and day <= anchor + AHEAD), default=None)


def nearest_year(phrase: Phrase, nearby: date) -> date | None:
    candidates = (
        calendar_day(nearby.year + shift, phrase.month or 0, phrase.day or 0) for shift in (-1, 0, 1)
    )
    return min(
        (day for day in candidates if day is not None), key=lambda day: abs(day - nearby), default=None
    )


def calendar_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:  # 31 June, 29 February
        return None


def on_weekday(phrase: Phrase, published: date | None, event: date | None, *, is_ahead: bool) -> Day | None:
    """The weekday that is meant: one that the text dates itself, else the last one before the publication."""
    if phrase.weekday is None:
        return None
    if phrase.unit in ("following", "previous", "next") and event is not None and phrase.unit != "next":
        forward = phrase.unit == "following"
        return Day(stepped(event, phrase.weekday, forward=forward, allow_same=False), rule="event-weekday")
    if published is None:
        return None
    if phrase.day_of_month is not None:
        return numbered(phrase.weekday, phrase.day_of_month, published)
    if is_ahead or phrase.unit == "next":
        return Day(
            stepped(published, phrase.weekday, forward=True, allow_same=not phrase.unit), rule="weekday"
        )
    if (
        event is not None
        and event.weekday() == phrase.weekday
        and timedelta(0) <= published - event <= 21 * A_DAY
    ):
        return Day(event, rule="weekday")
    return Day(stepped(published, phrase.weekday, forward=False, allow_same=not phrase.unit), rule="weekday")


def numbered(weekday: int, day_of_month: int, published: date) -> Day | None:
    """ "Tuesday 17th": the last day before the publication, and soon behind it, that is both."""
    days = (published + A_DAY * shift for shift in range(7, -400, -1))
    both = (day for day in days if day.weekday() == weekday and day.day == day_of_month)
    found = next(both, None)
    return None if found is None else Day(found, rule="weekday")


def stepped(day: date, weekday: int, *, forward: bool, allow_same: bool) -> date:
    away = (weekday - day.weekday()) % 7 if forward else (day.weekday() - weekday) % 7
    if away == 0 and not allow_same:
        away = 7
    return day + A_DAY * away if forward else day - A_DAY * away


FROM_PUBLICATION = {
    "today": 0,
    "tonight": 0,
    "this morning": 0,
    "this afternoon": 0,
    "this evening": 0,
    "yesterday": -1,
    "last night": -1,
    "tomorrow": 1,
}
FROM_EVENT = {"same": 0, "next": 1, "following": 1, "previous": -1, "before": -1, "after": 1}


def relative_day(phrase: Phrase, published: date | None, event: date | None) -> Day | None:
    """Yesterday, two weeks ago (from the publication); the next day, six months earlier (from the event)."""
    if phrase.relative == "ago":
        return None if published is None else counted(phrase, published, forward=False, rule="ago")
    if phrase.amount:
        forward = phrase.relative in ("later", "after")
        return None if event is None else counted(phrase, event, forward=forward, rule="event-relative")
    if phrase.relative.split()[0] in ("the", "same", "that", "later", "by"):
        return None if event is None else from_event(phrase.relative, event)
    return None if published is None else from_publication(phrase.relative, published)


def from_publication(words: str, published: date) -> Day:
    if words in FROM_PUBLICATION:
        return Day(published + A_DAY * FROM_PUBLICATION[words], rule="publication-day")
    if words == "overnight":
        return Day(published - A_DAY, last=published, rule="publication-day")
    return stretch(words, published)


def from_event(words: str, event: date) -> Day:
    steps = [FROM_EVENT[word] for word in words.split() if word in FROM_EVENT]
    return Day(event + A_DAY * (steps[0] if steps else 0), rule="event-relative")


def stretch(words: str, published: date) -> Day:
    """Last week is a stretch of days; last month and last year are known no better than that."""
    which, unit = words.split()
    step = {"last": -1, "this": 0, "next": 1}[which]
    if unit == "week":
        monday = published - A_DAY * published.weekday() + 7 * step * A_DAY
        return Day(
            monday, last=min(monday + 6 * A_DAY, published) if step <= 0 else monday + 6 * A_DAY, rule="week"
        )
    if unit == "month":
        return Day(months_away(published, step), Precision.MONTH, rule="month")
    return Day(date(published.year + step, 1, 1), Precision.YEAR, rule="year")


def counted(phrase: Phrase, anchor: date, *, forward: bool, rule: str) -> Day | None:
    """So many days or weeks away is a day; months away is a month, years away a year."""
    amount = phrase.amount if forward else -phrase.amount
    if abs(amount) > 1_000:
        return None
    if phrase.unit in ("day", "week"):
        return Day(anchor + A_DAY * amount * (7 if phrase.unit == "week" else 1), rule=rule)
    if phrase.unit == "month":
        return Day(months_away(anchor, amount), Precision.MONTH, rule=rule)
    if phrase.unit == "year" and 1 <= anchor.year + amount <= 9998:
        return Day(date(anchor.year + amount, 1, 1), Precision.YEAR, rule=rule)
    return None


def months_away(day: date, months: int) -> date:
    """The first of the month so many months away."""
    count = day.year * 12 + day.month - 1 + months
    return date(max(1, min(9998, count // 12)), count % 12 + 1, 1)
