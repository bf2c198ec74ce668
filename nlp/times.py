"""Every time that a text states, resolved to UTC with its precision: what windows and accounts are made of.

A clock without a date takes its day from the stamp of its post, else from the last date that the text named,
else from its first, else from the publication. A clock whose zone nobody names is worth a day, not a minute.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from nlp.document import Document, DocumentKind, Evidence, FoundTime, Precision
from nlp.lines import Line
from nlp.sentences import Sentence, Text
from nlp.stamps import Stamp, is_stamp, resolved
from nlp.text_zones import TextZones
from nlp.time_anchors import local_day, sane, with_year
from nlp.time_clocks import SLACK
from nlp.time_cues import is_promised
from nlp.time_phrases import Expression, expressions
from nlp.time_resolving import Resolver, Where

RECORDS = (DocumentKind.PROVIDER_STATUS, DocumentKind.EXCHANGE_STATUS)
RUN_ON = timedelta(hours=3)  # what is known of a record's publication may be the first of several posts
BACKDATED = timedelta(hours=6)  # organisations set a post's stamp to when the trouble began
STAMP = "stamp"
"""The rule of a time that only says when a post was made."""


@dataclass(frozen=True, slots=True)
class Written:
    """A title or a passage: its expressions, their zones, and the stamps of its posts."""

    passage: int | None
    text: str
    said_at: datetime | None
    expressions: tuple[Expression, ...]
    zones: dict[int, tzinfo]
    stamps: tuple[Stamp, ...]
    first_day: date | None

    def said(self, offset: int) -> datetime | None:
        """When the words at this offset were posted."""
        if not self.stamps:
            return self.said_at
        if self.stamps[0].is_trailing:
            return next((s.said_at for s in self.stamps if s.phrase.start >= offset), self.said_at)
        return next((s.said_at for s in reversed(self.stamps) if s.phrase.start <= offset), self.said_at)

    def posts(self) -> tuple[datetime, ...]:
        if self.stamps:
            return tuple(stamp.said_at for stamp in self.stamps)
        return () if self.said_at is None else (self.said_at,)


def find_times(document: Document, read: Text | None = None) -> tuple[FoundTime, ...]:
    """The times in the order of the text, the title first; what cannot be resolved is left out."""
    index = Text(document) if read is None else read
    texts = tuple(read_texts(document, index))
    posts = sorted(post for text in texts for post in text.posts())
    resolver = Resolver(sane(document.published_at), *looks_ahead(document), tuple(posts))
    return tuple(found for text in texts for found in resolve(text, resolver, index))


def looks_ahead(document: Document) -> tuple[timedelta, timedelta]:
    """How much later than its publication, and than its post, a clock without a date may be."""
    if document.kind is DocumentKind.EXCHANGE_STATUS:
        return BACKDATED, BACKDATED
    return (RUN_ON if document.kind is DocumentKind.PROVIDER_STATUS else SLACK), SLACK


def read_texts(document: Document, index: Text) -> Iterator[Written]:
    zones = TextZones(document, index)
    written = [
        (None, document.title, None),
        *((n, p.text, sane(p.said_at)) for n, p in enumerate(document.passages)),
    ]
    for passage, text, said_at in written:
        found = tuple(placed(index.of.get(passage, ()), index))
        places = zones.of(passage, [p for e in found for p in (e.first, e.last) if p is not None])
        marks = [e.first for e in found if e.start in places and is_stamp(text, e)]
        anchor = said_at or sane(document.published_at)
        stamps = resolved(text, marks, [places[mark.start] for mark in marks], anchor)
        yield Written(passage, text, said_at, found, places, tuple(stamps), first_day(found, marks, anchor))


def placed(sentences: Sequence[Sentence], index: Text) -> Iterator[Expression]:
    """Each sentence's expressions, at their offsets in the passage: none runs over the end of a sentence."""
    for sentence in sentences:
        for expression in index.line[sentence].read(expressions_of):
            yield expression.moved(sentence.start)


def expressions_of(line: Line) -> tuple[Expression, ...]:
    return tuple(expressions(line.text, line.times)) if line.times else ()


def first_day(found: Sequence[Expression], marks: Sequence[object], anchor: datetime | None) -> date | None:
    """The first calendar day that the text names, stamps aside."""
    day = None if anchor is None else local_day(anchor, UTC)
    dated = (e.last if e.last and e.last.day else e.first for e in found if e.first not in marks)
    return next((named for phrase in dated if (named := with_year(phrase, day))), None)


def resolve(text: Written, resolver: Resolver, index: Text) -> Iterator[FoundTime]:
    stamps = {stamp.phrase.start: stamp for stamp in text.stamps}
    for expression in text.expressions:
        evidence = Evidence(text.passage, expression.start, expression.end)
        words = text.text[expression.start : expression.end]
        if stamp := stamps.get(expression.start):
            yield FoundTime(evidence, words, stamp.said_at, Precision.MINUTE, STAMP)
            continue
        first, last = where(text, expression, index)
        if meaning := resolver.meaning(expression, first, last):
            yield FoundTime(evidence, words, meaning.at, meaning.precision, meaning.rule, meaning.end_at)


def where(text: Written, expression: Expression, index: Text) -> tuple[Where, Where]:
    sentence = index.at(text.passage, expression.start)
    start = max(sentence.start if sentence else 0, expression.start - 150)
    is_ahead = is_promised(text.text[start : expression.start].lower())
    said_at = text.said(expression.start)
    first, last = (
        Where(text.zones.get(phrase.start), said_at, is_ahead, text.first_day)
        for phrase in (expression.first, expression.last or expression.first)
    )
    return first, last
