"""/organisations/<slug>/report-card/: what an exchange stands on, what it cost, what would have helped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from incidents.choices import EndState
from incidents.figures import MEASURED, Percentile
from incidents.graphing.edges import PART_OF, Edge, has_ended
from incidents.graphing.pasts import outages
from incidents.graphing.precedents import precedents
from incidents.graphing.saving import Loss, Savings, Span, Sum, savings
from incidents.graphing.selecting import EdgeState
from incidents.http import Request
from incidents.models import Impact, Incident, Organisation
from incidents.querysets import IncidentQuerySet
from incidents.views.entities import found_or_404
from incidents.views.graph.pages import graph_page, record_of
from incidents.views.graph.rows import STATES, EdgeRow, edge_rows
from incidents.views.hits import hit_by_row
from incidents.views.rows import incident_rows, span_text

LISTED = 100
SPARED = 12


@dataclass(frozen=True, slots=True)
class SumRow:
    """Time in words; empty where nothing was measured."""

    measured: str
    at_most: str
    outages: int
    counted: int
    bounded: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Delay:
    """From the start of its own outages to its first public word."""

    median: str
    p90: str
    counted: int
    total: int


@graph_page
def report_card(request: Request, slug: str) -> HttpResponse:
    told = found_or_404(Organisation, slug)
    now = timezone.now()
    record = record_of(request)
    node = f"organisation:{slug}"
    edges = [edge for edge in record.edges if edge.source == node]
    live = [edge for edge in edges if not has_ended(edge, now)]
    rows = edge_rows(record, live, now)
    hits = reached_by(told)
    own = outages(now).filter(organisation=told)
    below = precedents([edge.target for edge in live], now) if live else Incident.objects.none()
    silent = below.exclude(pk__in=[hit.incident_id for hit in hits])
    saved = savings([*(loss_of(hit) for hit in hits), *own_losses(own)])
    context = {
        "organisation": told,
        "stands_on": rows,
        "left": edge_rows(record, [edge for edge in edges if has_ended(edge, now)], now),
        "hits": [hit_by_row(hit) for hit in hits[:LISTED]],
        "hit_count": len(hits),
        "spared": incident_rows(
            silent.select_related("provider", "organisation").order_by("-started_at")[:SPARED]
        ),
        "spared_count": silent.count(),
        "below_count": below.count(),
        "sums": sums(saved),
        "delay": delay(own),
        "gaps": gaps(live, rows, saved),
        "what_if": f"{reverse('incidents:what-if')}?{'&'.join(f'fail={e.target}' for e in live)}",
        "graph": f"{reverse('incidents:graph')}?focus={node}",
    }
    return render(request, "graph/report_card.html", context)


def reached_by(told: Organisation) -> list[Impact]:
    """The outages of others that are shown to have reached it, newest first."""
    found = Impact.objects.shown().filter(organisation=told)
    live = found.filter(incident__shown_as=None, incident__is_withdrawn=False)
    related = live.select_related("incident__provider", "incident__organisation", "own_incident")
    return list(related.order_by("-incident__started_at", "-pk"))


def loss_of(hit: Impact) -> Loss:
    incident = hit.incident
    own = span_of(hit.started_at, hit.ended_at)
    if own is None and hit.own_incident:
        own = measured_span(hit.own_incident)
    return Loss(
        provider=incident.owner or "provider:",
        regions=frozenset(incident.regions),
        own=own,
        upstream=measured_span(incident),
    )


def own_losses(own: IncidentQuerySet) -> list[Loss]:
    """Its own outages that nobody puts down to another's."""
    explained = Impact.objects.shown().exclude(own_incident=None).values("own_incident")
    return [Loss("", frozenset(), measured_span(one), None) for one in own.exclude(pk__in=explained)]


def span_of(start: datetime | None, end: datetime | None) -> Span | None:
    return (start, end) if start and end and start <= end else None


def measured_span(incident: Incident) -> Span | None:
    """Both ends known, and not as a bound only (design, idea 5)."""
    if incident.end_state != EndState.KNOWN or incident.start_is_bound:
        return None
    return span_of(incident.started_at, incident.ended_at)


def sums(saved: Savings) -> dict[str, SumRow]:
    return {
        "lost": sum_row(saved.lost),
        "by_itself": sum_row(saved.by_itself),
        "second_region": sum_row(saved.second_region),
        "second_cloud": sum_row(saved.second_cloud),
    }


def sum_row(told: Sum) -> SumRow:
    return SumRow(
        measured=span_text(told.measured) if told.counted else "",
        at_most=span_text(told.at_most) if told.bounded else "",
        outages=told.outages,
        counted=told.counted,
        bounded=told.bounded,
        unknown=told.unknown,
    )


def delay(own: IncidentQuerySet) -> Delay:
    """Only where the start is known to the hour at least, and is no bound."""
    known = own.filter(MEASURED, first_public_at__gte=F("started_at"))
    waited = F("first_public_at") - F("started_at")
    found = known.order_by().aggregate(median=Percentile(waited, 0.5), p90=Percentile(waited, 0.9))
    median: timedelta | None = found["median"]
    p90: timedelta | None = found["p90"]
    return Delay(
        median=span_text(median) if median is not None else "",
        p90=span_text(p90) if p90 is not None else "",
        counted=known.count(),
        total=own.count(),
    )


def gaps(live: list[Edge], rows: list[EdgeRow], saved: Savings) -> list[str]:
    """What the record does not know of it, in sentences."""
    found = []
    kinds = {edge.target.partition(":")[0] for edge in live if edge.relation != PART_OF}
    if not live:
        found.append("Nothing is known of what it stands on.")
    elif "region" not in kinds:
        found.append("No region is known on which it stands: an outage of one region leaves it open.")
    if live and not any(edge.group for edge in live):
        found.append(
            "No alternative is stated: whether it has a second region or a second cloud is not known."
        )
    if undated := sum(row.state == STATES[EdgeState.UNDATED] for row in rows):
        found.append(f"{undated} of its {len(live)} edges are undated: since when they hold is not known.")
    if claimed := sum(row.word == "claimed" for row in rows):
        found.append(
            f"{claimed} of its {len(live)} edges are no more than claimed: one old or weak proof each."
        )
    if saved.lost.unknown or saved.lost.bounded:
        count = saved.lost.unknown + saved.lost.bounded
        found.append(f"Of {count} of the outages that reached it, nobody says when it began or ended for it.")
    return found
