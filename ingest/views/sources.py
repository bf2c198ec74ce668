"""Source health: what each source was when it was last asked, and what it is not known to be."""

from __future__ import annotations

from collections import Counter

from django.contrib import messages
from django.contrib.admin.views.decorators import staff_member_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ingest.health import start_now
from ingest.models import Feed, Item, Payload
from ingest.overview import newest_checks, source_row, source_rows
from nlp.document import DocumentKind

CHECKS_SHOWN = 100
BODY_SHOWN = 200_000  # characters of a payload


@never_cache
@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    feeds = Feed.objects.select_related("source")
    rows = source_rows(list(feeds), timezone.now())
    live = [row for row in rows if row.address]
    context = {
        "rows": live,
        "archives": [row for row in rows if not row.address],
        "counts": [(word, number) for word, number in Counter(row.state for row in live).most_common()],
        "unseen": sum(row.tone in {"trouble", "doubtful"} for row in live),
    }
    return render(request, "ingest/sources.html", context)


@never_cache
@require_safe
def source(request: HttpRequest, slug: str) -> HttpResponse:
    feed = get_object_or_404(Feed.objects.select_related("source"), source__slug=slug)
    payloads = feed.payloads.defer("packed").order_by("-captured_at", "-pk")
    troubled = Item.objects.filter(~Q(trouble=""), pk__in=feed.items.values("item"))
    context = {
        "feed": feed,
        "row": source_row(feed, newest_checks([feed.pk])[feed.pk], timezone.now()),
        "checks": feed.checks.all()[:CHECKS_SHOWN],
        "kept": payloads.filter(packed__isnull=False).first(),
        "unusable": next((payload.unusable for payload in payloads[:1]), []),
        "reports": feed.items.values("item").distinct().count(),
        "beside": feed.source.reports.filter(kind=DocumentKind.NEWS, accounts=None).count(),
        "troubled": troubled.order_by("key") if request.user.is_staff else [],
    }
    return render(request, "ingest/source.html", context)


@require_safe
@staff_member_required
def payload(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A kept body as text, whatever it was: it is shown, never run."""
    kept = get_object_or_404(Payload, pk=pk, feed__source__slug=slug, packed__isnull=False)
    text = (kept.body or b"").decode("utf-8", "replace")
    context = {"payload": kept, "slug": slug, "text": text[:BODY_SHOWN], "is_cut": len(text) > BODY_SHOWN}
    return render(request, "ingest/payload.html", context)


@require_POST
@staff_member_required
def read_now(request: HttpRequest, slug: str) -> HttpResponse:
    feed = get_object_or_404(Feed.objects.exclude(url=""), source__slug=slug)
    start_now(feed)
    messages.info(request, "It is next in line: a worker reads it within seconds.")
    return redirect("ingest:source", slug=slug)
