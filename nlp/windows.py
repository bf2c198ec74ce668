"""The incident's start, end and duration as one document tells them, out of all the times in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from nlp.document import DocumentKind, Evidence, FoundTime, Precision
from nlp.durations import FoundDuration, lasting
from nlp.sentences import Sentence, Text
from nlp.stamps import POSTED
from nlp.time_cues import RESOLVED_POST
from nlp.time_roles import JudgedTime, TimeRole, judge
from nlp.times import STAMP

FINE = (Precision.MINUTE, Precision.HOUR)
A_DAY = timedelta(days=1)
RESOLVED_STATUS = frozenset({"resolved", "completed", "postmortem"})


class BoundKind(StrEnum):
    STATED = "stated"
    FIRST_REPORT = "first-report"  # no start is stated: it was no later than the first post
    RESOLVED_POST = "resolved-post"  # no end is stated: it was no later than the post that says so


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of the window, and the sentence that proves it (None for a post's own stamp)."""

    time: FoundTime
    rule: str
    sentence: Sentence | None = None
    kind: BoundKind = BoundKind.STATED
    weight: int = 0


@dataclass(frozen=True, slots=True)
class Window:
    """When it was. `duration_minutes` runs from start to end where both are stated by the clock, else it is
    what `duration` says."""

    start: Bound | None = None
    end: Bound | None = None
    duration_minutes: int | None = None
    duration: FoundDuration | None = None


def read_window(text: Text, times: Sequence[FoundTime], durations: Sequence[FoundDuration] = ()) -> Window:
    """The window of the incident that these times and durations tell of."""
    judged = judge(text, times)
    start = stated_start(text, judged)
    end = stated_end(text, judged, start) or resolved_post(text, judged)
    start = start or first_report(text, judged)
    stated = lasting(text, durations)
    minutes = minutes_between(start, end)
    return Window(start, end, stated.minutes if stated and minutes is None else minutes, stated)


def minutes_between(start: Bound | None, end: Bound | None) -> int | None:
    if start is None or end is None or start.kind is not BoundKind.STATED:
        return None
    if start.time.precision not in FINE or end.time.precision not in FINE:
        return None
    return round((end.time.at - start.time.at).total_seconds() / 60)


def stated_start(text: Text, judged: Sequence[JudgedTime]) -> Bound | None:
    """The heaviest; of equals the first in a story, the last in a record of posts, which corrects itself."""
    roles = (TimeRole.WINDOW, TimeRole.START, TimeRole.EVENT)
    best = pick(text, [j for j in judged if j.role in roles])
    if best is None:
        return None
    if best.time.precision not in FINE:
        best = refined(text, best, judged) or best
    first = min((j.time for j in united(text, best, judged)), key=lambda time: time.at)
    return Bound(replace(first, end_at=None), best.rule, best.sentence, weight=best.weight)


def refined(text: Text, day: JudgedTime, judged: Sequence[JudgedTime]) -> JudgedTime | None:
    """A clock on the day that is known for the outage says more than the day."""
    clocks = [
        j
        for j in judged
        if j.role in (TimeRole.START, TimeRole.WINDOW)
        and j.time.precision in FINE
        and -A_DAY < j.time.at - day.time.at < 2 * A_DAY
    ]
    return pick(text, clocks)


def stated_end(text: Text, judged: Sequence[JudgedTime], start: Bound | None) -> Bound | None:
    """As for the start, but never before it."""
    found = [j for j in judged if j.role in (TimeRole.WINDOW, TimeRole.END) and j.weight > 0]
    if start is not None:
        found = [j for j in found if is_possible(j, start)]
    best = pick(text, found)
    if best is None:
        return None
    last = max((j.time for j in united(text, best, judged)), key=lambda time: time.end_at or time.at)
    return Bound(
        replace(last, at=last.end_at or last.at, end_at=None), best.rule, best.sentence, weight=best.weight
    )


def is_possible(end: JudgedTime, start: Bound) -> bool:
    """Not before the start; a day is compared as a day."""
    at = end.time.end_at or end.time.at
    if start.time.precision in FINE and end.time.precision in FINE:
        return at >= start.time.at
    return at > start.time.at - A_DAY


def united(text: Text, best: JudgedTime, judged: Sequence[JudgedTime]) -> list[JudgedTime]:
    """All windows of equal weight in the same sentence; in a record of posts, in the same post."""
    same = [j for j in judged if j.role is best.role is TimeRole.WINDOW and j.weight == best.weight]
    if text.document.kind is not DocumentKind.PROVIDER_STATUS:
        same = [j for j in same if j.sentence == best.sentence]
    return same or [best]


def pick(text: Text, found: Sequence[JudgedTime]) -> JudgedTime | None:
    if not found:
        return None
    sign = 1 if text.document.kind is DocumentKind.PROVIDER_STATUS else -1
    return max(enumerate(found), key=lambda pair: (pair[1].weight, sign * pair[0]))[1]


def first_report(text: Text, judged: Sequence[JudgedTime]) -> Bound | None:
    if text.document.kind not in (DocumentKind.PROVIDER_STATUS, DocumentKind.EXCHANGE_STATUS):
        return None
    first = min(posted(text, judged), key=lambda time: time.at, default=None)
    return None if first is None else Bound(first, "first-report", kind=BoundKind.FIRST_REPORT)


def resolved_post(text: Text, judged: Sequence[JudgedTime]) -> Bound | None:
    """The last post, if it says that all is well again."""
    if text.document.kind not in (DocumentKind.PROVIDER_STATUS, DocumentKind.EXCHANGE_STATUS):
        return None
    last = max(posted(text, judged), key=lambda time: time.at, default=None)
    if last is None or last.evidence.path == "published_at" or not says_resolved(text, last.evidence):
        return None
    return Bound(last, "resolved-post", kind=BoundKind.RESOLVED_POST)


def says_resolved(text: Text, post: Evidence) -> bool:
    """Does the post at this stamp, or with this index, say so?"""
    passage = text.document.passages[post.passage or 0]
    if post.path:
        return RESOLVED_POST.search(passage.text) is not None or passage.status.lower() in RESOLVED_STATUS
    start, end = post.start or 0, post.end or 0
    closes = POSTED.search(passage.text, max(0, start - 12), start)
    words = passage.text[max(0, start - 400) : start] if closes else passage.text[end : end + 1_500]
    return RESOLVED_POST.search(words) is not None


def posted(text: Text, judged: Sequence[JudgedTime]) -> Iterator[FoundTime]:
    """When the posts were made: by their stamps in the text, else by their source, else by publication."""
    stamps = [j.time for j in judged if j.role is TimeRole.POSTED]
    if stamps:
        yield from stamps
        return
    said = [(n, p.said_at) for n, p in enumerate(text.document.passages) if p.said_at]
    for n, at in said:
        yield FoundTime(Evidence(n, path="said_at"), "", at, Precision.MINUTE, STAMP)
    if not said and text.document.published_at:
        at = text.document.published_at
        yield FoundTime(Evidence(path="published_at"), "", at, Precision.MINUTE, STAMP)
