"""Which providers, regions, services and organisations go by a name."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse

from incidents.models import Alias
from incidents.searching.indexing import NAMED
from nlp.document import EntityKind
from nlp.vocabulary import fold

MOST = 8
SHORTEST = 2
"""Letters from which on the beginning of a name says anything."""
LARGE = ("aws", "azure", "gcp")


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


KIND_WORDS = {
    str(EntityKind.PROVIDER): "provider",
    str(EntityKind.REGION): "region",
    str(EntityKind.SERVICE): "service",
    str(EntityKind.ORGANISATION): "organisation",
}
