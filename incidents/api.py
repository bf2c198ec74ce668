"""The read API at /api/v1/: the record for machines, with the filters of the pages, cursors and ETags."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from ninja import NinjaAPI, Path, Query
from ninja.decorators import decorate_view
from ninja.errors import HttpError

from incidents.answers import dependency_json, detail_json, incident_json, organisation_json, source_json
from incidents.cors import open_to_all
from incidents.forms import IncidentFilter
from incidents.graphing.api import router as graph
from incidents.graphing.asking import ConcentrationForm
from incidents.http import Cursor, keyset_page, reading_page
from incidents.models import Dependency, Incident, Organisation, Source
from incidents.postmortems.api import router as postmortems
from incidents.schemas import (
    DependencyPage,
    IncidentDetail,
    IncidentPage,
    IncidentQuery,
    Name,
    OrganisationPage,
    Paging,
    SourcePage,
)

SAFE = ["GET", "HEAD"]


api = NinjaAPI(
    title="Faultline",
    version="1",
    description="The public record of how cloud outages reach the exchanges that run on them. Times are UTC.",
    docs_url=None,
    urls_namespace="api",
)
api.add_router("/postmortems", postmortems)
api.add_router("", graph)


@api.api_operation(SAFE, "/incidents", response=IncidentPage, tags=["incidents"])
@decorate_view(open_to_all, reading_page)
def list_incidents(request: HttpRequest, filters: Query[IncidentQuery], paging: Query[Paging]) -> Any:
    """Incidents, newest start first, those without a known start last."""
    form = IncidentFilter(request.GET)
    if not form.is_valid():
        raise HttpError(422, "; ".join(f"{name}: {told.as_text()}" for name, told in form.errors.items()))
    found = form.narrow(Incident.objects.for_timeline())
    if filters.updated_since:
        found = found.filter(changed_at__gte=filters.updated_since)
    after = Cursor.parse(paging.after)
    if paging.after and after is None:
        raise HttpError(422, "after: not a cursor that was given out here")
    page = keyset_page(found, after, paging.limit)
    return {"items": [incident_json(one) for one in page.rows], "next": page.next and str(page.next)}


@api.api_operation(SAFE, "/incidents/{slug}", response=IncidentDetail, tags=["incidents"])
@decorate_view(open_to_all, reading_page)
def get_incident(request: HttpRequest, slug: Path[Name]) -> Any:
    """One incident with its values, hits, reports and claims. A merged number redirects to the live one."""
    found = Incident.objects.select_related("provider", "organisation", "shown_as")
    incident = found.filter(slug=slug.upper()).first()
    if incident is None:
        raise HttpError(404, f"There is no incident {slug}.")
    if incident.is_withdrawn:
        raise HttpError(410, f"{incident.slug} is withdrawn: no report tells of it any more.")
    if incident.shown_as:
        answer = HttpResponse(status=302)
        answer["Location"] = reverse("api:get_incident", args=[incident.shown_as.slug])
        return answer
    return detail_json(incident)


@api.api_operation(SAFE, "/organisations", response=OrganisationPage, tags=["organisations"])
@decorate_view(open_to_all, reading_page)
def list_organisations(request: HttpRequest, paging: Query[Paging], kind: Name = "") -> Any:
    """Exchanges, brokers, wallets, data and infrastructure services, by slug."""
    found = Organisation.objects.order_by("slug")
    return page_by(found.filter(kind=kind) if kind else found, "slug", paging, organisation_json)


@api.api_operation(SAFE, "/dependencies", response=DependencyPage, tags=["dependencies"])
@decorate_view(open_to_all, reading_page)
def list_dependencies(
    request: HttpRequest, paging: Query[Paging], organisation: Name = "", target: Name = "", as_of: Name = ""
) -> Any:
    """What organisations are known to stand on, each edge with its proofs; as of a date, what was known."""
    edges = Dependency.objects.not_rejected()
    if as_of:
        asked = ConcentrationForm(request.GET)
        if not asked.is_valid():
            raise HttpError(422, f"as_of: {asked.errors['as_of'].as_text()}")
        edges = edges.known_at(asked.moment)
    found = edges.select_related("organisation").prefetch_related("proofs").order_by("pk")
    if organisation:
        found = found.filter(organisation__slug=organisation)
    if target:
        found = found.filter(target=target)
    return page_by(found, "pk", paging, dependency_json)


@api.api_operation(SAFE, "/sources", response=SourcePage, tags=["sources"])
@decorate_view(open_to_all, reading_page)
def list_sources(request: HttpRequest, paging: Query[Paging]) -> Any:
    """Whose voices are read, and whether they can be heard now."""
    return page_by(Source.objects.order_by("slug"), "slug", paging, source_json)


def page_by(found: QuerySet[Any], key: str, paging: Paging, tell: Callable[[Any], dict[str, Any]]) -> Any:
    """The page of rows whose key comes after the cursor."""
    if paging.after:
        if key == "pk" and not paging.after.isdecimal():
            raise HttpError(422, "after: not a cursor that was given out here")
        found = found.filter(**{f"{key}__gt": paging.after})
    rows: list[Model] = list(found[: paging.limit + 1])
    last = rows[paging.limit - 1] if len(rows) > paging.limit else None
    return {
        "items": [tell(row) for row in rows[: paging.limit]],
        "next": str(getattr(last, key)) if last else None,
    }


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return JsonResponse({"detail": "There is nothing at this address."}, status=404)
