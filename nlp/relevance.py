"""Whose outage the text tells of, if of any: a provider's, an exchange's, somebody else's, or none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

from nlp.contexts import organisation_of
from nlp.document import DocumentKind, EntityKind, Mention, Relevance, Role
from nlp.findings import Found
from nlp.phases import stated_phase
from nlp.sentences import Sentence, Spot, Text
from nlp.time_cues import OUTAGE as TIMED_OUTAGE
from nlp.times import expressions_of
from nlp.trouble import OWN_TROUBLE, SCHEDULED, find_trouble
from nlp.vocabulary import find_term

TO_COME = re.compile(
    r"\b(?:will|may|might|could|should|expected to)(?: also| not)? "
    r"(?:be|experience|see|occur|take|go|suspend|pause|halt)\b"
)
OUTAGE = re.compile(
    r"\b(?:outages?|downtime|goes? (?:down|dark|offline)|went (?:down|dark|offline))\b", re.IGNORECASE
)
GONE_WRONG = re.compile(
    r"\b(?:(?:went|gone|going|goes) (?:wrong|awry)|botched|bungled|faulty|failed|caused|triggered|unscheduled"
    r"|emergency|unplanned)\b"
)
ADVICE = re.compile(
    r"\b(?:how to|what if|next|surviv\w+|prepar\w+|prevent\w*|avoid\w*|guides?|tips|checklist|ways to"
    r"|insur\w+|cost of|risks?|resilien\w+)\b",
    re.IGNORECASE,
)
"""A headline that speaks of outages at large, not of one."""
HOUSES = frozenset(
    [
        "coresite",
        "cyrusone",
        "cyxtera",
        "digital-realty",
        "equinix",
        "global-switch",
        "ntt",
        "sk-cnc",
        "switch",
    ]
)
"""Those that run buildings, not clouds: few of their tenants are ever named."""
LEAD = 2
"""A name in the title or the first sentences counts for more than one further down."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What the text is about. `provider` and `organisation` are slugs, one of them set for an outage."""

    relevance: Found
    provider: str = ""
    organisation: str = ""


def read_subject(text: Text, mentions: Sequence[Mention]) -> Subject:
    """Whose incident is told, by the voice that tells it and the names that it shows as hit."""
    document = text.document
    trouble = find_trouble(text)
    providers, venues, others = hit(text, mentions)
    first = text.sentences[0] if text.sentences else Sentence(0, 0, 0, "")
    if is_maintenance(text, trouble):
        return Subject(told(Relevance.NOT_AN_OUTAGE, first, "relevance:maintenance"))
    if document.kind in (DocumentKind.PROVIDER_STATUS, DocumentKind.PIR) and not document.organisation:
        provider = document.provider or top(providers) or named(text, mentions, EntityKind.PROVIDER)
        if provider and text.sentences:
            return Subject(told(Relevance.PROVIDER_INCIDENT, first, "relevance:voice"), provider=provider)
    proof = next(iter(trouble), first if has_status(text) else None)
    if proof is None and document.kind is DocumentKind.EXCHANGE_STATUS:
        proof = next(iter(text.find(OWN_TROUBLE)), None) or next(timed_trouble(text), None)
    if proof is None:
        return Subject(told(Relevance.NOT_AN_OUTAGE, first, "relevance:no-trouble"))
    if document.organisation or document.kind is DocumentKind.EXCHANGE_STATUS:
        organisation = document.organisation or voice(text, mentions, venues, others)
        return Subject(told(Relevance.EXCHANGE_INCIDENT, proof, "relevance:voice"), organisation=organisation)
    if providers and not (venues and is_at_its_house(text, mentions, top(providers))):
        return Subject(told(Relevance.PROVIDER_INCIDENT, proof, "relevance:hit"), provider=top(providers))
    if venues:
        return Subject(told(Relevance.EXCHANGE_INCIDENT, proof, "relevance:hit"), organisation=top(venues))
    if others:
        return Subject(told(Relevance.OTHER_OUTAGE, proof, "relevance:hit"), organisation=top(others))
    if trouble and (owner := headlined(text, mentions, trouble)):
        return Subject(told(Relevance.PROVIDER_INCIDENT, proof, "relevance:headline"), provider=owner)
    is_headline = OUTAGE.search(document.title) is not None or (first in trouble and first.passage is None)
    if is_headline and not ADVICE.search(document.title):
        return Subject(told(Relevance.OTHER_OUTAGE, first, "relevance:headline"))
    return Subject(told(Relevance.NOT_AN_OUTAGE, first, "relevance:nobody-hit"))


def timed_trouble(text: Text) -> Iterator[Sentence]:
    """Sentences that tell by the clock when something was wrong, in whatever words."""
    for sentence, line in zip(text.sentences, text.lines, strict=True):
        has_clock = any(time.first.has_clock for time in line.read(expressions_of))
        if has_clock and TIMED_OUTAGE.search(line.low):
            yield sentence


def headlined(text: Text, mentions: Iterable[Mention], trouble: Container[Sentence]) -> str:
    """The provider that a headline names, where the story begins with trouble and shows nobody as hit."""
    if not any(sentence in trouble for sentence in text.sentences[:LEAD]):
        return ""
    heads = (m for m in mentions if m.evidence.passage is None and m.role is Role.MENTIONED)
    return named(text, heads, EntityKind.PROVIDER)


def is_at_its_house(text: Text, mentions: Sequence[Mention], provider: str) -> bool:
    """A venue that fell with the building it stands in is the one whose outage is told."""
    if provider not in HOUSES:
        return False
    headed = {m.slug for m in mentions if m.role is Role.AFFECTED and m.evidence.passage is None}
    return any(is_venue(slug) for slug in headed) or provider not in headed


def has_status(text: Text) -> bool:
    """A post that carries the status of an incident is of one, whatever its words."""
    return any(stated_phase(passage) for passage in text.document.passages)


def told(relevance: Relevance, sentence: Sentence, rule: str) -> Found:
    return Found(relevance, sentence, rule, 0.9 if rule == "relevance:voice" else 0.75)


def is_maintenance(text: Text, trouble: dict[Sentence, list[Spot[int]]]) -> bool:
    """Announced work, and no word of anything that broke: what "will be unavailable" has not."""
    scheduled = {s for s in text.find(SCHEDULED) if not GONE_WRONG.search(text.low[s])}
    return bool(scheduled) and all(s in scheduled or is_to_come(text, spots) for s, spots in trouble.items())


def is_to_come(text: Text, spots: Iterable[Spot[int]]) -> bool:
    return all(TO_COME.search(text.low[spot.sentence], 0, spot.end) for spot in spots)


def hit(text: Text, mentions: Sequence[Mention]) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Providers, trading venues and others that the text shows as hit, with how prominently."""
    providers, venues, others = Counter[str](), Counter[str](), Counter[str]()
    lead = set(text.sentences[: LEAD + 1])
    for mention in mentions:
        if mention.role is not Role.AFFECTED or not mention.slug:
            continue
        sentence = text.around(mention.evidence)
        weight = (3 if mention.evidence.passage is None else 2) if sentence in lead else 1
        if mention.kind is not EntityKind.ORGANISATION:
            providers[mention.slug.partition(":")[0]] += weight
        elif is_venue(mention.slug):
            venues[mention.slug] += weight
        else:
            others[mention.slug] += weight
    return providers, venues, others


def is_venue(slug: str) -> bool:
    term = find_term(EntityKind.ORGANISATION, slug)
    return term is not None and term.is_trading_venue


def voice(text: Text, mentions: Sequence[Mention], *hits: Counter[str]) -> str:
    """Whose page it is: by its address, else the organisation that is hit, else the first one named."""
    own = organisation_of(text.document.url)
    return own or next(filter(None, map(top, hits)), "") or named(text, mentions, EntityKind.ORGANISATION)


def named(text: Text, mentions: Iterable[Mention], kind: EntityKind) -> str:
    return next(slugs(mentions, kind), "")


def slugs(mentions: Iterable[Mention], kind: EntityKind) -> Iterator[str]:
    return (mention.slug for mention in mentions if mention.kind is kind and mention.slug)


def top(counted: Counter[str]) -> str:
    """The most prominent; of equals the one named first, for counters keep their order."""
    return counted.most_common(1)[0][0] if counted else ""
