"""Our spaCy component: one pass of one PhraseMatcher over names and the words that tell their role."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

import spacy
from spacy.attrs import IDX, LENGTH, LOWER  # type: ignore[import-not-found]
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from nlp import regions
from nlp.cues import Cue, load_cues
from nlp.document import EntityKind
from nlp.tokenizing import text_of
from nlp.vocabulary import Category, Term, certain_spellings, terms_in_use, without_accents

SHORT = 4
LISTS = frozenset({Cue.INCLUDING, Cue.VICTIMS})
"""They open a list, of names that nobody may know."""
COMPONENT = "faultline_names"


class Sense(NamedTuple):
    """One term that a spelling may stand for. `is_certain`: it counts without a context."""

    term: Term
    is_certain: bool
    is_capital: bool = False
    is_place: bool = False
    is_acronym: bool = False

    def doubt(self) -> tuple[bool, bool]:
        return not self.is_certain, self.term.kind is not EntityKind.PROVIDER


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase may be: names, cues of roles, or both. No senses and no cues: a look-alike.

    `written` are its spellings with their own capitals. `may_name`: a sentence that holds it may hold a name.
    """

    senses: tuple[Sense, ...] = ()
    cues: frozenset[Cue] = frozenset()
    written: frozenset[str] = frozenset()
    may_name: bool = False


class Hit(NamedTuple):
    """A phrase found: token offsets, end excluded."""

    start: int
    end: int
    meaning: Meaning


class Tokens(NamedTuple):
    """A doc's tokens as plain lists, for asking a token object is ten times slower."""

    lower: list[int]
    start: list[int]
    length: list[int]

    @classmethod
    def of(cls, doc: Doc) -> Tokens:
        lower, start, length = doc.to_array([LOWER, IDX, LENGTH]).T.tolist() if len(doc) else ([], [], [])
        return cls(lower, start, length)


class Matched(NamedTuple):
    """What the component leaves on a doc, as `doc._.matched`; hits in reading order."""

    hits: list[tuple[int, int, Meaning]]
    """As in `Hit`."""
    places: list[regions.Place]
    tokens: Tokens


class NameMatcher:
    """Finds every phrase of the vocabulary and of the cues; which of them count is decided later."""

    def __init__(self) -> None:
        # Names have a vocabulary of their own: spaCy keeps what it made of a word only while its vocabulary
        # is small, and ours would fill it before the first text.
        apart = spacy.blank("en")
        self.matcher = PhraseMatcher(apart.vocab, attr="LOWER")
        self.meanings: dict[int, Meaning] = {}
        for phrase, meaning in meanings().items():
            key = apart.vocab.strings.add(phrase)
            # The tokenizer parts "id" as if it were "I'd", but not "ID".
            written = {phrase, *meaning.written}
            self.matcher.add(phrase, [apart.make_doc(text) for text in sorted(written)])
            self.meanings[key] = meaning

    def __call__(self, doc: Doc) -> Doc:
        # Plain tuples, for there are many, and few of them are asked for more than their meaning.
        hits = [(start, end, self.meanings[key]) for key, start, end in self.matcher(doc)]
        doc._.matched = Matched(hits, regions.find_places(text_of(doc)), Tokens.of(doc))
        return doc


def meanings() -> dict[str, Meaning]:
    """Every phrase in lower case with what it may mean."""
    senses: dict[str, list[Sense]] = {}
    written: dict[str, set[str]] = {}
    for term in terms_in_use():
        for name, is_certain in named(term).items():
            senses.setdefault(name.lower(), []).append(sense(term, name, is_certain=is_certain))
            written.setdefault(name.lower(), set()).add(name)
    roles = load_cues()
    lookalikes = {phrase.lower() for term in terms_in_use() for phrase in term.lookalikes}
    return {
        phrase: Meaning(
            tuple(sorted(senses.get(phrase, ()), key=Sense.doubt)),
            roles.get(phrase, frozenset()),
            frozenset(written.get(phrase, ())),
            may_name=phrase in senses or not LISTS.isdisjoint(roles.get(phrase, ())),
        )
        for phrase in dict.fromkeys(chain(senses, roles, lookalikes))
    }


def named(term: Term) -> dict[str, bool]:
    """Each spelling of a term, and whether it counts without a context."""
    certain = {written for name in certain_spellings(term) for written in variants(name)}
    if term.kind is EntityKind.ORGANISATION:
        certain |= {f"{name}.com" for name in term.certain if name.isalnum()}
    vague = {written for name in term.contextual for written in variants(name)} - certain
    return dict.fromkeys(sorted(certain), True) | dict.fromkeys(sorted(vague), False)


def sense(term: Term, written: str, *, is_certain: bool) -> Sense:
    """Names must keep their capitals where the word is also an ordinary one: "Slack", "ARM", "SEC"."""
    is_short = len(written) <= SHORT and written.isalpha() and written.isupper()
    return Sense(
        term,
        is_certain,
        is_capital=(not is_certain or term.category is Category.OTHER) and not written[0].islower(),
        is_place=term.kind is EntityKind.REGION and not is_certain and term.provider != "azure",
        is_acronym=is_short and term.kind in (EntityKind.SERVICE, EntityKind.ORGANISATION),
    )


def variants(name: str) -> set[str]:
    """A name as typed, with a curly apostrophe, and without accents."""
    return {name, name.replace("'", "’"), without_accents(name)}


@Language.factory(COMPONENT)
def make_name_matcher(nlp: Language, name: str) -> NameMatcher:
    return NameMatcher()


if not Doc.has_extension("matched"):
    Doc.set_extension("matched", default=None)
