"""What analysts decide on edges: a proof of their own, an end, a group, that there is none. Undo retracts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from incidents.choices import EdgeVerdictKind, ProofGrade
from incidents.graphing.edges import end_of
from incidents.models import Dependency, EdgeVerdict, Organisation, Proof, Provider, Region, Service, User
from incidents.verdicts import VerdictRefused, require_analyst
from nlp.document import EntityKind, Precision

MODELS: dict[EntityKind, Any] = {
    EntityKind.PROVIDER: Provider,
    EntityKind.REGION: Region,
    EntityKind.SERVICE: Service,
    EntityKind.ORGANISATION: Organisation,
}


@dataclass(frozen=True, slots=True)
class NamedEdge:
    organisation: Organisation
    relation: str
    target: str

    @property
    def columns(self) -> dict[str, Any]:
        return {"organisation": self.organisation, "relation": self.relation, "target": self.target}


@dataclass(frozen=True, slots=True)
class Evidence:
    """A page that says so: whose word it is, the time that it speaks of, and the day it was published."""

    publisher: str
    url: str
    sentence: str
    grade: ProofGrade
    about: tuple[date, date] | None
    precision: Precision | None
    published_on: date | None


def thing_of(target: str) -> Any:
    """The row that `kind:slug` names; None where the record has none."""
    kind, _, slug = target.partition(":")
    if kind not in list(EntityKind):
        return None
    return MODELS[EntityKind(kind)].objects.filter(slug=slug).first()


@transaction.atomic
def prove(edge: NamedEdge, evidence: Evidence, *, group: str = "", person: User, reason: str) -> EdgeVerdict:
    """A proof of the analyst's own; the edge begins with it where there was none."""
    verdict = decide(edge, EdgeVerdictKind.PROOF, person=person, reason=reason)
    thing = thing_of(edge.target)
    if thing is None:
        raise VerdictRefused(f"the record knows no {edge.target}")
    if thing == edge.organisation:
        raise VerdictRefused("nothing stands on itself")
    column = f"on_{edge.target.partition(':')[0]}"
    row, _ = Dependency.objects.get_or_create(
        **edge.columns, defaults={column: thing, "redundancy_group": group}
    )
    first, last = evidence.about or (None, None)
    Proof.objects.create(
        dependency=row,
        publisher=evidence.publisher,
        about=about_of(verdict),
        grade=evidence.grade,
        url=evidence.url,
        sentence=evidence.sentence,
        about_from=first,
        about_to=last,
        precision=evidence.precision or "",
        known_at=known_at(evidence, last),
    )
    return verdict


def known_at(evidence: Evidence, last: date | None) -> datetime | None:
    """When it was published; where that is not said, not before the time that it speaks of was over."""
    day = evidence.published_on or last
    return end_of(day) if day and last else None


def about_of(verdict: EdgeVerdict) -> str:
    return f"verdict:{verdict.pk}"


def reject(edge: NamedEdge, *, person: User, reason: str) -> EdgeVerdict:
    """There is no such edge, whatever its proofs say."""
    return decide(edge, EdgeVerdictKind.REJECT, person=person, reason=reason)


def end(edge: NamedEdge, on: date, precision: Precision, *, person: User, reason: str) -> EdgeVerdict:
    verdict = {"ended_on": on, "ended_precision": precision}
    return decide(edge, EdgeVerdictKind.ENDED, person=person, reason=reason, **verdict)


def regroup(edge: NamedEdge, group: str, *, person: User, reason: str) -> EdgeVerdict:
    """One of several, any of which is enough; with an empty name, of none."""
    return decide(edge, EdgeVerdictKind.GROUP, person=person, reason=reason, redundancy_group=group)


def decide(edge: NamedEdge, kind: EdgeVerdictKind, *, person: User, reason: str, **what: Any) -> EdgeVerdict:
    require_analyst(person)
    if not reason.strip():
        raise VerdictRefused("say why")
    if kind != EdgeVerdictKind.PROOF and not Dependency.objects.filter(**edge.columns).exists():
        raise VerdictRefused("there is no such edge to decide on")
    return EdgeVerdict.objects.create(**edge.columns, kind=kind, person=person, reason=reason, **what)


@transaction.atomic
def undo(verdict: EdgeVerdict, *, person: User) -> None:
    """Take a verdict back, and with it the proof that it added. Twice is once."""
    require_analyst(person)
    stood = EdgeVerdict.objects.standing().filter(pk=verdict.pk)
    if not stood.update(retracted_at=timezone.now(), retracted_by=person):
        return
    if verdict.kind == EdgeVerdictKind.PROOF:
        Proof.objects.filter(about=about_of(verdict)).delete()
        rows = Dependency.objects.filter(
            organisation=verdict.organisation, relation=verdict.relation, target=verdict.target
        )
        # Without a proof no edge.
        rows.filter(proofs=None).delete()
