"""/reports/new/: an analyst brings a page; what it tells is shown before anything is stored."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from incidents.models import User
from incidents.views.signing_in import analyst_page
from ingest.by_hand import add, propose
from ingest.errors import IngestError
from ingest.forms import PageForm


@require_http_methods(["GET", "HEAD", "POST"])
@analyst_page
def new_report(request: HttpRequest, person: User) -> HttpResponse:
    """First what the page tells, then, when the same is sent with `confirm`, it is added and linked."""
    form = PageForm(request.POST or None)
    proposed = None
    if request.method == "POST" and form.is_valid():
        try:
            if "confirm" in request.POST:
                added = add(form.page())
                messages.success(request, f"{added.what.capitalize()}: {added.report}")
                account = added.report.accounts.exclude(incident=None).select_related("incident").first()
                return (
                    redirect("incidents:judge", account.incident.slug)
                    if account
                    else redirect("incidents:review")
                )
            proposed = propose(form.page())
        except IngestError as error:
            form.add_error(None, str(error))
    status = 400 if form.errors else 200
    return render(request, "ingest/new_report.html", {"form": form, "proposed": proposed}, status=status)
