"""What each phrase of a text means in UTC, read in order: every time hangs on what was named before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from nlp.document import Precision
from nlp.stamps import minute_of
from nlp.time_anchors import A_DAY, Day, local_day, on_weekday, relative_day, with_year
from nlp.time_clocks import first_after, latest_before, moment_on, nearest_to
from nlp.time_grammar import Phrase
from nlp.time_phrases import Expression

SILENCE = timedelta(hours=20)  # a post that comes so long after the one before it retells the event
PAST_MIDNIGHT = timedelta(hours=12)
SMALL_HOURS = 9 * 60  # minutes after midnight, by whatever clock: of a night in America it is UTC's


@dataclass(frozen=True, slots=True)
class Where:
    """Where a phrase stands: its zone, when its post was said, whether the sentence speaks of what is to
    come, and the first day that the text names, for a clock that comes before any."""

    zone: tzinfo | None
    said_at: datetime | None
    is_ahead: bool
    first_day: date | None


@dataclass(frozen=True, slots=True)
class Meaning:
    """`day` is the day as written there, which is not always that of `at` in UTC."""

    at: datetime
    precision: Precision
    rule: str
    day: date
    end_at: datetime | None = None


@dataclass(slots=True)
class Resolver:
    """Remembers the last day and moment named. `posts` are all posts of the document, oldest first."""

    published_at: datetime | None
    publication_slack: timedelta  # how much later than the publication a clock without a date may be
    post_slack: timedelta
    posts: tuple[datetime, ...]
    day: date | None = None
    moment: datetime | None = None
    post: datetime | None = None
    is_night: bool = False  # `day` was named as a night, without a clock
    is_fresh: bool = False  # `day` was named in the post that is being read

    def meaning(self, expression: Expression, first: Where, last: Where) -> Meaning | None:
        """The time or the range; a later clock hangs on it, unless it lies ahead."""
        if first.said_at != self.post:
            self.post, self.is_fresh = first.said_at, False
        if expression.last is None:
            found = self.single(expression.first, first)
        else:
            found = self.span(expression.first, expression.last, first, last)
        if found is not None and not first.is_ahead:
            self.remember(found, expression, last)
        return found

    def remember(self, found: Meaning, expression: Expression, where: Where) -> None:
        if found.precision in (Precision.MONTH, Precision.YEAR) or found.rule == "week":
            return
        last = expression.last or expression.first
        self.is_night = last.is_night and found.precision is Precision.DAY
        self.is_fresh = self.is_fresh or last.has_day or expression.first.has_day
        if found.end_at is not None and last.has_clock and where.zone is not None:
            self.day, self.moment = found.end_at.astimezone(where.zone).date(), found.end_at
        elif found.precision is Precision.DAY:
            self.day, self.moment = found.day, None
        else:
            self.day, self.moment = found.day, found.at

    def single(self, phrase: Phrase, where: Where) -> Meaning | None:
        if phrase.amount and phrase.unit in ("minute", "hour"):
            return self.counted(phrase)
        if not phrase.has_clock:
            return self.stretch(phrase, where)
        day = self.day_of(phrase, where)
        return None if day is None else clocked(phrase, day, where)

    def counted(self, phrase: Phrase) -> Meaning | None:
        """ "Two hours ago", "seven minutes later": as exact as the unit."""
        anchor = self.clocked_publication() if phrase.relative == "ago" else self.moment
        if anchor is None:
            return None
        sign = 1 if phrase.relative in ("later", "after") else -1
        at = anchor + sign * timedelta(**{f"{phrase.unit}s": phrase.amount})
        precision = Precision.MINUTE if phrase.unit == "minute" else Precision.HOUR
        return Meaning(at, precision, "ago" if phrase.relative == "ago" else "event-relative", at.date())

    def clocked_publication(self) -> datetime | None:
        """When the text was published, unless only its day is known."""
        at = self.post or self.published_at
        return None if at is None or at.astimezone(UTC).time() == time() else at

    def stretch(self, phrase: Phrase, where: Where) -> Meaning | None:
        """A day, several days, a month or a year."""
        found = self.named_day(phrase, where)
        if found is None:
            return None
        end = None if found.last is None else midnight(found.last)
        return Meaning(midnight(found.first), found.precision, found.rule, found.first, end)

    def day_of(self, phrase: Phrase, where: Where) -> date | None:
        if not phrase.has_day:
            return self.clock_day(phrase, where)
        found = self.named_day(phrase, where)
        return found.first if found is not None and found.precision is Precision.DAY else None

    def named_day(self, phrase: Phrase, where: Where) -> Day | None:
        """The day that the phrase itself names, by date, weekday or distance."""
        anchor = where.said_at or self.published_at
        published = None if anchor is None else local_day(anchor, where.zone or UTC)
        if phrase.day is not None:
            return self.dated(phrase, published)
        if phrase.weekday is not None:
            return on_weekday(phrase, published, self.day or where.first_day, is_ahead=where.is_ahead)
        if phrase.relative:
            return relative_day(phrase, published, self.day or where.first_day)
        return bare_month(phrase, published)

    def dated(self, phrase: Phrase, published: date | None) -> Day | None:
        first = with_year(phrase, published, self.day)
        if first is None:
            return None
        last = first + A_DAY * (phrase.until_day - (phrase.day or 0)) if phrase.until_day else None
        return Day(first, last=last)

    def clock_day(self, phrase: Phrase, where: Where) -> date | None:
        """The day of a clock that names none."""
        zone = where.zone
        if zone is None:
            return self.day or where.first_day
        if where.is_ahead:
            anchor = where.said_at or self.moment or self.published_at
            return None if anchor is None else first_after(phrase, anchor, zone)
        if where.said_at is not None and self.is_retold(where.said_at):
            return nearest_to(phrase, self.posts[0], zone)
        hung = self.hung(phrase, zone) if self.is_fresh or where.said_at is None else None
        if where.said_at is None and hung is not None:
            return hung
        if where.said_at is not None:
            latest = latest_before(phrase, where.said_at, zone, self.post_slack)
            return latest if hung is None else min(hung, latest)
        if where.first_day is not None:
            return where.first_day
        return (
            None
            if self.published_at is None
            else latest_before(phrase, self.published_at, zone, self.publication_slack)
        )

    def is_retold(self, said_at: datetime) -> bool:
        before = max((post for post in self.posts if post < said_at), default=said_at)
        return said_at - before > SILENCE and not self.is_fresh

    def hung(self, phrase: Phrase, zone: tzinfo) -> date | None:
        """The day of the moment named before, there; the one behind it when the clock has clearly run past
        midnight since."""
        if self.moment is None:
            is_past_midnight = self.is_night and minute_of(phrase) < SMALL_HOURS
            return self.day + A_DAY if self.day and is_past_midnight else self.day
        day = self.moment.astimezone(zone).date()
        return day + A_DAY if self.moment - moment_on(day, phrase, zone) > PAST_MIDNIGHT else day

    def span(self, a: Phrase, b: Phrase, first: Where, last: Where) -> Meaning | None:
        """From one to the other. Of two clocks with one day between them, the range stays below a day."""
        if not (a.has_clock and b.has_clock) or first.zone is None or last.zone is None:
            return self.days(a, b, first, last)
        if b.has_day and not a.has_day:
            end_day = self.day_of(b, last)
            start_day = None if end_day is None else before(a, b, end_day, first.zone, last.zone)
        elif a.has_day and not b.has_day:
            start_day = self.day_of(a, first)
            end_day = None if start_day is None else after(a, b, start_day, first.zone, last.zone)
        elif a.has_day:
            start_day, end_day = self.day_of(a, first), self.day_of(b, last)
        else:
            start_day, end_day = self.undated(a, b, first, last)
        if start_day is None or end_day is None:
            return None
        return ranged(clocked(a, start_day, first), clocked(b, end_day, last))

    def undated(self, a: Phrase, b: Phrase, first: Where, last: Where) -> tuple[date | None, date | None]:
        if first.zone is None or last.zone is None:
            return None, None
        hangs = self.is_fresh or (last.said_at is None and (self.day or last.first_day) is not None)
        if hangs or last.is_ahead:
            start_day = self.clock_day(a, first)
            return start_day, start_day and after(a, b, start_day, first.zone, last.zone)
        end_day = self.clock_day(b, last)
        return end_day and before(a, b, end_day, first.zone, last.zone), end_day

    def days(self, a: Phrase, b: Phrase, first: Where, last: Where) -> Meaning | None:
        """A range of days, or of clocks in a zone that nobody names."""
        start_day, end_day = self.day_of_any(a, first), self.day_of_any(b, last)
        if start_day is None or end_day is None or end_day < start_day:
            return None
        return Meaning(midnight(start_day), Precision.DAY, "range", start_day, midnight(end_day))

    def day_of_any(self, phrase: Phrase, where: Where) -> date | None:
        found = self.named_day(phrase, where) if phrase.has_day else None
        if found is not None:
            return found.first if found.precision is Precision.DAY else None
        return self.day or where.first_day


def bare_month(phrase: Phrase, published: date | None) -> Day | None:
    """ "In October" is the last one that came; "in 2024" is a year."""
    if phrase.month is None:
        return None if phrase.year is None else Day(date(phrase.year, 1, 1), Precision.YEAR, rule="year")
    if phrase.year is not None:
        return Day(date(phrase.year, phrase.month, 1), Precision.MONTH, rule="month")
    if published is None:
        return None
    year = published.year - (phrase.month > published.month)
    return Day(date(year, phrase.month, 1), Precision.MONTH, rule="month")


def clocked(phrase: Phrase, day: date, where: Where) -> Meaning:
    rule = "dated" if phrase.has_day else "clock"
    if where.zone is None:
        return Meaning(midnight(day), Precision.DAY, "zoneless", day)
    precision = Precision.MINUTE if phrase.has_minute else Precision.HOUR
    return Meaning(moment_on(day, phrase, where.zone), precision, rule, day)


def ranged(a: Meaning, b: Meaning) -> Meaning | None:
    """None for a range that runs backwards: its dates contradict each other."""
    return Meaning(a.at, a.precision, "range", a.day, b.at) if a.at <= b.at else None


def before(a: Phrase, b: Phrase, end_day: date, zone_a: tzinfo, zone_b: tzinfo) -> date:
    """The last day on which clock `a` comes before clock `b` of `end_day`."""
    return next(
        day
        for day in (end_day + A_DAY, end_day, end_day - A_DAY, end_day - 2 * A_DAY)
        if moment_on(day, a, zone_a) <= moment_on(end_day, b, zone_b)
    )


def after(a: Phrase, b: Phrase, start_day: date, zone_a: tzinfo, zone_b: tzinfo) -> date:
    return next(
        day
        for day in (start_day - A_DAY, start_day, start_day + A_DAY, start_day + 2 * A_DAY)
        if moment_on(day, b, zone_b) >= moment_on(start_day, a, zone_a)
    )


def midnight(day: date) -> datetime:
    """A day is kept as its midnight in UTC, whatever zone it was written in: its date must not change."""
    return datetime.combine(day, time(), UTC)
