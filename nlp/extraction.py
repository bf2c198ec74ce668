"""Text in, accounts out: what a document says about each incident it tells of, every fact with its sentence.

Pure and deterministic: equal documents give equal extractions, facts in the order of `Field`. Structured
facts stand first; text adds to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from nlp.causes import read_cause, read_trigger
from nlp.dependencies import read_dependencies
from nlp.document import (
    INCIDENT,
    AccountOf,
    Cause,
    Document,
    EntityKind,
    Evidence,
    Extraction,
    Fact,
    Field,
    FoundTime,
    Mention,
    Passage,
    Precision,
    Relevance,
    Role,
)
from nlp.durations import FoundDuration, find_durations
from nlp.findings import Found
from nlp.impairments import read_impairments
from nlp.mentions import document_mentions
from nlp.phases import read_phase
from nlp.posts import Bound
from nlp.relevance import Subject, is_venue, read_subject
from nlp.roundups import Episode, Parts, read_parts, sentence_of
from nlp.sentences import Sentence, Text
from nlp.severity import read_severity
from nlp.symptoms import read_symptoms
from nlp.times import find_times
from nlp.windows import EndKind, StartKind, read_window

VERSION = "1"
"""Raised with every change of a rule or a name that may change an answer: re-extraction compares it."""

PLACES = {
    EntityKind.PROVIDER: Field.PROVIDER,
    EntityKind.REGION: Field.REGION,
    EntityKind.SERVICE: Field.SERVICE,
}
KEY_LENGTH = {
    Precision.MINUTE: 16,
    Precision.HOUR: 13,
    Precision.DAY: 10,
    Precision.MONTH: 7,
    Precision.YEAR: 4,
}
LONGEST, LONGEST_TITLE = 100_000, 1_000
"""The longest review on record has 40,000 characters."""
LEAD = 4
"""The title and the first sentences: what they name is what the text is about."""
NO_CLOUD_BEHIND = frozenset(Cause) - {Cause.DEPENDENCY, Cause.UNKNOWN}
"""Causes that an organisation gives for its own outage and that no provider's failure can be behind."""


def extract(document: Document) -> Extraction:
    """Everything that one document says; of one beyond all measure, what its first LONGEST characters say."""
    document = shortened(document)
    text = Text(document)
    mentions = document_mentions(document)
    times = find_times(document, text)
    subject = read_subject(text, mentions)
    parts = read_parts(text, times, mentions, subject.provider)
    own = set(parts.main.sentences)
    durations = [d for d in find_durations(document) if sentence_at(text, d.evidence) in own]
    known = tuple(mention for mention in mentions if mention.slug)
    accounts = [main_account(text, subject, parts, known, durations)]
    accounts += [other_account(text, episode, known) for episode in parts.others]
    told = subject.relevance.value != Relevance.NOT_AN_OUTAGE
    return Extraction(
        relevance=Relevance(subject.relevance.value),
        accounts=tuple(accounts) if told or document.facts else (),
        mentions=known,
        times=times,
        unknown_names=tuple(mention for mention in mentions if not mention.slug),
        version=VERSION,
    )


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
    own = [mention for mention in mentions if sentence_of(text, mention) in within]
    relevance = Relevance(subject.relevance.value)
    facts = [subject.relevance.fact(Field.RELEVANCE)]
    if relevance is not Relevance.NOT_AN_OUTAGE:
        facts += places(text, own, subject)
        facts += organisations(text, own, subject, within)
        facts += window(text, parts.main.times, durations)
        facts += reasons(text, subject, within)
        facts += [found.fact(Field.SYMPTOM) for found in read_symptoms(text, within)]
        facts += each(read_severity(text, is_maintenance=False), Field.SEVERITY)
        facts += each(read_phase(text), Field.PHASE)
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
    own = [m for m in mentions if m.role in (Role.AFFECTED, Role.PAST) and sentence_of(text, m) in within]
    hit = [mention for mention in own if mention.kind is EntityKind.ORGANISATION]
    facts = [place(text, mention) for mention in own if belongs(mention, episode.provider)]
    facts += [impact(text, mention, "affected") for mention in hit]
    if episode.provider and not any(fact.field is Field.PROVIDER for fact in facts):
        first = episode.sentences[0]
        facts.append(Found(episode.provider, first, "provider:roundup", 0.6).fact(Field.PROVIDER))
    if episode.time:
        facts.append(moment(text, Field.STARTED_AT, episode.time, None, "start:roundup", 0.6))
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


def places(text: Text, mentions: Sequence[Mention], subject: Subject) -> Iterator[Fact]:
    """Providers, regions and services that were hit. News of one provider's outage names others in passing:
    another one counts in the lead only."""
    hit = [mention for mention in mentions if mention.role is Role.AFFECTED and mention.kind in PLACES]
    lead = set(text.sentences[:LEAD])
    for mention in hit:
        if belongs(mention, subject.provider) or not subject.provider or sentence_of(text, mention) in lead:
            yield place(text, mention)
    if subject.provider and not any(mention.slug == subject.provider for mention in hit):
        owner = subject.relevance.sentence
        yield Found(subject.provider, owner, "provider:owner", 0.8).fact(Field.PROVIDER)


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
        if mention.kind is not EntityKind.ORGANISATION:
            continue
        if mention.role is Role.AFFECTED:
            yield impact(text, mention, "affected")
            if sentence := sentence_of(text, mention):
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


def subject_hit(subject: Subject) -> Fact:
    sentence = subject.relevance.sentence
    found = Found("affected", sentence, "impact:own-record", 0.9)
    return found.fact(Field.IMPACT, f"organisation:{subject.organisation}")


def impact(text: Text, mention: Mention, value: str) -> Fact:
    return as_found(text, mention, value).fact(Field.IMPACT, f"organisation:{mention.slug}")


def as_found(text: Text, mention: Mention, value: str) -> Found:
    sentence = sentence_of(text, mention)
    assert sentence is not None, "a mention stands in a sentence"
    return Found(value, sentence, mention.rule, mention.confidence)


def window(text: Text, times: Sequence[FoundTime], durations: Sequence[FoundDuration]) -> Iterator[Fact]:
    found = read_window(text, times, durations)
    if found.start:
        is_stated = found.start_kind is StartKind.STATED
        field = Field.STARTED_AT if is_stated else Field.NOT_BEFORE
        yield bound(text, field, found.start, 0.8 if is_stated else 0.5)
    # The post that says it is over is no end (design, ranks); the phase tells of it.
    if found.end and found.end_kind is EndKind.STATED:
        yield bound(text, Field.ENDED_AT, found.end, 0.75)
    if found.duration_minutes is not None:
        told = found.duration.evidence if found.duration else None
        sentence = text.at(told.passage, told.start or 0) if told else found.start and found.start.sentence
        if sentence:
            yield Found(str(found.duration_minutes), sentence, "duration", 0.7).fact(Field.DURATION)


def bound(text: Text, field: Field, found: Bound, confidence: float) -> Fact:
    return moment(text, field, found.time, found.sentence, f"{field}:{found.rule}", confidence)


def moment(
    text: Text, field: Field, time: FoundTime, sentence: Sentence | None, rule: str, confidence: float
) -> Fact:
    """A time as a fact; its evidence is the sentence around it, or the stamp itself where there is none."""
    if sentence is None and time.evidence.start is not None:
        sentence = text.at(time.evidence.passage, time.evidence.start)
    at = time.at.astimezone(UTC)
    return Fact(
        field=field,
        value=at.isoformat(),
        key=key_of(at, time.precision),
        evidence=sentence.evidence if sentence else time.evidence,
        rule=rule,
        confidence=confidence,
        precision=time.precision,
    )


def key_of(at: datetime, precision: Precision) -> str:
    return at.isoformat()[: KEY_LENGTH[precision]]


def reasons(text: Text, subject: Subject, within: set[Sentence]) -> Iterator[Fact]:
    is_own = bool(subject.organisation)
    cause = read_cause(text, within=within, is_organisation=is_own)
    if cause:
        yield cause.fact(Field.CAUSE)
        if is_own and cause.value in NO_CLOUD_BEHIND:
            yield cause.fact(Field.OTHER_CAUSE, f"organisation:{subject.organisation}")
    if trigger := read_trigger(text, within=within):
        yield trigger.fact(Field.TRIGGER)


def sentence_at(text: Text, evidence: Evidence) -> Sentence | None:
    return text.at(evidence.passage, evidence.start or 0)


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
