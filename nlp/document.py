"""What goes into extraction and what comes out: frozen, free of Django, the same for every kind of text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DocumentKind(StrEnum):
    """Who speaks: it decides how a sentence without a subject is read."""

    PROVIDER_STATUS = "provider-status"
    EXCHANGE_STATUS = "exchange-status"
    NEWS = "news"
    PIR = "pir"


class Relevance(StrEnum):
    PROVIDER_INCIDENT = "provider-incident"
    EXCHANGE_INCIDENT = "exchange-incident"
    OTHER_OUTAGE = "other-outage"
    NOT_AN_OUTAGE = "not-an-outage"


class Precision(StrEnum):
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Cause(StrEnum):
    """Root causes; the words are the design's."""

    CONFIGURATION_CHANGE = "configuration-change"
    SOFTWARE_BUG = "software-bug"
    DEPLOYMENT = "deployment"
    DNS = "dns"
    NETWORK = "network"
    POWER = "power"
    COOLING = "cooling"
    HARDWARE = "hardware"
    CAPACITY_OVERLOAD = "capacity-overload"
    DEPENDENCY = "dependency"
    SECURITY_DDOS = "security-ddos"
    CERTIFICATE_EXPIRY = "certificate-expiry"
    HUMAN_ERROR = "human-error"
    NATURAL_EVENT = "natural-event"
    MAINTENANCE = "maintenance"
    UNKNOWN = "unknown"


class Severity(StrEnum):
    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"
    NONE = "none"
    MAINTENANCE = "maintenance"
    UNKNOWN = "unknown"


class Phase(StrEnum):
    """The last stage that a text reaches."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    POSTMORTEM = "postmortem"


class Symptom(StrEnum):
    ERROR = "error"
    UNAVAILABLE = "unavailable"
    DELAY = "delay"
    DEGRADED = "degraded"
    OTHER = "other"


class Impairment(StrEnum):
    """What stopped working at an organisation that was hit."""

    LOGIN = "login"
    SPOT = "spot"
    DERIVATIVES = "derivatives"
    DEPOSITS = "deposits"
    WITHDRAWALS = "withdrawals"
    API = "api"
    MARKET_DATA = "market-data"
    FIAT = "fiat"


class EntityKind(StrEnum):
    PROVIDER = "provider"
    REGION = "region"
    SERVICE = "service"
    ORGANISATION = "organisation"


class Role(StrEnum):
    """What a mention does in its clause. Only AFFECTED makes a victim."""

    AFFECTED = "affected"
    NOT_AFFECTED = "not-affected"
    HOST = "host"
    SOURCE = "source"
    PAST = "past"
    MENTIONED = "mentioned"


class Field(StrEnum):
    """What a fact is about. Several values may hold at once for those marked (set)."""

    RELEVANCE = "relevance"
    PROVIDER = "provider"  # (set) slug: aws
    REGION = "region"  # (set) slug: aws:us-east-1
    SERVICE = "service"  # (set) slug: aws:dynamodb
    STARTED_AT = "started_at"
    ENDED_AT = "ended_at"
    NOT_BEFORE = "not_before"  # a bound: the first word of it was said then, or later
    DURATION = "duration"  # whole minutes
    CAUSE = "cause"
    TRIGGER = "trigger"  # the sentence's own words
    SEVERITY = "severity"
    SEVERITY_WORD = "severity_word"  # the source's own word
    PHASE = "phase"
    SYMPTOM = "symptom"  # (set)
    TITLE = "title"
    NATIVE_ID = "native_id"  # (set) arn, tracking id, Statuspage code, Google id
    LINK = "link"  # (set) canonical URL of another page about the same event, or about whom it hit
    IMPACT = "impact"  # subject organisation: affected | not-affected
    IMPAIRMENT = "impairment"  # (set) subject organisation
    OTHER_CAUSE = "other_cause"  # subject organisation: a stated cause that is no provider's failure
    DEPENDS_ON = "depends_on"  # (set) subject organisation; value: slug of what it stands on
    NO_LONGER_DEPENDS_ON = "no_longer_depends_on"  # (set) subject organisation


SET_FIELDS = frozenset(
    {
        Field.PROVIDER,
        Field.REGION,
        Field.SERVICE,
        Field.SYMPTOM,
        Field.NATIVE_ID,
        Field.LINK,
        Field.IMPAIRMENT,
        Field.DEPENDS_ON,
        Field.NO_LONGER_DEPENDS_ON,
    }
)


class Origin(StrEnum):
    """Where a fact was read."""

    STRUCTURED = "structured"  # a field of the source that means this very thing
    TEXT = "text"  # a sentence
    CATALOGUE = "catalogue"
    PERSON = "person"


UNKNOWN_NAME = "unknown-name"
"""The rule of a fact that names a region or service by a code that the vocabulary lacks."""

COUNTED = "start:counted"
"""The rule of a start that a text only counts from another event ("ten days later"): about that day."""

INCIDENT = "incident"
"""The subject of a fact about the incident itself; else `organisation:<slug>`."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that prove a fact, or the structured field it was read from.

    `passage` is the index into `Document.passages`; None with offsets means the title.
    `path` names a structured field ("updates[3].affected_locations[0].id") and has no offsets.
    """

    passage: int | None = None
    start: int | None = None
    end: int | None = None
    path: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that one account says. `key` is the normalised value: equal keys are one value.

    Times are ISO 8601 in UTC in `value` ("2025-10-20T06:48:00+00:00"), cut to the precision in
    `key` ("2025-10-20T06:48", "2025-10-20"). `confidence` is 0 to 1.
    """

    field: Field
    value: str
    key: str
    evidence: Evidence
    rule: str
    subject: str = INCIDENT
    origin: Origin = Origin.TEXT
    confidence: float = 1.0
    precision: Precision | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """One post as stored: plain text, and when it was said (aware, UTC) where the source stamps it."""

    text: str
    said_at: datetime | None = None
    status: str = ""  # the source's own word: "Investigating", "Resolved"


@dataclass(frozen=True, slots=True)
class Document:
    """A text to be read. `passages` run from the first post to the last.

    `provider` and `organisation` are slugs of whose voice this is, where the source is known to be one's
    own record; `facts` are what structured fields already said, which text may add to, never overwrite.
    """

    key: str
    kind: DocumentKind
    passages: tuple[Passage, ...]
    title: str = ""
    published_at: datetime | None = None
    url: str = ""
    provider: str = ""
    organisation: str = ""
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """A name found in the text, in its role. `slug` is empty for an unknown name in a list of victims."""

    kind: EntityKind
    slug: str
    evidence: Evidence
    text: str
    role: Role
    rule: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class FoundTime:
    """A time expression with what it resolved to; `end_at` only for a range. Shown on /explain/."""

    evidence: Evidence
    text: str
    at: datetime
    precision: Precision
    rule: str
    end_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AccountOf:
    """What the text says about ONE incident.

    `slot` is empty for the main one; a further one's is made from content ("aws/2025-10-20"), never from
    its position. `provider` or `organisation` owns the incident: the first for a provider's outage, the
    second for an organisation's own.
    """

    slot: str
    relevance: Relevance
    facts: tuple[Fact, ...]
    provider: str = ""
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that one document says. `accounts[0]` is the main subject; none where it tells of no outage and
    states nothing else."""

    relevance: Relevance
    accounts: tuple[AccountOf, ...]
    mentions: tuple[Mention, ...] = ()
    times: tuple[FoundTime, ...] = ()
    unknown_names: tuple[Mention, ...] = ()
    version: str = ""
