"""/incidents/: the list; and the page of one: its facts, whom it hit, what was said in order of time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from incidents.forms import IncidentFilter
from incidents.http import Cursor, Request, keyset_page, reading_page
from incidents.models import Impact, Incident, Provider
from incidents.quoting import load_claims, reports_of
from incidents.views.facts import entity_names, fact_groups
from incidents.views.filtering import filter_names, render_view
from incidents.views.history import decisions, statements
from incidents.views.hits import hit_rows
from incidents.views.rows import IncidentRow, incident_row, incident_rows, span_text, when
from incidents.views.story import report_rows, story


@reading_page
def index(request: Request) -> HttpResponse:
    form = IncidentFilter(request.GET)
    providers = list(Provider.objects.all())
    found = form.narrow(Incident.objects.for_timeline())
    page = keyset_page(found, Cursor.parse(request.GET.get("after", "")))
    context = {
        "form": form,
        "chips": form.chips(filter_names(form, providers)),
        "providers": providers,
        "rows": incident_rows(page.rows),
        "next": form.query(after=str(page.next)) if page.next else "",
        "first": form.query() if request.GET.get("after") else "",
    }
    return render_view(request, "incidents/incidents.html", "incidents/_incidents.html", context)


@reading_page
def detail(request: Request, slug: str) -> HttpResponse:
    """A number that was merged redirects; one with no account left says that it is withdrawn."""
    found = Incident.objects.select_related("provider", "organisation", "shown_as__shown_as")
    incident = found.filter(slug=slug.upper()).first()
    if incident is None:
        raise Http404(f"There is no incident {slug}.")
    if incident.shown_as:
        return redirect(incident.shown_as)
    if incident.is_withdrawn:
        return render(request, "incidents/withdrawn.html", {"incident": incident}, status=410)
    if slug != incident.slug:
        return redirect(incident, permanent=True)
    return render(request, "incidents/incident.html", incident_context(incident))


def incident_context(incident: Incident) -> dict[str, Any]:
    claims = load_claims(incident)
    reports = reports_of(incident, claims)
    hits = hit_rows(incident, claims)
    return {
        "incident": incident,
        "row": incident_row(incident, {}),
        "groups": fact_groups(incident, claims, entity_names(incident)),
        "hits": [hit for hit in hits if hit.stands],
        "not_hit": [hit for hit in hits if not hit.stands],
        "upstream": upstream(incident),
        "story": story(reports),
        "reports": report_rows(reports, claims),
        "statements": statements(incident),
        "decisions": decisions(incident),
        "delay": delay_text(incident),
        "first_public": when(incident.first_public_at),
        "changed": when(incident.changed_at),
        "opened": when(incident.opened_at),
        "earlier": neighbour(incident, later=False),
        "later": neighbour(incident, later=True),
    }


def upstream(incident: Incident) -> list[Impact]:
    """The provider outages that an organisation's own incident is put down to."""
    if incident.organisation_id is None:
        return []
    return list(incident.upstream_impacts.select_related("incident__provider"))


def delay_text(incident: Incident) -> str:
    """Admission delay: from the start of the impact to the first public post."""
    if incident.started_at is None or incident.first_public_at is None or incident.start_is_bound:
        return ""
    delay = incident.first_public_at - incident.started_at
    return f"+{span_text(delay)}" if delay >= timedelta() else f"{span_text(-delay)} before it began"


def neighbour(incident: Incident, *, later: bool) -> IncidentRow | None:
    """The next live incident of the same owner, before or after."""
    if incident.started_at is None:
        return None
    same = Incident.objects.for_timeline().filter(
        provider=incident.provider_id, organisation=incident.organisation_id
    )
    beside, at = ("gt", "lt")[not later], incident.started_at
    found = same.filter(
        Q(**{f"started_at__{beside}": at}) | Q(**{"started_at": at, f"pk__{beside}": incident.pk})
    )
    nearest = found.order_by("started_at", "pk") if later else found
    return next((incident_row(one, {}) for one in nearest[:1]), None)
