"""Which providers, regions, services and organisations go by a name, or by nearly that name."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache

from django.urls import reverse

from incidents.models import Alias
from incidents.searching.indexing import NAMED
from nlp.document import EntityKind
from nlp.vocabulary import fold, terms_by_name

MOST = 8
SHORTEST = 2
"""Letters from which on the beginning of a name says anything."""
LARGE = ("aws", "azure", "gcp")
CLOSE = 0.78
"""Likeness of two spellings from which one may be meant for the other (difflib's ratio)."""


@dataclass(frozen=True, slots=True)
class Entity:
    """`called` is the name by which it was found, where that is another than its own."""

    kind: str
    slug: str
    name: str
    url: str
    called: str = ""


@dataclass(frozen=True, slots=True)
class Name:
    folded: str
    kind: str
    slug: str
    name: str


def entities_named(words: str) -> list[Entity]:
    """Those of that name first, then those whose name begins so, then those that hold the word."""
    asked = fold(words)
    if len(asked) < SHORTEST:
        return []
    best: dict[tuple[str, str], str] = {}
    for name in sorted(holding(asked), key=lambda name: place(name, asked)):
        best.setdefault((name.kind, name.slug), name.name)
    own = own_names(this_minute())
    return [
        Entity(
            KIND_WORDS[kind],
            slug,
            own[kind, slug],
            reverse(f"incidents:{kind}", args=[slug]),
            called if fold(called) != fold(own[kind, slug]) else "",
        )
        for (kind, slug), called in list(best.items())[:MOST]
    ]


def holding(asked: str) -> list[Name]:
    within = f" {asked}"
    return [
        name for name in known_names(this_minute()) if name.folded.startswith(asked) or within in name.folded
    ]


def place(name: Name, asked: str) -> tuple[int, int, str, int, str]:
    """Of one code of several providers, that of the larger ones is meant first."""
    exactness = 0 if name.folded == asked else 1 if name.folded.startswith(asked) else 2
    owner = name.slug.partition(":")[0]
    size = LARGE.index(owner) if owner in LARGE else len(LARGE)
    return (exactness, len(name.folded), name.folded, size, name.slug)


def this_minute() -> int:
    """The names of the record are read once a minute and process: a new one is found that much later."""
    return int(time.time() // 60)


@lru_cache(maxsize=1)
def own_names(minute: int) -> dict[tuple[str, str], str]:
    return {
        (kind, slug): name
        for kind, model in NAMED.items()
        for slug, name in model._default_manager.values_list("slug", "name")
    }


@lru_cache(maxsize=1)
def known_names(minute: int) -> tuple[Name, ...]:
    """Every name, code and alias of what has a page."""
    own = own_names(minute)
    others = (row for row in Alias.objects.values_list("kind", "slug", "name") if row[:2] in own)
    codes = ((kind, slug, slug.partition(":")[2]) for kind, slug in own if ":" in slug)
    rows = [*((kind, slug, name) for (kind, slug), name in own.items()), *codes, *others]
    return tuple(Name(fold(name), kind, slug, name) for kind, slug, name in rows)


def meant(words: str) -> str:
    """The asked words with each that is no name spelt like the name it is close to; empty where none is."""
    asked = fold(words).split()
    changed = [spelt(word) for word in asked]
    return " ".join(changed) if changed != asked else ""


def spelt(word: str) -> str:
    if len(word) < 4 or word in single_words() or word.isdigit():
        return word
    return next(iter(get_close_matches(word, single_words(), n=1, cutoff=CLOSE)), word)


@cache
def single_words() -> tuple[str, ...]:
    """The words of all names, each once: a typing error is in one of them."""
    return tuple(sorted(set(long_words(terms_by_name()))))


def long_words(names: Iterable[str]) -> Iterable[str]:
    return (word for name in names for word in name.split() if len(word) >= 4 and not word.isdigit())


KIND_WORDS = {
    str(EntityKind.PROVIDER): "provider",
    str(EntityKind.REGION): "region",
    str(EntityKind.SERVICE): "service",
    str(EntityKind.ORGANISATION): "organisation",
}
