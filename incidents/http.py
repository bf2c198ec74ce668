"""What every page does with a request: conditional answers, and pages of rows that do not slow down."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache, wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe
from django_htmx.middleware import HtmxDetails

from incidents.models import (
    Correction,
    Counting,
    EdgeVerdict,
    Incident,
    Postmortem,
    Report,
    Source,
    User,
    Verdict,
)
from incidents.navigation import THEME_COOKIE

PAGE_SIZE = 50
STAMP = "%Y-%m-%dT%H:%M:%S.%fZ"
P = ParamSpec("P")


class Request(HttpRequest):
    """A request as our middleware hands it on."""

    htmx: HtmxDetails


View = Callable[Concatenate[Request, P], HttpResponse]


def record_version() -> str:
    """Changes whenever anything that a page shows may have changed: two queries, by index where it grows.

    Incidents change with their accounts, reports with a new wording, sources with their health, post-mortems
    with what is published and who may read it.
    """
    incident = Incident.objects.order_by("-changed_at").values_list("changed_at")[:1]
    report = Report.objects.order_by("-captured_at").values_list("captured_at")[:1]
    states = Source.objects.order_by("state").values_list("state").annotate(count=Count("pk"))
    decided = (
        Correction.objects.exclude(decided_at=None).order_by("-decided_at").values_list("decided_at")[:1]
    )
    made = Verdict.objects.order_by("-made_at").values_list("made_at")[:1]
    undone = (
        Verdict.objects.exclude(retracted_at=None).order_by("-retracted_at").values_list("retracted_at")[:1]
    )
    counted = Counting.objects.values_list("as_of")
    on_edges = EdgeVerdict.objects.order_by("-made_at").values_list("made_at")[:1]
    off_edges = EdgeVerdict.objects.exclude(retracted_at=None).order_by("-retracted_at")
    edges = (on_edges, off_edges.values_list("retracted_at")[:1])
    written = Postmortem.objects.exclude(shown_at=None).order_by("-shown_at").values_list("shown_at")[:1]
    newest = incident.union(report, decided, made, undone, counted, written, *edges, all=True)
    return f"{list(newest)} {list(states)}"


def version_for(request: HttpRequest) -> str:
    """Strangers are told of a change up to a second late, so that however many ask, the record is asked once;
    who is signed in may have made the change, and sees it at once.
    """
    seconds = settings.RECORD_VERSION_SECONDS
    if not seconds or reader(request):
        return record_version()
    return version_within(int(time.monotonic() / seconds))


@lru_cache(maxsize=1)
def version_within(span: int) -> str:
    return record_version()


def reading_page(view: View[P]) -> View[P]:
    """A public page: read only, the same for all strangers, answered with 304 while the record stands still.

    Only its frame differs, by who is signed in and by the colours that they chose. The tag is drawn from
    the record, not from the rendered page, so a 304 costs one query.
    """
    return versioned_page(view, lambda request: "")


def versioned_page(view: View[P], version: Callable[[HttpRequest], str]) -> View[P]:
    """A reading page that also shows what the record's version does not tell of."""

    @require_safe
    @gzip_page
    @wraps(view)
    def conditional(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        assert isinstance(request, HttpRequest)
        etag = page_tag(request, version(request))
        response = get_conditional_response(request, etag=etag) or view(request, *args, **kwargs)  # type: ignore[arg-type]
        if response.status_code in (200, 304):
            response["ETag"] = etag
            kept_by = {"private": True} if reader(request) else {"public": True}
            patch_cache_control(response, **kept_by, max_age=0, must_revalidate=True)
        patch_vary_headers(response, ["HX-Request", "Cookie"])
        return response

    return conditional  # type: ignore[return-value]


@cache
def program_version() -> str:
    """Changes with the code and the templates that make a page; the same on every machine that runs them."""
    told = hashlib.sha256()
    templates = (settings.BASE_DIR / "templates").rglob("*.html")
    for file in sorted([*templates, *Path(__file__).parent.rglob("*.py")]):
        told.update(file.read_bytes())
    return told.hexdigest()


def page_tag(request: HttpRequest, version: str) -> str:
    """A weak tag: the same page may be sent compressed or not."""
    parts = (
        program_version(),
        version_for(request),
        version,
        request.get_full_path(),
        request.headers.get("HX-Request", ""),
        reader(request),
        request.COOKIES.get(THEME_COOKIE, ""),
    )
    return f'W/"{hashlib.sha256(" ".join(parts).encode()).hexdigest()[:32]}"'


def reader(request: HttpRequest) -> str:
    """Who reads, as far as a page tells it; empty for a stranger."""
    person = request.user
    return f"{person.pk} {person.is_analyst}" if isinstance(person, User) else ""


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page: the next page is what comes after it. Undated rows come last."""

    started_at: datetime | None
    pk: int

    def __str__(self) -> str:
        return f"{self.started_at:{STAMP}}_{self.pk}" if self.started_at else f"_{self.pk}"

    @classmethod
    def parse(cls, text: str) -> Cursor | None:
        """None for anything that we did not give out ourselves."""
        at, _, pk = text.rpartition("_")
        try:
            cursor = cls(datetime.strptime(at, STAMP).replace(tzinfo=UTC) if at else None, int(pk))
        except ValueError:
            return None
        return cursor if str(cursor) == text else None


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Any]
    next: Cursor | None


def keyset_page(found: QuerySet[Any], after: Cursor | None, size: int = PAGE_SIZE) -> Page:
    """The page after a cursor, newest start first, those without a known start last.

    Costs the same wherever it stands: no OFFSET, no count.
    """
    rows: list[Any] = []
    if after is None or after.started_at:
        dated = found.exclude(started_at=None).order_by("-started_at", "-pk")
        if after and after.started_at:
            dated = dated.filter(
                Q(started_at__lt=after.started_at) | Q(started_at=after.started_at, pk__lt=after.pk)
            )
        rows = list(dated[: size + 1])
    if len(rows) <= size:
        undated = found.filter(started_at=None).order_by("-pk")
        if after and after.started_at is None:
            undated = undated.filter(pk__lt=after.pk)
        rows += undated[: size + 1 - len(rows)]
    last = rows[size - 1] if len(rows) > size else None
    return Page(rows[:size], last and Cursor(last.started_at, last.pk))
