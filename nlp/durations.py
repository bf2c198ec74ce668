"""How long something lasted, in the text's own words: "for two hours", "roughly 15 hours", "2h 14m"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from nlp.document import Document, Evidence
from nlp.lines import Line
from nlp.sentences import Sentence, Text
from nlp.time_cues import OUTAGE
from nlp.time_words import NUMBERS


@dataclass(frozen=True, slots=True)
class FoundDuration:
    """A stretch of time; `is_rough` where the text says about, nearly, more than."""

    evidence: Evidence
    text: str
    minutes: int
    is_rough: bool = False


LONGEST = 525_600  # a year
MINUTES = {"s": 1 / 60, "m": 1, "h": 60, "d": 1_440, "w": 10_080}
_WORD = "|".join(sorted(NUMBERS, key=len, reverse=True))
_FIGURE = r"\d{1,4}(?:\.\d{1,2})?"
_UNIT = r"(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?)(?![a-z])"
_LETTER = r"[hmd](?![a-z])"
_GAP = r"(?:[ \xa0-]|\s(?:full|straight|whole|consecutive)\s)"
_AND_A_HALF = r"(?:\sand a half)?"
_LETTERED = rf"\s?{_LETTER}(?!\d*:)|[hm](?=\s?\d)"
_PIECE = rf"(?:{_FIGURE}{_AND_A_HALF}(?:{_GAP}?{_UNIT}|{_LETTERED})|(?:{_WORD}){_AND_A_HALF}{_GAP}{_UNIT})"
_ROUGH = (
    r"about|around|approximately|approx\.?|roughly|nearly|almost|over|more than|at least|less than|just over"
    r"|just under|under|up to|some|~"
)
_HALF = r"half an hour|half (?:of )?a day|half[- ]a[- ]day"
DURATION = re.compile(
    rf"(?<![\w.:/$€£-])(?:(?P<rough>{_ROUGH})\s?)?"
    rf"(?P<whole>{_HALF}|{_PIECE}(?:(?:,?\s(?:and\s)?)?{_PIECE}){{0,3}}{_AND_A_HALF})"
)
PIECE = re.compile(
    rf"(?P<figure>{_FIGURE})(?P<half>{_AND_A_HALF}){_GAP}?(?P<unit>[smhdw])"
    rf"|(?<![a-z])(?P<word>{_WORD})(?P<word_half>{_AND_A_HALF}){_GAP}(?P<word_unit>{_UNIT})"
)
UNIT = re.compile(r"second|sec\b|secs\b|minute|min\b|mins\b|hour|hr|day|week|\d\s?[hmd]")


class Length(NamedTuple):
    """A duration with its offsets in the sentence."""

    start: int
    end: int
    minutes: int
    is_rough: bool


def find_durations(document: Document, text: Text | None = None) -> tuple[FoundDuration, ...]:
    """In the order of the text, the title first."""
    read = Text(document) if text is None else text
    return tuple(
        placed(sentence, found)
        for sentence, line in zip(read.sentences, read.lines, strict=True)
        for found in line.read(lengths)
    )


def placed(sentence: Sentence, found: Length) -> FoundDuration:
    evidence = Evidence(sentence.passage, sentence.start + found.start, sentence.start + found.end)
    return FoundDuration(evidence, sentence.text[found.start : found.end], found.minutes, found.is_rough)


def lengths(line: Line) -> tuple[Length, ...]:
    if not UNIT.search(line.low):
        return ()
    found = ((hit, round(length(hit["whole"]))) for hit in DURATION.finditer(line.low))
    return tuple(
        Length(*hit.span(), minutes, hit["rough"] is not None)
        for hit, minutes in found
        if 0 < minutes <= LONGEST
    )


def length(words: str) -> float:
    """Minutes of "1 hour 27 minutes", "two and a half hours", "an hour and a half", "half a day"."""
    if words.startswith("half"):
        return 30 if "hour" in words else 720
    total, unit = 0.0, 0.0
    for piece in PIECE.finditer(words):
        unit = MINUTES[(piece["unit"] or piece["word_unit"])[0]]
        number = float(piece["figure"] or NUMBERS[piece["word"]])
        total += (number + 0.5 * bool(piece["half"] or piece["word_half"])) * unit
    return total + 0.5 * unit * words.endswith("and a half")


ABOUT_IT = re.compile(
    rf"{OUTAGE.pattern}|\b(?:resum|restor|reopen|return|recover|repair|fix|mend|bring \w+ (?:\w+ )?back"
    r"|back (?:to|up|online))"
)
LASTED = re.compile(
    r"\b(?:last(?:ed|ing)?|duration|for|down|took|spann\w+|period of|outage of|went on|after|interrupted)\b"
    r"[\w\s,:*()’'-]{0,25}$",
)
THEN_OUTAGE = re.compile(
    r"^[\s-](?:[\w-]+\s){0,3}?(?:outage|disruption|downtime|interruption|suspension|halt|incident|blackout|stop|stoppage|pause|shutdown|freeze)\b",
)
ELSEWHERE = re.compile(
    r"\b(?:within|next|every|last|past|each|per|in|over the|expect\w*|will|took us|older than)\s"
    r"(?:the\s)?(?:next\s)?$",
)
LONGEST_PLAIN = 10_080
IDLE = re.compile(
    r"\b(?:wait|plan|valid|compensat|refund|credit|subscri|has been|have been|trial|per|in business)\w*\b"
)
COUNTED = re.compile(r"^\s(?:ago|earlier|later|prior|before|after|ahead|old|apart)\b")


def lasting(text: Text, found: Sequence[FoundDuration]) -> FoundDuration | None:
    """The first that says how long the outage was, an exact one before a rough one; where none says so
    outright, what something went on for."""
    told = [duration for duration in found if says(text, duration, of_outage)]
    told = told or [duration for duration in found if says(text, duration, of_something)]
    return min(told, key=lambda duration: duration.is_rough, default=None)


def says(text: Text, duration: FoundDuration, judge: Callable[[str, str, str, int], bool]) -> bool:
    """Asks about the words before, those behind and the sentence, where none tells of another stretch."""
    evidence = duration.evidence
    sentence = text.around(evidence)
    if sentence is None:
        return False
    start, end = (evidence.start or 0) - sentence.start, (evidence.end or 0) - sentence.start
    low = text.low[sentence]
    before, after = low[max(0, start - 60) : start], low[end : end + 60]
    if ELSEWHERE.search(before) or COUNTED.search(after):
        return False
    return judge(before, after, low, duration.minutes)


def of_outage(before: str, after: str, low: str, minutes: int) -> bool:
    return bool(THEN_OUTAGE.search(after)) or bool(LASTED.search(before) and ABOUT_IT.search(low))


def of_something(before: str, after: str, low: str, minutes: int) -> bool:
    """ "For about ten hours phones displayed SOS" """
    return before.endswith("for ") and minutes <= LONGEST_PLAIN and not IDLE.search(low)
