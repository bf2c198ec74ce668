"""/review/incidents/<slug>/: what an analyst may do to one incident: merge, split, hits, values, undo."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from incidents.desk.forms import HitForm, MergeForm, SplitForm
from incidents.desk.value_forms import ValueForm
from incidents.models import Claim, Incident, Organisation, User, Verdict
from incidents.undoing import undo, withdraw_value
from incidents.verdicts import correct_value, judge_hit, judge_value, merge, split
from incidents.views.history import decisions
from incidents.views.refusing import refusal_told
from incidents.views.signing_in import analyst_page
from nlp.document import SET_FIELDS


@require_safe
@analyst_page
def judge(request: HttpRequest, person: User, slug: str) -> HttpResponse:
    incident = get_object_or_404(Incident.objects.select_related("shown_as"), slug=slug)
    if incident.shown_as:
        return redirect("incidents:judge", incident.shown_as.slug)
    return show(request, incident)


def show(request: HttpRequest, incident: Incident, **forms: Any) -> HttpResponse:
    context = {
        "incident": incident,
        "accounts": incident.accounts.select_related("report__source").order_by("window", "key"),
        "impacts": incident.impacts.select_related("organisation").order_by("organisation__name"),
        "decisions": decisions(incident),
        "merge_form": MergeForm(),
        "split_form": SplitForm(incident),
        "hit_form": HitForm(),
        "value_form": ValueForm(),
    }
    return render(request, "review/incident.html", context | forms, status=400 if forms else 200)


@require_POST
@analyst_page
def merge_incident(request: HttpRequest, person: User, slug: str) -> HttpResponse:
    incident = get_object_or_404(Incident, slug=slug)
    form = MergeForm(request.POST)
    if not form.is_valid():
        return show(request, incident, merge_form=form)
    with refusal_told(request):
        merge(incident, form.cleaned_data["number"], person=person, reason=form.cleaned_data["reason"])
    return back_to(incident)


@require_POST
@analyst_page
def split_incident(request: HttpRequest, person: User, slug: str) -> HttpResponse:
    incident = get_object_or_404(Incident, slug=slug)
    form = SplitForm(incident, request.POST)
    if not form.is_valid():
        return show(request, incident, split_form=form)
    with refusal_told(request):
        split(incident, form.cleaned_data["accounts"], person=person, reason=form.cleaned_data["reason"])
    return back_to(incident)


@require_POST
@analyst_page
def judge_incident_hit(request: HttpRequest, person: User, slug: str) -> HttpResponse:
    incident = get_object_or_404(Incident, slug=slug)
    form = HitForm(request.POST)
    if not form.is_valid():
        return show(request, incident, hit_form=form)
    given = form.cleaned_data
    organisation = get_object_or_404(Organisation, slug=given["organisation"])
    judge_hit(incident, organisation, accepts=given["accepts"], person=person, reason=given["reason"])
    return back_to(incident)


@require_POST
@analyst_page
def correct_incident_value(request: HttpRequest, person: User, slug: str) -> HttpResponse:
    """A value in the person's own name, or one of a set (a region, a service) that does not hold."""
    incident = get_object_or_404(Incident, slug=slug)
    form = ValueForm(request.POST)
    if not form.is_valid():
        return show(request, incident, value_form=form)
    value, reason = form.given, form.cleaned_data["reason"]
    if value.field in SET_FIELDS:
        holds = not form.is_removal
        judge_value(incident, value.field, value.key, accepts=holds, person=person, reason=reason)
    else:
        correct_value(
            incident,
            value.field,
            value.value,
            key=value.key,
            person=person,
            reason=reason,
            precision=value.precision,
        )
    return back_to(incident)


@require_POST
@analyst_page
def undo_verdict(request: HttpRequest, person: User, slug: str, pk: int) -> HttpResponse:
    incident = get_object_or_404(Incident, slug=slug)
    undo(get_object_or_404(Verdict, pk=pk), person=person)
    return back_to(incident)


@require_POST
@analyst_page
def undo_value(request: HttpRequest, person: User, slug: str, pk: int) -> HttpResponse:
    incident = get_object_or_404(Incident, slug=slug)
    withdraw_value(get_object_or_404(Claim, pk=pk, incident__isnull=False), person=person)
    return back_to(incident)


def back_to(incident: Incident) -> HttpResponseRedirect:
    return redirect("incidents:judge", incident.slug)
