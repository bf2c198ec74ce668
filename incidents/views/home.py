"""/: what is going on now, else what happened last; and the whole record at a glance."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Q
from django.db.models.functions import ExtractYear
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from incidents.choices import EndState, HitGrade, HitStatus, SourceState
from incidents.http import Request, reading_page
from incidents.models import Impact, Incident, Organisation, Source
from incidents.strip import draw_strip
from incidents.views.rows import IncidentRow, incident_rows, span_text

LATEST = 12
REACHED = 6
MOST_HIT = 8
SEEN = (SourceState.ANSWERS, SourceState.UNCHANGED)
BLIND = (SourceState.UNREADABLE, SourceState.UNREACHABLE, SourceState.BLOCKED, SourceState.EMPTY)


@dataclass(frozen=True, slots=True)
class Ongoing:
    """An outage that a source still lists; `elapsed` since its start, where that is known."""

    row: IncidentRow
    elapsed: str
    reporting: int
    naming: int


@reading_page
def home(request: Request) -> HttpResponse:
    live = Incident.objects.for_timeline()
    dated = live.exclude(started_at=None)
    reached = dated.exclude(hit=[]).exclude(provider=None)
    today = timezone.now()
    on_this_day = reached.filter(started_at__month=today.month, started_at__day=today.day)
    running = list(live.filter(end_state=EndState.ONGOING))
    latest, hits, day = list(dated[:LATEST]), list(reached[:REACHED]), list(on_this_day[:3])
    rows = {row.slug: row for row in incident_rows([*running, *latest, *hits, *day])}
    years = yearly()
    context = {
        "ongoing": ongoing(running, rows),
        "latest": [rows[incident.slug] for incident in latest],
        "reached": [(rows[incident.slug], incident.summary) for incident in hits],
        "on_this_day": [rows[incident.slug] for incident in day],
        "strip": draw_strip([(year, count, hit) for year, count, hit in years if year]),
        "totals": {"all": sum(count for _, count, _ in years), "reached": sum(hit for _, _, hit in years)},
        "most_hit": most_hit(),
        "sources": sources_line(),
        "today": f"{today:%-d %B}",
    }
    return render(request, "incidents/home.html", context)


def ongoing(found: list[Incident], rows: dict[str, IncidentRow]) -> list[Ongoing]:
    """What a source that was read of late still lists (design, idea 5), with who reports trouble from it."""
    stated = list(Impact.objects.shown().filter(incident__in=found).values_list("incident", "grade"))
    reporting = Counter(pk for pk, _ in stated)
    naming = Counter(pk for pk, grade in stated if grade == HitGrade.STATED_BY_ORGANISATION)
    now = timezone.now()
    return [
        Ongoing(
            row=rows[incident.slug],
            elapsed=span_text(now - incident.started_at) if incident.started_at else "",
            reporting=reporting[incident.pk],
            naming=naming[incident.pk],
        )
        for incident in found
    ]


def yearly() -> list[tuple[int | None, int, int]]:
    """Year, incidents that began in it, how many of them reached somebody; None: without a known start."""
    found = Incident.objects.live().annotate(year=ExtractYear("started_at"))
    counted = found.values_list("year").annotate(all=Count("pk"), reached=Count("pk", filter=~Q(hit=[])))
    return list(counted.order_by("year"))


def most_hit() -> list[Organisation]:
    stands = Q(impacts__status__in=[HitStatus.SHOWN, HitStatus.ACCEPTED]) & ~Q(
        impacts__grade=HitGrade.STATED_NOT_AFFECTED
    )
    found = Organisation.objects.annotate(hits=Count("impacts", filter=stands)).filter(hits__gt=0)
    return list(found.order_by("-hits", "name")[:MOST_HIT])


def sources_line() -> dict[str, int]:
    """How many sources can be seen now, how many cannot, and how many were never asked."""
    counted = dict(Source.objects.order_by().values_list("state").annotate(count=Count("pk")))
    return {
        "seen": sum(counted.get(state, 0) for state in SEEN),
        "blind": sum(counted.get(state, 0) for state in BLIND),
        "never": counted.get(SourceState.NEVER_READ, 0),
        "archives": counted.get(SourceState.ARCHIVE, 0),
    }
