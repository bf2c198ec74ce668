"""Text in, accounts out: what a document says about each incident it tells of, every fact with its sentence.

Pure and deterministic: equal documents give equal extractions, facts in the order of `Field`. Structured
facts stand first; text adds to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from nlp.causes import read_cause, read_trigger
from nlp.dependencies import read_dependencies
from nlp.document import (
    COUNTED,
    INCIDENT,
    AccountOf,
    Cause,
    Document,
    EntityKind,
    Evidence,
    Extraction,
    Fact,
    Field,
    Mention,
    Passage,
    Relevance,
    Role,
)
from nlp.durations import FoundDuration, find_durations
from nlp.findings import Found
from nlp.given import names_in_use
from nlp.mentions import document_mentions
from nlp.moments import moment, window
from nlp.other_causes import OWN_KEY, read_other_cause
from nlp.phases import read_phase, read_steps
from nlp.relevance import Subject, is_venue, read_subject
from nlp.roundups import Episode, Parts, read_parts
from nlp.sentences import Sentence, Text
from nlp.severity import read_severity
from nlp.symptoms import read_symptoms
from nlp.times import find_times
from nlp.victims import belongs, impact, organisations, place, places
from nlp.vocabulary import Term

VERSION = "5"
"""Raised with every change of a rule or a name that may change an answer: re-extraction compares it."""

LONGEST, LONGEST_TITLE = 100_000, 1_000
"""The longest review on record has 40,000 characters."""
NO_CLOUD_BEHIND = frozenset(Cause) - {Cause.DEPENDENCY, Cause.UNKNOWN}
"""Causes that an organisation gives for its own outage and that no provider's failure can be behind."""


def extract(document: Document, given: tuple[Term, ...] = ()) -> Extraction:
    """Everything that one document says; of one beyond all measure, what its first LONGEST characters say.

    `given` are names that people added to the vocabulary; a change of them costs the reading of all names.
    """
    with names_in_use(given):
        return read(shortened(document))


def read(document: Document) -> Extraction:
    text = Text(document)
    mentions = document_mentions(text)
    times = find_times(document, text)
    subject = read_subject(text, mentions)
    parts = read_parts(text, times, mentions, subject.provider)
    own = set(parts.main.sentences)
    durations = [d for d in find_durations(document, text) if text.around(d.evidence) in own]
    known = tuple(mention for mention in mentions if mention.slug)
    accounts = [main_account(text, subject, parts, known, durations)]
    accounts += [other_account(text, episode, known) for episode in parts.others]
    told = subject.relevance.value != Relevance.NOT_AN_OUTAGE or has_more(accounts[0])
    return Extraction(
        relevance=Relevance(subject.relevance.value),
        accounts=tuple(accounts) if told else (),
        mentions=known,
        times=times,
        unknown_names=tuple(mention for mention in mentions if not mention.slug),
        version=VERSION,
    )


def has_more(account: AccountOf) -> bool:
    """Facts are kept also where no outage is told: what a source states, and what stands on what."""
    return any(fact.field is not Field.RELEVANCE for fact in account.facts)


def shortened(document: Document) -> Document:
    """Offsets hold, for only ends are cut off."""
    if len(document.title) + sum(len(passage.text) for passage in document.passages) <= LONGEST:
        return document
    left, passages = LONGEST, list[Passage]()
    for passage in document.passages:
        passages.append(replace(passage, text=passage.text[:left]))
        left -= len(passages[-1].text)
    return replace(document, title=document.title[:LONGEST_TITLE], passages=tuple(passages))


def main_account(
    text: Text,
    subject: Subject,
    parts: Parts,
    mentions: Sequence[Mention],
    durations: Sequence[FoundDuration],
) -> AccountOf:
    within = set(parts.main.sentences)
    own = [mention for mention in mentions if text.around(mention.evidence) in within]
    relevance = Relevance(subject.relevance.value)
    facts = [subject.relevance.fact(Field.RELEVANCE)]
    if relevance is not Relevance.NOT_AN_OUTAGE:
        facts += places(text, own, subject)
        facts += organisations(text, own, subject, within)
        facts += window(text, parts.main.times, durations)
        facts += reasons(text, subject, within)
        facts += other_causes(text, subject, within, own, facts)
        facts += [found.fact(Field.SYMPTOM) for found in read_symptoms(text, within)]
        facts += each(read_severity(text, is_maintenance=False), Field.SEVERITY)
        facts += phases(text)
    facts += read_dependencies(text, mentions)
    return AccountOf(
        slot="",
        relevance=relevance,
        facts=ordered([*text.document.facts, *facts]),
        provider=subject.provider,
        organisation=subject.organisation,
    )


def other_account(text: Text, episode: Episode, mentions: Sequence[Mention]) -> AccountOf:
    """What a round-up says about one of its other incidents: those that it names there count as hit."""
    within = set(episode.sentences)
    own = [m for m in mentions if m.role in (Role.AFFECTED, Role.PAST) and text.around(m.evidence) in within]
    hit = [mention for mention in own if mention.kind is EntityKind.ORGANISATION]
    facts = [place(text, mention) for mention in own if belongs(mention, episode.provider)]
    facts += [impact(text, mention, "affected") for mention in hit]
    if episode.provider and not any(fact.field is Field.PROVIDER for fact in facts):
        first = episode.sentences[0]
        facts.append(Found(episode.provider, first, "provider:roundup", 0.6).fact(Field.PROVIDER))
    if episode.time:
        rule = COUNTED if "relative" in episode.time.rule else "start:roundup"
        facts.append(moment(text, Field.STARTED_AT, episode.time, None, rule, 0.6))
    if cause := read_cause(text, within=within):
        facts.append(cause.fact(Field.CAUSE))
    relevance = Relevance.PROVIDER_INCIDENT if episode.provider else Relevance.OTHER_OUTAGE
    if not episode.provider and any(is_venue(mention.slug) for mention in hit):
        relevance = Relevance.EXCHANGE_INCIDENT
    return AccountOf(
        slot=episode.slot,
        relevance=relevance,
        facts=ordered(facts),
        provider=episode.provider,
        organisation="" if episode.provider or not hit else hit[0].slug,
    )


def reasons(text: Text, subject: Subject, within: set[Sentence]) -> Iterator[Fact]:
    is_own = bool(subject.organisation)
    cause = read_cause(text, within=within, is_organisation=is_own)
    if cause:
        yield cause.fact(Field.CAUSE)
        if is_own and cause.value in NO_CLOUD_BEHIND:
            yield cause.fact(Field.OTHER_CAUSE, f"organisation:{subject.organisation}")
    if trigger := read_trigger(text, within=within):
        yield trigger.fact(Field.TRIGGER)


def phases(text: Text) -> list[Fact]:
    """The stage that is reached, and those that posts before it reached."""
    reached = read_phase(text)
    if reached is None:
        return []
    return [found.fact(Field.PHASE) for found in (reached, *read_steps(text, reached))]


def other_causes(
    text: Text, subject: Subject, within: set[Sentence], own: Sequence[Mention], facts: Sequence[Fact]
) -> list[Fact]:
    """What an organisation's outage is put down to in words, where they name neither a class nor a cloud."""
    told = {fact.field for fact in facts}
    if not subject.organisation or told & {Field.OTHER_CAUSE, Field.PROVIDER}:
        return []
    found = read_other_cause(text, own, within)
    about = f"organisation:{subject.organisation}"
    return [replace(found.fact(Field.OTHER_CAUSE, about), key=OWN_KEY)] if found else []


def each(found: Found | None, field: Field) -> list[Fact]:
    return [found.fact(field)] if found else []


def ordered(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """By field, structured ones first; of equal ones the surest, each value once a subject and origin."""
    best: dict[tuple[str, ...], Fact] = {}
    for fact in facts:
        name = (fact.field, fact.subject, fact.key, fact.origin)
        if name not in best or fact.confidence > best[name].confidence:
            best[name] = fact
    rank = {field: n for n, field in enumerate(Field)}
    return tuple(
        sorted(
            best.values(),
            key=lambda f: (
                rank[f.field],
                f.subject != INCIDENT,
                f.origin != "structured",
                -f.confidence,
                *offsets(f.evidence),
            ),
        )
    )


def offsets(evidence: Evidence) -> tuple[int, int]:
    return (-1 if evidence.passage is None else evidence.passage, evidence.start or 0)
