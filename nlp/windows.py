"""The incident's start, end and duration as one document tells them, out of all the times in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from nlp.document import DocumentKind, FoundTime, Precision
from nlp.durations import FoundDuration, lasting
from nlp.posts import Bound, Posts, is_resolved
from nlp.sentences import Sentence, Text
from nlp.time_anchors import A_DAY, sane
from nlp.time_context import FINE
from nlp.time_cues import OUTAGE
from nlp.time_roles import LABELS, PAIR, JudgedTime, TimeRole, judge

NEARBY = 400  # characters


class StartKind(StrEnum):
    STATED = "stated"
    FIRST_REPORT = "first-report"  # no start is stated: it was no later than the first post


class EndKind(StrEnum):
    STATED = "stated"
    RESOLVED_POST = "resolved-post"  # no end is stated: it was no later than the post that says so


@dataclass(frozen=True, slots=True)
class Window:
    """When it was. `duration_minutes` runs from start to end where both are stated by the clock, else it is
    what `duration` says."""

    start: Bound | None = None
    start_kind: StartKind = StartKind.STATED
    end: Bound | None = None
    end_kind: EndKind = EndKind.STATED
    duration_minutes: int | None = None
    duration: FoundDuration | None = None


def read_window(text: Text, times: Sequence[FoundTime], durations: Sequence[FoundDuration] = ()) -> Window:
    """The window of the incident that these times and durations tell of."""
    judged = judge(text, times)
    posts = Posts(text, times)
    start = stated_start(posts, judged)
    end = stated_end(posts, judged, start) or end_by_now(text, start)
    first = posts.first_report(before=end) if start is None else None
    last = posts.resolved() if end is None else None
    # An organisation's own posts are made when it began and ended; a provider's when somebody finds the time.
    is_own = text.document.kind is DocumentKind.EXCHANGE_STATUS
    duration = lasting(text, durations)
    start = counted_back(start, end, duration) or start or start_by_end(text, end, duration)
    minutes = minutes_between(start or first, end or last) if is_own else minutes_between(start, end)
    return Window(
        start or first,
        StartKind.FIRST_REPORT if first else StartKind.STATED,
        end or last,
        EndKind.RESOLVED_POST if last else EndKind.STATED,
        duration.minutes if minutes is None and duration else minutes,
        duration,
    )


def minutes_between(start: Bound | None, end: Bound | None) -> int | None:
    if start is None or end is None or not {start.time.precision, end.time.precision} <= set(FINE):
        return None
    minutes = round((end.time.at - start.time.at).total_seconds() / 60)
    return minutes if minutes > 0 else None


def stated_start(posts: Posts, judged: Sequence[JudgedTime]) -> Bound | None:
    """The heaviest; a day gives way to a clock on that day."""
    roles = (TimeRole.WINDOW, TimeRole.START, TimeRole.EVENT)
    text = posts.text
    judged = by_now(text, judged)
    told = [j for j in judged if j.role in roles or opens_story(text, j)]
    best = pick(text, told) or only_time(posts, judged)
    if best is None:
        return None
    if best.time.precision not in FINE:
        best = clock_on(text, best, judged) or best
    first = min(united(text, best, judged), key=lambda j: j.time.at)
    return Bound(replace(first.time, end_at=None), first.sentence, first.rule)


def by_now(text: Text, judged: Sequence[JudgedTime]) -> list[JudgedTime]:
    """Without the times after the last words: nobody tells of a start that is yet to come."""
    document = text.document
    said = (sane(at) for at in (document.published_at, *(p.said_at for p in document.passages)))
    last = max((at for at in said if at is not None), default=None)
    return [j for j in judged if last is None or j.time.at <= last + A_DAY]


def opens_story(text: Text, judged: JudgedTime) -> bool:
    """ "On 7 December 2021 at 7:30 AM PST an automated scaling began": a clock with its day needs no cue."""
    is_record = text.document.kind is DocumentKind.PROVIDER_STATUS
    is_full = judged.rule == "no-cue" and judged.weight > 1
    return is_full and not is_record and OUTAGE.search(nearby(text, judged.sentence)) is not None


def only_time(posts: Posts, judged: Sequence[JudgedTime]) -> JudgedTime | None:
    """The first time near words of an outage, where no sentence says both. Of a record the first post says
    more than a day, and a provider's names too many other clocks."""
    bare = [j for j in judged if j.rule == "no-cue"]
    if posts.posts:
        bare = [j for j in bare if j.time.precision in FINE]
    if posts.text.document.kind is DocumentKind.PROVIDER_STATUS:
        bare = [j for j in bare if j.time.precision not in FINE]
    for sentence in dict.fromkeys(j.sentence for j in bare):
        if OUTAGE.search(nearby(posts.text, sentence)):
            return next(j for j in bare if j.sentence is sentence)
    return None


def nearby(text: Text, sentence: Sentence) -> str:
    if sentence.passage is None:
        return text.low[sentence]
    passage = text.document.passages[sentence.passage].text
    return passage[max(0, sentence.start - NEARBY) : sentence.end + NEARBY].lower()


def clock_on(text: Text, day: JudgedTime, judged: Sequence[JudgedTime]) -> JudgedTime | None:
    """A clock on the day that is known for the outage says more than the day; in a story also one that only
    tells when it was on, the first."""
    clocks = [j for j in judged if j.time.precision in FINE and -A_DAY < j.time.at - day.time.at < 2 * A_DAY]
    starts = [j for j in clocks if j.role in (TimeRole.START, TimeRole.WINDOW)]
    events = [j for j in clocks if j.role is TimeRole.EVENT and text.document.kind is DocumentKind.NEWS]
    return pick(text, starts) or next(iter(events), None)


def stated_end(posts: Posts, judged: Sequence[JudgedTime], start: Bound | None) -> Bound | None:
    """As for the start, but never before it, nor while the record goes on."""
    found = [j for j in judged if j.role in (TimeRole.WINDOW, TimeRole.END) and j.weight > 0]
    found = [j for j in found if j.rule != "measured-range" and (start is None or is_possible(j, start))]
    best = pick(posts.text, [j for j in found if not posts.is_open_after(j.sentence)])
    if best is None:
        return None
    last = max(united(posts.text, best, judged), key=lambda j: ending(j.time))
    return Bound(replace(last.time, at=ending(last.time), end_at=None), last.sentence, last.rule)


def ending(time: FoundTime) -> datetime:
    return time.end_at or time.at


def is_possible(end: JudgedTime, start: Bound) -> bool:
    """Not before the start; a day is compared as a day."""
    if {start.time.precision, end.time.precision} <= set(FINE):
        return ending(end.time) >= start.time.at
    return ending(end.time) > start.time.at - A_DAY


def end_by_now(text: Text, start: Bound | None) -> Bound | None:
    """What broke "this morning" and has been resolved ended on the day of the publication."""
    published = sane(text.document.published_at)
    if start is None or start.time.rule != "publication-day" or published is None:
        return None
    if start.time.at.date() != published.date():
        return None
    sentence = next((s for s in text.sentences if text.line[s].read(is_resolved)), None)
    return None if sentence is None else Bound(start.time, sentence, "resolved-by-now")


def counted_back(start: Bound | None, end: Bound | None, duration: FoundDuration | None) -> Bound | None:
    """Where only the day of the start is told, the clock of the end less the stated length is its clock."""
    if start is None or end is None or duration is None or duration.is_rough:
        return None
    if start.time.precision is not Precision.DAY or end.time.precision not in FINE:
        return None
    at = end.time.at - timedelta(minutes=duration.minutes)
    if not -A_DAY / 2 < at - start.time.at < A_DAY * 1.5:
        return None
    return Bound(replace(end.time, at=at), end.sentence, "counted-back")


def start_by_end(text: Text, end: Bound | None, duration: FoundDuration | None) -> Bound | None:
    """News of what was mended on a day, and of no other time, tells of an outage of that day."""
    if end is None or text.document.kind is not DocumentKind.NEWS:
        return None
    minutes = duration.minutes if duration and end.time.precision in FINE else 0
    day = datetime.combine((end.time.at - timedelta(minutes=minutes)).date(), time(), UTC)
    return Bound(replace(end.time, at=day, precision=Precision.DAY), end.sentence, "by-end")


def united(text: Text, best: JudgedTime, judged: Sequence[JudgedTime]) -> list[JudgedTime]:
    """What tells of the same outage in parts: the windows of one sentence; in a record of posts the windows
    of one post, and the labels of a report ("Incident start:")."""
    if best.rule in LABELS:
        return [j for j in judged if j.rule == best.rule]
    windows = [j for j in judged if j.role is best.role is TimeRole.WINDOW and j.sentence is best.sentence]
    if text.document.kind is DocumentKind.PROVIDER_STATUS:
        windows += [j for j in judged if j.role is best.role is TimeRole.WINDOW and is_equal(j, best)]
    return windows or [best]


def is_equal(a: JudgedTime, b: JudgedTime) -> bool:
    return a.weight == b.weight and a.sentence.passage == b.sentence.passage


def pick(text: Text, found: Sequence[JudgedTime]) -> JudgedTime | None:
    """The heaviest. Of equals: in a record of posts the last, for it corrects itself; in a story the first
    start or window, and for an end the first window before the last end."""
    is_record = text.document.kind is DocumentKind.PROVIDER_STATUS

    def rank(placed: tuple[int, JudgedTime]) -> tuple[int, bool, int]:
        place, judged = placed
        is_last_word = judged.role is TimeRole.END and judged.rule != PAIR
        return judged.weight, not is_last_word or is_record, place if is_record or is_last_word else -place

    best = max(enumerate(found), key=rank, default=None)
    return None if best is None else best[1]
