"""/: what is going on now, else what happened last; and the whole record at a glance."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import Case, Q, QuerySet, When
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from incidents.choices import HitGrade, OrganisationKind, SourceState
from incidents.figures import counted
from incidents.http import Request, reading_page
from incidents.models import Figures, Impact, Incident, Organisation, Source
from incidents.prepared import Prepared
from incidents.querysets import UNLISTED
from incidents.strip import Strip, draw_strip
from incidents.views.rows import IncidentRow, Link, incident_rows, organisation_link, span_text

LATEST = 10
REACHED = 6
MOST_HIT = 8
MOST_LOOKED_AT = 40
"""So many of those that were reached most often, to find among them the ones whose trade it is."""
ON_THIS_DAY = 3
NAMED = 6
HIT = "hit:"
"""Scopes of figures: of those that an organisation was reached by."""
SEEN = (SourceState.ANSWERS, SourceState.UNCHANGED)
BLIND = (SourceState.UNREADABLE, SourceState.UNREACHABLE, SourceState.BLOCKED, SourceState.EMPTY)


@dataclass(frozen=True, slots=True)
class Ongoing:
    """An outage that a source still lists; `elapsed` since its start, where that is known."""

    row: IncidentRow
    elapsed: str
    since: str
    reporting: tuple[Link, ...]
    more: int
    naming: int

    @property
    def told(self) -> int:
        return len(self.reporting) + self.more


@dataclass(frozen=True, slots=True)
class MostHit:
    organisation: Organisation
    hits: int


RUNNING = Prepared(lambda: Incident.objects.for_rows().ongoing())
NEWEST = Prepared(lambda: Incident.objects.for_rows().exclude(started_at=None)[:LATEST])
REACHING = Prepared(
    lambda: (
        Incident.objects.for_timeline()
        .defer(*(name for name in UNLISTED if name != "summary"))
        .exclude(started_at=None)
        .reaching()[:REACHED]
    )
)
STATES = Prepared(lambda: Source.objects.order_by().values_list("state", flat=True))
FIRST = Prepared(
    lambda: Incident.objects.dated().order_by("started_at").values_list("started_at", flat=True)[:1]
)
MOST = Prepared(
    lambda: (
        Figures.objects.filter(scope__startswith=HIT)
        .order_by("-total", "scope")
        .values_list("scope", "total")[:MOST_LOOKED_AT]
    )
)


@reading_page
def home(request: Request) -> HttpResponse:
    """htmx asks for the live part alone, and is answered with 304 while the record stands still."""
    now = timezone.now()
    running, latest = RUNNING.rows(), NEWEST.rows()
    reached = [] if request.htmx else REACHING.rows()
    day = [] if request.htmx else on_this_day(now.date())
    rows = {row.slug: row for row in incident_rows([*running, *latest, *reached, *day])}
    live = {
        "ongoing": ongoing(running, rows, now),
        "latest": [rows[incident.slug] for incident in latest],
        "sources": sources_line(),
    }
    if request.htmx:
        return render(request, "incidents/_now.html", live)
    told = counted("all", "hits:yes")
    return render(
        request,
        "incidents/home.html",
        {
            **live,
            "totals": told.get("all"),
            "strip": strip_of(told.get("all"), told.get("hits:yes")),
            "reached": [(rows[incident.slug], incident.summary) for incident in reached],
            "on_this_day": [rows[incident.slug] for incident in day],
            "most_hit": most_hit(),
            "today": f"{now:%-d %B}",
        },
    )


def ongoing(found: list[Incident], rows: dict[str, IncidentRow], now: datetime) -> list[Ongoing]:
    """What a source that was read of late still lists (design, idea 5), with who reports trouble from it."""
    stated = Impact.objects.shown().filter(incident__in=found).order_by("organisation__name")
    reporting: dict[int, dict[str, str]] = {incident.pk: {} for incident in found}
    naming: Counter[int] = Counter()
    for pk, slug, name, grade in stated.values_list(
        "incident", "organisation__slug", "organisation__name", "grade"
    ):
        reporting[pk][slug] = name
        naming[pk] += grade == HitGrade.STATED_BY_ORGANISATION
    return [
        Ongoing(
            row=rows[incident.slug],
            elapsed=span_text(max(now - incident.started_at, timedelta())) if incident.started_at else "",
            since=f"{incident.started_at:%Y-%m-%dT%H:%MZ}" if incident.started_at else "",
            reporting=tuple(
                organisation_link(slug, reporting[incident.pk]) for slug in [*reporting[incident.pk]][:NAMED]
            ),
            more=max(len(reporting[incident.pk]) - NAMED, 0),
            naming=naming[incident.pk],
        )
        for incident in found
    ]


def on_this_day(today: date) -> list[Incident]:
    """Outages that began on this day of another year, those that reached somebody first; by index."""
    first = FIRST.first()
    return began_on(today, first.year).rows() if first else []


@lru_cache(maxsize=2)
def began_on(today: date, first: int) -> Prepared:
    return Prepared(lambda: in_years(today, first))


def in_years(today: date, first: int) -> QuerySet[Any]:
    began = Q()
    for year in range(first, today.year):
        try:
            day = datetime(year, today.month, today.day, tzinfo=timezone.get_current_timezone())
        except ValueError:
            continue  # the 29th of February
        began |= Q(started_at__gte=day, started_at__lt=day + timedelta(days=1))
    if not began:
        return Incident.objects.none()
    order = (Case(When(hit=[], then=0), default=1).desc(), "-started_at", "-pk")
    chosen = Incident.objects.live().filter(began).order_by(*order).values("pk")[:ON_THIS_DAY]
    return Incident.objects.for_rows().filter(pk__in=chosen).order_by(*order)


def strip_of(all_: Figures | None, reached: Figures | None) -> Strip | None:
    """The record by year; above the line all, below it those that reached somebody."""
    if all_ is None:
        return None
    by_year, reaching = yearly(all_), yearly(reached) if reached else Counter[int]()
    return draw_strip([(year, by_year[year], reaching[year]) for year in sorted(by_year)])


def yearly(figures: Figures) -> Counter[int]:
    totals: Counter[int] = Counter()
    for year, _, count in figures.years:
        totals[year] += count
    return totals


def most_hit() -> list[MostHit]:
    """The exchanges, brokers, wallets and what serves them that were reached most often."""
    counts = {told.removeprefix(HIT): total for told, total in MOST.rows()}
    named = Organisation.objects.exclude(kind=OrganisationKind.OTHER).in_bulk(counts, field_name="slug")
    return [MostHit(named[slug], hits) for slug, hits in counts.items() if slug in named][:MOST_HIT]


def sources_line() -> dict[str, int]:
    """How many sources can be seen now, how many cannot, and how many were never asked."""
    counted = Counter(STATES.rows())
    return {
        "seen": sum(counted[state] for state in SEEN),
        "blind": sum(counted[state] for state in BLIND),
        "never": counted[SourceState.NEVER_READ],
        "archives": counted[SourceState.ARCHIVE],
    }
