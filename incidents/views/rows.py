"""What a list shows of an incident, worked out before the template sees it: plain, frozen, ready to print."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.db.models import F, TextField

from incidents.addresses import address_of
from incidents.choices import EndState
from incidents.figures import duration_of
from incidents.models import Incident, Organisation
from incidents.prepared import IsAnyOf, Prepared, given_list
from incidents.times import FORMATS
from incidents.times import span_text as span_text
from nlp.document import Cause, Precision, Severity

KEPT = 1_000
NAMES = Prepared(
    lambda: Organisation.objects.filter(IsAnyOf(F("slug"), given_list("slugs", TextField()))).values_list(
        "slug", "name"
    )
)


@dataclass(frozen=True, slots=True)
class When:
    """A time as precisely as it is known. `iso` is empty where a reader's zone would pretend to precision."""

    text: str
    iso: str
    is_bound: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class IncidentRow:
    slug: str
    url: str
    title: str
    owner: Link
    places: tuple[Link, ...]
    severity: str
    severity_word: str
    status: str
    cause: str
    start: When | None
    end: When | None
    end_state: str
    duration: str
    iso_duration: str
    hit: tuple[Link, ...]
    reports: int
    publishers: int


def when(at: datetime | None, precision: str = Precision.MINUTE, *, is_bound: bool = False) -> When | None:
    if at is None:
        return None
    known = Precision(precision or Precision.MINUTE)
    exact = known in (Precision.MINUTE, Precision.HOUR)
    return When(f"{at:{FORMATS[known]}}", f"{at:%Y-%m-%dT%H:%MZ}" if exact else "", is_bound)


def iso_duration(span: timedelta) -> str:
    return f"PT{round(span.total_seconds() / 60)}M"


def is_rough(incident: Incident) -> bool:
    """Is an end known to the day only, so that a length in hours would say too much?"""
    rough = {Precision.DAY, Precision.MONTH, Precision.YEAR}
    return incident.start_precision in rough or incident.end_precision in rough


def duration_text(incident: Incident) -> str:
    span = duration_of(incident)
    if span is None:
        return ""
    if is_rough(incident):
        return f"about {max(span.days, 1)} d"
    return span_text(span)


@lru_cache(maxsize=KEPT)
def region_link(slug: str) -> Link:
    return Link(slug.partition(":")[2] or slug, address_of("region", slug))


def organisation_link(slug: str, names: dict[str, str]) -> Link:
    return Link(names.get(slug, slug), address_of("organisation", slug))


def owner_link(incident: Incident) -> Link:
    owner = incident.provider or incident.organisation
    return Link(owner.name, owner.get_absolute_url()) if owner else Link("unknown", "")


def incident_row(incident: Incident, names: dict[str, str]) -> IncidentRow:
    span = duration_of(incident)
    return IncidentRow(
        slug=incident.slug,
        url=incident.get_absolute_url(),
        title=incident.title or "Untitled",
        owner=owner_link(incident),
        places=tuple(region_link(slug) for slug in incident.regions),
        severity=incident.severity or Severity.UNKNOWN,
        severity_word=incident.severity_word,
        status=incident.get_status_display(),
        cause="" if incident.cause == Cause.UNKNOWN else incident.get_cause_display(),
        start=when(incident.started_at, incident.start_precision, is_bound=incident.start_is_bound),
        end=when(incident.ended_at, incident.end_precision, is_bound=incident.end_state == EndState.BOUNDED),
        end_state=incident.end_state,
        duration=duration_text(incident),
        iso_duration=iso_duration(span) if span is not None else "",
        hit=tuple(organisation_link(slug, names) for slug in incident.hit),
        reports=incident.report_count,
        publishers=incident.publisher_count,
    )


def incident_rows(incidents: Iterable[Incident]) -> list[IncidentRow]:
    """Rows ready to print; one query names the organisations of all of them."""
    listed = list(incidents)
    hit = {slug for incident in listed for slug in incident.hit}
    names = dict(NAMES.rows(slugs=[*hit])) if hit else {}
    return [incident_row(incident, names) for incident in listed]


def span_of_minutes(minutes: int) -> str:
    return span_text(timedelta(minutes=minutes))
