"""Plain makers of what a test is about; a test names just the fields that it looks at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from incidents.choices import OrganisationKind, PublisherKind, VerdictKind
from incidents.models import (
    Impact,
    Incident,
    Membership,
    Organisation,
    Postmortem,
    Provider,
    Report,
    Source,
    Team,
    User,
    Verdict,
)
from incidents.postmortems.choices import ReviewVerdict
from incidents.postmortems.collecting import document_of
from incidents.postmortems.documents import Document, DocumentSection
from incidents.postmortems.filing import file_document
from incidents.postmortems.moving import move, review
from incidents.postmortems.transitions import Act
from incidents.readings import amend_reading
from incidents.reports import NewAccount, NewPost, NewReport
from nlp.document import DocumentKind, Evidence, Fact, Field, Origin, Precision, Relevance

NOON = datetime(2025, 10, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
KEY_LENGTH = {Precision.MINUTE: 16, Precision.HOUR: 13, Precision.DAY: 10, Precision.MONTH: 7}


def make_fact(field: Field, value: str, **fields: Any) -> Fact:
    settings: dict[str, Any] = {"key": value, "evidence": Evidence(path=str(field)), "rule": "test"}
    return Fact(field=field, value=value, **settings | {"origin": Origin.STRUCTURED} | fields)


def make_time(field: Field, at: datetime, precision: Precision = Precision.MINUTE, **fields: Any) -> Fact:
    key = at.isoformat()[: KEY_LENGTH[precision]]
    return make_fact(field, at.isoformat(), **{"key": key, "precision": precision} | fields)


def make_impact(organisation: str, impact: str = "affected", **fields: Any) -> Fact:
    return make_fact(Field.IMPACT, impact, **{"subject": f"organisation:{organisation}"} | fields)


def make_post(
    text: str = "We are looking into errors.", said_at: datetime | None = NOON, **fields: Any
) -> NewPost:
    return NewPost(**{"ref": "1", "text": text, "said_at": said_at, "seen_at": said_at or NOON} | fields)


def make_account(*facts: Fact, **fields: Any) -> NewAccount:
    settings: dict[str, Any] = {"slot": "", "is_strong": True, "relevance": Relevance.PROVIDER_INCIDENT}
    if "organisation" in fields:
        settings |= {"relevance": Relevance.EXCHANGE_INCIDENT}
    else:
        settings |= {"provider": "aws"}
    return NewAccount(facts=facts, **settings | fields)


def make_report(key: str = "aws-rss:1", *facts: Fact, **fields: Any) -> NewReport:
    """A provider's report with one account of those facts, started at noon unless told otherwise."""
    said_at = fields.pop("said_at", NOON)
    regions = fields.pop("regions", ["aws:us-east-1"])
    if "accounts" not in fields:
        start = (
            ()
            if any(fact.field == Field.STARTED_AT for fact in facts)
            else (make_time(Field.STARTED_AT, said_at),)
        )
        places = tuple(make_fact(Field.REGION, region) for region in regions)
        fields["accounts"] = (make_account(*facts, *start, *places),)
    settings: dict[str, Any] = {
        "source": "aws-status",
        "kind": DocumentKind.PROVIDER_STATUS,
        "url": "https://status.aws.example/",
        "title": "Increased error rates",
        "posts": (make_post(said_at=said_at),),
        "captured_at": said_at,
        "published_at": said_at,
    }
    return NewReport(key=key, **settings | fields)


def make_source(slug: str = "aws-status", **fields: Any) -> Source:
    """A provider's source by default; `provider` and `organisation` may be slugs."""
    kind = fields.pop("publisher_kind", PublisherKind.PROVIDER)
    provider = fields.pop("provider", "aws" if kind == PublisherKind.PROVIDER else "")
    organisation = fields.pop("organisation", "")
    settings = {"name": slug, "publisher": slug, "publisher_kind": kind}
    if provider:
        settings["provider"] = make_provider(provider)
    if organisation:
        settings["organisation"] = make_organisation(organisation)
    source, _ = Source.objects.get_or_create(slug=slug, defaults=settings | fields)
    return source


def make_provider(slug: str = "aws", **fields: Any) -> Provider:
    provider, _ = Provider.objects.get_or_create(slug=slug, defaults={"name": slug.upper()} | fields)
    return provider


def make_organisation(slug: str = "coinbase", **fields: Any) -> Organisation:
    settings = {"name": slug.title(), "kind": OrganisationKind.EXCHANGE}
    organisation, _ = Organisation.objects.get_or_create(slug=slug, defaults=settings | fields)
    return organisation


def make_user(username: str = "ada", **fields: Any) -> User:
    return User.objects.create(username=username, **{"is_analyst": True} | fields)


def make_team(slug: str = "matching", **roles: str) -> Team:
    """A team with people of those usernames: `make_team(ada="lead", ben="member")`."""
    team, _ = Team.objects.get_or_create(slug=slug, defaults={"name": slug.title()})
    for username, role in roles.items():
        user = User.objects.filter(username=username).first() or make_user(username, is_analyst=False)
        Membership.objects.create(team=team, user=user, role=role)
    return team


def keep(*reports: NewReport) -> set[str]:
    """Keep reports of one state each; sources that are missing are made, a provider's own by default."""
    for slug in {report.source for report in reports}:
        if not Source.objects.filter(slug=slug).exists():
            make_source(slug)
    return Report.objects.keep_all([report] for report in reports)


def amend_fact(
    report: str, person: User, field: Field, key: str, *, accepts: bool, subject: str = ""
) -> Verdict:
    """A person's word on what a report's only account states."""
    what = {"field": field, "value_key": key, "accepts": accepts, "subject": subject}
    return amend_reading(VerdictKind.FACT, report, report, person, **what)


def make_incident(slug: str = "INC-2025-0001", **fields: Any) -> Incident:
    """AWS's, in us-east-1, from noon to two; `organisation` makes it an organisation's own instead."""
    owner: dict[str, Any] = {"provider": make_provider("aws")}
    if "provider" in fields:
        owner = {"provider": make_provider(fields.pop("provider"))}
    if "organisation" in fields:
        owner = {"organisation": make_organisation(fields.pop("organisation"))}
    settings: dict[str, Any] = {
        "title": "Increased error rates",
        "severity": "major",
        "status": "resolved",
        "started_at": NOON,
        "start_precision": "minute",
        "ended_at": NOON + 2 * HOUR,
        "end_precision": "minute",
        "end_state": "known",
        "regions": ["aws:us-east-1"],
    }
    settings |= owner | fields
    if settings["end_state"] in {"unknown", "ongoing"}:
        settings |= {"ended_at": None, "end_precision": ""}
    start, end = settings["started_at"], settings["ended_at"]
    if start and "window" not in settings:
        is_open = settings["end_state"] == "ongoing"
        settings["window"] = DateTimeTZRange(
            start, None if is_open else end or start, "[)" if is_open else "[]"
        )
    return Incident.objects.create(slug=slug, **settings)


def make_hit(incident: Incident, organisation: str = "coinbase", **fields: Any) -> Impact:
    """The incident reached an organisation, by its own word; the incident's list of hits says so, too."""
    settings: dict[str, Any] = {"grade": "stated-by-organisation", "status": "shown"} | fields
    hit = Impact.objects.create(incident=incident, organisation=make_organisation(organisation), **settings)
    if hit.status in {"shown", "accepted"}:
        incident.hit = [*incident.hit, organisation]
        incident.save()
    return hit


def make_postmortem(
    title: str = "Orders stood still", *, team: Team | None = None, **fields: Any
) -> Postmortem:
    """A draft of a member, Ada by default, of the team `matching`, with a summary and a root cause."""
    team = team or make_team("matching")
    ada = fields.pop("author", None) or User.objects.filter(username="ada").first()
    ada = ada or make_user("ada", is_analyst=False)
    if not team.memberships.filter(user=ada).exists():
        Membership.objects.create(team=team, user=ada, role="member")
    sections = fields.pop("sections", {"summary": "Nothing could be traded.", "root-cause": "One region."})
    document = Document(
        uid=str(uuid4()),
        title=title,
        sections=tuple(
            DocumentSection(kind, kind.replace("-", " ").capitalize(), body)
            for kind, body in sections.items()
        ),
    )
    postmortem, _ = file_document(document, team=team, person=ada)
    postmortem.authors.add(ada)
    for name, value in fields.items():
        setattr(postmortem, name, value)
    postmortem.save()
    return postmortem


def make_published(visibility: str = "public", **fields: Any) -> Postmortem:
    """The same, approved by a reviewer and published."""
    postmortem = make_postmortem(visibility=visibility, **fields)
    ben = User.objects.filter(username="ben").first() or make_user("ben", is_analyst=False)
    Membership.objects.get_or_create(team=postmortem.team, user=ben, defaults={"role": "reviewer"})
    ada = postmortem.authors.get()
    move(postmortem, Act.SUBMIT, person=ada)
    approve(postmortem, ben)
    return move(postmortem, Act.PUBLISH, person=ada)


def approve(postmortem: Postmortem, person: User) -> None:
    """A reviewer approves the words as they are now."""
    digest = document_of(Postmortem.objects.get(pk=postmortem.pk)).digest
    review(postmortem, ReviewVerdict.APPROVE, person=person, checklist=[], note="", digest=digest)
