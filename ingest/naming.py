"""Names of regions and services in structured fields, as facts with our slugs.

A name that the vocabulary lacks is kept under a slug made from the source's own code, by the rule
"unknown-name", so that a person can put it into the vocabulary: nothing is dropped.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from ingest.facts import stated
from nlp.document import UNKNOWN_NAME, EntityKind, Fact, Field
from nlp.vocabulary import fold, load_terms, spellings, terms_named

LONGEST_NAME = 100
ZONE = re.compile(r"(?<=\d)-?[a-z]$")  # us-east-1a, us-central1-a
KINDS = {Field.REGION: EntityKind.REGION, Field.SERVICE: EntityKind.SERVICE}


def slug_of(name: str) -> str:
    """`Cloud Pub/Sub (beta)` -> `cloud-pub-sub-beta`; letters of other scripts stay."""
    return fold(name[:LONGEST_NAME]).replace("_", " ").strip().replace(" ", "-")


@lru_cache(maxsize=20_000)
def known(kind: EntityKind, provider: str, name: str) -> str:
    """The slug of the provider's region or service that goes by this name, else the empty string."""
    terms = terms_named(name, kind, provider)
    return terms[0].slug if terms else by_code(kind, provider).get(squeezed(name), "")


@cache
def by_code(kind: EntityKind, provider: str) -> dict[str, str]:
    """Slugs by names without spaces: codes are often written so (`directconnect`)."""
    terms = [term for term in load_terms() if term.kind is kind and term.provider == provider]
    return {squeezed(name): term.slug for term in reversed(terms) for name in spellings(term)}


def squeezed(name: str) -> str:
    return fold(name[:LONGEST_NAME]).replace(" ", "")


def region(provider: str, code: str, *, path: str) -> Fact | None:
    """The fact that a region's code or name states; a zone is its region's. None without a name."""
    return named(Field.REGION, provider, (code, ZONE.sub("", code)), path)


def service(provider: str, *names: str, path: str) -> Fact | None:
    """The fact that the first known of a service's names states."""
    return named(Field.SERVICE, provider, names, path)


def named(field: Field, provider: str, names: tuple[str, ...], path: str) -> Fact | None:
    """The first name that is known states the fact, else the last one does under a slug of its own."""
    names = tuple(name for name in names if slug_of(name))
    for name in names:
        if slug := known(KINDS[field], provider, name):
            return stated(field, slug, path)
    if not names:
        return None
    return stated(field, f"{provider}:{slug_of(names[-1])}", path, rule=UNKNOWN_NAME)
