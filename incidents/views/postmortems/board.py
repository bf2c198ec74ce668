"""Actions of all post-mortems of one's teams: the board, what is overdue, one's own, and as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST, require_safe

from incidents.models import ActionItem, User
from incidents.permissions import may
from incidents.postmortems.choices import UNFINISHED, ActionState
from incidents.postmortems.filters import ActionFilter
from incidents.postmortems.markdown import render_line
from incidents.postmortems.saving import save_fields
from incidents.spreadsheets import neutral
from incidents.views.signing_in import person_page

SHOWN = 100
COLUMNS = ("due", "priority", "state", "type", "action", "owner", "post-mortem", "team", "link")


@dataclass(frozen=True, slots=True)
class BoardRow:
    pk: int
    html: SafeString
    postmortem: str
    url: str
    team: str
    owner: str
    due: str
    late: str
    type: str
    priority: str
    state: str
    version: int
    link: str
    may_change: bool


class Echo:
    """A file that hands back what is written, for a writer whose rows are streamed."""

    def write(self, value: str) -> str:
        return value


@require_safe
@person_page
@gzip_page
def board(request: HttpRequest, person: User) -> HttpResponse:
    return render(request, "postmortems/board.html", board_context(request, person))


def board_context(request: HttpRequest, person: User) -> dict[str, Any]:
    form = ActionFilter(request.GET)
    today = timezone.now().date()
    of_person = ActionItem.objects.visible_to(person).standing()
    found = in_order(form.narrow(of_person, person, today))
    rows = list(found[: SHOWN + 1])
    unfinished = of_person.unfinished()
    return {
        "form": form,
        "rows": board_rows(rows[:SHOWN], person, today),
        "has_more": len(rows) > SHOWN,
        "open": unfinished.count(),
        "overdue": unfinished.overdue(today).count(),
        "own": unfinished.filter(owner=person).count(),
        "states": ActionState.choices,
        "here": request.get_full_path(),
        "csv": f"?{request.GET.urlencode()}",
    }


@require_safe
@person_page
def board_csv(request: HttpRequest, person: User) -> HttpResponseBase:
    form = ActionFilter(request.GET)
    of_person = ActionItem.objects.visible_to(person).standing()
    found = in_order(form.narrow(of_person, person, timezone.now().date()))
    response = StreamingHttpResponse(csv_lines(found.iterator(1_000)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="actions.csv"'
    return response


@require_POST
@person_page
def change_state(request: HttpRequest, person: User, pk: int) -> HttpResponse:
    """Open, in progress, done, cancelled: from the board."""
    of_person = ActionItem.objects.visible_to(person).standing().select_related("postmortem")
    action = get_object_or_404(of_person, pk=pk)
    state = request.POST.get("state", "")
    if may(person, "postmortem.edit", action.postmortem) and state in ActionState.values:
        save_fields(action, {"state": state}, version=action.version, person=person)
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = ""
    return redirect(back or "postmortems:board")


def in_order(actions: Any) -> Any:
    """The most urgent first: by date, those without one last."""
    return actions.select_related("owner", "postmortem__team").order_by("due", "pk")


def board_rows(actions: Iterable[ActionItem], person: User, today: date) -> list[BoardRow]:
    return [
        BoardRow(
            pk=action.pk,
            html=render_line(action.text),
            postmortem=action.postmortem.title,
            url=f"{action.postmortem.get_absolute_url()}edit/#action-{action.pk}",
            team=action.postmortem.team.name,
            owner=owner_of(action),
            due=action.due.isoformat() if action.due else "",
            late=late(action, today),
            type=action.get_type_display().lower(),
            priority=action.get_priority_display().lower(),
            state=action.state,
            version=action.version,
            link=action.link if action.link.startswith(("https://", "http://")) else "",
            may_change=action.postmortem.team_id in person.roles,
        )
        for action in actions
    ]


def late(action: ActionItem, today: date) -> str:
    if action.due is None or action.state not in UNFINISHED or action.due >= today:
        return ""
    days = (today - action.due).days
    return f"{days} day{'s' * (days != 1)} late"


def owner_of(action: ActionItem) -> str:
    return action.owner.get_full_name() if action.owner else action.owner_name


def csv_lines(actions: Iterable[ActionItem]) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield writer.writerow(COLUMNS)
    for action in actions:
        cells = (
            action.due.isoformat() if action.due else "",
            action.priority,
            action.state,
            action.type,
            action.text,
            owner_of(action),
            action.postmortem.title,
            action.postmortem.team.name,
            action.link,
        )
        yield writer.writerow([neutral(cell) for cell in cells])
