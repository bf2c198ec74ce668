"""All that the page of one incident rests on, as known now or then, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import BigIntegerField, Case, F, Q, QuerySet, TextField, Value, When
from django.db.models.functions import JSONObject
from django.utils import timezone

from incidents.choices import HitGrade, PublisherKind, VerdictKind
from incidents.hits import HitRuling
from incidents.models import Account, Claim, Impact, Incident, Post, Report, Verdict
from incidents.prepared import Given, IsAnyOf, Prepared, given_list
from incidents.quoting import Claims
from incidents.recalling import CLAIM, hit_ruling, said_by_person, said_of, teller_of, value_ruling
from incidents.telling import Said, Teller, Told
from nlp.document import INCIDENT, Field

AnnotatedReport = Any
"""A Report that knows which of its accounts are `held` here: key, strength and incident of each."""
AnnotatedPost = Any
"""A Post with the `words` of it that may be shown: of news none."""

INCIDENT_GIVEN = Given("incident", BigIntegerField())
INCIDENTS_GIVEN = given_list("incidents", BigIntegerField())


@dataclass(slots=True)
class Dossier:
    """`at` None: now. Incidents are those of the page and, of a provider's, the hit organisations' own.

    `claims` and `posts` are those that stood then, `all_posts` every wording; `reports` also the cited pages.
    """

    incident: Incident
    at: datetime | None
    impacts: list[Impact]
    upstream: list[Impact]
    reports: list[AnnotatedReport]
    posts: list[AnnotatedPost]
    all_posts: list[AnnotatedPost]
    all_claims: list[Claim]
    verdicts: list[Verdict]
    tellers: dict[int, list[Teller]] = field(default_factory=dict)

    @property
    def claims(self) -> Claims:
        """Of the incident itself, by subject and field, the surest first; those no longer made as well."""
        found: Claims = defaultdict(list)
        for claim in self.all_claims:
            about = claim.account.incident_id if claim.account else self.incident.pk
            if about == self.incident.pk and (self.at is None or claim.seen_at <= self.at):
                found[claim.subject, claim.field].append(claim)
        return found

    def own_words(self, incident: int | None) -> list[Claim]:
        """What an organisation's own incident says of it and of whom it blames, the blame first."""
        said = [
            claim
            for claim in self.all_claims
            if claim.account and incident and claim.account.incident_id == incident != self.incident.pk
            if self.at is None or claim.seen_at <= self.at
            if claim.field == Field.PROVIDER or claim.subject != INCIDENT
        ]
        return sorted(said, key=lambda claim: claim.field != Field.PROVIDER)

    @property
    def given(self) -> list[Claim]:
        """Values that people gave in their own names."""
        return [claim for claim in self.all_claims if claim.account is None]

    def told(self, incident: Incident) -> Told:
        """What `conclude` reads: as `recalling.recall` would give it."""
        tellers = {teller.account: teller for teller in self.tellers.get(incident.pk, ())}
        return Told(
            owner=incident.owner,
            tellers=tuple(tellers.values()),
            claims=tuple(self.said(incident, tellers)),
            rulings=tuple(value_ruling(one) for one in self.rulings(VerdictKind.VALUE)),
        )

    def said(self, incident: Incident, tellers: dict[str, Teller]) -> list[Said]:
        found = []
        for claim in self.all_claims:
            if claim.account and claim.account.incident_id == incident.pk:
                values = (getattr(claim, name) for name in CLAIM)
                found.append(said_of(tellers[claim.account.key], *values))
            elif claim.account is None and incident.pk == self.incident.pk:
                found.append(said_by_person(claim))
        return found

    def rulings(self, kind: VerdictKind) -> list[Verdict]:
        """People's words on the incident that held then."""
        return [one for one in self.verdicts if one.kind == kind and one.incident_id and self.held(one)]

    def held(self, verdict: Verdict) -> bool:
        if self.at is None:
            return verdict.retracted_at is None
        taken_back = verdict.retracted_at is not None and verdict.retracted_at <= self.at
        return verdict.made_at <= self.at and not taken_back

    @property
    def hit_rulings(self) -> list[HitRuling]:
        return [hit_ruling(one) for one in self.rulings(VerdictKind.HIT) if one.organisation]


def load(incident: Incident, at: datetime | None = None) -> Dossier:
    """Seven queries."""
    impacts = IMPACTS.rows(incident=incident.pk)
    mine = [impact for impact in impacts if impact.incident_id == incident.pk]
    beside = {impact.own_incident_id for impact in mine if impact.own_incident_id and is_told(impact)}
    ids = {incident.pk, *beside}
    claims = claims_of(incident, ids)
    reports = reports_of(incident, ids, claims)
    tie(claims, reports)
    posts = posts_of(reports)
    dossier = Dossier(
        incident=incident,
        at=at,
        impacts=mine,
        upstream=[impact for impact in impacts if impact.own_incident_id == incident.pk],
        reports=reports,
        posts=[post for post in posts if stood(post.seen_at, post.gone_at, at)],
        all_posts=posts,
        all_claims=claims,
        verdicts=verdicts_on(incident, reports),
    )
    dossier.tellers = tellers_in(reports, posts, at)
    if at is not None:
        seen = {
            teller.report for found in dossier.tellers.values() for teller in found if teller.seen_at <= at
        }
        dossier.reports = [report for report in reports if report.key in seen]
    return dossier


def is_told(impact: Impact) -> bool:
    """An outage that only falls together with this one is no part of its story."""
    return (
        impact.grade not in {HitGrade.OVERLAP, HitGrade.DECLARED_AND_OVERLAP} or impact.status == "accepted"
    )


def stood(seen_at: datetime, gone_at: datetime | None, at: datetime | None) -> bool:
    if at is None:
        return gone_at is None
    return seen_at <= at and (gone_at is None or at < gone_at)


def impacts_on() -> QuerySet[Any]:
    found: QuerySet[Any] = (
        Impact.objects.filter(Q(incident=INCIDENT_GIVEN) | Q(own_incident=INCIDENT_GIVEN))
        .select_related("organisation", "own_incident", "incident__provider")
        .defer("own_incident__shown", "incident__shown")
        .order_by("pk")
    )
    return found


IMPACTS = Prepared(impacts_on)


def claims_of(incident: Incident, ids: Collection[int]) -> list[Claim]:
    """Claims of the accounts, and people's own, with their sentences cut out by the database."""
    return CLAIMS.rows(incident=incident.pk, incidents=[*ids])


def claims_on() -> QuerySet[Any]:
    numbers = Incident.objects.filter(Q(pk=INCIDENT_GIVEN) | Q(shown_as=INCIDENT_GIVEN)).values("pk")
    of_accounts = Claim.objects.filter(
        IsAnyOf(F("account__incident"), INCIDENTS_GIVEN), account__is_gone=False
    ).values("pk")
    of_people = Claim.objects.filter(incident__in=numbers).values("pk")
    # Two lists joined, and few tables: with "or" between the tables, or with more of them than the planner
    # puts in order (join_collapse_limit), every claim of the record would be looked at.
    found: QuerySet[Any] = (
        Claim.objects.filter(pk__in=of_accounts.union(of_people, all=True))
        .select_related("account", "person")
        .defer("account__profile", "account__tokens", "account__window")
        .annotate(said_at=F("post__said_at"))
        .with_sentences()
        .order_by("-confidence", "seen_at", "pk")
    )
    return found


CLAIMS = Prepared(claims_on)


def tie(claims: Iterable[Claim], reports: Iterable[AnnotatedReport]) -> None:
    """Each claim's account knows its report: read once, not once a claim."""
    by_id = {report.pk: report for report in reports}
    for claim in claims:
        if claim.account:
            claim.account.report = by_id[claim.account.report_id]


def reports_of(incident: Incident, ids: Collection[int], claims: Collection[Claim]) -> list[AnnotatedReport]:
    """The reports that tell of it, with their accounts, and the pages that they cite; dated ones first."""
    cited = {
        f"web:{claim.key}"
        for claim in claims
        if (claim.subject, claim.field) == (INCIDENT, Field.LINK)
        if claim.account and claim.account.incident_id == incident.pk
    }
    return REPORTS.rows(incidents=[*ids], cited=[*cited])


def reports_telling() -> QuerySet[Any]:
    account = JSONObject(
        key="accounts__key", is_strong="accounts__is_strong", incident="accounts__incident_id"
    )
    held = Q(IsAnyOf(F("accounts__incident"), INCIDENTS_GIVEN), accounts__is_gone=False)
    tell = Report.objects.filter(held).values("pk")
    cited = Report.objects.filter(IsAnyOf(F("key"), given_list("cited", TextField()))).values("pk")
    found: QuerySet[Any] = (
        Report.objects.filter(pk__in=tell.union(cited, all=True))
        .select_related("source__provider", "source__organisation")
        .annotate(held=JSONBAgg(account, filter=held, default=Value([])))
        .order_by("published_at", "-is_read", "title", "pk")
    )
    return found


REPORTS = Prepared(reports_telling)


def posts_of(reports: Collection[AnnotatedReport]) -> list[AnnotatedPost]:
    """Every wording; of news without its text."""
    press = [report.pk for report in reports if report.source.publisher_kind == PublisherKind.PRESS]
    return POSTS.rows(press=press, reports=[report.pk for report in reports])


def wordings() -> QuerySet[Any]:
    is_press = IsAnyOf(F("report"), given_list("press", BigIntegerField()))
    words = Case(When(is_press, then=Value("")), default=F("text"), output_field=TextField())
    told: QuerySet[Any] = Post.objects.filter(IsAnyOf(F("report"), given_list("reports", BigIntegerField())))
    told = told.defer("text").annotate(words=words)
    return told.order_by("said_at", "report", "position", "revision")


POSTS = Prepared(wordings)


def verdicts_on(incident: Incident, reports: Collection[AnnotatedReport]) -> list[Verdict]:
    keys = {one["key"] for report in reports for one in report.held if one["incident"] == incident.pk}
    mine = {report.key for report in reports if any(one["incident"] == incident.pk for one in report.held)}
    return VERDICTS.rows(incident=incident.pk, keys=[*keys], keys_and_reports=[*keys, *mine])


def verdicts_about() -> QuerySet[Any]:
    on_it = Q(incident=INCIDENT_GIVEN) | Q(incident__shown_as=INCIDENT_GIVEN)
    on_a = IsAnyOf(F("a"), given_list("keys", TextField()))
    on_b = IsAnyOf(F("b"), given_list("keys_and_reports", TextField()))
    found = Verdict.objects.filter(on_it | Q(on_a) | Q(on_b))
    return found.select_related("person", "retracted_by", "organisation")


VERDICTS = Prepared(verdicts_about)


def tellers_in(
    reports: Collection[AnnotatedReport], posts: Collection[AnnotatedPost], at: datetime | None
) -> dict[int, list[Teller]]:
    spoke: dict[int, list[datetime]] = defaultdict(list)
    for post in posts:
        if post.said_at:
            spoke[post.report_id].append(post.said_at)
    found: dict[int, list[Teller]] = defaultdict(list)
    now = at or timezone.now()
    for report in reports:
        for one in sorted(report.held, key=lambda one: one["key"]):
            account = Account(key=one["key"], is_strong=one["is_strong"], report=report)
            found[one["incident"]].append(teller_of(account, spoke[report.pk], now))
    return found
