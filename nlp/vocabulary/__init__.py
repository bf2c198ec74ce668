"""The names that texts use, as data: providers, regions, services and organisations, one term a line.

A name in `aliases` (and `name` itself) counts wherever it stands. One in `contextual` is an ordinary word or
the name of a place as well: it counts only with its provider in play, or in the account of an outage.
`lookalikes` are phrases that hold the name and mean something else ("Azure Window", "Robin Hood").
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from nlp.document import EntityKind

FOLDER = Path(__file__).parent

# How a provider's services are named in full; "Amazon" and "AWS" change places in most texts.
PREFIXES: dict[str, tuple[str, ...]] = {
    "aws": ("Amazon", "AWS"),
    "azure": ("Microsoft Azure", "Azure", "Microsoft"),
    "gcp": ("Google Cloud", "Google", "GCP"),
    "google-workspace": ("Google",),
    "cloudflare": ("Cloudflare",),
    "alibaba": ("Alibaba Cloud", "Alibaba", "Aliyun"),
}


class Category(StrEnum):
    """What an organisation is to its users."""

    EXCHANGE = "exchange"
    BROKER = "broker"
    WALLET = "wallet"
    DATA = "data"
    BLOCKCHAIN_INFRA = "blockchain-infra"
    OTHER = "other"


# Google's multi-regions and Azure's areas go by words that any text may hold.
ORDINARY_CODES = frozenset({"us", "eu", "europe", "asia", "africa", "australia", "global"})

TRADING_VENUES = frozenset({Category.EXCHANGE, Category.BROKER})


@dataclass(frozen=True, slots=True)
class Term:
    """One entity and every name it goes by. `provider` is empty for providers and organisations.

    `observer` marks those that report on outages (press, trackers, regulators): rarely victims themselves.
    """

    kind: EntityKind
    slug: str
    name: str
    provider: str = ""
    aliases: tuple[str, ...] = ()
    contextual: tuple[str, ...] = ()
    lookalikes: tuple[str, ...] = ()
    category: Category | None = None
    observer: bool = False
    code: str = ""
    city: str = ""
    country: str = ""
    zone_prefix: str = ""
    zones: tuple[str, ...] = ()

    @property
    def is_trading_venue(self) -> bool:
        return self.category in TRADING_VENUES

    @property
    def certain(self) -> tuple[str, ...]:
        """The names that need no context."""
        own = () if self.name in self.contextual else (self.name,)
        code = (self.code,) if self.code and self.code not in ORDINARY_CODES else ()
        return tuple(dict.fromkeys((*own, *code, *self.aliases)))


def without_accents(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def fold(name: str) -> str:
    """The spelling that decides whether two names are the same: no case, accents or punctuation."""
    words = without_accents(name).casefold().replace("&", " and ").replace("+", " plus ")
    return " ".join(re.findall(r"\w+", words))


@cache
def load_terms() -> tuple[Term, ...]:
    """Every term, in the order of the files' names."""
    return tuple(term for path in sorted(FOLDER.glob("*.jsonl")) for term in read_terms(path))


def read_terms(path: Path) -> Iterator[Term]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield as_term(json.loads(line))


def as_term(row: dict[str, Any]) -> Term:
    lists = {name: tuple(row.pop(name, ())) for name in ("aliases", "contextual", "lookalikes", "zones")}
    kind, category = EntityKind(row.pop("kind")), row.pop("category", None)
    return Term(kind=kind, category=category and Category(category), **row | lists)


@dataclass(slots=True)
class Added:
    """Names that people added, as the last document was read with."""

    terms: tuple[Term, ...] = ()


ADDED = Added()


def use(given: tuple[Term, ...]) -> None:
    """Read with these names beside the files' own. For `nlp.given`, which clears what was made of names."""
    ADDED.terms = given
    terms_by_slug.cache_clear()


def given_in_use() -> tuple[Term, ...]:
    return ADDED.terms


def terms_in_use() -> tuple[Term, ...]:
    """The files' terms, and those given: a name for a known one under that one's own properties."""
    known = {(term.kind, term.slug): term for term in load_terms()}
    return (*load_terms(), *(under(known.get((term.kind, term.slug)), term) for term in ADDED.terms))


def under(known: Term | None, given: Term) -> Term:
    """Another name for a known term: it counts wherever it stands."""
    return replace(known, name=given.name, aliases=given.aliases, contextual=(), code="") if known else given


@cache
def terms_by_slug() -> dict[tuple[EntityKind, str], Term]:
    """A provider that may itself be a victim (Cloudflare) is also an organisation, under the same slug."""
    return {(term.kind, term.slug): term for term in (*ADDED.terms, *load_terms())}


@cache
def terms_by_name() -> dict[str, tuple[Term, ...]]:
    found: dict[str, list[Term]] = {}
    for term in load_terms():
        for name in dict.fromkeys(fold(spelling) for spelling in spellings(term)):
            found.setdefault(name, []).append(term)
    return {name: tuple(terms) for name, terms in found.items()}


def find_term(kind: EntityKind, slug: str) -> Term | None:
    return terms_by_slug().get((kind, slug))


def terms_named(name: str, kind: EntityKind | None = None, provider: str = "") -> tuple[Term, ...]:
    """The terms that go by a name or code, as a structured field would give it; none is no error."""
    return tuple(
        term
        for term in terms_by_name().get(fold(name), ())
        if (kind is None or term.kind is kind) and (not provider or provider in (term.provider, term.slug))
    )


def spellings(term: Term) -> tuple[str, ...]:
    """All names of a term with its provider's prefixes, those that need a context last."""
    return tuple(dict.fromkeys((*certain_spellings(term), *term.contextual, *filter(None, [term.code]))))


def certain_spellings(term: Term) -> tuple[str, ...]:
    """The names that need no context, among them each service's with its provider in front."""
    found = list(term.certain)
    if term.kind is EntityKind.SERVICE:
        prefixes = PREFIXES.get(term.provider, ())
        for name in (*term.certain, *term.contextual):
            if not name.startswith(prefixes):
                found += [f"{prefix} {name}" for prefix in prefixes]
    return tuple(dict.fromkeys(found))
