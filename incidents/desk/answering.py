"""What an answer to an item of the queue does: one verdict on keys that last, and the next item comes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db import transaction

from incidents.choices import OrganisationKind
from incidents.corrections import decide
from incidents.desk.items import Item, ItemKind
from incidents.desk.settled import answers_to, item_of, slug_of
from incidents.desk.turns import lay_down, lock, take
from incidents.models import Account, Incident, Organisation, User, Verdict
from incidents.naming import explain_name, new_organisation
from incidents.readings import leave_out
from incidents.undoing import undo
from incidents.verdicts import (
    VerdictRefused,
    anchor_of,
    judge_hit,
    judge_pair,
    judge_source,
    judge_value,
    require_analyst,
    take_back_collided,
)
from nlp.document import Field

YES_NO = {"yes": True, "no": False}


class AnsweredMeanwhile(VerdictRefused):
    """Somebody else was quicker."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`word` is one of the item's options: what it may be depends on the kind. `detail` is what some words
    need beside them: who speaks in a statement, what kind of organisation a new one is.
    """

    word: str
    reason: str = ""
    detail: str = ""


@transaction.atomic
def answer(person: User, item: Item, given: Answer) -> Verdict:
    """Decide an item. The same answer sent twice is one verdict; a second person's is refused."""
    require_analyst(person)
    lock()
    said = answers_to(item).select_related("person").order_by("pk").last()
    if said is None:
        said = TAKE[item.kind](person, item, given)
    elif said.person != person:
        raise AnsweredMeanwhile(f"{said.person} has answered this in the meantime")
    lay_down(item)
    return said


@transaction.atomic
def undo_last(person: User) -> Verdict | None:
    """Take back this person's newest standing word that was an answer, and put its item into their hand."""
    require_analyst(person)
    lock()
    said = Verdict.objects.standing().filter(person=person).select_related("incident", "organisation")
    last: Verdict
    for last in said.order_by("-made_at", "-pk"):
        if item := item_of(last):
            undo(last, person=person)
            take(person, item)
            return last
    return None


def take_pair(person: User, item: Item, given: Answer) -> Verdict:
    if given.word not in ("same", "not-same"):
        raise VerdictRefused("a pair is the same or not the same")
    return judge_pair(item.a, item.b, same=given.word == "same", person=person, reason=given.reason)


def take_hit(person: User, item: Item, given: Answer) -> Verdict:
    return judge_hit(
        incident_called(item.a),
        organisation_called(item.b),
        accepts=yes(given.word),
        person=person,
        reason=given.reason,
    )


def take_value(person: User, item: Item, given: Answer) -> Verdict:
    """The word is the key of the value that holds."""
    subject, field = item.b.split(" ")
    slug, incident = slug_of(subject), incident_called(item.a)
    if given.word not in told_values(incident, subject, field):
        raise VerdictRefused("nobody says that value")
    return judge_value(
        incident,
        Field(field),
        given.word,
        accepts=True,
        person=person,
        organisation=organisation_called(slug) if slug else None,
        reason=given.reason,
    )


def told_values(incident: Incident, subject: str, field: str) -> set[str]:
    """The keys of all values that are told of a fact, the shown one among them."""
    told = [
        one for one in incident.shown.get("values", ()) if (one["subject"], one["field"]) == (subject, field)
    ]
    return {key for one in told for key in (one["key"], *(other["key"] for other in one["others"]))}


def take_account(person: User, item: Item, given: Answer) -> Verdict:
    """The word is the number of the incident that the account belongs to, or "none"."""
    account = Account.objects.select_related("report").filter(key=item.a).first()
    if account is None:
        raise VerdictRefused(f"no account is called {item.a}")
    if given.word == "none":
        return leave_out(account.key, account.report.key, person=person, reason=given.reason)
    incident = incident_called(given.word.strip().upper())
    anchor = anchor_of(incident.shown_as or incident)
    return judge_pair(account.key, anchor, same=True, person=person, reason=given.reason)


def take_name(person: User, item: Item, given: Answer) -> Verdict:
    """The word is the slug that the name stands for, "ignore", or "new": an organisation of that kind."""
    if given.word == "new":
        kind = OrganisationKind(given.detail or OrganisationKind.EXCHANGE)
        return new_organisation(item.a, item.b, kind=kind, person=person, reason=given.reason)
    slug = "" if given.word == "ignore" else given.word
    return explain_name(item.a, item.b, slug, person=person, reason=given.reason)


def take_collision(person: User, item: Item, given: Answer) -> Verdict:
    """The word is the id of the verdict to take back."""
    if not given.word.isdigit():
        raise VerdictRefused("say which of the verdicts to take back")
    return take_back_collided(item.a, given.word, person=person, reason=given.reason)


def take_source(person: User, item: Item, given: Answer) -> Verdict:
    return judge_source(item.a, item.b, person=person, reason=given.reason)


def take_correction(person: User, item: Item, given: Answer) -> Verdict:
    return decide(int(item.a), accept=yes(given.word), person=person, speaker=given.detail, note=given.reason)


TAKE: Mapping[ItemKind, Callable[[User, Item, Answer], Verdict]] = {
    ItemKind.PAIR: take_pair,
    ItemKind.HIT: take_hit,
    ItemKind.VALUE: take_value,
    ItemKind.ACCOUNT: take_account,
    ItemKind.NAME: take_name,
    ItemKind.CODE: take_name,
    ItemKind.COLLISION: take_collision,
    ItemKind.SOURCE: take_source,
    ItemKind.CORRECTION: take_correction,
}


def yes(word: str) -> bool:
    if word not in YES_NO:
        raise VerdictRefused("say yes or no")
    return YES_NO[word]


def incident_called(slug: str) -> Incident:
    found: Incident | None = Incident.objects.select_related("shown_as").filter(slug=slug).first()
    if found is None:
        raise VerdictRefused(f"there is no incident {slug}")
    return found


def organisation_called(slug: str) -> Organisation:
    found: Organisation | None = Organisation.objects.filter(slug=slug).first()
    if found is None:
        raise VerdictRefused(f"no organisation is called {slug}")
    return found
