"""Pages of what can break and of who stands on it: providers, regions, services, organisations."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.db.models import BigIntegerField, F, Q, TextField
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from incidents.choices import EndState, HitGrade, HitStatus
from incidents.figures import drawn, figures_of
from incidents.http import Cursor, Request, keyset_page, reading_page
from incidents.models import Alias, Dependency, Impact, Incident, Organisation, Provider, Region, Service
from incidents.prepared import Given, IsAnyOf, Prepared, given_list
from incidents.querysets import UNLISTED, IncidentQuerySet
from incidents.views.entity_lists import with_total
from incidents.views.graph.dependents import dependents_of
from incidents.views.hits import HitByRow, hit_by_row
from incidents.views.rows import incident_rows
from incidents.views.telling import role, tell
from nlp.document import EntityKind

LISTED = 25
HITS = 60
EDGES = 200
NAMES = 16
UNDATED = datetime.max.replace(tzinfo=UTC)
"""Stands for a start that nobody knows: those come before all others."""


@reading_page
def provider(request: Request, slug: str) -> HttpResponse:
    told = found_or_404(Provider, slug)
    found = Incident.objects.for_rows().filter(provider=told)
    context = {
        "provider": told,
        "regions": regions_of(told),
        "dependents": dependents_of(f"provider:{slug}"),
        "aliases": aliases(EntityKind.PROVIDER, slug, told.name),
        **page_of(request, "provider", slug, found),
    }
    return render(request, "incidents/provider.html", context)


@reading_page
def region(request: Request, slug: str) -> HttpResponse:
    told = found_or_404(Region, slug, "provider")
    found = Incident.objects.for_rows().filter(regions__contains=[slug])
    context = {
        "region": told,
        "dependents": dependents_of(f"region:{slug}"),
        "aliases": aliases(EntityKind.REGION, slug, told.name, told.code),
        **page_of(request, "region", slug, found),
    }
    return render(request, "incidents/region.html", context)


@reading_page
def service(request: Request, slug: str) -> HttpResponse:
    told = found_or_404(Service, slug, "provider")
    found = Incident.objects.for_rows().filter(services__contains=[slug])
    context = {
        "service": told,
        "dependents": dependents_of(f"service:{slug}"),
        "aliases": aliases(EntityKind.SERVICE, slug, told.name),
        **page_of(request, "service", slug, found),
    }
    return render(request, "incidents/service.html", context)


@reading_page
def organisation(request: Request, slug: str) -> HttpResponse:
    told = found_or_404(Organisation, slug)
    own = Incident.objects.for_rows().filter(organisation=told)
    hits = hit_by(told)
    carried = dependents_of(f"organisation:{slug}")
    reached = figures_of(f"hit:{slug}").get(f"hit:{slug}")
    context = {
        "organisation": told,
        "reached": role("Reached by outages of others", reached, index_url(exchange=slug, hits="yes")),
        "stated": [hit for hit in hits if hit.status != HitStatus.CANDIDATE],
        "candidates": [hit for hit in hits if hit.status == HitStatus.CANDIDATE],
        "depends_on": dependencies(Q(organisation=told)),
        "dependents": carried if carried.rows else None,
        "aliases": aliases(EntityKind.ORGANISATION, slug, told.name),
        **page_of(request, "organisation", slug, own, "exchange"),
    }
    return render(request, "incidents/organisation.html", context)


def page_of(
    request: Request, kind: str, slug: str, found: IncidentQuerySet, field: str = ""
) -> dict[str, Any]:
    """What all these pages have: figures, the incidents a page at a time, and where the same is to be had.

    `field` is the filter that means this thing, where it is not called like its kind.
    """
    page = keyset_page(found, Cursor.parse(request.GET.get("after", "")), LISTED)
    asked = {field or kind: slug}
    rows = incident_rows(page.rows)
    is_first = not request.GET.get("after")
    return {
        "kind": kind,
        "told": tell(drawn(f"{kind}:{slug}")),
        "ongoing": [row for row in rows if is_first and row.end_state == EndState.ONGOING],
        "rows": rows,
        "next": f"?after={page.next}" if page.next else "",
        "first": "" if is_first else "?",
        "query": urlencode(asked),
        "compared": f"{field or kind}:{slug}",
        "recent": index_url(**asked, since="2020"),
    }


def index_url(**asked: str) -> str:
    return f"{reverse('incidents:index')}?{urlencode(asked)}"


def regions_of(told: Provider) -> list[Region]:
    """With `total`, how many incidents each; the most first, also those of which none is known."""
    return list(with_total(Region.objects.filter(provider=told), "region"))


def dependencies(which: Q) -> list[Dependency]:
    """Edges with their proofs; two queries, however many."""
    edges = (
        Dependency.objects.not_rejected()
        .filter(which)
        .select_related("organisation", "on_provider", "on_region", "on_service", "on_organisation")
    )
    return list(edges.prefetch_related("proofs").order_by("organisation__name", "relation", "target")[:EDGES])


@cache
def named(model: Any, *related: str) -> Prepared:
    return Prepared(lambda: model.objects.select_related(*related).filter(slug=Given("slug", TextField())))


def found_or_404(model: Any, slug: str, *related: str) -> Any:
    thing = named(model, *related).first(slug=slug)
    if thing is None:
        raise Http404(f"The record knows no {model._meta.verbose_name} {slug}.")
    return thing


def hit_by(told: Organisation) -> list[HitByRow]:
    """The newest outages of others that reached an organisation."""
    return [hit_by_row(impact) for impact in HITTING.rows(organisation=told.pk)]


def hitting() -> Any:
    """The rows of the newest alone are read whole: some organisations were reached thousands of times."""
    # By a value, not by the column: its index would lead through all incidents to those that reached a few.
    began = Coalesce("incident__started_at", UNDATED).desc()
    newest = (
        Impact.objects.filter(
            organisation=Given("organisation", BigIntegerField()),
            incident__shown_as=None,
            incident__is_withdrawn=False,
        )
        .exclude(status=HitStatus.REJECTED)
        .exclude(grade=HitGrade.STATED_NOT_AFFECTED)
        .order_by(began, "-pk")
        .values("pk")[:HITS]
    )
    return (
        Impact.objects.filter(pk__in=newest)
        .select_related("incident__provider", "incident__organisation")
        .defer("shown", "reasons", *(f"incident__{name}" for name in UNLISTED))
        .order_by(began, "-pk")
    )


HITTING = Prepared(hitting)


def aliases(kind: EntityKind, slug: str, *known: str) -> list[str]:
    """Other names, without those that the page says anyway."""
    return ALIASES.rows(kind=kind.value, slug=slug, known=[*known])


ALIASES = Prepared(
    lambda: (
        Alias.objects.filter(kind=Given("kind", TextField()), slug=Given("slug", TextField()))
        .exclude(IsAnyOf(F("name"), given_list("known", TextField())))
        .order_by("name")
        .values_list("name", flat=True)[:NAMES]
    )
)
