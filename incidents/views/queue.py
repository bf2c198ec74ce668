"""/review/: one question for a person after another, one key an answer; and what was decided, with undo."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from incidents.desk.answering import Answer, answer, undo_last
from incidents.desk.forms import AnswerForm, DecisionsForm, QueueForm
from incidents.desk.items import Item
from incidents.desk.turns import next_item, skip
from incidents.desk.waiting import counts
from incidents.models import User, Verdict
from incidents.undoing import undo
from incidents.views.cards import card_of
from incidents.views.history import decision
from incidents.views.refusing import refusal_told
from incidents.views.signing_in import analyst_page

MOST_COUNTED = 100
DECISIONS_SHOWN = 100


@require_safe
@analyst_page
def queue(request: HttpRequest, person: User) -> HttpResponse:
    form = QueueForm(request.GET)
    if not form.is_valid():
        return HttpResponseBadRequest("There is no such kind of question.")
    item = next_item(person, form.kinds, form.owner_named)
    waiting = counts(form.owner_named, MOST_COUNTED)
    context = {
        "card": card_of(item) if item else None,
        "filters": form.filters(waiting, most=MOST_COUNTED),
        "form": form,
        "query": request.GET.urlencode(),
    }
    return render(request, "review/queue.html", context)


@require_POST
@analyst_page
def answer_item(request: HttpRequest, person: User) -> HttpResponse:
    """Take one answer and go on to the next item, also where somebody else was quicker."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest("That is no answer to an item of the queue.")
    given = form.cleaned_data
    item = Item(given["kind"], given["a"], given["b"])
    if not item.is_sound:
        return HttpResponseBadRequest("The queue has no such item.")
    with refusal_told(request):
        if given["answer"] == "skip":
            skip(person, item)
        else:
            answer(person, item, Answer(form.word, given["reason"], given["detail"]))
    return back_to_queue(request)


@require_POST
@analyst_page
def undo_answer(request: HttpRequest, person: User) -> HttpResponse:
    verdict = undo_last(person)
    told = "Your last answer is taken back." if verdict else "There is no answer of yours to take back."
    messages.info(request, told)
    return back_to_queue(request)


def back_to_queue(request: HttpRequest) -> HttpResponseRedirect:
    """Under the filters that stand in the address."""
    query = request.GET.urlencode()
    return redirect(reverse("incidents:review") + (f"?{query}" if query else ""))


@require_safe
@analyst_page
def decided(request: HttpRequest, person: User) -> HttpResponse:
    """What people decided, the newest first: of any kind, and also where no incident is left to show it."""
    form = DecisionsForm(request.GET)
    found = Verdict.objects.select_related("person", "retracted_by", "organisation")
    if form.is_valid() and (words := form.cleaned_data["about"]):
        found = found.filter(Q(a__icontains=words) | Q(b__icontains=words) | Q(incident__slug=words.upper()))
    context = {"form": form, "decisions": [decision(verdict) for verdict in found[:DECISIONS_SHOWN]]}
    return render(request, "review/decided.html", context)


@require_POST
@analyst_page
def undo_decision(request: HttpRequest, person: User, pk: int) -> HttpResponse:
    undo(get_object_or_404(Verdict, pk=pk), person=person)
    return redirect("incidents:decided")
