"""The moments of the timeline and the actions: added, changed, taken out, each by one form."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from incidents.models import ActionItem, Image, Postmortem, TimelineEntry, User
from incidents.postmortems.evidence import moments
from incidents.postmortems.forms import ActionForm, EntryForm, VersionForm
from incidents.postmortems.images import Unusable, draw_again
from incidents.postmortems.saving import Conflict, add, remove, save_fields
from incidents.views.postmortems.access import team_page
from incidents.views.postmortems.editing import back, conflicting, done, unclear


@require_POST
@team_page("edit")
def add_entry(request: HttpRequest, person: User, postmortem: Postmortem) -> HttpResponse:
    form = EntryForm(request.POST)
    if not form.is_valid():
        return unclear(request, postmortem, person, told=errors_of(form), mine=request.POST.get("text", ""))
    given = {name: value for name, value in form.cleaned_data.items() if name != "version"}
    entry = TimelineEntry(position=postmortem.entries.count(), **given)
    add(postmortem, entry, person=person)
    return back(postmortem, f"entry-{entry.pk}")


@require_POST
@team_page("edit")
def insert_entry(request: HttpRequest, person: User, postmortem: Postmortem) -> HttpResponse:
    """One of the drawer's moments, with its source. The same one twice is once."""
    key = request.POST.get("moment", "")
    incident = postmortem.incident
    chosen = next((one for one in moments(incident) if one.key == key), None) if incident else None
    if chosen is None:
        raise Http404
    entry = chosen.entry()
    same = postmortem.entries.filter(report_key=entry.report_key, post_ref=entry.post_ref, text=entry.text)
    known = same.first()
    if known is None:
        entry.position = postmortem.entries.count()
        add(postmortem, entry, person=person)
    return done(request, postmortem, f"entry-{(known or entry).pk}", version=(known or entry).version)


@require_POST
@team_page("edit")
def save_entry(request: HttpRequest, person: User, postmortem: Postmortem, pk: int) -> HttpResponse:
    form = EntryForm(request.POST)
    return save_part(request, person, postmortem, TimelineEntry(pk=pk, postmortem=postmortem), form, "entry")


@require_POST
@team_page("edit")
def remove_entry(request: HttpRequest, person: User, postmortem: Postmortem, pk: int) -> HttpResponse:
    return remove_part(request, person, postmortem, get_object_or_404(postmortem.entries, pk=pk), "timeline")


@require_POST
@team_page("edit")
def add_action(request: HttpRequest, person: User, postmortem: Postmortem) -> HttpResponse:
    form = ActionForm(postmortem.team, request.POST)
    if not form.is_valid():
        return unclear(request, postmortem, person, told=errors_of(form), mine=request.POST.get("text", ""))
    action = ActionItem(position=postmortem.actions.count(), **form.values())
    add(postmortem, action, person=person)
    return back(postmortem, f"action-{action.pk}")


@require_POST
@team_page("edit")
def save_action(request: HttpRequest, person: User, postmortem: Postmortem, pk: int) -> HttpResponse:
    form = ActionForm(postmortem.team, request.POST)
    return save_part(request, person, postmortem, ActionItem(pk=pk, postmortem=postmortem), form, "action")


@require_POST
@team_page("edit")
def remove_action(request: HttpRequest, person: User, postmortem: Postmortem, pk: int) -> HttpResponse:
    return remove_part(request, person, postmortem, get_object_or_404(postmortem.actions, pk=pk), "actions")


@require_POST
@team_page("edit")
def add_image(request: HttpRequest, person: User, postmortem: Postmortem) -> HttpResponse:
    """A picture, drawn again; the page then tells how to write it into a text."""
    upload = request.FILES.get("image")
    if upload is None:
        return unclear(request, postmortem, person, told="Choose a picture.")
    try:
        drawn = draw_again(upload, already=postmortem.images.count())
    except Unusable as reason:
        return unclear(request, postmortem, person, told=str(reason))
    Image.objects.create(
        postmortem=postmortem,
        token=drawn.token,
        name=(upload.name or "")[:160],
        data=drawn.data,
        width=drawn.width,
        height=drawn.height,
        person=person,
    )
    return back(postmortem, "pictures")


def save_part(
    request: HttpRequest,
    person: User,
    postmortem: Postmortem,
    part: TimelineEntry | ActionItem,
    form: Any,
    name: str,
) -> HttpResponse:
    if not form.is_valid():
        return unclear(request, postmortem, person, told=errors_of(form), mine=request.POST.get("text", ""))
    anchor = f"{name}-{part.pk}"
    values = form.values() if isinstance(form, ActionForm) else form.cleaned_data
    try:
        saved = save_fields(part, values, version=form.cleaned_data["version"], person=person)
    except Conflict as conflict:
        label = "A moment of the timeline" if name == "entry" else "An action"
        return conflicting(request, postmortem, conflict, label=label, anchor=anchor)
    return done(request, postmortem, anchor, version=saved.version, is_merged=saved.is_merged)


def remove_part(
    request: HttpRequest,
    person: User,
    postmortem: Postmortem,
    part: TimelineEntry | ActionItem,
    anchor: str,
) -> HttpResponse:
    form = VersionForm(request.POST)
    if not form.is_valid():
        return unclear(request, postmortem, person, told="Which version was that?")
    try:
        remove(part, version=form.cleaned_data["version"], person=person)
    except Conflict as conflict:
        return conflicting(request, postmortem, conflict, label="Changed, so not removed", anchor=anchor)
    return back(postmortem, anchor)


def errors_of(form: Any) -> str:
    return "; ".join(f"{name}: {' '.join(told)}" for name, told in form.errors.items())
