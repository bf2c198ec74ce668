"""The words that columns may hold: the domain's own as TextChoices, those of nlp taken over as they are."""

from enum import StrEnum

from django.db import models


def choices(words: type[StrEnum]) -> list[tuple[str, str]]:
    """The values of an enum of `nlp` as a column's choices, with a label to read."""
    return [(word.value, word.value.replace("-", " ")) for word in words]


class PublisherKind(models.TextChoices):
    PROVIDER = "provider"
    ORGANISATION = "organisation"
    PRESS = "press"
    CATALOGUE = "catalogue"
    PERSON = "person"


class SourceState(models.TextChoices):
    """What the last attempt to read a source met, in words. Only the first two mean that it can be seen."""

    ANSWERS = "answers"
    UNCHANGED = "unchanged"
    EMPTY = "empty"
    UNREADABLE = "unreadable"
    UNREACHABLE = "unreachable"
    BLOCKED = "blocked"
    DISABLED = "disabled"
    NEVER_READ = "never-read", "never read"
    ARCHIVE = "archive"


class OrganisationKind(models.TextChoices):
    EXCHANGE = "exchange"
    BROKER = "broker"
    WALLET = "wallet"
    DATA = "data"
    INFRASTRUCTURE = "blockchain-infra", "infrastructure"
    OTHER = "other"


class Confidence(models.TextChoices):
    """How sure the catalogue is of an entry."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class EndState(models.TextChoices):
    """What is known of an end; only the first enters a duration."""

    KNOWN = "known"
    BOUNDED = "bounded"
    UNKNOWN = "unknown"
    ONGOING = "ongoing"


class IncidentStatus(models.TextChoices):
    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    WITHDRAWN = "withdrawn"
    FALSE_POSITIVE = "false-positive", "false positive"
    UNKNOWN = "unknown"


class HitGrade(models.TextChoices):
    """What the evidence of a hit is, strongest first."""

    STATED_BY_ORGANISATION = "stated-by-organisation", "stated by the organisation"
    STATED_BY_PROVIDER = "stated-by-provider", "stated by the provider"
    REPORTED_BY_PRESS = "reported-by-press", "reported by press"
    DECLARED_AND_OVERLAP = "declared-and-overlap", "declared dependency and overlap"
    OVERLAP = "overlap", "overlap"
    STATED_NOT_AFFECTED = "stated-not-affected", "stated not affected"


class HitStatus(models.TextChoices):
    SHOWN = "shown"
    CANDIDATE = "candidate"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Relation(models.TextChoices):
    """How one thing stands on another."""

    HOSTED_ON = "hosted-on", "hosted on"
    CALLS = "calls", "calls"
    SETTLES_THROUGH = "settles-through", "settles through"
    FRONTED_BY = "fronted-by", "fronted by"


class ProofGrade(models.TextChoices):
    """Who proves a dependency; the design gives each its weight."""

    OWN_STATEMENT = "own-statement", "own statement"
    PROVIDER = "provider"
    ACCEPTED_HIT = "accepted-hit", "accepted hit"
    CATALOGUE = "catalogue"
    PRESS = "press"


class PairAnswer(models.TextChoices):
    """What `same_outage` says of two accounts. NO is never stored: it is the rest."""

    YES = "yes"
    NO = "no"
    CANNOT_DECIDE = "cannot-decide", "cannot decide"


class VerdictKind(models.TextChoices):
    SAME = "same"
    NOT_SAME = "not-same", "not the same"
    HIT = "hit"
    VALUE = "value"
    ACCOUNT = "account"
    FACT = "fact"
    OWNER = "owner"
    RELEVANCE = "relevance"
    NAME = "name"
    COLLISION = "collision"
    SOURCE = "source"
    CORRECTION = "correction"


class EdgeVerdictKind(models.TextChoices):
    """What an analyst decides on an edge of the graph."""

    PROOF = "proof", "added a proof"
    REJECT = "reject", "there is no such edge"
    ENDED = "ended", "it has ended"
    GROUP = "group", "one of several, any of which is enough"


class CorrectionState(models.TextChoices):
    """What became of what somebody of the public sent."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class Role(models.TextChoices):
    """In a team. Each may what those before it may."""

    MEMBER = "member"
    REVIEWER = "reviewer"
    LEAD = "lead"
