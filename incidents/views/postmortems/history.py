"""Who changed what: every revision with what it changed, and any of them put back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from incidents.models import Postmortem, Revision, User
from incidents.permissions import may
from incidents.postmortems.merging import compare
from incidents.postmortems.restoring import restore
from incidents.postmortems.saving import text_at
from incidents.views.postmortems.access import team_page
from incidents.views.rows import When, when

SIZE = 100
TOGETHER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Change:
    """A revision, or a run of them: what one person wrote at one part within some minutes."""

    last: Revision
    since: int
    count: int
    at: When | None


@require_safe
@team_page("work")
def history(request: HttpRequest, person: User, postmortem: Postmortem) -> HttpResponse:
    before = request.GET.get("before", "")
    found = postmortem.revisions.select_related("person").defer("text")
    if before.isdecimal():
        found = found.filter(pk__lt=int(before[:18]))
    rows = list(found[: SIZE + 1])
    context = {
        "postmortem": postmortem,
        "changes": together(rows[:SIZE]),
        "next": rows[SIZE - 1].pk if len(rows) > SIZE else None,
        "steps": [] if before else list(postmortem.steps.select_related("person")),
        "publications": list(postmortem.publications.select_related("published_by", "approved_by")),
        "may_edit": may(person, "postmortem.edit", postmortem),
    }
    return render(request, "postmortems/history.html", context)


def together(revisions: list[Revision]) -> list[Change]:
    """Newest first; what was saved while somebody wrote on is one change."""
    runs: list[list[Revision]] = []
    for revision in revisions:
        if runs and belongs(runs[-1][-1], revision):
            runs[-1].append(revision)
        else:
            runs.append([revision])
    return [Change(run[0], run[-1].version - 1, len(run), when(run[0].at)) for run in runs]


def belongs(later: Revision, earlier: Revision) -> bool:
    same = (later.part, later.person_id) == (earlier.part, earlier.person_id)
    return same and not later.is_gone and earlier.version > 1 and later.at - earlier.at < TOGETHER


@require_safe
@team_page("work")
def revision(request: HttpRequest, person: User, postmortem: Postmortem, pk: int) -> HttpResponse:
    """What a revision changed, or a run of them: `since` is the version before the run."""
    chosen = get_object_or_404(postmortem.revisions.select_related("person"), pk=pk)
    told = request.GET.get("since", "")
    since = int(told[:9]) if told.isdecimal() else chosen.version - 1
    context: dict[str, Any] = {
        "postmortem": postmortem,
        "revision": chosen,
        "at": when(chosen.at),
        "lines": compare(text_at(postmortem, chosen.part, since), "" if chosen.is_gone else chosen.text),
        "may_edit": may(person, "postmortem.edit", postmortem),
    }
    return render(request, "postmortems/revision.html", context)


@require_POST
@team_page("edit")
def put_back(request: HttpRequest, person: User, postmortem: Postmortem, pk: int) -> HttpResponse:
    chosen = get_object_or_404(postmortem.revisions, pk=pk)
    restore(chosen, person=person)
    messages.info(request, f"“{chosen.label}” is as it was. What stood there is in the history.")
    return redirect("postmortems:history", postmortem.slug)
