"""Which news can concern an outage: the others keep title, link and date, and are never extracted.

The rule: a sentence tells of trouble in the words that an account of an outage needs, or it tells of somebody
who stands on something, and names a cloud or a part of one. Whatever extraction would keep passes; looking
costs a tenth of extracting, and a fraction of that where the article as a whole lacks the words, as most do.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache
from typing import Any

from nlp import extraction
from nlp.dependencies import CARRIES, UPON
from nlp.document import Document, DocumentKind, EntityKind, Extraction, Relevance
from nlp.lines import lowered
from nlp.phrases import BY_KEY, KEY, Phrase, Phrases
from nlp.relevance import OUTAGE
from nlp.sentences import LONGEST, Text, cut, paragraphs
from nlp.trouble import TROUBLE, find_trouble
from nlp.vocabulary import Category, Term, certain_spellings, load_terms

WORD = re.compile(r"[^\W_]+")
KEYS = re.compile(rf"([a-z0-9]{{1,{KEY}}})[a-z0-9]*")


def extract(document: Document, given: tuple[Term, ...] = ()) -> Extraction:
    """What a document says; of news that can concern no outage, nothing. `given`: names that people added."""
    if document.kind is DocumentKind.NEWS and not can_concern_an_outage(document):
        return Extraction(Relevance.NOT_AN_OUTAGE, (), version=extraction.VERSION)
    return extraction.extract(document, given)


def can_concern_an_outage(document: Document) -> bool:
    document = extraction.shortened(document)
    return at_first_look(document) and by_its_sentences(document)


def at_first_look(document: Document) -> bool:
    """Do the texts hold the words, not yet cut into sentences? What a sentence holds, they hold."""
    title = document.title
    if OUTAGE.search(title) or any(hits(lowered(title))):
        return True
    return any(may_tell(passage.text) for passage in document.passages)


def may_tell(text: str) -> bool:
    if len(text) > LONGEST and max(map(len, text.split(" "))) >= LONGEST:
        return True  # a sentence may be cut within a word of it, and then hold a word that it lacks
    standing = []
    for table, start in hits(lowered(text)):
        if table is TROUBLE:
            return True
        standing.append(start)
    return any(map(names_a_ground, sentences_at(text, standing)))


def hits(low: str) -> Iterator[tuple[Phrases[Any], int]]:
    """Which of the tables have a phrase in a text in lower case, and where it begins.

    What only looks like one within a longer word is told as well.
    """
    keys = set(KEYS.findall(low))
    for phrase in (phrase for key in keys & looked_for().keys() for phrase in looked_for()[key]):
        if any(map(keys.isdisjoint, phrase.needs)):
            continue
        for opening in phrase.openings:
            start = low.find(opening)
            while start >= 0:
                if phrase.match(low, start):
                    yield phrase.table, start
                start = low.find(opening, start + 1)


@cache
def looked_for() -> dict[str, list[Phrase]]:
    """The phrases of the tables, by the keys of a word that each must hold."""
    tables = {TROUBLE, UPON, CARRIES}
    return {key: [phrase for phrase in phrases if phrase.table in tables] for key, phrases in BY_KEY.items()}


def sentences_at(text: str, offsets: Collection[int]) -> Iterator[str]:
    """The sentences that hold one of the offsets; only the paragraphs around those are cut."""
    begin = 0
    for paragraph in paragraphs(text) if offsets else ():
        here = [offset - begin for offset in offsets if begin <= offset < begin + len(paragraph)]
        for start, end in cut(paragraph)[0] if here else ():
            if any(start <= offset < end for offset in here):
                yield paragraph[start:end]
        begin += len(paragraph) + 1


def by_its_sentences(document: Document) -> bool:
    text = Text(document)
    if find_trouble(text) or OUTAGE.search(document.title):
        return True
    standing = text.find(UPON).keys() | text.find(CARRIES).keys()
    return any(names_a_ground(sentence.text) for sentence in standing)


def names_a_ground(sentence: str) -> bool:
    """Does it hold all words of a name of what others stand on? They may stand apart: it is a first look."""
    words, names = set(words_of(sentence)), grounds()
    return any(name <= words for word in words & names.keys() for name in names[word])


def words_of(text: str) -> Iterator[str]:
    return (found.casefold() for found in WORD.findall(text))


@cache
def grounds() -> dict[str, list[frozenset[str]]]:
    """By its longest word, the words of each name."""
    found: dict[str, list[frozenset[str]]] = {}
    for name in {
        spelling for term in load_terms() if is_ground(term) for spelling in certain_spellings(term)
    }:
        if words := frozenset(words_of(name)):
            found.setdefault(max(words, key=len), []).append(words)
    return found


def is_ground(term: Term) -> bool:
    return term.kind is not EntityKind.ORGANISATION or term.category is Category.BLOCKCHAIN_INFRA
