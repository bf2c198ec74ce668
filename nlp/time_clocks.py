"""On which day a clock without a date struck, seen from a moment that is known."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from nlp.time_anchors import A_DAY, local_day
from nlp.time_grammar import Phrase

SLACK = timedelta(minutes=75)  # a post tells of what came before it, give or take a slip of the clock


def moment_on(day: date, phrase: Phrase, zone: tzinfo) -> datetime:
    """The phrase's clock on that day there, in UTC."""
    hour = phrase.hour or 0
    if phrase.meridiem and hour <= 12:
        hour = hour % 12 + (12 if phrase.meridiem == "pm" else 0)
    return datetime.combine(day, time(hour, phrase.minute), zone).astimezone(UTC)


def latest_before(phrase: Phrase, anchor: datetime, zone: tzinfo, slack: timedelta = SLACK) -> date:
    """The last day on which the clock struck before the anchor; a bare day is its own anchor."""
    if anchor.astimezone(UTC).time() == time(0, 0):
        return anchor.astimezone(UTC).date()
    today = local_day(anchor, zone)
    return today if moment_on(today, phrase, zone) <= anchor + slack else today - A_DAY


def first_after(phrase: Phrase, anchor: datetime, zone: tzinfo) -> date:
    today = local_day(anchor, zone)
    return today if moment_on(today, phrase, zone) >= anchor - SLACK else today + A_DAY


def nearest_to(phrase: Phrase, anchor: datetime, zone: tzinfo) -> date:
    today = local_day(anchor, zone)
    return min(
        (today - A_DAY, today, today + A_DAY), key=lambda day: abs(moment_on(day, phrase, zone) - anchor)
    )
