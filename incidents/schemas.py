"""The shapes of the read API: what may be asked, and what is answered. Change them only by adding."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import AfterValidator

CAP = 100


def in_utc(at: datetime) -> datetime:
    """PostgreSQL takes no zone beyond sixteen hours; before the first and after the last day is no moment."""
    try:
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except OverflowError as error:
        raise ValueError("beyond all time") from error


Name = Annotated[str, Field(max_length=300, pattern=r"^[^\x00]*$")]
"""What a row may be called by: PostgreSQL takes no NUL, not even to say that nothing is called so."""


Instant = Annotated[datetime, AfterValidator(in_utc)]


class IncidentQuery(Schema):
    """The filters of the pages; those that are lists may be given several times."""

    provider: list[str] = Field(default=[], description="slugs: aws, azure, gcp")
    region: list[str] = Field(default=[], description="slugs: aws:us-east-1")
    service: list[str] = Field(default=[], description="slugs: aws:dynamodb")
    exchange: list[str] = Field(default=[], description="organisations hit, or whose own incident it is")
    severity: list[str] = []
    cause: list[str] = []
    status: list[str] = []
    end: list[str] = Field(default=[], description="known, bounded, unknown, ongoing")
    compare: list[str] = Field(default=[], description="any of: region:aws:us-east-1, exchange:coinbase")
    postmortem: str = Field(default="", description="yes: a published post-mortem tells of it; no: none does")
    hits: str = Field(default="", description="yes: reached an organisation; no: none known")
    q: str = Field(default="", description="words of title and summary, or a number")
    since: str = Field(default="", description="year, month, day or minute in UTC")
    until: str = Field(default="", description="the same; all of it counts")
    updated_since: Instant | None = Field(default=None, description="changed in this record since then")


class Paging(Schema):
    after: Name = Field(default="", description="`next` of the page before")
    limit: int = Field(default=50, ge=1, le=CAP)


class IncidentOut(Schema):
    """`duration_minutes` only where both ends are known: a bound is no end."""

    id: str
    url: str
    title: str
    provider: str | None
    organisation: str | None
    severity: str
    severity_word: str
    status: str
    cause: str
    started_at: datetime | None
    start_precision: str
    start_is_bound: bool
    ended_at: datetime | None
    end_precision: str
    end_state: str
    duration_minutes: int | None
    first_public_at: datetime | None
    is_maintenance: bool
    regions: list[str]
    services: list[str]
    symptoms: list[str]
    hit: list[str]
    report_count: int
    publisher_count: int
    opened_at: datetime
    changed_at: datetime


class ImpactOut(Schema):
    organisation: str
    name: str
    grade: str
    status: str
    impairments: list[str]
    started_at: datetime | None
    ended_at: datetime | None
    reasons: list[Any]
    own_incident: str | None


class PostOut(Schema):
    said_at: datetime | None
    status: str
    text: str


class ReportOut(Schema):
    """Of news no posts are given: title, link, date, and the sentences in `claims`."""

    key: str
    source: str
    publisher: str
    kind: str
    url: str
    title: str
    published_at: datetime | None
    first_seen_at: datetime
    is_read: bool
    posts: list[PostOut]


class ClaimOut(Schema):
    """`sentence` is cut to 300 characters; `gone_at` is when a later revision no longer said so."""

    subject: str
    field: str
    value: str
    key: str
    precision: str
    report: str
    origin: str
    rule: str
    confidence: float
    seen_at: datetime
    gone_at: datetime | None
    path: str
    sentence: str


class IncidentDetail(IncidentOut):
    values: list[dict[str, Any]]
    impacts: list[ImpactOut]
    reports: list[ReportOut]
    claims: list[ClaimOut]


class OrganisationOut(Schema):
    slug: str
    name: str
    kind: str
    url: str
    status_url: str
    notes: str


class ProofOut(Schema):
    publisher: str
    about: str
    grade: str
    confidence: str
    url: str
    sentence: str
    known_at: datetime | None


class DependencyOut(Schema):
    """`target` is kind:slug. Edges of one `redundancy_group` are an any-of: one of them is enough."""

    id: int
    organisation: str
    relation: str
    target: str
    redundancy_group: str
    ended_on: str | None
    note: str
    proofs: list[ProofOut]


class SourceOut(Schema):
    slug: str
    name: str
    publisher: str
    publisher_kind: str
    url: str
    state: str
    state_reason: str
    last_read_at: datetime | None
    last_changed_at: datetime | None


class IncidentPage(Schema):
    items: list[IncidentOut]
    next: str | None


class OrganisationPage(Schema):
    items: list[OrganisationOut]
    next: str | None


class DependencyPage(Schema):
    items: list[DependencyOut]
    next: str | None


class SourcePage(Schema):
    items: list[SourceOut]
    next: str | None
