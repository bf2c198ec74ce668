"""What analysts decide on pairs of accounts, on hits and values. Nothing is deleted: undo retracts."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from incidents.choices import VerdictKind
from incidents.linking import link, redraw
from incidents.models import Account, Claim, Incident, Organisation, Source, User, Verdict
from incidents.querysets import VerdictQuerySet
from nlp.document import INCIDENT, Field, Origin, Precision


class VerdictRefused(Exception):
    """What was asked cannot be decided; says why."""


@transaction.atomic
def judge_pair(a: str, b: str, *, same: bool, person: User, reason: str = "") -> Verdict:
    """Two accounts, by key, tell of one outage or of two."""
    require_analyst(person)
    if a == b:
        raise VerdictRefused("an account is the same as itself")
    owners = dict(Account.objects.filter(key__in=(a, b)).values_list("key", "owner"))
    if missing := {a, b} - owners.keys():
        raise VerdictRefused(f"no account is called {min(missing)}")
    if same and owners[a] != owners[b]:
        raise VerdictRefused(f"one is {owners[a]}'s, the other {owners[b]}'s")
    first, second = sorted((a, b))
    kind = VerdictKind.SAME if same else VerdictKind.NOT_SAME
    verdict = Verdict.objects.create(kind=kind, a=first, b=second, reason=reason, person=person)
    link({a, b})
    return verdict


@transaction.atomic
def merge(incident: Incident, other: Incident, *, person: User, reason: str = "") -> Verdict:
    """Two incidents are one: their anchors tell of the same outage. The higher number redirects."""
    if incident.pk == other.pk:
        raise VerdictRefused("an incident cannot be merged with itself")
    return judge_pair(anchor_of(incident), anchor_of(other), same=True, person=person, reason=reason)


@transaction.atomic
def split(incident: Incident, keys: Collection[str], *, person: User, reason: str = "") -> list[Verdict]:
    """These accounts tell of another outage than the anchor does, or than the others where it is named."""
    anchor = anchor_of(incident)
    members = set(incident.accounts.values_list("key", flat=True))
    leaving = set(keys)
    if not leaving or not leaving < members:
        raise VerdictRefused("name some accounts of the incident, not all")
    apart = members - leaving if anchor in leaving else leaving
    return [
        judge_pair(anchor, key, same=False, person=person, reason=reason) for key in sorted(apart - {anchor})
    ]


def anchor_of(incident: Incident) -> str:
    if not incident.is_live:
        raise VerdictRefused(f"{incident.slug} is not shown under its own number")
    return incident.anchor


def judge_hit(
    incident: Incident, organisation: Organisation, *, accepts: bool, person: User, reason: str = ""
) -> Verdict:
    """The incident hit the organisation, or it did not."""
    return rule(
        incident, person, kind=VerdictKind.HIT, organisation=organisation, accepts=accepts, reason=reason
    )


def judge_value(
    incident: Incident,
    field: Field,
    key: str,
    *,
    accepts: bool,
    person: User,
    organisation: Organisation | None = None,
    reason: str = "",
) -> Verdict:
    """One of the values that sources give holds, or does not; `organisation` where the fact is about one."""
    return rule(
        incident,
        person,
        kind=VerdictKind.VALUE,
        organisation=organisation,
        field=field,
        value_key=key,
        accepts=accepts,
        reason=reason,
    )


@transaction.atomic
def rule(incident: Incident, person: User, **what: Any) -> Verdict:
    """Keep an analyst's word on the incident, and draw the incident again under it."""
    require_analyst(person)
    verdict = Verdict.objects.create(incident=incident, person=person, **what)
    redraw({incident.pk})
    return verdict


@transaction.atomic
def correct_value(
    incident: Incident,
    field: Field,
    value: str,
    *,
    key: str,
    person: User,
    reason: str,
    precision: Precision | None = None,
    organisation: Organisation | None = None,
) -> Claim:
    """A value that no source gives: a claim of the person's own, which belongs to the incident."""
    require_analyst(person)
    if not reason:
        raise VerdictRefused("say why")
    claim = Claim.objects.create(
        incident=incident,
        person=person,
        subject=f"organisation:{organisation.slug}" if organisation else INCIDENT,
        field=field,
        value=value,
        key=key,
        precision=precision or "",
        origin=Origin.PERSON,
        rule="person",
        reason=reason,
        seen_at=timezone.now(),
    )
    redraw({incident.pk})
    return claim


def judge_source(source: str, state: str, *, person: User, reason: str = "") -> Verdict:
    """Somebody has seen that the source is in this state; in another one it stands in the queue again."""
    require_analyst(person)
    if not Source.objects.filter(slug=source, state=state).exists():
        raise VerdictRefused(f"{source} is not {state} any more")
    return Verdict.objects.create(
        kind=VerdictKind.SOURCE, a=source, value_key=state, person=person, reason=reason
    )


@transaction.atomic
def take_back_collided(collided: str, taken: str, *, person: User, reason: str = "") -> Verdict:
    """Take back one of two words that cannot both hold: the one kept from holding, or its rival (by id)."""
    require_analyst(person)
    loser = collisions().filter(pk=collided).first()
    if loser is None:
        raise VerdictRefused("nothing keeps that verdict from holding any more")
    rival = rival_of(loser)
    out = {str(one.pk): one for one in (loser, rival) if one}.get(taken)
    if out is None:
        raise VerdictRefused("that verdict is none of the two")
    verdict = Verdict.objects.create(
        kind=VerdictKind.COLLISION, a=str(out.pk), b=collided, person=person, reason=reason
    )
    out.retracted_at, out.retracted_by = verdict.made_at, person
    out.save(update_fields=["retracted_at", "retracted_by"])
    link({out.a, out.b})
    return verdict


def rival_of(verdict: Verdict) -> Verdict | None:
    """The newest standing word on the same two accounts that says the contrary."""
    said = Verdict.objects.standing().on_pairs().filter(a=verdict.a, b=verdict.b)
    rival: Verdict | None = said.exclude(kind=verdict.kind).order_by("-pk").first()
    return rival


def require_analyst(person: User) -> None:
    if not person.may_judge:
        raise VerdictRefused(f"{person} is no analyst")


def collisions() -> VerdictQuerySet:
    """Standing verdicts on pairs that another one keeps from holding: both stand in the review queue."""
    verdicts: VerdictQuerySet = Verdict.objects.standing().on_pairs().with_incidents()
    apart, together = ~Q(incident_of_a=F("incident_of_b")), Q(incident_of_a=F("incident_of_b"))
    both = verdicts.exclude(incident_of_a=None).exclude(incident_of_b=None)
    return both.filter((Q(kind=VerdictKind.SAME) & apart) | (Q(kind=VerdictKind.NOT_SAME) & together))
