"""/postmortems/feed.atom: what is published for everybody, by the filters of the list, for feed readers."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse

from incidents.atom import as_atom
from incidents.http import Request, reading_page
from incidents.models import Publication
from incidents.postmortems.atom import newest_publications
from incidents.postmortems.filters import PublicationFilter


@reading_page
def atom(request: Request) -> HttpResponse:
    form = PublicationFilter(request.GET)
    asked = ", ".join(f"{name} {value}" for name, value in form.asked.items() if value)
    query = form.address().removesuffix("?")
    document = as_atom(
        newest_publications(form.narrow(Publication.objects.public())),
        title=f"Faultline: {f'post-mortems, {asked}' if asked else 'all post-mortems'}",
        about="What teams learned from outages, reviewed by somebody who did not write it.",
        page=reverse("postmortems:index") + query,
        address=request.path + query,
    )
    return HttpResponse(document, content_type="application/atom+xml; charset=utf-8")
