"""/api/v1/postmortems: what is published for everybody, as documents. No cookie is looked at."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from ninja import Query, Router, Schema
from ninja.decorators import decorate_view
from ninja.errors import HttpError

from incidents.cors import open_to_all
from incidents.http import Cursor, keyset_page
from incidents.models import Publication
from incidents.postmortems.documents import Document
from incidents.postmortems.exporting import to_markdown
from incidents.postmortems.filters import PublicationFilter
from incidents.schemas import Instant, Name, Paging

SAFE = ["GET", "HEAD"]
router = Router(tags=["post-mortems"])
fresh = cache_control(public=True, max_age=0, must_revalidate=True)


class PostmortemOut(Schema):
    slug: str
    url: str
    title: str
    summary: str
    team: str
    incident: str
    severity: str
    cause: str
    started_at: datetime | None
    start_precision: str
    ended_at: datetime | None
    end_precision: str
    company: str
    product: str
    categories: list[str]
    published_at: datetime
    number: int
    note: str


class PostmortemDetail(PostmortemOut):
    """`document` is what the JSON export holds, `markdown` what the Markdown export does."""

    document: dict[str, Any]
    markdown: str


class PostmortemPage(Schema):
    items: list[PostmortemOut]
    next: str | None


class PostmortemQuery(Schema):
    """The filters of the page; `updated_since` for those who mirror it."""

    q: str = ""
    severity: str = ""
    cause: str = ""
    category: str = ""
    year: int | None = None
    incident: str = ""
    updated_since: Instant | None = None


@router.api_operation(SAFE, "", response=PostmortemPage)
@decorate_view(open_to_all, fresh, gzip_page)
def list_postmortems(request: HttpRequest, filters: Query[PostmortemQuery], paging: Query[Paging]) -> Any:
    """Public post-mortems, newest outage first, those without a known start last."""
    form = PublicationFilter(request.GET)
    if not form.is_valid():
        raise HttpError(422, "; ".join(f"{name}: {told.as_text()}" for name, told in form.errors.items()))
    found = form.narrow(Publication.objects.public().for_list().select_related("postmortem__incident"))
    if filters.updated_since:
        found = found.filter(postmortem__shown_at__gte=filters.updated_since)
    after = Cursor.parse(paging.after)
    if paging.after and after is None:
        raise HttpError(422, "after: not a cursor that was given out here")
    page = keyset_page(found, after, paging.limit)
    return {"items": [told(one) for one in page.rows], "next": page.next and str(page.next)}


@router.api_operation(SAFE, "/{slug}", response=PostmortemDetail)
@decorate_view(open_to_all, fresh, gzip_page)
def get_postmortem(request: HttpRequest, slug: Name) -> Any:
    """One of them, whole. What is not public does not exist here."""
    found = Publication.objects.public().select_related("postmortem__team", "postmortem__incident")
    one = found.filter(postmortem__slug=slug).first()
    if one is None:
        raise HttpError(404, f"There is no public post-mortem {slug}.")
    document = Document.from_json(one.document)
    return told(one) | {"document": one.document, "markdown": to_markdown(document)}


def told(one: Publication) -> dict[str, Any]:
    columns = (
        *("title", "summary", "severity", "cause", "started_at", "start_precision", "ended_at"),
        *("end_precision", "company", "product", "categories", "published_at", "number", "note"),
    )
    return {name: getattr(one, name) for name in columns} | {
        "slug": one.postmortem.slug,
        "url": one.postmortem.get_absolute_url(),
        "team": one.postmortem.team.name,
        "incident": one.postmortem.incident.slug if one.postmortem.incident else "",
    }
