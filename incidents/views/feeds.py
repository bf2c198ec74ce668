"""/incidents/feed.atom: the posts of what a filter lets through, for feed readers."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse

from incidents.atom import as_atom, newest_entries
from incidents.forms import IncidentFilter
from incidents.http import Request, reading_page
from incidents.models import Incident, Provider
from incidents.views.filtering import filter_names


@reading_page
def atom(request: Request) -> HttpResponse:
    form = IncidentFilter(request.GET)
    chips = form.chips(filter_names(form, Provider.objects.all()))
    asked = ", ".join(f"{chip.label.lower()} {chip.value}" for chip in chips)
    document = as_atom(
        newest_entries(form.narrow(Incident.objects.live())),
        title=f"Faultline: {asked or 'all outages'}",
        about="Posts about outages, as their publishers wrote them.",
        page=reverse("incidents:index") + form.query(),
        address=request.path + form.query(),
    )
    return HttpResponse(document, content_type="application/atom+xml; charset=utf-8")
