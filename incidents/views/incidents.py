"""/incidents/…/: the page of one: its facts, whom it hit, what was said in order of time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import TextField
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils import timezone

from incidents.concluding import conclude
from incidents.dossier import Dossier, load
from incidents.http import Request, reading_page
from incidents.impacts import declared, outage_of
from incidents.knowing import impacts_at, incident_at, moments
from incidents.milestones import Milestone, milestones
from incidents.models import Incident
from incidents.prepared import Given, Prepared
from incidents.reliance import silent
from incidents.views.around import Around, around, by_number
from incidents.views.citing import cite
from incidents.views.facts import entity_names, fact_groups
from incidents.views.history import decisions_of, statements
from incidents.views.hits import hit_rows
from incidents.views.moments import STAMP, NoMoment, moment_asked, slider, stamp_of, step_asked
from incidents.views.picture import picture
from incidents.views.rows import incident_row, organisation_link, span_text, when
from incidents.views.story import report_rows, story, texts_of


@reading_page
def detail(request: Request, slug: str) -> HttpResponse:
    """A number that was merged redirects; one with no account left says that it is withdrawn."""
    incident = find(slug)
    if incident.shown_as:
        return redirect(incident.shown_as)
    if incident.is_withdrawn:
        context = {"incident": incident, "around": by_number(incident)}
        return render(request, "incidents/withdrawn.html", context, status=410)
    if slug != incident.slug:
        return redirect(incident, permanent=True)
    try:
        at = moment_asked(request, timezone.now())
    except NoMoment as error:
        return HttpResponseBadRequest(f"{error} is no time. Write it like 2025-10-20T08:30Z.")
    dossier = load(incident, at)
    if (step := step_asked(request)) is not None:
        stamp = stamp_of(moments(dossier), step)
        return redirect(incident.get_absolute_url() + (f"?at={stamp}" if stamp else ""))
    context = page_at(dossier, at) if at else page_now(dossier)
    return render(request, "incidents/incident.html", context)


def find(slug: str) -> Incident:
    incident: Incident | None = NUMBERED.first(slug=slug.upper())
    if incident is None:
        raise Http404(f"There is no incident {slug}.")
    return incident


NUMBERED = Prepared(
    lambda: (
        Incident.objects.select_related("provider", "organisation", "shown_as__shown_as")
        .filter(slug=Given("slug", TextField()))
        .order_by()
    )
)


def page_now(dossier: Dossier) -> dict[str, Any]:
    """The stored row and hits, and what stands around them."""
    incident, edges = dossier.incident, declared()
    spoken_of = {impact.organisation.slug for impact in dossier.impacts}
    expected = silent(outage_of(incident), spoken_of, edges)
    context = page_of(dossier, incident, entity_names(incident, expected))
    hit = {impact.organisation.slug: impact.organisation.name for impact in dossier.impacts}
    return {
        **context,
        "picture": picture(incident, context["hits"], edges, context["names"]),
        "silent": [organisation_link(slug, context["names"]) for slug in expected],
        "statements": statements(incident),
        "decisions": decisions_of(dossier.verdicts, dossier.given),
        "around": around(incident, context["names"] | hit),
        "upstream": dossier.upstream,
    }


def page_at(dossier: Dossier, at: datetime) -> dict[str, Any]:
    """Only what was public then: nothing of other incidents, whose titles may have come later."""
    row = incident_at(dossier, dossier.incident, at)
    edges = declared() if dossier.impacts else []
    dossier.impacts = impacts_at(dossier, row, at, edges)
    return {**page_of(dossier, row, entity_names(row)), "around": Around(None, None, ())}


def page_of(dossier: Dossier, incident: Incident, names: dict[str, str]) -> dict[str, Any]:
    claims, texts, days = dossier.claims, texts_of(dossier), story(dossier)
    hits = hit_rows(dossier, texts)
    row, reports = incident_row(incident, {}), report_rows(told_by(dossier))
    return {
        "incident": incident,
        "at": dossier.at,
        "is_public": dossier.at is None or incident.report_count > 0,
        "row": row,
        "names": names,
        "groups": fact_groups(incident, claims, names, texts),
        "hits": [hit for hit in hits if hit.stands],
        "not_hit": [hit for hit in hits if not hit.stands],
        "milestones": stations(dossier),
        "story": days,
        "has_exchanges": any(post.is_exchange for day in days for post in day.posts),
        "reports": reports,
        "cited": sum(not report.is_read for report in reports),
        "delay": delay_text(incident),
        "changed": when(incident.changed_at),
        "opened": when(incident.opened_at),
        "slider": slider(moments(dossier), dossier.at),
        "cite": cite(incident, dossier.at or timezone.now(), is_past=dossier.at is not None),
        "stamp": f"{dossier.at:{STAMP}}" if dossier.at else "",
    }


def told_by(dossier: Dossier) -> list[Any]:
    """The reports that tell of this incident or that one of these cites."""
    own = [
        report
        for report in dossier.reports
        if not report.held or any(one["incident"] == dossier.incident.pk for one in report.held)
    ]
    return own


def stations(dossier: Dossier) -> list[dict[str, Any]]:
    told = dossier.told(dossier.incident)
    hit = [
        teller
        for incident, found in dossier.tellers.items()
        if incident != dossier.incident.pk
        for teller in found
    ]
    found = milestones(told, conclude(told, dossier.at), hit, dossier.at)
    return [station(one) for one in found]


def station(one: Milestone) -> dict[str, Any]:
    return {
        "name": one.station.value,
        "when": when(one.at, one.precision, is_bound=one.is_bound),
        "publishers": one.publishers,
        "after": "" if one.after is None else signed(one.after),
    }


def signed(span: timedelta) -> str:
    return f"+{span_text(span)}" if span >= timedelta() else f"-{span_text(-span)}"


def delay_text(incident: Incident) -> str:
    """Admission delay: from the start of the impact to the first public post."""
    if incident.started_at is None or incident.first_public_at is None or incident.start_is_bound:
        return ""
    delay = incident.first_public_at - incident.started_at
    return f"+{span_text(delay)}" if delay >= timedelta() else f"{span_text(-delay)} before it began"
