"""What changed about a team and its people, out of the events that triggers wrote, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

from incidents.models import AccountLink, Invitation, Membership, Postmortem, Team, User

ENDS = {"insert": "added", "delete": "removed"}


@dataclass(frozen=True, slots=True)
class Change:
    """`by` is the id of who asked for it; None where no page did: a command, or a hand in the database."""

    at: datetime
    what: str
    by: int | None
    address: str


@dataclass(frozen=True, slots=True)
class Line:
    at: datetime
    what: str
    who: str
    address: str


def team_history(team: Team, most: int = 200) -> list[Line]:
    names = people()
    return lines(
        [
            *changes(events(Team).filter(pgh_obj=team.pk), lambda one: "team", ("name", "about")),
            *changes(events(Membership).filter(team=team.pk), lambda one: names(one.user_id), ("role",)),
            *changes(
                events(Invitation).filter(team=team.pk),
                lambda one: f"invitation of {one.email} as {one.role}",
                ("accepted_at",),
            ),
            *changes(
                events(Postmortem).filter(team=team.pk),
                lambda one: f"post-mortem “{one.title}”",
                ("state", "visibility", "title"),
            ),
        ],
        names,
        most,
    )


def person_history(person: User, most: int = 200) -> list[Line]:
    """An account's rights, its password links, and where it was a member."""
    names = people()
    columns = ("username", "email", "name", "is_active", "is_analyst", "is_staff", "is_superuser")
    teams = dict(Team.objects.values_list("pk", "name"))
    return lines(
        [
            *changes(events(User).filter(pgh_obj=person.pk), lambda one: "account", columns),
            *changes(events(AccountLink).filter(person=person.pk), lambda one: "password link", ("used_at",)),
            *changes(
                events(Membership).filter(user=person.pk),
                lambda one: f"membership of {teams.get(one.team_id, 'a team that is gone')}",
                ("role",),
            ),
        ],
        names,
        most,
    )


def events(model: type[models.Model]) -> models.QuerySet[Any]:
    """The events of an audited model, oldest first."""
    manager: models.Manager[Any] = getattr(model, "pgh_event_model")._default_manager  # noqa: B009
    return manager.select_related("pgh_context").order_by("pgh_id")


def changes(told: Iterable[Any], name: Callable[[Any], str], columns: tuple[str, ...]) -> Iterator[Change]:
    """Each event beside the one before it of the same row: what began, what ended, which columns changed."""
    before: dict[Any, Any] = {}
    for event in told:
        if event.pgh_label in ENDS:
            yield as_change(event, f"{name(event)} {ENDS[event.pgh_label]}")
        elif earlier := before.get(event.pgh_obj_id):
            for column in columns:
                old, new = getattr(earlier, column), getattr(event, column)
                if old != new:
                    yield as_change(event, f"{name(event)}: {worded(column)} {shown(old)} → {shown(new)}")
        before[event.pgh_obj_id] = event


def as_change(event: Any, what: str) -> Change:
    told = event.pgh_context.metadata if event.pgh_context else {}
    return Change(event.pgh_created_at, what, told.get("user"), told.get("address") or "")


def worded(column: str) -> str:
    return column.removeprefix("is_").removesuffix("_at").replace("_", " ")


def shown(value: object) -> str:
    match value:
        case None | "":
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M}"
    return f"“{value}”"


def people() -> Callable[[int | None], str]:
    names = {person.pk: person.get_full_name() for person in User.objects.only("pk", "name", "username")}
    return lambda pk: names.get(pk, "somebody who is gone") if pk else ""


def lines(found: Iterable[Change], names: Callable[[int | None], str], most: int) -> list[Line]:
    # The database stamps all changes of one transaction alike; of those the last one told is the newest.
    newest = sorted(found, key=lambda change: change.at)[-most:]
    return [Line(change.at, change.what, names(change.by), change.address) for change in newest[::-1]]
