"""What each time says about the outage: that it began, that it ended, its whole window, or something else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from nlp import time_cues
from nlp.document import DocumentKind, FoundTime, Precision
from nlp.sentences import Section, Sentence, Text
from nlp.time_context import FINE, Around, Tenor, arounds
from nlp.time_cues import Cue
from nlp.times import STAMP

CLAUSE = re.compile(r"[,;:.]\s|\b(?:and|but|before|which|when)\b")
TAIL = re.compile(rf"{CLAUSE.pattern}|\b(?:that|though|as)\b")
PAIR = "began-and-ended"
OUTRIGHT = 4
LABELLED = 5
LABELS = ("start-label", "end-label")
# "By 2:30 PM, we recovered": the time opens its clause, and what follows the comma is about it.
OPENS_CLAUSE = re.compile(
    r"(?:^|[,;:.–—-]\s*)(?:(?:and|but|then|later|eventually|finally)[,\s]+)?"
    r"(?:(?:at|by|on|as of|from|between|since|until|shortly|just|after|before|around|about|approximately"
    r"|roughly)\s+){0,3}$",
)
ACT_REACH = 30


class TimeRole(StrEnum):
    WINDOW = "window"  # from the start to the end
    START = "start"
    END = "end"
    EVENT = "event"  # when there was an outage, no more
    MENTION = "mention"  # a month or a year
    POSTED = "posted"  # when a post was made
    AHEAD = "ahead"  # promised, planned, expected
    STEP = "step"  # somebody's act, a measurement, a publication
    PAST = "past"  # another outage, before this one


@dataclass(frozen=True, slots=True)
class JudgedTime:
    """A time in its role, with the sentence that proves it; `weight` orders those of one role."""

    time: FoundTime
    role: TimeRole
    sentence: Sentence
    weight: int
    rule: str


def judge(text: Text, times: Sequence[FoundTime]) -> tuple[JudgedTime, ...]:
    """The times in their order, each in one role."""
    found = []
    for time, around in arounds(text, times):
        role, weight, rule = role_of(time, around)
        weight = min(LABELLED, weight + is_dated(time)) - is_aside(text, role, around.sentence)
        found.append(JudgedTime(time, role, around.sentence, weight, rule))
    return tuple(paired(found))


def paired(judged: Sequence[JudgedTime]) -> list[JudgedTime]:
    """ "It began at 9:05 and ended at 11:20" is as good as a range: both say so by their rule."""
    found = list(judged)
    for i, (a, b) in enumerate(pairwise(judged)):
        roles = (a.role, b.role) == (TimeRole.START, TimeRole.END)
        if roles and a.sentence is b.sentence and min(a.weight, b.weight) >= OUTRIGHT:
            found[i], found[i + 1] = replace(a, rule=PAIR), replace(b, rule=PAIR)
    return found


def is_dated(time: FoundTime) -> bool:
    """A clock with its own day says more than one that hangs on what stands elsewhere."""
    return time.precision in FINE and time_cues.DATED.search(time.text) is not None


def is_aside(text: Text, role: TimeRole, sentence: Sentence) -> int:
    """What stands under "Root cause" or "How did we respond?" are steps before and after."""
    if role is TimeRole.END and text.document.kind is DocumentKind.PROVIDER_STATUS:
        return 0
    return 2 * (sentence.section in (Section.CAUSE, Section.RESPONSE, Section.FOLLOW_UP))


Role = tuple[TimeRole, int, str]


def role_of(time: FoundTime, around: Around) -> Role:
    """Read once for a time of this kind at this place of the sentence."""
    if time.rule == STAMP:
        return TimeRole.POSTED, 1, STAMP
    roles = around.tenor.roles
    place = (
        *(around.start, around.end, around.floor, around.ceiling),
        *(time.rule, time.precision, time.end_at is None),
    )
    found: Role | None = roles.get(place)
    if found is None:
        found = roles[place] = weighed(time, around)
    return found


def weighed(time: FoundTime, around: Around) -> Role:
    if time_cues.is_promised(around.lead):
        return TimeRole.AHEAD, 3, "promised"
    if time_cues.is_of_earlier_outage(around.before):
        return TimeRole.PAST, 3, "earlier-outage"
    if time.precision in (Precision.MONTH, Precision.YEAR):
        return TimeRole.MENTION, 1, time.precision
    if time.end_at is not None:
        return of_range(time, around.tenor, around.before)
    found = of_moment(around.before, around.after)
    is_start = found is not None and found[0] is TimeRole.START
    if around.tenor.is_prices and not (is_start and around.tenor.is_experienced):
        return TimeRole.STEP, 1, "prices"
    return found or of_mention(around.tenor, around.before)


def of_range(time: FoundTime, tenor: Tenor, before: str) -> Role:
    """A range in a sentence about an outage, or on a line of its own, is the outage's window."""
    if time.rule not in ("range", "date"):
        return TimeRole.EVENT, 1, time.rule
    if time_cues.ACTS.search(before) and not time_cues.OUTAGE.search(before):
        return TimeRole.STEP, 1, "act"
    if time.precision is Precision.DAY:
        return TimeRole.EVENT, 2, "days"
    if tenor.is_measured:
        return TimeRole.WINDOW, 3, "measured-range"
    if tenor.is_outage or len(tenor.words) < 2 * len(time.text):
        return TimeRole.WINDOW, 4, "range"
    if OPENS_CLAUSE.search(before):
        return TimeRole.WINDOW, 3, "opening-range"
    return (TimeRole.STEP, 1, "act") if tenor.is_act else (TimeRole.WINDOW, 2, "bare-range")


def of_moment(before: str, after: str) -> Role | None:
    """The cue that stands closest before the time in its clause, else the first behind it."""
    before = before.rpartition("; ")[2]
    started, ended = closest(time_cues.STARTED, before), closest(time_cues.ENDED, before)
    if started and (ended is None or started[0] > ended[0]):
        return of_start(before, *started)
    if ended:
        return of_end(clause(before, ended[0]), ended[1])
    if not OPENS_CLAUSE.search(before):
        after = CLAUSE.split(after)[0]
    if behind := foremost(time_cues.THEN_ENDED, after):
        return of_end(after[: behind[0]] + TAIL.split(after[behind[0] :])[0], behind[1])
    if behind := foremost(time_cues.THEN_STARTED, after):
        return TimeRole.START, behind[1].weight, behind[1].rule
    return None


def of_start(before: str, place: int, cue: Cue) -> Role:
    """An act that begins is no outage, unless it failed: "publishing failed on Thursday"."""
    head = time_cues.POST_LABEL.sub("", before[:place])[-60:]
    is_act = time_cues.ACTS.search(head) is not None and not before.startswith("fail", place)
    if cue.weight < LABELLED and is_act and not time_cues.OF_TROUBLE.search(head):
        return TimeRole.STEP, 1, "act"
    return TimeRole.START, cue.weight, cue.rule


def of_end(clause: str, cue: Cue) -> Role:
    """Power that came back, first signs and some customers are no end; most customers are nearly one, and all
    of them are one for good."""
    if cue.weight == LABELLED:
        return TimeRole.END, LABELLED, cue.rule
    if time_cues.PARTLY.search(clause) or time_cues.NOT_THE_SERVICE.search(clause):
        return TimeRole.STEP, 1, "partly"
    if time_cues.NEGATED.search(clause) or time_cues.STRIVING.search(clause):
        return TimeRole.STEP, 1, "negated"
    if time_cues.MOSTLY.search(clause):
        return TimeRole.END, cue.weight - 2, cue.rule
    return TimeRole.END, LABELLED if time_cues.WHOLLY.search(clause) else cue.weight, cue.rule


def clause(before: str, place: int) -> str:
    """The words from the last comma or "and" before the cue up to the time."""
    head = before[max(0, place - 60) : place]
    return before[place - len(CLAUSE.split(head)[-1]) :]


def of_mention(tenor: Tenor, before: str) -> Role:
    if time_cues.ACTS.search(before[-ACT_REACH:]):
        return TimeRole.STEP, 1, "act"
    if tenor.is_outage:
        return TimeRole.EVENT, 2, "outage-sentence"
    return TimeRole.STEP, 1, "no-cue"


def closest(cues: Sequence[Cue], before: str) -> tuple[int, Cue] | None:
    """The last cue of the table in these words, with its start; the heavier of two that end together."""
    found = [(m.end(), cue.weight, m.start(), cue) for cue in cues for m in cue.words.finditer(before)]
    best = max(found, key=lambda row: row[:2], default=None)
    return None if best is None else best[2:]


def foremost(cues: Sequence[Cue], after: str) -> tuple[int, Cue] | None:
    found = [(match.start(), cue) for cue in cues if (match := cue.words.search(after))]
    return min(found, key=lambda pair: (pair[0], -pair[1].weight), default=None)
