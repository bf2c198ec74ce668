"""/reports/new/: an analyst brings a page; what it tells is shown before anything is stored."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from incidents.models import User
from incidents.views.signing_in import analyst_page
from ingest.by_hand import Added, add_amended, propose
from ingest.errors import IngestError
from ingest.forms.pages import PageForm
from ingest.forms.proposals import ProposalForm


@require_http_methods(["GET", "HEAD", "POST"])
@analyst_page
def new_report(request: HttpRequest, person: User) -> HttpResponse:
    """First what the page tells; sent again with `confirm` it is added and linked, as it was corrected."""
    form = PageForm(request.POST or None)
    proposal = None
    if request.method == "POST" and form.is_valid():
        try:
            proposed = propose(form.page())
            is_confirmed = "confirm" in request.POST
            proposal = ProposalForm(proposed, request.POST if is_confirmed else None)
            if is_confirmed and proposal.is_valid():
                return added(request, add_amended(form.page(), proposal.amendments, person))
        except IngestError as error:
            form.add_error(None, str(error))
    status = 400 if form.errors or (proposal and proposal.errors) else 200
    return render(request, "ingest/new_report.html", {"form": form, "proposal": proposal}, status=status)


def added(request: HttpRequest, done: Added) -> HttpResponse:
    """To the incident that it tells of, where it tells of one."""
    messages.success(request, f"{done.what.capitalize()}: {done.report}")
    account = done.report.accounts.exclude(incident=None).select_related("incident").first()
    return redirect("incidents:judge", account.incident.slug) if account else redirect("incidents:review")
