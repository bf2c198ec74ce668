"""/timeline/: every outage in the lane of its provider, the exchanges that it reached hanging from it."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone

from incidents.forms import IncidentFilter
from incidents.http import Cursor, Request, keyset_page, reading_page
from incidents.models import Incident, Provider
from incidents.timeline.bins import months
from incidents.timeline.drawing import draw
from incidents.timeline.overview import draw_overview
from incidents.views.filtering import filter_names, render_view
from incidents.views.moving import moves, period
from incidents.views.rows import incident_rows

LISTED = 25


@reading_page
def timeline(request: Request) -> HttpResponse:
    form = IncidentFilter(request.GET)
    providers = list(Provider.objects.all())
    names = filter_names(form, providers)
    found = form.narrow(Incident.objects.for_rows())
    drawing = draw(found, form, providers, names, timezone.now())
    page = keyset_page(found, Cursor.parse(request.GET.get("after", "")), LISTED)
    context = {
        "form": form,
        "chips": form.chips(names),
        "providers": providers,
        "drawing": drawing,
        "overview": draw_overview(months(form.scope or "all"), drawing.span),
        "is_whole": form.scope in ("", "all"),
        "period": period(drawing.span),
        "moves": moves(form, drawing.span),
        "rows": incident_rows(page.rows),
        "next": form.query(after=str(page.next)) if page.next else "",
        "query": form.query(),
    }
    return render_view(request, "incidents/timeline.html", "incidents/_timeline.html", context)
