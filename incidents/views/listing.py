"""/incidents/: the list, what one may narrow it by, and how long its incidents lasted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpResponse

from incidents.facets import Counts, counted_facets, facets, live_facets
from incidents.figures import Lengths, counted, lengths, lengths_counted
from incidents.forms import IncidentFilter
from incidents.http import Cursor, Request, keyset_page, reading_page
from incidents.models import Incident, Provider
from incidents.querysets import IncidentQuerySet
from incidents.times import length_text
from incidents.views.filtering import filter_names, render_view
from incidents.views.rows import When, incident_rows, when

MOST_COUNTED = 5_000
"""Of what no worker counted the newest are looked at, so that no filter costs more than another."""


@dataclass(frozen=True, slots=True)
class Summary:
    """`as_of` is None where it was counted just now; `most_counted` is not 0 where more match than that."""

    lengths: Lengths
    median: str
    p90: str
    counts: Counts
    names: dict[str, str]
    as_of: When | None
    most_counted: int = 0


@reading_page
def index(request: Request) -> HttpResponse:
    form = IncidentFilter(request.GET)
    providers = list(Provider.objects.all())
    names = filter_names(form, providers)
    found = form.narrow(Incident.objects.for_rows())
    page = keyset_page(found, Cursor.parse(request.GET.get("after", "")))
    told = summarise(form, found)
    context = {
        "form": form,
        "chips": form.chips(names),
        "providers": providers,
        "told": told,
        "facets": facets(form, told.counts, names | told.names, told.lengths.total),
        "query": form.query(),
        "rows": incident_rows(page.rows),
        "next": form.query(after=str(page.next)) if page.next else "",
        "first": form.query() if request.GET.get("after") else "",
    }
    return render_view(request, "incidents/incidents.html", "incidents/_incidents.html", context)


def summarise(form: IncidentFilter, found: IncidentQuerySet) -> Summary:
    """What a worker counted, where that is the same; else two queries about the newest that match."""
    figures: Any = None if form.span else counted(form.scope).get(form.scope)
    if figures is not None:
        counts, names = counted_facets(figures)
        return summary(lengths_counted(figures), counts, names, when(figures.as_of))
    newest = found[: MOST_COUNTED + 1]
    told = summary(lengths(newest), live_facets(newest), {}, None)
    return replace(told, most_counted=MOST_COUNTED) if told.lengths.total > MOST_COUNTED else told


def summary(told: Lengths, counts: Counts, names: dict[str, str], as_of: When | None) -> Summary:
    return Summary(
        lengths=told,
        median=length_text(told.median),
        p90=length_text(told.p90),
        counts=counts,
        names=names,
        as_of=as_of,
    )
