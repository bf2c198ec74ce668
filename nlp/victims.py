"""The names that an account holds: where it broke, whom it hit or spared, and what stopped working there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from nlp.document import DocumentKind, EntityKind, Fact, Field, Mention, Role
from nlp.findings import Found
from nlp.impairments import read_impairments
from nlp.relevance import Subject
from nlp.sentences import Sentence, Text
from nlp.vocabulary import Category, find_term

PLACES = {
    EntityKind.PROVIDER: Field.PROVIDER,
    EntityKind.REGION: Field.REGION,
    EntityKind.SERVICE: Field.SERVICE,
}
LEAD = 4
"""The title and the first sentences: what they name is what the text is about."""
FILED = re.compile(r"(?P<service>[^:()]{3,80}?)(?: \((?P<place>[^()]{2,40})\))?: ")
"""How AWS heads an item: by its service and, unless that is a global one, its region."""
DOUBT = 0.4
BESIDE = frozenset({"blamed", "own-word", "says-hit", "compound"})
"""What these rules say of a service is worth little beside a headline that names another one."""
OFTEN = 3
"""So often a record names what failed, in post after post."""


def places(text: Text, mentions: Sequence[Mention], subject: Subject) -> Iterator[Fact]:
    """Providers, regions and services that were hit. News of one provider's outage names others in passing:
    another one counts in the lead only."""
    hit = [mention for mention in mentions if mention.role is Role.AFFECTED and mention.kind in PLACES]
    lead = set(text.sentences[:LEAD])
    is_global = is_global_item(text, mentions, subject)
    asides = set(passing(text, mentions))
    for mention in surest(hit):
        if (
            belongs(mention, subject.provider)
            or not subject.provider
            or text.around(mention.evidence) in lead
        ):
            fact = place(text, mention)
            is_doubtful = (is_global and mention.kind is EntityKind.REGION) or mention.slug in asides
            yield replace(fact, confidence=fact.confidence * DOUBT) if is_doubtful else fact
    if subject.provider and not any(mention.slug == subject.provider for mention in hit):
        owner = subject.relevance.sentence
        yield Found(subject.provider, owner, "provider:owner", 0.8).fact(Field.PROVIDER)


def passing(text: Text, mentions: Sequence[Mention]) -> Iterator[str]:
    """Services that a provider's record names but once, while it names others in post after post: where a
    failure showed ("in the console"), or what it had to do with."""
    named = Counter(m.slug for m in mentions if m.kind is EntityKind.SERVICE)
    if text.document.kind is not DocumentKind.PROVIDER_STATUS or max(named.values(), default=0) < OFTEN:
        return
    headed = {m.slug for m in mentions if m.kind is EntityKind.SERVICE and m.evidence.passage is None}
    for mention in mentions:
        is_once = named[mention.slug] == 1 and mention.slug not in headed
        if is_once and (mention.rule == "struck-others" or (headed and mention.rule in BESIDE)):
            yield mention.slug


def surest(mentions: Sequence[Mention]) -> Iterator[Mention]:
    """Of each name the mention that shows best what it shows; of equals the first."""
    best: dict[tuple[EntityKind, str], Mention] = {}
    for mention in mentions:
        name = (mention.kind, mention.slug)
        if name not in best or mention.confidence > best[name].confidence:
            best[name] = mention
    return iter(best.values())


def is_global_item(text: Text, mentions: Sequence[Mention], subject: Subject) -> bool:
    """AWS files this under a service and no region: one that its prose names is perhaps only where that
    service is run from."""
    document = text.document
    if subject.provider != "aws" or document.kind is not DocumentKind.PROVIDER_STATUS:
        return False
    filed = FILED.match(document.title)
    heads = [m for m in mentions if m.evidence.passage is None and m.kind is not EntityKind.PROVIDER]
    return (
        filed is not None
        and filed["place"] is None
        and any(m.kind is EntityKind.SERVICE and m.text == filed["service"] for m in heads)
        and not any(m.kind is EntityKind.REGION for m in heads)
    )


def belongs(mention: Mention, provider: str) -> bool:
    return mention.kind in PLACES and mention.slug.partition(":")[0] == provider


def place(text: Text, mention: Mention) -> Fact:
    return as_found(text, mention, mention.slug).fact(PLACES[mention.kind])


def organisations(
    text: Text, mentions: Sequence[Mention], subject: Subject, within: set[Sentence]
) -> Iterator[Fact]:
    """Who was hit or spared, and what stopped working there."""
    told: dict[str, list[Sentence]] = {}
    for mention in mentions:
        if mention.kind is not EntityKind.ORGANISATION or is_partner(text, mention):
            continue
        if mention.role is Role.AFFECTED:
            yield impact(text, mention, "affected")
            if sentence := text.around(mention.evidence):
                told.setdefault(mention.slug, []).append(sentence)
        elif mention.role is Role.NOT_AFFECTED:
            yield impact(text, mention, "not-affected")
    if own := subject.organisation:
        if own not in told:
            yield subject_hit(subject)
        told[own] = [sentence for sentence in text.sentences if sentence in within]
    for slug, sentences in told.items():
        for found in read_impairments(text, dict.fromkeys(sentences)):
            yield found.fact(Field.IMPAIRMENT, f"organisation:{slug}")


def is_partner(text: Text, mention: Mention) -> bool:
    """A provider's own record names other companies for what it offers of theirs (GitHub triggers, NVIDIA
    drivers), not as customers that it took down."""
    if text.document.kind is not DocumentKind.PROVIDER_STATUS:
        return False
    term = find_term(EntityKind.ORGANISATION, mention.slug)
    return term is not None and term.category is Category.OTHER


def subject_hit(subject: Subject) -> Fact:
    sentence = subject.relevance.sentence
    found = Found("affected", sentence, "impact:own-record", 0.9)
    return found.fact(Field.IMPACT, f"organisation:{subject.organisation}")


def impact(text: Text, mention: Mention, value: str) -> Fact:
    return as_found(text, mention, value).fact(Field.IMPACT, f"organisation:{mention.slug}")


def as_found(text: Text, mention: Mention, value: str) -> Found:
    sentence = text.around(mention.evidence)
    assert sentence is not None, "a mention stands in a sentence"
    return Found(value, sentence, mention.rule, mention.confidence)
