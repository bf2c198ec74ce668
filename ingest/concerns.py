"""Which news can concern an outage: the others keep title, link and date, and are never extracted.

The rule: a sentence tells of trouble in the words that an account of an outage needs, or it tells of somebody
who stands on something, and names a cloud or a part of one. Whatever extraction would keep passes; looking
costs a tenth of extracting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from nlp import extraction
from nlp.dependencies import CARRIES, UPON
from nlp.document import Document, DocumentKind, EntityKind, Extraction, Relevance
from nlp.relevance import OUTAGE, find_trouble
from nlp.sentences import Text
from nlp.vocabulary import Category, Term, certain_spellings, load_terms

WORD = re.compile(r"[^\W_]+")


def extract(document: Document, given: tuple[Term, ...] = ()) -> Extraction:
    """What a document says; of news that can concern no outage, nothing. `given`: names that people added."""
    if document.kind is DocumentKind.NEWS and not can_concern_an_outage(document):
        return Extraction(Relevance.NOT_AN_OUTAGE, (), version=extraction.VERSION)
    return extraction.extract(document, given)


def can_concern_an_outage(document: Document) -> bool:
    text = Text(extraction.shortened(document))
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
