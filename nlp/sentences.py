"""Where sentences and sections begin and end: every fact's evidence is one of these sentences."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import Any, Generic, NamedTuple, TypeVar

from nlp.document import Document, Evidence
from nlp.lines import Hit, line_of
from nlp.phrases import Phrases
from nlp.zones import SPELLED

T = TypeVar("T")

# A paragraph without a full stop is cut here, so that no later rule meets a sentence of a megabyte.
LONGEST = 2_000
WRAPPED = 50  # a line as long as this may have been broken where no sentence ends


class Section(StrEnum):
    """What the heading above a sentence promises."""

    BODY = "body"
    IMPACT = "impact"
    VICTIMS = "victims"
    CAUSE = "cause"
    RESPONSE = "response"
    FOLLOW_UP = "follow-up"


@dataclass(slots=True, eq=False)
class Sentence:
    """`text` is `passage.text[start:end]`; `passage` is None for the title. Nobody changes one: it is not
    frozen because a text has hundreds, and frozen ones cost three times as much."""

    passage: int | None
    start: int
    end: int
    text: str
    section: Section = Section.BODY

    @property
    def evidence(self) -> Evidence:
        return Evidence(self.passage, self.start, self.end)


BREAK = re.compile(r"[.!?。！？|]+[\"”’')\]]*")
GLUED = re.compile(r"[A-Z][a-z]+[ ,]")
ABBREVIATION = re.compile(
    r"""(?: \b[A-Za-z]                                     # a.m., U.S., N. Virginia
          | \b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Mon|Tues?|Wed|Thurs?|Fri|Sat|Sun)
          | \b(?:Inc|Ltd|Corp|Co|No|vs|approx|etc|St|Dr|Mr|Mrs|Ms|Jr|Sr|est|hrs?|mins?|e\.g|i\.e|Fig|Sec|Art)
          | ^\s*\d\d?                                      # 1. Impact
        )\.["”’')\]]*$""",
    re.VERBOSE,
)
CLOCK_END = re.compile(r"\b[ap]\.m\.[\"”’')\]]*$")
ZONES = (
    *("PST", "PDT", "PT", "EST", "EDT", "ET", "CST", "CDT", "CT", "UTC", "GMT", "BST", "CET", "CEST"),
    *("JST", "KST", "IST", "HKT", "SGT", "AEDT", "AEST", "Pacific", "Eastern"),
    *(
        f"{spelt} {word}"
        for name in SPELLED
        for spelt in (name.title(), name.upper())
        for word in ("time", "Time", "standard", "Standard")
    ),
)
CALENDAR = (
    *("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    *("January ", "February ", "March ", "April ", "May ", "June ", "July ", "August ", "September "),
    *("October ", "November ", "December ", "Jan", "Feb", "Mar ", "Apr", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
"""What goes on with a clock before it: "reopened by 8:30 a.m. Friday"."""
ENTER = re.compile(r"[\s\"“‘'(\[]*([^\s\"“‘'(\[])")

HEADINGS: tuple[tuple[Section, tuple[str, ...]], ...] = (
    (
        Section.VICTIMS,
        (
            r"(?:which|what)(?: other)? (?:[\w&-]+ ){1,5}?(?:are|were|was|is|(?:has|have) been|went) "
            r"(?:\w+ )?(?:affected|impacted|down|hit|out|offline|disrupted)",
            r"who (?:is|are|was|were|has been|else was) (?:affected|impacted|hit|down)",
            r"(?:(?:here(?:['’]s| is| are) )?(?:the |a )?(?:full |complete |partial )?list of|all the|every) "
            r"(?:\w+ ){0,5}(?:affected|impacted|down|hit|offline|outages?)",
            r"(?:websites|services|sites|apps|platforms|companies|brands|games|banks) "
            r"(?:\w+ ){0,4}(?:affected|impacted|down|hit|offline|experiencing)",
        ),
    ),
    (
        Section.FOLLOW_UP,
        (
            r"next steps|how (?:are|will) we (?:making|make)|how can (?:we|our|customers)",
            r"what (?:are we|we are|will we|we will|can|have we) (?:be )?(?:do|chang|learn|improv)\w*",
            r"(?:what we|things we) learn\w*|lessons?|(?:our )?commitment|preventi\w+|action items",
            r"corrective|follow[- ]?ups?|improvements?|going forward|looking (?:forward|ahead)",
            r"conclusion|compensation",
        ),
    ),
    (
        Section.CAUSE,
        (
            r"(?:preliminary |the |incident )?(?:root )?causes?|what (?:went wrong|caused|happened and why)",
            r"why (?:did|it happened)|what do we know so far|how (?:did )?it happen\w*|background|trigger",
            r"technical (?:details|summary|analysis)",
        ),
    ),
    (
        Section.RESPONSE,
        (
            r"how did we respond|how we (?:fixed|resolved)|remediation|mitigation|resolution|recovery",
            r"response|workarounds?",
        ),
    ),
    (
        Section.IMPACT,
        (
            r"(?:summary of |customer |detailed description of |service )?impact|what happened|symptoms?",
            r"summary|diagnosis|affected|the incident|incident (?:start|end|timeline)|impact and timelines?",
        ),
    ),
    (Section.BODY, (r"(?:additional )?(?:details|description)|timeline",)),
)
HEADING = re.compile(
    r"^[\s#*\d.:)\-–]*(?:"
    + "|".join(f"(?P<h{n}>{'|'.join(words)})" for n, (_, words) in enumerate(HEADINGS))
    + r")\b",
    re.IGNORECASE,
)


def split(document: Document) -> tuple[Sentence, ...]:
    """The title, then each passage's sentences in order."""
    title = (Sentence(None, 0, len(document.title), document.title),) if document.title.strip() else ()
    body = (s for n, passage in enumerate(document.passages) for s in sentences(passage.text, n))
    return (*title, *body)


def sentences(text: str, passage: int | None = None) -> Iterator[Sentence]:
    """The sentences of one text, without the blanks around them; a heading is a sentence of its own."""
    return (Sentence(passage, start, end, text[start:end], section) for start, end, section in parts(text))


@lru_cache(maxsize=64)
def parts(text: str) -> tuple[tuple[int, int, Section], ...]:
    """Start, end and section of each sentence; kept, for several readers ask for those of one text."""
    section, found, offset = Section.BODY, [], 0
    for paragraph in paragraphs(text):
        spans, opened = cut(paragraph)
        section = opened or section
        found += [(offset + start, offset + end, section) for start, end in spans]
        offset += len(paragraph) + 1
    return tuple(found)


def paragraphs(text: str) -> Iterator[str]:
    """The lines of a text; those that were broken only because they grew too long are one."""
    lines = text.split("\n")
    whole = lines[0]
    for last, line in pairwise(lines):
        if len(last) > WRAPPED and (last[-1] == "," or (line[:1].islower() and last[-1] not in ".!?:;|")):
            whole += "\n" + line
        else:
            yield whole
            whole = line
    yield whole


@lru_cache(maxsize=4_000)
def cut(paragraph: str) -> tuple[tuple[tuple[int, int], ...], Section | None]:
    """Start and end of each sentence of a line, and the section that the line opens, if any."""
    spans = tuple(spans_of(paragraph))
    if not spans:
        return (), None
    words = paragraph[slice(*spans[0])]
    return spans, labelled(words) or headed(words)


def spans_of(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for found in BREAK.finditer(text):
        if ends_here(text, start, found):
            yield from pieces(text, start, found.end())
            start = found.end()
    yield from pieces(text, start, len(text))


def ends_here(text: str, start: int, stop: re.Match[str]) -> bool:
    """Is this mark the end of a sentence, and not of an abbreviation or inside a number?"""
    mark, end = stop.group(), stop.end()
    if mark[0] in "。！？":
        return True
    if end == len(text):
        return True
    if not text[end].isspace():
        return (
            mark[0] != "|"
            and GLUED.match(text, end) is not None
            and text[stop.start() - 3 : stop.start()].islower()
        )
    if mark[0] == "|":
        return True
    coming = ENTER.match(text, end, end + 20)
    if coming is None:
        return True
    first = coming.group(1)
    if first.islower():
        return False
    tail = text[max(start, stop.start() - 8) : end]
    if CLOCK_END.search(tail):
        return first.isupper() and not text.startswith((*ZONES, *CALENDAR), coming.start(1))
    return not ABBREVIATION.search(tail)


def pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if not any(map(str.isalnum, text[start:end])):
        return
    while end - start > LONGEST:
        cut = text.rfind(" ", start + 1, start + LONGEST)
        cut = cut if cut > 0 else start + LONGEST
        yield start, cut
        start = cut + 1 if text[cut].isspace() else cut
    if end > start:
        yield start, end


def headed(line: str) -> Section | None:
    """The section that this line opens as a heading."""
    return None if len(line) > 90 or line.endswith((".", ",", ";")) else section_of(line)


def labelled(line: str) -> Section | None:
    """The section that a label at the start of a line opens ("Root cause: ...")."""
    colon = line.find(":", 0, 60)
    return section_of(line[:colon]) if colon > 0 else None


def section_of(heading: str) -> Section | None:
    found = HEADING.match(heading)
    if found is None or found.lastgroup is None:
        return None
    return HEADINGS[int(found.lastgroup[1:])][0]


class Spot(NamedTuple, Generic[T]):
    """A phrase found, with its offsets inside the sentence."""

    start: int
    end: int
    sentence: Sentence
    payload: T


class Text:
    """A document as its readers see it: sentences in order, lower case at hand, phrases found in place."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.sentences = split(document)
        self.lines = [line_of(sentence.text) for sentence in self.sentences]
        self.low = {s: line.low for s, line in zip(self.sentences, self.lines, strict=True)}
        self.of: dict[int | None, list[Sentence]] = {}
        for sentence in self.sentences:
            self.of.setdefault(sentence.passage, []).append(sentence)
        self.starts = {passage: [s.start for s in group] for passage, group in self.of.items()}
        self.line = dict(zip(self.sentences, self.lines, strict=True))
        self.found: dict[Phrases[Any], list[tuple[Sentence, tuple[Hit, ...]]]] = {}
        for sentence, line in zip(self.sentences, self.lines, strict=True):
            for table, hits in line.found.items():
                self.found.setdefault(table, []).append((sentence, hits))

    def at(self, passage: int | None, offset: int) -> Sentence | None:
        """The last sentence of the passage that starts at or before the offset."""
        starts = self.starts.get(passage)
        if not starts:
            return None
        return self.of[passage][max(0, bisect_right(starts, offset) - 1)]

    def around(self, evidence: Evidence) -> Sentence | None:
        """The sentence that a name, a time or a duration stands in."""
        return self.at(evidence.passage, evidence.start or 0)

    def find(self, phrases: Phrases[T]) -> dict[Sentence, list[Spot[T]]]:
        """By sentence, in reading order; of phrases that start together the longer one first."""
        return {
            sentence: [Spot(hit.start, hit.end, sentence, hit.payload) for hit in hits]
            for sentence, hits in self.found.get(phrases, ())
        }
