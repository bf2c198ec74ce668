"""Pages of what can break and of who stands on it: providers, regions, services, organisations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q
from django.http import Http404, HttpResponse
from django.shortcuts import render

from incidents import charts
from incidents.charts import chart
from incidents.choices import HitGrade, HitStatus
from incidents.figures import Lengths, counts, dots, lengths
from incidents.http import Cursor, Request, keyset_page, reading_page
from incidents.models import Alias, Dependency, Impact, Incident, Organisation, Provider, Region, Service
from incidents.querysets import IncidentQuerySet
from incidents.views.hits import HitByRow, hit_by_row
from incidents.views.rows import IncidentRow, incident_rows, span_text, when
from nlp.document import Cause, EntityKind

DOTS = 1500
LISTED = 25
EDGES = 200
NAMES = 16


@dataclass(frozen=True, slots=True)
class Told:
    """What a page says of many incidents in numbers and pictures."""

    lengths: Lengths
    median: str
    p90: str
    years: dict[str, Any] | None
    causes: dict[str, Any] | None
    unexplained: int
    dots: dict[str, Any] | None
    drawn: int


def tell(found: IncidentQuerySet) -> Told:
    measured = lengths(found)
    drawn = dots(found, DOTS)
    counted = counts(found)
    unexplained = dict(counted.causes).get(Cause.UNKNOWN, 0)
    explained = measured.total > unexplained
    return Told(
        lengths=measured,
        median=span_text(measured.median) if measured.median is not None else "",
        p90=span_text(measured.p90) if measured.p90 is not None else "",
        years=chart(charts.years(counted.years)) if len(counted.years) > 1 else None,
        causes=chart(charts.causes(counted.causes)) if explained else None,
        unexplained=unexplained,
        dots=chart(charts.dots(drawn, measured.median)) if len(drawn) > 2 else None,
        drawn=len(drawn),
    )


def incident_list(request: Request, found: IncidentQuerySet) -> dict[str, Any]:
    page = keyset_page(found, Cursor.parse(request.GET.get("after", "")), LISTED)
    rows: list[IncidentRow] = incident_rows(page.rows)
    return {
        "rows": rows,
        "next": f"?after={page.next}" if page.next else "",
        "first": "?" if request.GET.get("after") else "",
    }


def dependencies(which: Q) -> list[Dependency]:
    """Edges with their proofs; two queries, however many."""
    edges = Dependency.objects.filter(which).select_related(
        "organisation", "on_provider", "on_region", "on_service", "on_organisation"
    )
    return list(edges.prefetch_related("proofs").order_by("organisation__name", "relation", "target")[:EDGES])


def found_or_404(model: Any, slug: str, *related: str) -> Any:
    thing = model.objects.select_related(*related).filter(slug=slug).first()
    if thing is None:
        raise Http404(f"The record knows no {model._meta.verbose_name} {slug}.")
    return thing


@reading_page
def provider(request: Request, slug: str) -> HttpResponse:
    told = found_or_404(Provider, slug)
    found = Incident.objects.for_timeline().filter(provider=told)
    context = {
        "provider": told,
        "told": tell(found),
        "regions": Region.objects.filter(provider=told),
        "carries": dependencies(Q(on_provider=told)),
        "aliases": aliases(EntityKind.PROVIDER, slug, told.name),
    }
    return render(request, "incidents/provider.html", context | incident_list(request, found))


@reading_page
def region(request: Request, slug: str) -> HttpResponse:
    told = found_or_404(Region, slug, "provider")
    found = Incident.objects.for_timeline().filter(regions__contains=[slug])
    context = {
        "region": told,
        "told": tell(found),
        "carries": dependencies(Q(on_region=told)),
        "aliases": aliases(EntityKind.REGION, slug, told.name, told.code),
    }
    return render(request, "incidents/region.html", context | incident_list(request, found))


@reading_page
def service(request: Request, slug: str) -> HttpResponse:
    told = found_or_404(Service, slug, "provider")
    found = Incident.objects.for_timeline().filter(services__contains=[slug])
    context = {
        "service": told,
        "told": tell(found),
        "carries": dependencies(Q(on_service=told)),
        "aliases": aliases(EntityKind.SERVICE, slug, told.name),
    }
    return render(request, "incidents/service.html", context | incident_list(request, found))


@reading_page
def organisation(request: Request, slug: str) -> HttpResponse:
    told = found_or_404(Organisation, slug)
    own = Incident.objects.for_timeline().filter(organisation=told)
    hits = hit_by(told)
    edges = dependencies(Q(organisation=told) | Q(on_organisation=told))
    context = {
        "organisation": told,
        "told": tell(own),
        "stated": [hit for hit in hits if hit.status != HitStatus.CANDIDATE],
        "candidates": [hit for hit in hits if hit.status == HitStatus.CANDIDATE],
        "depends_on": [edge for edge in edges if edge.organisation_id == told.pk],
        "carries": [edge for edge in edges if edge.organisation_id != told.pk],
        "aliases": aliases(EntityKind.ORGANISATION, slug, told.name),
    }
    return render(request, "incidents/organisation.html", context | incident_list(request, own))


def hit_by(told: Organisation) -> list[HitByRow]:
    """The outages of others that reached an organisation, newest first."""
    found = (
        Impact.objects.filter(organisation=told, incident__shown_as=None, incident__is_withdrawn=False)
        .exclude(status=HitStatus.REJECTED)
        .exclude(grade=HitGrade.STATED_NOT_AFFECTED)
        .select_related("incident__provider", "incident__organisation", "own_incident")
        .order_by("-incident__started_at", "-pk")
    )
    return [hit_by_row(impact) for impact in found[:EDGES]]


def aliases(kind: EntityKind, slug: str, *known: str) -> list[str]:
    """Other names, without those that the page says anyway."""
    found = Alias.objects.filter(kind=kind, slug=slug).exclude(name__in=known)
    return list(found.order_by("name").values_list("name", flat=True)[:NAMES])


@reading_page
def exchanges(request: Request) -> HttpResponse:
    """Every organisation of the record, also those that nothing is known to have hit."""
    stands = Q(impacts__status__in=[HitStatus.SHOWN, HitStatus.ACCEPTED]) & ~Q(
        impacts__grade=HitGrade.STATED_NOT_AFFECTED
    )
    listed = (
        Organisation.objects.annotate(hits=Count("impacts", filter=stands, distinct=True))
        .annotate(own=Count("own_incidents", filter=Q(own_incidents__shown_as=None), distinct=True))
        .annotate(last=Max("impacts__incident__started_at", filter=stands))
        .order_by("-hits", "name")
    )
    edges = Dependency.objects.filter(ended_on=None).select_related("on_provider", "on_region__provider")
    return render(request, "incidents/exchanges.html", {"rows": organisation_rows(listed, edges)})


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    name: str
    url: str
    kind: str
    hits: int
    own: int
    last: str
    providers: tuple[str, ...]


def organisation_rows(listed: Any, edges: Any) -> list[OrganisationRow]:
    stands_on: dict[int, set[str]] = {}
    for edge in edges:
        owner = edge.on_provider or (edge.on_region.provider if edge.on_region else None)
        if owner:
            stands_on.setdefault(edge.organisation_id, set()).add(owner.name)
    return [
        OrganisationRow(
            name=one.name,
            url=one.get_absolute_url(),
            kind=one.get_kind_display().lower(),
            hits=one.hits,
            own=one.own,
            last=moment.text[:10] if (moment := when(one.last)) else "",
            providers=tuple(sorted(stands_on.get(one.pk, ()))),
        )
        for one in listed
    ]
