"""A new post-mortem: which template, from which incident; or out of a file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from incidents.models import Incident, User
from incidents.postmortems.choices import Visibility
from incidents.postmortems.filing import file, file_document
from incidents.postmortems.forms import FilingForm, ImportForm
from incidents.postmortems.importing import LONGEST_FILE, NotReadable, decode, read_markdown
from incidents.views.signing_in import person_page


@require_http_methods(["GET", "HEAD", "POST"])
@person_page
def new(request: HttpRequest, person: User) -> HttpResponse:
    """The template picker. Its first choice stands, so one key files it."""
    slug = request.GET.get("incident", "")[:20].upper()
    incident = Incident.objects.select_related("shown_as").filter(slug=slug.replace("\x00", "")).first()
    initial: dict[str, Any] = {"incident": incident.slug if incident else "", "template": "sre"}
    if incident is not None and (incident.organisation_id or incident.hit):
        initial["template"] = "exchange"
    form = FilingForm(person, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        postmortem = file(
            team=given["team"],
            person=person,
            template=given["template"],
            title=given["title"],
            incident=given["incident"],
            visibility=Visibility(given["visibility"]),
        )
        return redirect("postmortems:edit", postmortem.slug)
    context = {
        "form": form,
        "incident": incident,
        "templates": form.fields["template"].queryset.prefetch_related("sections"),  # type: ignore[attr-defined]
        "chosen": form["template"].value(),
        "has_team": bool(person.roles),
    }
    return render(request, "postmortems/new.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@person_page
def take_in(request: HttpRequest, person: User) -> HttpResponse:
    """A Markdown file as a draft, with a list of what could not be read."""
    form = ImportForm(person, request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "has_team": bool(person.roles)}
    if request.method != "POST" or not form.is_valid():
        return render(request, "postmortems/import.html", context, status=400 if form.errors else 200)
    try:
        imported = read_markdown(*told_in(form))
    except NotReadable as error:
        form.add_error(None, f"The file cannot be read: {error}.")
        return render(request, "postmortems/import.html", context, status=400)
    postmortem, is_new = file_document(imported.document, team=form.cleaned_data["team"], person=person)
    if not is_new:
        messages.info(request, "Your team has this one already.")
        return redirect("postmortems:edit", postmortem.slug)
    context |= {"imported": imported, "postmortem": postmortem}
    return render(request, "postmortems/imported.html", context)


def told_in(form: ImportForm) -> tuple[str, str]:
    """The text and its name: of the file, else of what was pasted."""
    upload = form.cleaned_data["file"]
    if upload is None:
        return form.cleaned_data["text"], "pasted"
    if upload.size > LONGEST_FILE:
        raise NotReadable(f"it has more than {LONGEST_FILE:,} bytes")
    return decode(upload.read()), upload.name
