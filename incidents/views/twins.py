"""The page of one incident for machines and notes: JSON, Markdown and a calendar entry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from incidents.answers import claim_json, impact_json, incident_json
from incidents.dossier import Dossier, load
from incidents.http import Request, reading_page
from incidents.models import Incident
from incidents.views.calendar import calendar_of
from incidents.views.incidents import find, page_at, page_now
from incidents.views.moments import NoMoment, moment_asked

Write = Callable[[Dossier, dict[str, Any]], HttpResponse]


def twin(request: Request, slug: str, name: str, write: Write) -> HttpResponse:
    """The same incident and moment as the page, in another form; merged numbers lead on."""
    incident = find(slug)
    live = incident.shown_as or incident
    if live.slug != slug:
        return redirect(f"incidents:{name}", live.slug)
    if incident.is_withdrawn:
        return HttpResponse(f"{incident.slug} is withdrawn.\n", content_type="text/plain", status=410)
    try:
        at = moment_asked(request, timezone.now())
    except NoMoment as error:
        return HttpResponseBadRequest(f"{error} is no time. Write it like 2025-10-20T08:30Z.")
    dossier = load(incident, at)
    return write(dossier, page_at(dossier, at) if at else page_now(dossier))


@reading_page
def as_json(request: Request, slug: str) -> HttpResponse:
    return twin(request, slug, "json", write_json)


@reading_page
def as_markdown(request: Request, slug: str) -> HttpResponse:
    return twin(request, slug, "markdown", write_markdown)


@reading_page
def as_calendar(request: Request, slug: str) -> HttpResponse:
    return twin(request, slug, "calendar", write_calendar)


def write_json(dossier: Dossier, page: dict[str, Any]) -> HttpResponse:
    row: Incident = page["incident"]
    told = {
        **incident_json(row),
        "url": address_of(row),
        "as_known_at": dossier.at,
        "values": row.shown.get("values", []),
        "milestones": [
            {
                "station": one["name"],
                "at": one["when"].iso or one["when"].text,
                "is_bound": one["when"].is_bound,
                "after_start": one["after"],
                "publishers": one["publishers"],
            }
            for one in page["milestones"]
        ],
        "impacts": [
            {**impact_json(impact), "through": impact.shown.get("through", "")} for impact in dossier.impacts
        ],
        "reports": [
            {
                "key": report.key,
                "publisher": report.source.publisher,
                "kind": report.kind,
                "url": report.url,
                "title": report.title,
                "published_at": report.published_at,
                "is_read": report.is_read,
            }
            for report in dossier.reports
        ],
        "claims": [
            claim_json(claim)
            for found in dossier.claims.values()
            for claim in found
            if claim.account is not None
        ],
    }
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 1})


def write_calendar(dossier: Dossier, page: dict[str, Any]) -> HttpResponse:
    row: Incident = page["incident"]
    if row.started_at is None:
        return HttpResponse("No start is known.\n", content_type="text/plain", status=404)
    answer = HttpResponse(calendar_of(row, address_of(row)), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'inline; filename="{row.slug}.ics"'
    return answer


def write_markdown(dossier: Dossier, page: dict[str, Any]) -> HttpResponse:
    lines = [*head_lines(page), *fact_lines(page), *hit_lines(page), *story_lines(page), *source_lines(page)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/markdown; charset=utf-8")


def head_lines(page: dict[str, Any]) -> list[str]:
    row, incident = page["row"], page["incident"]
    known = page["slider"].at_text if page["at"] else "now"
    told = [
        ("owner", row.owner.name),
        ("severity", row.severity),
        ("status", row.status),
        ("began (UTC)", row.start.text if row.start else "unknown"),
        ("ended (UTC)", row.end.text if row.end else row.end_state),
        ("lasted", row.duration or "not known"),
        ("first public post", page["delay"] or "not known"),
        ("as known at", known),
        ("page", address_of(incident)),
    ]
    return [
        f"# {incident.slug}: {flat(row.title)}",
        "",
        *(f"- {name}: {flat(value)}" for name, value in told),
    ]


def fact_lines(page: dict[str, Any]) -> list[str]:
    lines = ["", "## What is known", ""]
    for group in page["groups"]:
        for fact in group.facts:
            value = fact.value.when.text if fact.value.when else fact.value.text
            lines.append(f"- {group.label}: {flat(value)} ({', '.join(fact.value.publishers)}; {fact.rule})")
            for other in fact.others:
                differs = other.when.text if other.when else other.text
                lines.append(f"  - differs: {flat(differs)} ({', '.join(other.publishers)})")
    lines += ["", "## Milestones", ""]
    for one in page["milestones"]:
        after = f" ({one['after']})" if one["after"] else ""
        lines.append(f"- {one['name']}: {one['when'].text}{after}, {', '.join(one['publishers'])}")
    return lines


def hit_lines(page: dict[str, Any]) -> list[str]:
    lines = ["", "## Whom it reached", ""]
    for hit in page["hits"]:
        impaired = f": {', '.join(hit.impairments)}" if hit.impairments else ""
        lines.append(f"- {hit.organisation.name} ({hit.grade}, {hit.status}){impaired}")
        lines += [f"  > {quote.sentence} ({quote.publisher})" for quote in hit.quotes[:1] if quote.sentence]
    lines += [
        f"- not reached: {hit.organisation.name} ({hit.grade}, {hit.status})" for hit in page["not_hit"]
    ]
    return lines


def story_lines(page: dict[str, Any]) -> list[str]:
    lines = ["", "## What was said"]
    for day in page["story"]:
        lines += ["", f"### {day.day or 'Without a time of its own'}"]
        for post in day.posts:
            words = "".join(piece.text for piece in post.pieces)
            said = [words] if words else [f"{post.title}", *(quote.sentence for quote in post.quotes)]
            lines += ["", f"**{post.clock} {post.publisher}** {post.status}".rstrip(), ""]
            lines += [f"> {line}".rstrip() for part in said for line in part.splitlines()]
    return lines


def source_lines(page: dict[str, Any]) -> list[str]:
    reports = []
    for report in page["reports"]:
        unread = "" if report.is_read else " (cited, not read)"
        reports.append(f"- {flat(report.title)}, {report.publisher}{unread} {report.url}".rstrip())
    return ["", "## Reports", "", *reports, "", page["cite"].text]


def flat(text: str) -> str:
    return " ".join(str(text).split())


def address_of(incident: Incident) -> str:
    return settings.FAULTLINE_URL.rstrip("/") + reverse("incidents:detail", args=[incident.slug])
