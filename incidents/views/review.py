"""/review/: undecided pairs, one key an answer; and what an analyst may do to one incident."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from incidents.choices import CorrectionState
from incidents.models import Correction, Incident, Organisation, User, Verdict
from incidents.queue import answer, next_pair, open_pairs, skip, undo_last
from incidents.review_forms import AnswerForm, HitForm, MergeForm, SplitForm
from incidents.verdicts import VerdictRefused, collisions, judge_hit, merge, split, undo
from incidents.views.comparing import compare
from incidents.views.history import decision, decisions
from incidents.views.signing_in import analyst_page

COLLISIONS_SHOWN = 50


@require_safe
@analyst_page
def queue(request: HttpRequest, person: User) -> HttpResponse:
    pair = next_pair(person)
    collided = collisions().select_related("person", "retracted_by", "organisation")
    context = {
        "comparison": compare(pair) if pair else None,
        "waiting": open_pairs().count(),
        "collisions": [decision(verdict) for verdict in collided[:COLLISIONS_SHOWN]],
        "corrections": Correction.objects.filter(state=CorrectionState.OPEN).count(),
    }
    return render(request, "review/queue.html", context)


@require_POST
@analyst_page
def answer_pair(request: HttpRequest, person: User) -> HttpResponse:
    """Take one answer and go on to the next pair, also where somebody else was quicker."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest("That is no answer to a pair of the queue.")
    given = form.cleaned_data
    try:
        if given["answer"] == "skip":
            skip(person, given["a"], given["b"])
        else:
            same = given["answer"] == "same"
            answer(person, given["a"], given["b"], same=same, reason=given["reason"])
    except VerdictRefused as refused:
        messages.error(request, f"Not taken: {refused}.")
    return redirect("incidents:review")


@require_POST
@analyst_page
def undo_answer(request: HttpRequest, person: User) -> HttpResponse:
    verdict = undo_last(person)
    told = "Your last answer is taken back." if verdict else "There is no answer of yours to take back."
    messages.info(request, told)
    return redirect("incidents:review")


@require_safe
@analyst_page
def judge(request: HttpRequest, person: User, slug: str) -> HttpResponse:
    incident = get_object_or_404(Incident.objects.select_related("shown_as"), slug=slug)
    if incident.shown_as:
        return redirect("incidents:judge", incident.shown_as.slug)
    return show(request, incident)


def show(request: HttpRequest, incident: Incident, **forms: Any) -> HttpResponse:
    accounts = incident.accounts.select_related("report__source").order_by("window", "key")
    context = {
        "incident": incident,
        "accounts": accounts,
        "impacts": incident.impacts.select_related("organisation").order_by("organisation__name"),
        "decisions": decisions(incident),
        "merge_form": MergeForm(),
        "split_form": SplitForm(incident),
        "hit_form": HitForm(),
    }
    return render(request, "review/incident.html", context | forms, status=400 if forms else 200)


@require_POST
@analyst_page
def merge_incident(request: HttpRequest, person: User, slug: str) -> HttpResponse:
    incident = get_object_or_404(Incident, slug=slug)
    form = MergeForm(request.POST)
    if not form.is_valid():
        return show(request, incident, merge_form=form)
    try:
        merge(incident, form.cleaned_data["number"], person=person, reason=form.cleaned_data["reason"])
    except VerdictRefused as refused:
        messages.error(request, f"Not taken: {refused}.")
    return back_to(incident)


@require_POST
@analyst_page
def split_incident(request: HttpRequest, person: User, slug: str) -> HttpResponse:
    incident = get_object_or_404(Incident, slug=slug)
    form = SplitForm(incident, request.POST)
    if not form.is_valid():
        return show(request, incident, split_form=form)
    try:
        split(incident, form.cleaned_data["accounts"], person=person, reason=form.cleaned_data["reason"])
    except VerdictRefused as refused:
        messages.error(request, f"Not taken: {refused}.")
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
def undo_verdict(request: HttpRequest, person: User, slug: str, pk: int) -> HttpResponse:
    incident = get_object_or_404(Incident, slug=slug)
    undo(get_object_or_404(Verdict, pk=pk), person=person)
    return back_to(incident)


def back_to(incident: Incident) -> HttpResponseRedirect:
    return redirect("incidents:judge", incident.slug)
