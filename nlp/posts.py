"""When the posts of a record were made: bounds for an outage whose times the text does not state."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import groupby

from nlp.document import Evidence, FoundTime, Precision
from nlp.hints import Hint
from nlp.lines import Line
from nlp.sentences import Sentence, Text
from nlp.stamps import POSTED, closes
from nlp.time_anchors import sane
from nlp.time_cues import MOSTLY, NOT_THE_SERVICE, NOT_YET, POINTER, RESOLVED, STILL_OPEN, UPDATE_PROMISED
from nlp.times import RECORDS, STAMP

RESOLVING = Hint(
    """resolved restored remediated mitigated fixed recovered normally normal operational resolved completed
    available accessible working resumed"""
)
GOING_ON = Hint("continue continues continuing still actively currently are in working")
PROMISING = Hint("will next")
POINTING = Hint("incident")
Place = tuple[int, int]  # passage, offset
BEGINNING: Place = (0, 0)
RESOLVED_STATUS = frozenset({"resolved", "completed"})
SILENCE = timedelta(hours=20)  # a post that comes so long after the one before it retells the event

BRACKET = 2  # characters that may stand between the beginning of a sentence and its stamp


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of the window; `sentence` proves it (None for a post's own time)."""

    time: FoundTime
    sentence: Sentence | None
    rule: str


@dataclass(frozen=True, slots=True)
class Post:
    """`lines` are its sentences, in order."""

    time: FoundTime
    lines: tuple[Line, ...]
    status: str = ""

    @property
    def place(self) -> Place:
        return self.time.evidence.passage or 0, self.time.evidence.start or 0

    @property
    def says_resolved(self) -> bool:
        """Does a sentence say that all is well again, and none from there on that work goes on?"""
        if self.status.lower() in RESOLVED_STATUS:
            return True
        first = next((n for n, line in enumerate(self.lines) if line.read(says_all_is_well)), None)
        return first is not None and not any(line.read(is_open) for line in self.lines[first:])

    @property
    def says_open(self) -> bool:
        return any(line.read(is_open) for line in self.lines)


class Posts:
    """The posts of one document, oldest first; none where it is no record of posts."""

    def __init__(self, text: Text, times: Sequence[FoundTime]) -> None:
        self.text = text
        found = [*self._stamped(times)] or [*self._passages()]
        self.is_record = text.document.kind in RECORDS
        self.posts = sorted(found, key=lambda post: post.time.at) if self.is_record else []

    def first_report(self, *, before: Bound | None) -> Bound | None:
        """The first post, else the publication: the outage began no later.

        None where it had ended by then, and for a note that only points to another incident.
        """
        document = self.text.document
        if before is None and is_pointer(self.text):
            return None
        time = self.posts[0].time if self.posts else None
        published = sane(document.published_at)
        if time is None and published is not None and document.kind in RECORDS:
            time = as_time(Evidence(path="published_at"), published)
        if time is None or (before is not None and before.time.at < time.at):
            return None
        return Bound(time, None, "first-report")

    def resolved(self) -> Bound | None:
        """The first of the last posts that all say it is over; what retells it much later is left out."""
        running = [post for i, post in enumerate(self.posts) if i == 0 or not self._is_late(i)]
        first = None
        for post in reversed(running):
            if not post.says_resolved:
                break
            first = post
        return None if first is None else Bound(first.time, None, "resolved-post")

    def is_open_after(self, sentence: Sentence) -> bool:
        """Does the record go on after this sentence?"""
        return sentence.passage is not None and (sentence.passage, sentence.end) < self.open_until

    @cached_property
    def open_until(self) -> Place:
        """The place of the last words that promise an update, or say in a post before the last that work
        goes on; the very beginning in a text that runs backwards or is no record."""
        places = [post.place for post in self.posts]
        if not self.is_record or (len(places) > 1 and places[0] > places[-1]):
            return BEGINNING
        promises = [
            (sentence.passage, sentence.start + at)
            for sentence, line in zip(self.text.sentences, self.text.lines, strict=True)
            if sentence.passage is not None and (at := line.read(promise)) >= 0
        ]
        still = [post.place for post in self.posts[:-1] if post.says_open]
        return max([*promises, *still], default=BEGINNING)

    def _is_late(self, i: int) -> bool:
        return self.posts[i].time.at - self.posts[i - 1].time.at > SILENCE

    def _stamped(self, times: Sequence[FoundTime]) -> Iterator[Post]:
        """Each stamp in a text with the words that it opens, or closes ("Posted Jun 05, 2020")."""
        stamps = [time for time in times if time.rule == STAMP and time.evidence.passage is not None]
        closing = self._closing(stamps)
        for i, stamp in enumerate(stamps):
            passage = self.text.document.passages[stamp.evidence.passage or 0]
            start, end = stamp.evidence.start or 0, stamp.evidence.end or 0
            before, after = stamps[i - 1 : i] if i else [], stamps[i + 1 : i + 2]
            is_below = stamp.evidence.passage in closing
            if is_below or POSTED.search(passage.text, max(0, start - 12), start):
                span = edge(before, stamp, 0), start
            else:
                span = end, edge(after, stamp, len(passage.text))
            yield Post(stamp, self._lines(stamp.evidence.passage, *span))

    def _closing(self, stamps: Sequence[FoundTime]) -> set[int | None]:
        """The passages whose stamps stand below their posts."""
        found = set()
        for passage, group in groupby(stamps, key=lambda stamp: stamp.evidence.passage):
            places = [stamp.evidence for stamp in group]
            text = self.text.document.passages[passage or 0].text
            if closes(text, places[0].start or 0, places[-1].end or 0):
                found.add(passage)
        return found

    def _lines(self, passage: int | None, start: int, end: int) -> tuple[Line, ...]:
        """The sentences between two places of a passage, those at its edges with it."""
        group, starts = self.text.of.get(passage, []), self.text.starts.get(passage, [])
        first, after = max(0, bisect_right(starts, start) - 1), bisect_left(starts, end - BRACKET)
        return tuple(self.text.line[sentence] for sentence in group[first:after] if sentence.end > start)

    def _passages(self) -> Iterator[Post]:
        for n, passage in enumerate(self.text.document.passages):
            if said_at := sane(passage.said_at):
                time = as_time(Evidence(n, path="said_at"), said_at)
                yield Post(time, self._lines(n, 0, len(passage.text)), passage.status)


def edge(beside: Sequence[FoundTime], stamp: FoundTime, default: int) -> int:
    """Where the neighbouring post of the same passage ends or begins."""
    if not beside or beside[0].evidence.passage != stamp.evidence.passage:
        return default
    is_before = (beside[0].evidence.start or 0) < (stamp.evidence.start or 0)
    return (beside[0].evidence.end if is_before else beside[0].evidence.start) or default


def as_time(evidence: Evidence, at: datetime) -> FoundTime:
    return FoundTime(evidence, "", at, Precision.MINUTE, STAMP)


def is_pointer(text: Text) -> bool:
    body = [text.line[sentence] for sentence in text.sentences if sentence.passage is not None]
    return any(line.read(points) for line in body) and not any(line.read(is_resolved) for line in body)


def points(line: Line) -> bool:
    return line.gives(POINTING) and POINTER.search(line.low) is not None


def is_resolved(line: Line) -> bool:
    return line.gives(RESOLVING) and RESOLVED.search(line.low) is not None


def says_all_is_well(line: Line) -> bool:
    low = line.low
    return line.read(is_resolved) and not any(but.search(low) for but in (MOSTLY, NOT_THE_SERVICE, NOT_YET))


def is_open(line: Line) -> bool:
    return line.gives(GOING_ON) and STILL_OPEN.search(line.low) is not None


def promise(line: Line) -> int:
    """Where the last promise of another update begins, else -1."""
    if not line.gives(PROMISING):
        return -1
    return max((found.start() for found in UPDATE_PROMISED.finditer(line.low)), default=-1)
