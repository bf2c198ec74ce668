"""The editor: one page, each part of it a form of its own that works without a script."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from incidents.models import Postmortem, Section, User
from incidents.permissions import may
from incidents.postmortems.choices import CAUSES, SectionKind
from incidents.postmortems.forms import FactsForm, NewSectionForm, SectionForm, VersionForm
from incidents.postmortems.hinting import hints_for
from incidents.postmortems.markdown import render as render_markdown
from incidents.postmortems.proposing import propose
from incidents.postmortems.saving import Conflict, add, remove, save_fields, save_section
from incidents.views.postmortems.access import team_page, wants_json
from incidents.views.postmortems.workbench import workbench
from incidents.views.signing_in import person_page


@require_safe
@team_page("work")
def edit(request: HttpRequest, person: User, postmortem: Postmortem) -> HttpResponse:
    context = workbench(postmortem, person)
    if not may(person, "postmortem.edit", postmortem):
        return render(request, "postmortems/refused.html", context, status=403)
    return render(request, "postmortems/edit.html", context)


@require_POST
@team_page("edit")
def save_facts(request: HttpRequest, person: User, postmortem: Postmortem) -> HttpResponse:
    """The single values. What was changed away from the record is proposed to it."""
    form = FactsForm(request.POST)
    if not form.is_valid():
        return unclear(request, postmortem, person, facts_form=form)
    values = form.values(postmortem)
    changed = {
        name: (getattr(postmortem, name), value)
        for name, value in values.items()
        if getattr(postmortem, name) != value
    }
    try:
        saved = save_fields(postmortem, values, version=form.cleaned_data["version"], person=person)
    except Conflict as conflict:
        return conflicting(request, postmortem, conflict, label="Facts", anchor="facts")
    if sent := propose(postmortem, changed, person):
        messages.info(request, f"Proposed to the record: {', '.join(sent).replace('_at', '')}.")
    return done(request, postmortem, "facts", version=saved.version, is_merged=saved.is_merged)


@require_POST
@team_page("edit")
def save_text(request: HttpRequest, person: User, postmortem: Postmortem, pk: int) -> HttpResponse:
    form = SectionForm(request.POST)
    if not form.is_valid():
        told = "; ".join(str(error) for errors in form.errors.values() for error in errors)
        return unclear(request, postmortem, person, told=told, mine=request.POST.get("body", ""))
    given = form.cleaned_data
    try:
        saved = save_section(postmortem, pk, given["body"], version=given["version"], person=person)
    except Conflict as conflict:
        section = postmortem.sections.filter(pk=pk).first()
        return conflicting(
            request,
            postmortem,
            conflict,
            label=section.heading if section else "A section that was removed",
            anchor=section.anchor if section else "sections",
            section=section,
        )
    anchor = get_object_or_404(postmortem.sections, pk=pk).anchor
    text = saved.text if saved.is_merged else ""
    return done(request, postmortem, anchor, version=saved.version, is_merged=saved.is_merged, text=text)


@require_POST
@team_page("edit")
def add_section(request: HttpRequest, person: User, postmortem: Postmortem) -> HttpResponse:
    form = NewSectionForm(request.POST)
    if not form.is_valid():
        return unclear(
            request, postmortem, person, told="A section needs a heading of 120 characters at most."
        )
    given = form.cleaned_data
    section = Section(
        heading=given["heading"],
        kind=given["kind"] or SectionKind.OTHER,
        body=given["body"],
        position=postmortem.sections.count(),
    )
    add(postmortem, section, person=person)
    return back(postmortem, section.anchor)


@require_POST
@team_page("edit")
def remove_section(request: HttpRequest, person: User, postmortem: Postmortem, pk: int) -> HttpResponse:
    """Its text stays in the history."""
    section = get_object_or_404(postmortem.sections, pk=pk)
    form = VersionForm(request.POST)
    if not form.is_valid():
        return unclear(request, postmortem, person, told="Which version was that?")
    try:
        remove(section, version=form.cleaned_data["version"], person=person)
    except Conflict:
        messages.error(request, "Somebody has written there in the meantime: it was not removed.")
    return back(postmortem, "sections")


@require_POST
@person_page
def preview(request: HttpRequest, person: User) -> HttpResponse:
    """A text as it will be read, and what a blameless reader would ask."""
    form = SectionForm({"version": 0, "body": request.POST.get("body", "")})
    if not form.is_valid():
        return render(request, "postmortems/_preview.html", {"too_long": True})
    text = form.cleaned_data["body"]
    is_cause = request.POST.get("kind") in CAUSES
    context = {"html": render_markdown(text), "hints": hints_for(text, person, is_cause=is_cause)}
    return render(request, "postmortems/_preview.html", context)


def done(request: HttpRequest, postmortem: Postmortem, anchor: str, **told: Any) -> HttpResponse:
    if wants_json(request):
        return JsonResponse(told)
    if told.get("is_merged"):
        messages.info(request, "Somebody else had written at the same time: both changes are in.")
    return back(postmortem, anchor)


def back(postmortem: Postmortem, anchor: str) -> HttpResponse:
    return redirect(f"{reverse('postmortems:edit', args=[postmortem.slug])}#{anchor}")


def conflicting(
    request: HttpRequest,
    postmortem: Postmortem,
    conflict: Conflict,
    *,
    label: str,
    anchor: str,
    section: Section | None = None,
) -> HttpResponse:
    """Both texts, and a form that begins with all words of both."""
    if wants_json(request):
        told = {"theirs": conflict.theirs, "version": conflict.version, "both": conflict.both}
        return JsonResponse(told, status=409)
    context = {
        "postmortem": postmortem,
        "conflict": conflict,
        "label": label,
        "anchor": anchor,
        "section": section,
    }
    return render(request, "postmortems/conflict.html", context, status=409)


def unclear(request: HttpRequest, postmortem: Postmortem, person: User, **shown: Any) -> HttpResponse:
    """What was sent cannot be kept as it is; it comes back with the reason."""
    if wants_json(request):
        form = shown.get("facts_form")
        errors = form.errors.items() if form else ()
        told = shown.get("told") or "; ".join(f"{name}: {' '.join(why)}" for name, why in errors)
        return JsonResponse({"told": told}, status=400)
    context = workbench(postmortem, person) | shown
    return render(request, "postmortems/edit.html", context, status=400)
