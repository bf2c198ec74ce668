"""What the record holds of incidents, as the pure steps read it: one query a table for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from incidents.choices import PublisherKind, VerdictKind
from incidents.hits import HitRuling
from incidents.models import Account, Claim, Incident, Post, Source, Verdict
from incidents.telling import Listing, Said, Teller, Told, ValueRuling
from nlp.document import INCIDENT, DocumentKind, Field, Origin, Precision

TOLD = (
    *("key", "is_strong", "incident", "report__key", "report__source", "report__kind", "report__title"),
    *("report__published_at", "report__first_seen_at", "report__is_maintenance"),
    *("report__last_listed_at", "report__unlisted_at"),
)
READINGS_MISSED = 3
"""A source that was not read for so many of its intervals says nothing of now."""


def recall(
    incidents: Collection[Incident], now: datetime | None = None, among: QuerySet[Claim] | None = None
) -> dict[int, Told]:
    """All that is told of each of these live incidents, by its id; or only claims `among` the given, with who
    makes them.
    """
    now = now or timezone.now()
    numbers = numbers_of(incidents)
    tellers = tellers_of(incidents, now, among)
    among = Claim.objects.all() if among is None else among
    claims: dict[int, list[Said]] = defaultdict(list)
    for incident, said in (*said_by_reports(tellers, among), *said_by_persons(numbers, among)):
        claims[incident].append(said)
    rulings = value_rulings(numbers)
    return {
        incident.pk: Told(
            owner=incident.owner,
            tellers=tuple(teller for _, teller in tellers[incident.pk]),
            claims=tuple(claims[incident.pk]),
            rulings=tuple(rulings[incident.pk]),
        )
        for incident in incidents
    }


def numbers_of(incidents: Collection[Incident]) -> dict[int, int]:
    """Of every number that leads to one of these: where it leads. Words said under any of them hold."""
    redirects = Incident.objects.filter(shown_as__in=incidents).values_list("pk", "shown_as")
    return {**dict(redirects), **{incident.pk: incident.pk for incident in incidents}}


def tellers_of(
    incidents: Iterable[Incident], now: datetime, among: QuerySet[Claim] | None = None
) -> dict[int, list[tuple[int, Teller]]]:
    """By incident: the ids of its accounts with who speaks in them, or of those with claims `among` these."""
    accounts = Account.objects.filter(incident__in=incidents, is_gone=False).order_by("key")
    if among is not None:
        accounts = accounts.filter(Exists(among.filter(account=OuterRef("pk"))))
    told = list(accounts.select_related("report").only(*TOLD))
    spoke = spoken_at({account.report_id for account in told})
    # Few sources speak in many reports: one row each, not one beside every account.
    sources = Source.objects.select_related("provider", "organisation")
    speaking = sources.in_bulk({account.report.source_id for account in told})
    found: dict[int, list[tuple[int, Teller]]] = defaultdict(list)
    for account in told:
        account.report.source = speaking[account.report.source_id]
        teller = teller_of(account, spoke[account.report_id], now)
        found[account.incident_id or 0].append((account.pk, teller))
    return found


def spoken_at(reports: Collection[int]) -> dict[int, list[datetime]]:
    """By report: when its posts were said, as far as the source stamps them."""
    found: dict[int, list[datetime]] = defaultdict(list)
    posts = Post.objects.filter(report__in=reports).exclude(said_at=None)
    for report, said_at in posts.values_list("report_id", "said_at"):
        found[report].append(said_at)
    return found


def teller_of(account: Account, spoke: list[datetime], now: datetime) -> Teller:
    report, source = account.report, account.report.source
    return Teller(
        account=account.key,
        report=report.key,
        publisher=source.publisher,
        publisher_kind=PublisherKind(source.publisher_kind),
        document=DocumentKind(report.kind),
        seen_at=min([report.first_seen_at, *spoke, *([report.published_at] if report.published_at else [])]),
        speaker=source.speaker,
        title=report.title,
        is_strong=account.is_strong,
        is_maintenance=report.is_maintenance,
        spoke=tuple(sorted(set(spoke))),
        listing=listing_of(report.last_listed_at, report.unlisted_at, source, now),
    )


def listing_of(
    last_listed_at: datetime | None, unlisted_at: datetime | None, source: Source, now: datetime
) -> Listing | None:
    """None for an archive, and for what was never listed by a source that is read again and again."""
    if last_listed_at is None or source.interval is None:
        return None
    fresh_until = (source.last_read_at or last_listed_at) + READINGS_MISSED * source.interval
    return Listing(
        unlisted_at=unlisted_at,
        lists_only_open=source.lists_only_open,
        fresh_until=fresh_until,
        is_fresh=now <= fresh_until,
    )


CLAIM = (
    *("subject", "field", "value", "key", "precision"),
    *("origin", "confidence", "rule", "seen_at", "gone_at"),
)


def said_by_reports(
    tellers: dict[int, list[tuple[int, Teller]]], among: QuerySet[Claim]
) -> Iterable[tuple[int, Said]]:
    homes = {pk: (incident, teller) for incident, found in tellers.items() for pk, teller in found}
    for account, *row in among.filter(account__in=homes).values_list("account_id", *CLAIM):
        incident, teller = homes[account]
        yield incident, said_of(teller, *row)


def said_by_persons(numbers: dict[int, int], among: QuerySet[Claim]) -> Iterable[tuple[int, Said]]:
    for claim in among.filter(incident__in=numbers).select_related("person"):
        yield numbers[claim.incident_id or 0], said_by_person(claim)


def said_by_person(claim: Claim) -> Said:
    person = Teller(
        account=f"person:{claim.person_id}",
        report="",
        publisher=f"{claim.person}",
        publisher_kind=PublisherKind.PERSON,
        document=DocumentKind.NEWS,
        seen_at=claim.seen_at,
    )
    return said_of(person, *(getattr(claim, name) for name in CLAIM))


def said_of(
    teller: Teller,
    subject: str,
    field: str,
    value: str,
    key: str,
    precision: str,
    origin: str,
    confidence: float,
    rule: str,
    seen_at: datetime,
    gone_at: datetime | None,
) -> Said:
    return Said(
        teller=teller,
        field=Field(field),
        value=value,
        key=key,
        seen_at=seen_at,
        gone_at=gone_at,
        subject=subject,
        precision=Precision(precision) if precision else None,
        origin=Origin(origin),
        confidence=confidence,
        rule=rule,
    )


def value_rulings(numbers: dict[int, int]) -> dict[int, list[ValueRuling]]:
    found: dict[int, list[ValueRuling]] = defaultdict(list)
    verdicts = Verdict.objects.standing().filter(kind=VerdictKind.VALUE, incident__in=numbers)
    for verdict in verdicts.select_related("organisation"):
        found[numbers[verdict.incident_id or 0]].append(value_ruling(verdict))
    return found


def value_ruling(verdict: Verdict) -> ValueRuling:
    return ValueRuling(
        subject=f"organisation:{verdict.organisation.slug}" if verdict.organisation else INCIDENT,
        field=Field(verdict.field),
        key=verdict.value_key,
        accepts=verdict.accepts,
        made_at=verdict.made_at,
        order=verdict.pk,
    )


def hit_rulings(numbers: dict[int, int]) -> dict[int, list[HitRuling]]:
    found: dict[int, list[HitRuling]] = defaultdict(list)
    verdicts = Verdict.objects.standing().filter(kind=VerdictKind.HIT, incident__in=numbers)
    for verdict in verdicts.exclude(organisation=None).select_related("organisation"):
        found[numbers[verdict.incident_id or 0]].append(hit_ruling(verdict))
    return found


def hit_ruling(verdict: Verdict) -> HitRuling:
    assert verdict.organisation is not None, "a ruling on a hit names whom"
    return HitRuling(verdict.organisation.slug, verdict.accepts, verdict.pk)
