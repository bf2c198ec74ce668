"""What is wrong, says the public: the form of an incident, and the analysts' list of what came in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from incidents.corrections import TooMany, decide, origin_of, send
from incidents.desk.forms import CorrectionForm, DecisionForm
from incidents.models import Correction, Incident, User
from incidents.views.refusing import refusal_told
from incidents.views.signing_in import analyst_page

SHOWN = 100


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, slug: str) -> HttpResponse:
    """Anybody may write, a few times an hour. A robot is told the same as a person, and nothing is kept."""
    incident = get_object_or_404(Incident.objects.select_related("shown_as"), slug=slug)
    form = CorrectionForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                if not form.is_from_a_robot:
                    send(form.correction(incident.shown_as or incident, origin_of(request)))
                return redirect("incidents:correction-sent", slug)
            except TooMany:
                form.add_error(None, "That is all from here for this hour. Please come back later.")
                status = 429
    return render(request, "review/correct.html", {"incident": incident, "form": form}, status=status)


@require_safe
def sent(request: HttpRequest, slug: str) -> HttpResponse:
    incident = get_object_or_404(Incident, slug=slug)
    return render(request, "review/correction_sent.html", {"incident": incident})


@require_safe
@analyst_page
def index(request: HttpRequest, person: User) -> HttpResponse:
    found = Correction.objects.select_related("incident", "decided_by")
    context = {
        "open": found.filter(state="open")[:SHOWN],
        "decided": found.exclude(state="open").order_by("-decided_at")[:SHOWN],
    }
    return render(request, "review/corrections.html", context)


@require_POST
@analyst_page
def decide_one(request: HttpRequest, person: User, pk: int) -> HttpResponse:
    correction = get_object_or_404(Correction, pk=pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest("Accept it or decline it.")
    given = form.cleaned_data
    with refusal_told(request):
        decide(
            correction.pk,
            accept=given["decision"] == "accepted",
            person=person,
            speaker=given["speaker"],
            note=given["note"],
        )
    return redirect("incidents:corrections")
