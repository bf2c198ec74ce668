"""Pages of what went wrong: each says what happened, what is safe, and where to go on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Instead of Django's own page. The reason names headers and cookies: it helps nobody to repeat it."""
    return render(request, "403_csrf.html", status=403)
