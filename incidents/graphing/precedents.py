"""The past outages that a supposed failure is like, whom they reached, how long they lasted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db.models import Q

from incidents.choices import HitGrade, HitStatus
from incidents.figures import Lengths, lengths
from incidents.graphing.frequencies import Frequency, Told, frequencies
from incidents.graphing.pasts import at_nodes
from incidents.models import Impact, Incident
from incidents.querysets import IncidentQuerySet
from nlp.document import EntityKind

SEVERE = ("major", "critical")


def precedents(failed: Collection[str], before: datetime) -> IncidentQuerySet:
    """Major and critical outages at any of these. Of a whole provider: those that name no region, or its
    `global` one; what one region did is no precedent for the fall of all."""
    found = at_nodes(failed, before).filter(severity__in=SEVERE)
    providers = [node.partition(":")[2] for node in failed if node.startswith(f"{EntityKind.PROVIDER}:")]
    if not providers:
        return found
    others = [node for node in failed if not node.startswith(f"{EntityKind.PROVIDER}:")]
    wide = Q(regions=[])
    for slug in providers:
        wide |= Q(regions__contains=[f"{slug}:global"])
    named = Q(pk__in=at_nodes(others, before).values("pk")) if others else Q(pk__in=[])
    return found.filter(named | (Q(provider__slug__in=providers) & wide))


def told_of(outages: IncidentQuerySet) -> Iterable[tuple[str, Told]]:
    """What the record says of organisations in these outages. Candidates are silence: nobody has said so."""
    rows = Impact.objects.filter(incident__in=outages.order_by().values("pk"))
    for slug, grade, status in rows.values_list("organisation__slug", "grade", "status"):
        if state := state_of(grade, status):
            yield f"organisation:{slug}", state


def state_of(grade: str, status: str) -> Told | None:
    if status == HitStatus.REJECTED:
        return Told.NOT_REACHED
    if status == HitStatus.CANDIDATE:
        return None
    return Told.NOT_REACHED if grade == HitGrade.STATED_NOT_AFFECTED else Told.REACHED


def history(outages: IncidentQuerySet) -> tuple[Mapping[str, Frequency], Lengths]:
    measured = lengths(outages)
    return frequencies(measured.total, told_of(outages)), measured


def happened(incident: Incident) -> tuple[frozenset[str], frozenset[str]]:
    """Whom an incident reached, and who is stated not to have been."""
    told = list(told_of(Incident.objects.filter(pk=incident.pk)))
    return (
        frozenset(node for node, state in told if state == Told.REACHED),
        frozenset(node for node, state in told if state == Told.NOT_REACHED),
    )
