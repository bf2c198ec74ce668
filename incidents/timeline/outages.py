"""Incidents as the timeline draws them, each with those that it reached: two queries, however many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import BigIntegerField, F

from incidents.choices import EndState, HitGrade, HitStatus
from incidents.models import Impact, Incident
from incidents.prepared import IsAnyOf, Prepared, given_list
from incidents.timeline.bins import OWN
from incidents.timeline.lanes import Hit, Outage
from incidents.views.rows import duration_text
from nlp.document import Severity

STATED = (HitGrade.STATED_BY_ORGANISATION, HitGrade.STATED_BY_PROVIDER, HitGrade.REPORTED_BY_PRESS)
READ = ("started_at", "ended_at", "grade", "status")
GRADES = dict(HitGrade.choices)
END_WORDS = {
    EndState.KNOWN: "length not known",
    EndState.BOUNDED: "over by the end of the hatching at the latest",
    EndState.UNKNOWN: "end unknown",
    EndState.ONGOING: "ongoing",
}
PLACES = 2


def outages(incidents: Sequence[Incident], compared: Sequence[str], now: datetime) -> list[Outage]:
    """One a lane: where things are compared, an outage stands in the lane of each that it concerns."""
    reached = hits_of(incidents)
    return [
        as_outage(incident, lane, reached[incident.pk], now)
        for incident in incidents
        for lane in lanes_of(incident, compared)
    ]


def lanes_of(incident: Incident, compared: Sequence[str]) -> list[str]:
    if not compared:
        return [incident.provider.slug if incident.provider else OWN]
    mine = {f"region:{slug}" for slug in incident.regions} | {f"service:{slug}" for slug in incident.services}
    mine |= {f"exchange:{slug}" for slug in incident.hit}
    if incident.organisation:
        mine.add(f"exchange:{incident.organisation.slug}")
    if incident.provider:
        mine.add(f"provider:{incident.provider.slug}")
    return [named for named in compared if named in mine]


def hits_of(incidents: Iterable[Incident]) -> defaultdict[int, list[Hit]]:
    """Read as plain values: of the widest outages there are thousands."""
    reached = REACHED.rows(incidents=[incident.pk for incident in incidents])
    by_incident: defaultdict[int, list[Hit]] = defaultdict(list)
    for incident, slug, name, start, end, grade, status in reached:
        is_stated = status == HitStatus.ACCEPTED or grade in STATED
        by_incident[incident].append(Hit(slug, name, start, end, is_stated, GRADES[grade]))
    return by_incident


REACHED = Prepared(
    lambda: (
        Impact.objects.filter(IsAnyOf(F("incident"), given_list("incidents", BigIntegerField())))
        .exclude(status=HitStatus.REJECTED)
        .exclude(grade=HitGrade.STATED_NOT_AFFECTED)
        .order_by("started_at", "organisation__name")
        .values_list("incident", "organisation__slug", "organisation__name", *READ)
    )
)


def as_outage(incident: Incident, lane: str, hits: Sequence[Hit], now: datetime) -> Outage:
    is_ongoing = incident.end_state == EndState.ONGOING
    assert incident.started_at is not None
    return Outage(
        slug=incident.slug,
        title=incident.title,
        place=place_of(incident),
        lane=lane,
        severity=incident.severity or Severity.UNKNOWN,
        start=incident.started_at,
        end=max(now, incident.started_at) if is_ongoing else incident.ended_at,
        is_inferred=incident.start_is_bound or incident.end_state in (EndState.BOUNDED, EndState.UNKNOWN),
        length=duration_text(incident) or END_WORDS[EndState(incident.end_state)],
        hits=tuple(hits),
    )


def place_of(incident: Incident) -> str:
    if incident.organisation and not incident.provider:
        return incident.organisation.name
    codes = [slug.partition(":")[2] for slug in incident.regions]
    return f"{codes[0]} and {len(codes) - 1} more" if len(codes) > PLACES else ", ".join(codes)
