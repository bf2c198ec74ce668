"""/providers/, /regions/, /services/, /exchanges/: everything that has a page, also what nothing befell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode

from incidents.choices import OrganisationKind
from incidents.figures import figures_of
from incidents.http import Request, reading_page
from incidents.models import Dependency, Figures, Organisation, Provider, Region, Service
from incidents.times import length_text
from incidents.views.rows import Link

LISTED = 100


@dataclass(frozen=True, slots=True)
class ThingRow:
    """A thing with what is counted of it; empty texts where nothing is known."""

    link: Link
    note: str
    provider: Link | None
    total: int
    reached: int
    median: str
    p90: str
    last: str


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    link: Link
    kind: str
    hits: int
    own: int
    last: str
    providers: tuple[str, ...]


@reading_page
def providers(request: Request) -> HttpResponse:
    listed = with_total(Provider.objects.all(), "provider")
    rows = thing_rows(list(listed), "provider")
    return render(request, "incidents/things.html", {"rows": rows, "kind": "provider", "title": "Providers"})


@reading_page
def regions(request: Request) -> HttpResponse:
    return owned_things(request, Region, "region", "Regions")


@reading_page
def services(request: Request) -> HttpResponse:
    return owned_things(request, Service, "service", "Services")


def owned_things(request: Request, model: Any, kind: str, title: str) -> HttpResponse:
    """Narrowed by provider and words; a page at a time, the most incidents first."""
    provider, words = clean(request, "provider"), clean(request, "q")
    found = with_total(model.objects.select_related("provider"), kind)
    if provider:
        found = found.filter(provider__slug=provider)
    if words:
        found = found.filter(Q(slug__icontains=words) | Q(name__icontains=words))
    listed = list(after(found, clean(request, "after"))[: LISTED + 1])
    context = {
        "rows": thing_rows(listed[:LISTED], kind),
        "kind": kind,
        "title": title,
        "providers": list(Provider.objects.all()),
        "provider": provider,
        "words": words,
        **pages_beside(request, listed, {"provider": provider, "q": words}),
    }
    return render(request, "incidents/things.html", context)


def pages_beside(request: Request, listed: list[Any], asked: dict[str, str]) -> dict[str, str]:
    last = listed[LISTED - 1] if len(listed) > LISTED else None
    further = asked | {"after": f"{last.total} {last.slug}"} if last else {}
    return {
        "next": f"?{urlencode(further)}" if last else "",
        "first": f"?{urlencode(asked)}" if request.GET.get("after") else "",
    }


def clean(request: Request, name: str) -> str:
    return request.GET.get(name, "").replace("\x00", "").strip()[:140]


def with_total(found: QuerySet[Any], kind: str) -> QuerySet[Any]:
    """With `total`, how many incidents name each: the most first."""
    mine = Figures.objects.filter(scope=Concat(Value(f"{kind}:"), OuterRef("slug")))
    total = Coalesce(Subquery(mine.values("total")), 0, output_field=IntegerField())
    counted: QuerySet[Any] = found.annotate(total=total)
    return counted.order_by("-total", "slug")


def after(found: QuerySet[Any], cursor: str) -> QuerySet[Any]:
    total, _, slug = cursor.partition(" ")
    if not slug or not total.isdecimal():
        return found
    return found.filter(Q(total__lt=int(total)) | Q(total=int(total), slug__gt=slug))


def thing_rows(listed: list[Any], kind: str) -> list[ThingRow]:
    told = figures_of(*(f"{kind}:{one.slug}" for one in listed))
    return [thing_row(one, told.get(f"{kind}:{one.slug}")) for one in listed]


def thing_row(one: Any, figures: Figures | None) -> ThingRow:
    owner = one.provider if hasattr(one, "provider") else None
    code = one.slug.partition(":")[2] if owner else ""
    return ThingRow(
        link=Link(code if isinstance(one, Region) else one.name, one.get_absolute_url()),
        note=one.name if isinstance(one, Region) and one.name != code else "",
        provider=Link(owner.name, owner.get_absolute_url()) if owner else None,
        total=one.total,
        reached=figures.reached if figures else 0,
        median=length_text(figures.median if figures else None),
        p90=length_text(figures.p90 if figures else None),
        last=day_text(figures),
    )


def day_text(figures: Figures | None) -> str:
    return f"{figures.last_at:%Y-%m-%d}" if figures and figures.last_at else ""


@reading_page
def exchanges(request: Request) -> HttpResponse:
    """Every organisation of the record, also those that nothing is known to have hit; narrowed, and paged."""
    kind, words = clean(request, "kind"), clean(request, "q")
    found = with_total(Organisation.objects.all(), "hit")
    if kind in OrganisationKind.values:
        found = found.filter(kind=kind)
    if words:
        found = found.filter(Q(slug__icontains=words) | Q(name__icontains=words))
    listed = list(after(found, clean(request, "after"))[: LISTED + 1])
    context = {
        "rows": organisation_rows(listed[:LISTED]),
        "kinds": OrganisationKind.choices,
        "kind": kind,
        "words": words,
        **pages_beside(request, listed, {"kind": kind, "q": words}),
    }
    return render(request, "incidents/exchanges.html", context)


def organisation_rows(listed: list[Any]) -> list[OrganisationRow]:
    stands_on = providers_beneath([one.pk for one in listed])
    counts = figures_of(*(f"{role}:{one.slug}" for one in listed for role in ("hit", "organisation")))
    return [
        OrganisationRow(
            link=Link(one.name, one.get_absolute_url()),
            kind=one.get_kind_display().lower(),
            hits=one.total,
            own=own.total if (own := counts.get(f"organisation:{one.slug}")) else 0,
            last=day_text(counts.get(f"hit:{one.slug}")),
            providers=tuple(sorted(stands_on.get(one.pk, ()))),
        )
        for one in listed
    ]


def providers_beneath(organisations: list[int]) -> dict[int, set[str]]:
    """By organisation: the providers that it is known to stand on, also by one of their regions."""
    edges = Dependency.objects.filter(ended_on=None, organisation__in=organisations)
    found: dict[int, set[str]] = {}
    for pk, name, of_region in edges.values_list(
        "organisation", "on_provider__name", "on_region__provider__name"
    ):
        if owner := name or of_region:
            found.setdefault(pk, set()).add(owner)
    return found
