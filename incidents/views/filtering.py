"""What the filter bar needs besides its form: how a slug is called, and what one may choose from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, Q
from django.http import Http404, HttpResponse
from django.shortcuts import render

from incidents.forms import IncidentFilter
from incidents.http import Request, reading_page
from incidents.models import Organisation, Provider, Region, Service

NAMED: dict[str, type[Model]] = {"region": Region, "service": Service, "exchange": Organisation}
COMPARED: dict[str, type[Model]] = {"provider": Provider, **NAMED}
OFFERED = 400


def filter_names(form: IncidentFilter, providers: Iterable[Provider]) -> dict[str, str]:
    """Names for the chips in force: no query but for exchanges; a region's code speaks for itself."""
    names = {f"provider:{provider.slug}": provider.name for provider in providers}
    compared = form.asked["compare"] or []
    exchanges = [named.partition(":")[2] for named in compared if named.startswith("exchange:")]
    if asked := [*(form.asked["exchange"] or ()), *exchanges]:
        found = Organisation.objects.filter(slug__in=asked).values_list("slug", "name")
        names |= {f"exchange:{slug}": name for slug, name in found}
    for named in compared:
        names.setdefault(named, named.partition(":")[2])
        names[f"compare:{named}"] = names[named]
    return names


@reading_page
def options(request: Request, field: str) -> HttpResponse:
    """What may be written into a filter, fetched when somebody first enters it."""
    words = request.GET.get(field, "").replace("\x00", "").strip()
    if field == "compare":
        offered = [
            (f"{kind}:{slug}", name) for kind, model in COMPARED.items() for slug, name in named(model, words)
        ]
    elif field in NAMED:
        offered = named(NAMED[field], words)
    else:
        raise Http404
    return render(request, "incidents/_options.html", {"options": offered})


def named(model: type[Model], words: str) -> list[tuple[str, str]]:
    found = model._default_manager.filter(Q(slug__icontains=words) | Q(name__icontains=words))
    return list(found.values_list("slug", "name")[:OFFERED])


def render_view(request: Request, page: str, fragment: str, context: dict[str, Any]) -> HttpResponse:
    """The page, or for htmx the part that changes, which also tells the address of what it shows."""
    if not request.htmx:
        return render(request, page, context)
    response = render(request, fragment, context)
    after = {"after": request.GET["after"]} if request.GET.get("after") else {}
    response["HX-Push-Url"] = request.path + context["form"].query(**after).rstrip("?")
    return response
