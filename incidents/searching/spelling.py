"""What somebody may have meant who wrote a name nearly right."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches
from functools import cache

from nlp.document import EntityKind
from nlp.vocabulary import fold, terms_by_name, terms_by_slug

CLOSE = 0.78
"""Likeness of two spellings from which one may be meant for the other (difflib's ratio)."""
LOOKED_AT = 5
SHORTEST = 4


def meant(words: str) -> str:
    """The asked words with each that is no name spelt like the name it is close to; empty where none is."""
    asked = words.split()
    changed = [spelt_code(word) if "-" in word else spelt(word) for word in asked]
    return " ".join(changed) if changed != [as_written(word) for word in asked] else ""


def meant_of(kind: EntityKind, name: str) -> str:
    """The code or name of that kind which is close to this one; empty where none is."""
    return closest(name.casefold(), names_of(kind))


def as_written(word: str) -> str:
    return word.casefold() if "-" in word else fold(word)


def spelt(written: str) -> str:
    word = fold(written)
    if len(word) < SHORTEST or word in single_words() or word.isdigit():
        return word
    return closest(word, single_words()) or word


def spelt_code(written: str) -> str:
    """`us-esat-1`: a code is one word, its dashes and digits included."""
    word = written.casefold()
    return word if word in codes() else closest(word, codes()) or word


def closest(word: str, known: Collection[str]) -> str:
    """Of several as close the one of the same letters: two of them changed places."""
    near = get_close_matches(word, known, n=LOOKED_AT, cutoff=CLOSE)
    return min(near, key=lambda other: sorted(other) != sorted(word), default="")


@cache
def single_words() -> tuple[str, ...]:
    """The words of all names, each once: a typing error is in one of them."""
    return tuple(sorted(set(long_words(terms_by_name()))))


def long_words(names: Iterable[str]) -> Iterable[str]:
    return (word for name in names for word in name.split() if len(word) >= SHORTEST and not word.isdigit())


@cache
def codes() -> tuple[str, ...]:
    """What regions are called in addresses and consoles: us-east-1."""
    return tuple(
        sorted({slug.partition(":")[2] for kind, slug in terms_by_slug() if kind == EntityKind.REGION})
    )


@cache
def names_of(kind: EntityKind) -> tuple[str, ...]:
    found = [term for (of, _), term in terms_by_slug().items() if of == kind]
    return tuple(
        sorted(
            {
                name
                for term in found
                for name in (term.slug.partition(":")[2] or term.slug, term.name.casefold())
            }
        )
    )
