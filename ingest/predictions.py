"""The lines that `predict` reads and writes: the format of the annotated texts, checked field by field."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ingest.predicting import Given, Linked, Read
from nlp.document import (
    INCIDENT,
    AccountOf,
    Cause,
    DocumentKind,
    EntityKind,
    Fact,
    Field,
    Precision,
    Relevance,
    Role,
)
from nlp.posts import Posts
from nlp.relevance import is_venue
from nlp.sentences import Text
from nlp.victims import FILED
from nlp.vocabulary import terms_by_slug

PROVIDERS = frozenset({"aws", "azure", "gcp", "cloudflare", "alibaba"})
"""Those that the format knows."""
SURE = 0.4


@dataclass(frozen=True, slots=True)
class BadLine:
    number: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.number}: {self.reason}"


def read_lines(lines: Iterable[str]) -> Iterator[Given | BadLine]:
    """Each line that is not empty, or why it cannot be used."""
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        given = read_line(line, number)
        if isinstance(given, Given) and given.id in seen:
            given = BadLine(number, f"the id {given.id!r} stands in line {seen[given.id]} as well")
        elif isinstance(given, Given):
            seen[given.id] = number
        yield given


def read_line(line: str, number: int) -> Given | BadLine:
    try:
        row = json.loads(line)
    except ValueError as error:
        return BadLine(number, f"no JSON: {error}")
    if not isinstance(row, dict):
        return BadLine(number, "no JSON object")
    for name in ("id", "kind", "title", "text", "source_url", "provider"):
        if not isinstance(row.get(name) or "", str):
            return BadLine(number, f"{name!r} is no text")
    if not row.get("id") or "text" not in row:
        return BadLine(number, "'id' or 'text' is missing")
    try:
        kind = DocumentKind(row.get("kind") or DocumentKind.NEWS)
    except ValueError:
        return BadLine(number, f"unknown kind {row['kind']!r}; known are {', '.join(DocumentKind)}")
    try:
        published_at = moment(row.get("published_at"))
    except (TypeError, ValueError, OverflowError):
        return BadLine(number, f"'published_at' is no time: {row['published_at']!r}")
    return Given(
        id=row["id"],
        kind=kind,
        title=row.get("title") or "",
        text=row["text"] or "",
        published_at=published_at,
        source_url=row.get("source_url") or "",
        provider=row.get("provider") or "",
    )


def moment(value: str | None) -> datetime | None:
    """A time without a zone is taken as UTC."""
    if not value:
        return None
    at = datetime.fromisoformat(value)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def as_line(text: Read, linked: Linked) -> dict[str, Any]:
    """What is predicted of one text."""
    extraction = text.extraction
    main = extraction.accounts[0] if extraction.accounts else None
    facts = by_field(main)
    exchanges, organisations = victims(text, main)
    start, end = when(facts, Field.STARTED_AT) or when(facts, Field.NOT_BEFORE), when(facts, Field.ENDED_AT)
    return {
        "id": text.given.id,
        "relevance": extraction.relevance,
        "providers": [slug for slug in keys(facts, Field.PROVIDER) if slug in PROVIDERS],
        "regions": keys(facts, Field.REGION),
        "services": services(text, keys(facts, Field.SERVICE)),
        "exchanges": exchanges,
        "organisations": organisations,
        "start": start,
        "end": end or (last_word(text) if facts else None),
        "duration_minutes": next((int(key) for key in keys(facts, Field.DURATION)), None),
        "root_cause": next(iter(keys(facts, Field.CAUSE)), Cause.UNKNOWN),
        "phase": next(iter(keys(facts, Field.PHASE)), None),
        "symptoms": keys(facts, Field.SYMPTOM) or (["other"] if facts else []),
        "other_incidents": others(extraction.accounts[1:]),
        "incident_id": linked.home.get(text.key),
        "upstream_incident_id": linked.upstream.get(linked.home.get(text.key, "")),
    }


def by_field(account: AccountOf | None) -> dict[Field, list[Fact]]:
    """The facts of the incident itself; an account of no outage has none."""
    found: dict[Field, list[Fact]] = defaultdict(list)
    if account and account.relevance is not Relevance.NOT_AN_OUTAGE:
        for fact in account.facts:
            if fact.subject == INCIDENT:
                found[fact.field].append(fact)
    return found


def keys(facts: dict[Field, list[Fact]], field: Field) -> list[str]:
    """What is said surely enough."""
    return list(dict.fromkeys(fact.key for fact in facts[field] if fact.confidence >= SURE))


def services(text: Read, slugs: list[str]) -> list[str]:
    """By the name under which a record files its item ("Amazon X (Tokyo): ..."), else by the vocabulary's,
    and without the owner (Cloudflare) or the addition ("for PostgreSQL") that the text leaves out."""
    spelt: dict[str, str] = {}
    filed = FILED.match(text.document.title)
    for mention in text.extraction.mentions:
        is_filed = filed is not None and mention.text == filed["service"]
        name = name_of(mention.kind, mention.slug)
        is_short = name == f"Cloudflare {mention.text}" or name.startswith(f"{mention.text} for ")
        if mention.kind is EntityKind.SERVICE and (is_filed or is_short):
            spelt.setdefault(mention.slug, mention.text)
    return [spelt.get(slug) or name_of(EntityKind.SERVICE, slug) for slug in slugs]


def victims(text: Read, account: AccountOf | None) -> tuple[list[str], list[str]]:
    """The venues and the others that were hit, as the text names them; a name of a list of victims that the
    vocabulary does not know is among the others."""
    if account is None or account.relevance is Relevance.NOT_AN_OUTAGE:
        return [], []
    hit = dict.fromkeys(
        fact.subject.partition(":")[2]
        for fact in account.facts
        if fact.field is Field.IMPACT and fact.key == "affected"
    )
    spelt = spellings(text)
    venues = [spelt.get(slug) or name_of(EntityKind.ORGANISATION, slug) for slug in hit if is_venue(slug)]
    known = [spelt.get(slug) or name_of(EntityKind.ORGANISATION, slug) for slug in hit if not is_venue(slug)]
    unknown = [mention.text for mention in text.extraction.unknown_names if mention.role is Role.AFFECTED]
    return venues, list(dict.fromkeys([*known, *unknown]))


def spellings(text: Read) -> dict[str, str]:
    """By organisation: its own name where the text has it, else how the text first calls it; a product of its
    own ("Binance Futures") is itself."""
    found: dict[str, str] = {}
    for mention in text.extraction.mentions:
        if mention.kind is EntityKind.ORGANISATION and mention.slug:
            name = name_of(EntityKind.ORGANISATION, mention.slug)
            is_product = mention.text.casefold().startswith(name.casefold() + " ")
            if is_product or mention.text == name:
                found[mention.slug] = name
            found.setdefault(mention.slug, mention.text)
    return found


def name_of(kind: EntityKind, slug: str) -> str:
    term = terms_by_slug().get((kind, slug))
    return term.name if term else slug.partition(":")[2] or slug


def when(facts: dict[Field, list[Fact]], field: Field) -> str | None:
    """The best time of a field: to the minute, or only the day."""
    if not facts[field]:
        return None
    fact = facts[field][0]
    return stamp(datetime.fromisoformat(fact.value), fact.precision)


def stamp(at: datetime, precision: Precision | None) -> str:
    if precision in (Precision.DAY, Precision.MONTH, Precision.YEAR):
        return at.date().isoformat()[: 7 if precision is Precision.MONTH else 10]
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


def last_word(text: Read) -> str | None:
    """Where a record states no end, the post that says it is over bounds it."""
    found = Posts(Text(text.document), text.extraction.times).resolved()
    return stamp(found.time.at, found.time.precision) if found else None


def others(accounts: Iterable[AccountOf]) -> list[dict[str, Any]]:
    """The further incidents of a round-up, as far as it dates them."""
    found = []
    for account in accounts:
        start = when(by_field(account), Field.STARTED_AT)
        if start:
            found.append({"start": start, "providers": [account.provider] if account.provider else []})
    return found
