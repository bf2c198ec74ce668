"""Dependencies that the record itself shows: a sentence or an accepted hit adds a dated proof to an edge.

Only this module writes such proofs. They are drawn again with the report, or with the hits of the incident,
that they rest on, and go with it; an edge that nothing proves any more goes as well. A statement of leaving
ends the edges that it speaks of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import F, Q

from incidents.choices import HitStatus, ProofGrade, PublisherKind, Relation, VerdictKind
from incidents.models import (
    Claim,
    Dependency,
    Impact,
    Incident,
    Organisation,
    Proof,
    Provider,
    Region,
    Report,
    Service,
    Verdict,
)
from incidents.reliance import Dependence, Outage, by_organisation, way_to
from nlp.document import EntityKind, Field, Precision

LIKELY = 0.5
"""From which confidence on a sentence is taken for a statement."""
LONGEST = 300
OURS = "Faultline"
"""In whose name an accepted hit proves an edge: an analyst of ours accepted it."""
BY_REPORT, BY_HIT = "report:", "hit:"
MODELS: dict[EntityKind, Any] = {
    EntityKind.REGION: Region,
    EntityKind.SERVICE: Service,
    EntityKind.PROVIDER: Provider,
    EntityKind.ORGANISATION: Organisation,
}


@dataclass(frozen=True, slots=True)
class Seen:
    """One proof of one edge, before it is stored. `target` is kind:slug."""

    organisation: str
    target: str
    publisher: str
    about: str
    grade: ProofGrade
    known_at: datetime
    first: date | None
    last: date | None
    url: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """A statement that somebody no longer stands on something."""

    organisation: str
    slug: str
    day: date
    report: str


def observe_reports(reports: Collection[int]) -> None:
    """Draw again what these reports' sentences say of who stands on what."""
    keys = dict(Report.objects.filter(pk__in=reports).values_list("pk", "key"))
    claims = list(stated(keys))
    if not claims and not rests_on_any(keys.values()):
        return
    targets = targets_of({claim.value for claim in claims})
    subjects = {claim.subject.partition(":")[2] for claim in claims}
    known = set(Organisation.objects.filter(slug__in=subjects).values_list("slug", flat=True))
    claims = [claim for claim in claims if claim.subject.partition(":")[2] in known]
    proofs = (proof_of(claim, targets) for claim in claims if claim.field == Field.DEPENDS_ON)
    store([proof for proof in proofs if proof], among=Q(about__in=[about_of(key) for key in keys.values()]))
    leavings = (left(claim) for claim in claims if claim.field == Field.NO_LONGER_DEPENDS_ON)
    end([leaving for leaving in leavings if leaving], keys)


def stated(keys: Collection[int]) -> Iterable[Any]:
    claims: Iterable[Any] = (
        Claim.objects.current()
        .filter(account__report__in=keys, confidence__gte=LIKELY)
        .filter(field__in=(Field.DEPENDS_ON, Field.NO_LONGER_DEPENDS_ON))
        .select_related("account__report__source__organisation", "account__report__source__provider")
        .annotate(said_at=F("post__said_at"))
        .with_sentences()
        .order_by("pk")
    )
    return claims


def rests_on_any(keys: Iterable[str]) -> bool:
    """Whether anything was drawn from these reports before."""
    known = list(keys)
    return (
        Proof.objects.filter(about__in=[about_of(key) for key in known]).exists()
        or Dependency.objects.filter(ended_by__in=known).exists()
    )


def about_of(report: str) -> str:
    return f"{BY_REPORT}{report}"[:200]


def targets_of(slugs: Collection[str]) -> dict[str, str]:
    """By slug, what it names as kind:slug; a name that the record lacks is left out."""
    found: dict[str, str] = {}
    for kind, model in MODELS.items():
        for slug in model.objects.filter(slug__in=slugs).values_list("slug", flat=True):
            found.setdefault(slug, f"{kind}:{slug}")
    return found


def proof_of(claim: Any, targets: dict[str, str]) -> Seen | None:
    target = targets.get(claim.value)
    if target is None or target == claim.subject:
        return None
    report = claim.account.report
    at = claim.said_at or report.published_at
    return Seen(
        organisation=claim.subject.partition(":")[2],
        target=target,
        publisher=report.source.publisher,
        about=about_of(report.key),
        grade=grade_of(report.source, claim.subject),
        known_at=claim.seen_at,
        first=at.date() if at else None,
        last=at.date() if at else None,
        url=report.url,
        sentence=" ".join((claim.sentence or report.title).split())[:LONGEST],
    )


def grade_of(source: Any, subject: str) -> ProofGrade:
    if source.speaker == subject:
        return ProofGrade.OWN_STATEMENT
    return ProofGrade.PROVIDER if source.publisher_kind == PublisherKind.PROVIDER else ProofGrade.PRESS


def left(claim: Any) -> Left | None:
    report = claim.account.report
    at = claim.said_at or report.published_at
    return Left(claim.subject.partition(":")[2], claim.value, at.date(), report.key) if at else None


def end(stated_ends: Iterable[Left], keys: dict[int, str]) -> None:
    """End the edges that these reports say were left, on the day of saying so; the catalogue's ends stay."""
    Dependency.objects.filter(ended_by__in=keys.values()).update(
        ended_on=None, ended_precision="", ended_by=""
    )
    for one in stated_ends:
        ways = [f"{kind}:{one.slug}" for kind in MODELS]
        inside = Q(target__startswith=f"region:{one.slug}:") | Q(target__startswith=f"service:{one.slug}:")
        edges = Dependency.objects.filter(Q(target__in=ways) | inside, ended_on=None)
        edges = edges.filter(organisation__slug=one.organisation).exclude(proofs__about_from__gt=one.day)
        edges.update(ended_on=one.day, ended_precision=Precision.DAY, ended_by=one.report)


def observe_hits(incidents: Collection[int], edges: Iterable[Dependence], outages: dict[int, Outage]) -> None:
    """Draw again what people's accepted hits of these live incidents prove."""
    rows = Impact.objects.filter(incident__in=incidents, status=HitStatus.ACCEPTED)
    hits = list(rows.select_related("incident", "organisation").order_by("pk"))
    slugs = dict(Incident.objects.filter(pk__in=incidents).values_list("pk", "slug"))
    among = Q(about__in=[f"{BY_HIT}{slug}" for slug in slugs.values()])
    if not hits and not Proof.objects.filter(among).exists():
        return
    accepted = accepted_at({hit.incident_id for hit in hits})
    leaning = by_organisation(edges)
    seen = []
    for hit in hits:
        made_at = accepted.get((hit.incident_id, hit.organisation_id))
        way = way_to(hit.organisation.slug, outages[hit.incident_id], leaning)
        target = way[0].target if way else ground_of(hit.incident)
        if made_at and target:
            seen.append(of_hit(hit, target, made_at))
    store(seen, among=among)


def accepted_at(incidents: Collection[int]) -> dict[tuple[int, int], datetime]:
    """By live incident and organisation: when the standing word that accepts the hit was given."""
    on = Q(incident__in=incidents) | Q(incident__shown_as__in=incidents)
    verdicts = Verdict.objects.standing().filter(on, kind=VerdictKind.HIT, accepts=True)
    found: dict[tuple[int, int], datetime] = {}
    for verdict in verdicts.select_related("incident").order_by("pk"):
        live = verdict.incident.shown_as_id or verdict.incident_id if verdict.incident else None
        if live and verdict.organisation_id:
            found[live, verdict.organisation_id] = verdict.made_at
    return found


def ground_of(incident: Incident) -> str:
    """What a hit shows somebody to stand on: the one region that failed, else the provider."""
    regions = [slug for slug in incident.regions if not slug.endswith(":global")]
    if len(regions) == 1 and Region.objects.filter(slug=regions[0]).exists():
        return f"region:{regions[0]}"
    return incident.owner if incident.owner.startswith("provider:") else ""


def of_hit(hit: Impact, target: str, made_at: datetime) -> Seen:
    incident = hit.incident
    begun, ended = incident.started_at, incident.ended_at or incident.started_at
    return Seen(
        organisation=hit.organisation.slug,
        target=target,
        publisher=OURS,
        about=f"{BY_HIT}{incident.slug}",
        grade=ProofGrade.ACCEPTED_HIT,
        known_at=made_at,
        first=begun.date() if begun else None,
        last=ended.date() if ended else None,
        url=settings.FAULTLINE_URL + incident.get_absolute_url(),
        sentence=f"{incident.slug} reached it: {'; '.join(map(str, hit.reasons))}"[:LONGEST],
    )


def store(seen: Collection[Seen], *, among: Q) -> None:
    """Write these proofs in place of all that stood `among` those; rows that stay as they are stay."""
    edges = edges_for(seen)
    wanted = {(edges[one.organisation, one.target].pk, one.publisher, one.about): one for one in seen}
    stored = {(row.dependency_id, row.publisher, row.about): row for row in Proof.objects.filter(among)}
    stale = [row for key, row in stored.items() if key not in wanted]
    Proof.objects.filter(pk__in=[row.pk for row in stale]).delete()
    bereft = {row.dependency_id for row in stale}
    Dependency.objects.filter(pk__in=bereft, proofs=None).delete()
    for key, one in wanted.items():
        columns = columns_of(one)
        row = stored.get(key)
        if row is None or any(getattr(row, name) != value for name, value in columns.items()):
            Proof.objects.update_or_create(
                dependency_id=key[0], publisher=key[1], about=key[2], defaults=columns
            )


def columns_of(one: Seen) -> dict[str, Any]:
    return {
        "grade": one.grade,
        "url": one.url,
        "sentence": one.sentence,
        "about_from": one.first,
        "about_to": one.last,
        "precision": Precision.DAY if one.first else "",
        "known_at": one.known_at,
    }


def edges_for(seen: Collection[Seen]) -> dict[tuple[str, str], Dependency]:
    """The edge of each, by whatever relation it stands; opened where the record has none."""
    organisations = dict(
        Organisation.objects.filter(slug__in={one.organisation for one in seen}).values_list("slug", "pk")
    )
    found: dict[tuple[str, str], Dependency] = {}
    rows = Dependency.objects.filter(
        organisation__in=organisations.values(), target__in={one.target for one in seen}
    )
    for row in rows.select_related("organisation").order_by("-pk"):
        found[row.organisation.slug, row.target] = row
    things = things_of({one.target for one in seen})
    for one in seen:
        if (one.organisation, one.target) not in found:
            kind = one.target.partition(":")[0]
            relation = Relation.CALLS if kind == EntityKind.ORGANISATION else Relation.HOSTED_ON
            found[one.organisation, one.target] = Dependency.objects.create(
                organisation_id=organisations[one.organisation],
                relation=relation,
                target=one.target,
                **{f"on_{kind}_id": things[one.target]},
            )
    return found


def things_of(targets: Collection[str]) -> dict[str, int]:
    by_kind: dict[str, list[str]] = defaultdict(list)
    for target in targets:
        kind, _, slug = target.partition(":")
        by_kind[kind].append(slug)
    return {
        f"{kind}:{slug}": pk
        for kind, slugs in by_kind.items()
        for slug, pk in MODELS[EntityKind(kind)].objects.filter(slug__in=slugs).values_list("slug", "pk")
    }
