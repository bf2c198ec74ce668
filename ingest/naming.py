"""Names of regions and services in structured fields, as facts with our slugs.

A name that the vocabulary lacks is kept under a slug made from the source's own code, by the rule
"unknown-name", so that a person can put it into the vocabulary: nothing is dropped.
"""

from __future__ import annotations

import re
import unicodedata

from ingest.facts import stated
from nlp.document import Fact, Field

UNKNOWN_NAME = "unknown-name"


def slug_of(name: str) -> str:
    """`Cloud Pub/Sub (beta)` -> `cloud-pub-sub-beta`; letters of other scripts stay."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "-", bare.casefold()).strip("-")


def named(field: Field, provider: str, names: tuple[str, ...], path: str) -> Fact | None:
    """The fact that the first name which is known gives, else one made from the last; None without a name."""
    given = [name for name in names if slug_of(name)]
    if not given:
        return None
    slug = f"{provider}:{slug_of(given[-1])}"
    return stated(field, slug, path, rule=UNKNOWN_NAME)


def region(provider: str, *names: str, path: str) -> Fact | None:
    return named(Field.REGION, provider, names, path)


def service(provider: str, *names: str, path: str) -> Fact | None:
    return named(Field.SERVICE, provider, names, path)
