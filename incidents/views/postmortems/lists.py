"""/postmortems/: what was published, with facets and words; and the desk of those who write."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_cookie

from incidents.choices import PublisherKind
from incidents.http import Cursor, keyset_page
from incidents.models import Incident, Postmortem, Publication, Report, User
from incidents.postmortems.filters import PublicationFilter
from incidents.quoting import load_claims, reports_of
from incidents.views.postmortems.rows import publication_rows
from incidents.views.rows import incident_row, when
from incidents.views.signing_in import person_page
from nlp.document import DocumentKind

MOST_DRAFTS = 200
KINDS: dict[str, str] = {
    DocumentKind.PIR: "review",
    DocumentKind.PROVIDER_STATUS: "status",
    DocumentKind.EXCHANGE_STATUS: "status",
    DocumentKind.NEWS: "article",
}


@require_safe
@never_cache
@vary_on_cookie
@gzip_page
def index(request: HttpRequest) -> HttpResponse:
    """Only what this reader may read is listed, counted and found."""
    return render(request, "postmortems/index.html", index_context(request))


def index_context(request: HttpRequest) -> dict[str, Any]:
    form = PublicationFilter(request.GET)
    open_to_them = Publication.objects.current().visible_to(request.user)
    page = keyset_page(form.narrow(open_to_them.for_list()), Cursor.parse(request.GET.get("after", "")))
    is_signed_in = request.user.is_authenticated
    return {
        "form": form,
        "rows": publication_rows(page.rows),
        "facets": form.facets(open_to_them, is_signed_in=is_signed_in),
        "next": f"{form.address()}&after={page.next}".replace("?&", "?") if page.next else "",
        "first": form.address() if request.GET.get("after") else "",
        "is_narrowed": any(form.asked.values()),
        "query": form.address().removesuffix("?"),
    }


@require_safe
@person_page
def mine(request: HttpRequest, person: User) -> HttpResponse:
    """What waits for this person: to be reviewed, to be written, what others of the team write."""
    rows = Postmortem.objects.writable_by(person).unpublished().select_related("team", "incident")
    written = set(person.postmortems.values_list("pk", flat=True))
    listed = list(rows[:MOST_DRAFTS])
    written |= {one.pk for one in listed if one.filed_by_id == person.pk}
    reviewing = {team for team, role in person.roles.items() if role in ("reviewer", "lead")}
    context = {
        "to_review": [
            one
            for one in listed
            if one.state == "in-review" and one.pk not in written and one.team_id in reviewing
        ],
        "own": [one for one in listed if one.pk in written],
        "others": [one for one in listed if one.pk not in written],
        "has_team": bool(person.roles),
        "changed": Postmortem.objects.writable_by(person).exclude(publication=None)[:20],
    }
    return render(request, "postmortems/mine.html", context)


@require_safe
@never_cache
@vary_on_cookie
def of_incident(request: HttpRequest, slug: str) -> HttpResponse:
    """One outage as everybody tells it: the provider's review, the exchanges' write-ups, the teams'."""
    found = Incident.objects.select_related("provider", "organisation", "shown_as")
    incident = found.filter(slug=slug.upper()).first()
    if incident is None or incident.is_withdrawn:
        raise Http404
    if incident.shown_as:
        return redirect("postmortems:of-incident", incident.shown_as.slug)
    own = list(incident.impacts.exclude(own_incident=None).values_list("own_incident", flat=True))
    told = Publication.objects.current().visible_to(request.user).for_list()
    context = {
        "incident": incident,
        "row": incident_row(incident, {}),
        "reviews": reviews_of(incident, PublisherKind.PROVIDER),
        "write_ups": write_ups(incident, own),
        "postmortems": publication_rows(told.filter(postmortem__incident__in=[incident.pk, *own])),
    }
    return render(request, "postmortems/of_incident.html", context)


def write_ups(incident: Incident, own: list[int]) -> list[dict[str, Any]]:
    """What exchanges wrote, in the outage's own reports and in those of their own incidents."""
    rows = reviews_of(incident, PublisherKind.ORGANISATION)
    for other in Incident.objects.filter(pk__in=own):
        rows += reviews_of(other, PublisherKind.ORGANISATION)
    return list({row["key"]: row for row in rows}.values())


def reviews_of(incident: Incident, kind: PublisherKind) -> list[dict[str, Any]]:
    """Reports of one kind of publisher, the long ones first: a review tells more than a status line."""
    reports = [
        one for one in reports_of(incident, load_claims(incident)) if one.source.publisher_kind == kind
    ]
    rows = [
        {
            "key": report.key,
            "title": report.title or report.url or report.key,
            "url": report.url,
            "publisher": report.source.publisher,
            "kind": KINDS.get(report.kind, ""),
            "published": when(report.published_at),
            "words": words_in(report),
        }
        for report in reports
    ]
    return sorted(rows, key=lambda row: (row["kind"] != KINDS[DocumentKind.PIR], -int(str(row["words"]))))


def words_in(report: Report) -> int:
    texts = report.posts.filter(gone_at=None).values_list("text", flat=True)
    return sum(len(text.split()) for text in texts)
