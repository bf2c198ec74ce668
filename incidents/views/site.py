"""What robots and researchers ask a site for: sitemap, robots.txt, security.txt; and our own style guide."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.db.models.functions import Substr
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from incidents.charts import chart, years
from incidents.http import Request, reading_page
from incidents.models import Incident, Organisation, Provider, Region, Service
from incidents.navigation import pages
from nlp.document import Severity

THINGS: tuple[type[Model], ...] = (Provider, Region, Service, Organisation)
MOST_IN_A_MAP = 50_000
XML = "application/xml; charset=utf-8"
SECURITY_LASTS = timedelta(days=180)
CLOSED = ("/admin/", "/review/", "/accounts/")


@reading_page
def sitemap(request: Request) -> HttpResponse:
    """An index: one map of pages and things, one a year of incidents."""
    years = Incident.objects.live().order_by().values_list(Substr("slug", 5, 4), flat=True).distinct()
    maps = ["/sitemap-pages.xml", *(f"/sitemap-{year}.xml" for year in sorted(years, reverse=True))]
    return render(request, "sitemap_index.xml", {"maps": maps}, content_type=XML)


@reading_page
def sitemap_pages(request: Request) -> HttpResponse:
    listed = [reverse("incidents:home"), *(url for _, url in pages())]
    listed += [reverse(f"incidents:{name}") for name in ("providers", "regions", "services")]
    for model in THINGS:
        slugs = model._default_manager.order_by("slug").values_list("slug", flat=True)
        listed += [reverse(f"incidents:{model._meta.model_name}", args=[slug]) for slug in slugs]
    entries = [(url, None) for url in listed]
    return render(request, "sitemap.xml", {"entries": entries}, content_type=XML)


@reading_page
def sitemap_year(request: Request, year: int) -> HttpResponse:
    found = Incident.objects.live().filter(slug__startswith=f"INC-{year}-").order_by("slug")
    entries = [
        (reverse("incidents:detail", args=[slug]), changed_at)
        for slug, changed_at in found.values_list("slug", "changed_at")[:MOST_IN_A_MAP]
    ]
    if not entries:
        raise Http404(f"No incident bears a number of {year}.")
    return render(request, "sitemap.xml", {"entries": entries}, content_type=XML)


@require_safe
@cache_control(public=True, max_age=24 * 3600)
def robots(request: HttpRequest) -> HttpResponse:
    """Filters multiply without end: the lists themselves are enough to find every page."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), "Disallow: /*?", ""]
    return plain([*lines, f"Sitemap: {settings.FAULTLINE_URL}/sitemap.xml"])


@require_safe
@cache_control(public=True, max_age=3600)
def security(request: HttpRequest) -> HttpResponse:
    """RFC 9116."""
    site = settings.FAULTLINE_URL
    contact = settings.SECURITY_CONTACT or f"{site}{reverse('incidents:about')}"
    expires = (timezone.now() + SECURITY_LASTS).replace(hour=0, minute=0, second=0, microsecond=0)
    return plain(
        [
            f"Contact: {contact}",
            f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
            "Preferred-Languages: en",
            f"Canonical: {site}/.well-known/security.txt",
        ]
    )


def plain(lines: list[str]) -> HttpResponse:
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """The design system as it is, drawn by its own parts; for who builds pages, so only while developing."""
    if not settings.DEBUG:
        raise Http404
    counts = [(2020 + n, severity, 2 + n) for n in range(6) for severity in (Severity.MAJOR, Severity.MINOR)]
    context: dict[str, Any] = {
        "severities": list(Severity),
        "chart": chart(years(counts)),
        "colours": ("paper", "raised", "sunk", "ink", "ink-2", "ink-3", "line", "line-strong", "link", "hit"),
    }
    return render(request, "styleguide.html", context)
