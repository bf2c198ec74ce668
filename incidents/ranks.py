"""Whose word counts for what: the one table of ranks, by field. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from incidents.choices import PublisherKind
from nlp.document import INCIDENT, DocumentKind, Field, Origin


class Voice(StrEnum):
    """Who speaks, and how. OWN is the one whom the fact is about: the provider of a provider's incident, the
    organisation of a fact about itself.
    """

    PERSON = "a person"
    OWN_REVIEW = "its own review"
    OWN_FIELD = "its own structured field"
    OWN_TEXT = "its own text"
    PROVIDER = "a provider"
    ORGANISATION = "an organisation"
    CATALOGUE_HIGH = "the catalogue, sure"
    CATALOGUE_MEDIUM = "the catalogue, fairly sure"
    CATALOGUE_LOW = "the catalogue, unsure"
    PRESS = "press"


OWN = frozenset({Voice.OWN_REVIEW, Voice.OWN_FIELD, Voice.OWN_TEXT})
SURE, FAIRLY_SURE = 0.7, 0.4
"""From which confidence on the catalogue counts as such."""

CATALOGUE = (Voice.CATALOGUE_HIGH, Voice.CATALOGUE_MEDIUM, Voice.CATALOGUE_LOW)
BY_REVIEW = (Voice.PERSON, Voice.OWN_REVIEW, Voice.OWN_FIELD, Voice.OWN_TEXT)
BY_FIELD = (Voice.PERSON, Voice.OWN_FIELD, Voice.OWN_REVIEW, Voice.OWN_TEXT)
OF_PROVIDERS = (*BY_REVIEW, Voice.PROVIDER, Voice.ORGANISATION, *CATALOGUE, Voice.PRESS)
OF_ORGANISATIONS = (*BY_REVIEW, Voice.PROVIDER, *CATALOGUE, Voice.PRESS, Voice.ORGANISATION)
FILED = (*BY_FIELD, Voice.PROVIDER, Voice.ORGANISATION, *CATALOGUE, Voice.PRESS)

RANKS: Mapping[Field, tuple[Voice, ...]] = {
    Field.RELEVANCE: OF_PROVIDERS,
    Field.PROVIDER: OF_PROVIDERS,
    Field.REGION: OF_PROVIDERS,
    Field.SERVICE: OF_PROVIDERS,
    Field.STARTED_AT: OF_PROVIDERS,
    Field.ENDED_AT: OF_PROVIDERS,
    Field.NOT_BEFORE: OF_PROVIDERS,
    Field.DURATION: OF_PROVIDERS,
    Field.CAUSE: OF_PROVIDERS,
    Field.TRIGGER: OF_PROVIDERS,
    Field.SYMPTOM: OF_PROVIDERS,
    Field.NATIVE_ID: OF_PROVIDERS,
    Field.LINK: OF_PROVIDERS,
    # How an item is filed is the status page's to say; a review often leaves it out or names itself.
    Field.SEVERITY: FILED,
    Field.SEVERITY_WORD: FILED,
    Field.PHASE: FILED,
    Field.TITLE: FILED,
    Field.IMPACT: OF_ORGANISATIONS,
    Field.IMPAIRMENT: OF_ORGANISATIONS,
    Field.OTHER_CAUSE: OF_ORGANISATIONS,
    Field.DEPENDS_ON: OF_ORGANISATIONS,
    Field.NO_LONGER_DEPENDS_ON: OF_ORGANISATIONS,
}
"""Best first. What is said of an organisation, its own window too, goes by the second order."""


def rank(subject: str, field: Field, voice: Voice) -> int:
    """0 is best."""
    order = RANKS[field] if subject == INCIDENT else OF_ORGANISATIONS
    return order.index(voice)


def voice_of(
    *,
    subject: str,
    owner: str,
    speaker: str,
    publisher_kind: PublisherKind,
    document: DocumentKind,
    origin: Origin,
    confidence: float,
) -> Voice:
    """`owner` is whose incident it is; `speaker` is for whom the source speaks (empty: the press)."""
    if origin == Origin.PERSON:
        return Voice.PERSON
    if origin == Origin.CATALOGUE or publisher_kind == PublisherKind.CATALOGUE:
        return catalogue_voice(confidence)
    if speaker and speaker == (owner if subject == INCIDENT else subject):
        return own_voice(document, origin)
    if publisher_kind == PublisherKind.PROVIDER:
        return Voice.PROVIDER
    return Voice.ORGANISATION if publisher_kind == PublisherKind.ORGANISATION else Voice.PRESS


def own_voice(document: DocumentKind, origin: Origin) -> Voice:
    if document == DocumentKind.PIR:
        return Voice.OWN_REVIEW
    return Voice.OWN_FIELD if origin == Origin.STRUCTURED else Voice.OWN_TEXT


def catalogue_voice(confidence: float) -> Voice:
    if confidence >= SURE:
        return Voice.CATALOGUE_HIGH
    return Voice.CATALOGUE_MEDIUM if confidence >= FAIRLY_SURE else Voice.CATALOGUE_LOW
