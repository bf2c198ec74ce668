"""How long something lasted, in the text's own words: "for two hours", "roughly 15 hours", "2h 14m"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nlp.document import Document, Evidence
from nlp.sentences import Text
from nlp.time_cues import OUTAGE
from nlp.time_grammar import NUMBERS


@dataclass(frozen=True, slots=True)
class FoundDuration:
    """A stretch of time; `is_rough` where the text says about, nearly, more than."""

    evidence: Evidence
    text: str
    minutes: int
    is_rough: bool = False


MINUTES = {"s": 1 / 60, "m": 1, "h": 60, "d": 1_440, "w": 10_080}
_NUMBER = r"\d{1,4}(?:\.\d{1,2})?(?!\d)|" + "|".join(sorted(NUMBERS, key=len, reverse=True))
_UNIT = r"seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|[hmd](?![A-Za-z])"
_ROUGH = (
    r"about|around|approximately|approx\.?|roughly|nearly|almost|over|more than|at least|less than|just over"
    r"|just under|under|up to|some|~"
)
_GAP = r"(?:[ \xa0-]|\s(?:full|straight|whole|consecutive)\s)?"
_PIECE = rf"(?:{_NUMBER}){_GAP}(?:{_UNIT})(?![A-Za-z])"
_HALF = r"half an hour|half (?:of )?a day|half[- ]a[- ]day"
_WHOLE = (
    rf"{_HALF}|(?:{_NUMBER})\sand a half\s(?:{_UNIT})"
    rf"|(?:{_PIECE})(?:\sand a half|(?:,?\s(?:and\s)?(?:{_PIECE})){{0,3}})"
)
DURATION = re.compile(rf"(?<![\w.:/$€£-])(?:(?P<rough>{_ROUGH})\s?)?(?P<whole>{_WHOLE})", re.IGNORECASE)
PIECE = re.compile(
    rf"(?<!\w)(?P<number>{_NUMBER})(?P<half>\sand a half)?{_GAP}(?P<unit>{_UNIT})(?![A-Za-z])", re.IGNORECASE
)


def find_durations(document: Document) -> tuple[FoundDuration, ...]:
    """In the order of the text, the title first."""
    texts = [(None, document.title), *((n, passage.text) for n, passage in enumerate(document.passages))]
    return tuple(found for passage, text in texts for found in durations(text, passage))


def durations(text: str, passage: int | None = None) -> Iterator[FoundDuration]:
    for found in DURATION.finditer(text):
        minutes = round(length(found["whole"]))
        if 0 < minutes <= 525_600:
            evidence = Evidence(passage, found.start(), found.end())
            yield FoundDuration(evidence, found[0], minutes, found["rough"] is not None)


def length(words: str) -> float:
    """Minutes of "1 hour 27 minutes", "two and a half hours", "half a day"."""
    lowered = words.lower()
    if lowered.startswith("half"):
        return 30 if "hour" in lowered else 720
    total, unit = 0.0, 0.0
    for piece in PIECE.finditer(words):
        unit = MINUTES[piece["unit"][0].lower()]
        total += (amount(piece["number"]) + (0.5 if piece["half"] else 0)) * unit
    return total + (unit / 2 if lowered.endswith("and a half") else 0)


def amount(word: str) -> float:
    return float(NUMBERS[word.lower()]) if word.lower() in NUMBERS else float(word)


LASTED = re.compile(
    r"\b(?:last(?:ed|ing)?|duration|for|down|took|spann\w+|period of|outage of|went on|after|interrupted)\b"
    r"[\w\s,:*()’'-]{0,25}$",
    re.IGNORECASE,
)
THEN_OUTAGE = re.compile(
    r"^[\s-](?:[\w-]+\s){0,3}?(?:outage|disruption|downtime|interruption|suspension|halt|incident|blackout)\b",
    re.IGNORECASE,
)
ELSEWHERE = re.compile(
    r"\b(?:within|next|every|last|past|each|per|in|over the|expect\w*|will|took us|older than)\s"
    r"(?:the\s)?(?:next\s)?$",
    re.IGNORECASE,
)
COUNTED = re.compile(r"^\s(?:ago|earlier|later|prior|before|after|ahead|old|apart)\b", re.IGNORECASE)


def lasting(text: Text, found: Sequence[FoundDuration]) -> FoundDuration | None:
    """The first that says how long the outage was, an exact one before a rough one."""
    told = [duration for duration in found if is_of_outage(text, duration)]
    return min(told, key=lambda duration: duration.is_rough, default=None)


def is_of_outage(text: Text, duration: FoundDuration) -> bool:
    evidence = duration.evidence
    sentence = text.at(evidence.passage, evidence.start or 0)
    if sentence is None:
        return False
    start, end = (evidence.start or 0) - sentence.start, (evidence.end or 0) - sentence.start
    before, after = sentence.text[max(0, start - 60) : start], sentence.text[end : end + 60]
    if ELSEWHERE.search(before) or COUNTED.search(after):
        return False
    return bool(THEN_OUTAGE.search(after)) or bool(LASTED.search(before) and OUTAGE.search(sentence.text))
