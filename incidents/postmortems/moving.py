"""Review and publication: the acts that take a post-mortem from state to state, each under its lock.

What a reviewer approves is a digest of the words. Publishing takes the words as they are in that moment and
looks whether exactly they were approved, so nothing reaches readers that only its authors have read.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from incidents.models import Postmortem, Publication, Review, Step, User
from incidents.permissions import may
from incidents.postmortems.choices import ReviewVerdict, State, Visibility
from incidents.postmortems.collecting import document_of
from incidents.postmortems.documents import Document, as_json
from incidents.postmortems.markdown import plain
from incidents.postmortems.rendering import rendered
from incidents.postmortems.transitions import MOVES, Act, NotYours, Refused, Situation, refusal


def situation_of(postmortem: Postmortem, document: Document, approval: Review | None) -> Situation:
    """What decides about its next move."""
    return Situation(
        state=State(postmortem.state),
        is_approved=approval is not None,
        has_changes=postmortem.publication is None or postmortem.publication.digest != document.digest,
        has_text=any(section.body for section in document.sections),
    )


def approval_of(postmortem: Postmortem, document: Document) -> Review | None:
    """The approval that stands for exactly these words: nobody's who has written on them since."""
    found = postmortem.reviews.filter(digest=document.digest).select_related("person")
    authors = {postmortem.filed_by_id, *postmortem.authors.values_list("pk", flat=True)}
    newest: dict[int, Review] = {}
    for review in found.order_by("made_at", "pk"):
        newest[review.person_id] = review
    standing = [one for pk, one in newest.items() if pk not in authors]
    if any(one.verdict == ReviewVerdict.CHANGES for one in standing):
        return None
    return standing[-1] if standing else None


@transaction.atomic
def move(postmortem: Postmortem, act: Act, *, person: User, reason: str = "") -> Postmortem:
    """Submit, recall, publish, amend, withdraw or delete it. Reviews have an act of their own."""
    held = hold(postmortem, act, person)
    document = document_of(held)
    approval = approval_of(held, document)
    if refused := refusal(act, situation_of(held, document, approval), reason):
        raise Refused(refused)
    if act is Act.DELETE:
        held.delete()
        return held
    if act in (Act.PUBLISH, Act.AMEND):
        publish(held, document, person=person, note=reason, approval=approval)
    if act is Act.WITHDRAW:
        held.withdrawn_because = reason
        held.shown_at = timezone.now()
    take(held, act, person, reason)
    return held


@transaction.atomic
def review(
    postmortem: Postmortem,
    verdict: ReviewVerdict,
    *,
    person: User,
    checklist: list[str],
    note: str,
    digest: str,
) -> Review:
    """A reviewer's word on the words that were on the screen: `digest` names them."""
    act = Act.APPROVE if verdict == ReviewVerdict.APPROVE else Act.ASK_CHANGES
    held = hold(postmortem, act, person)
    document = document_of(held)
    state = State(held.state)
    # Changes may be asked of what is out as well: its next amendment waits for them.
    situation = situation_of(held, document, approval_of(held, document))
    if refused := refusal(act if state is State.IN_REVIEW else Act.APPROVE, situation, note):
        raise Refused(refused)
    if verdict == ReviewVerdict.CHANGES and not note.strip():
        raise Refused("Say what should change")
    if digest != document.digest:
        raise Refused("It was changed while you read it: look at it again")
    given = Review.objects.create(
        postmortem=held, person=person, verdict=verdict, checklist=checklist, note=note, digest=digest
    )
    if act is Act.ASK_CHANGES and state is State.IN_REVIEW:
        take(held, act, person, note)
    else:
        note_step(held, act, person, note)
    return given


@transaction.atomic
def show_to(postmortem: Postmortem, visibility: Visibility, *, person: User) -> None:
    """Change who may read it."""
    held: Postmortem = Postmortem.objects.select_for_update().get(pk=postmortem.pk)
    if not may(person, "postmortem.change-visibility", held):
        raise NotYours("Only a lead changes who may read what is published")
    if held.visibility == visibility:
        return
    held.visibility = visibility
    if held.publication_id:
        held.shown_at = timezone.now()
    held.save(update_fields=["visibility", "shown_at", "changed_at"])
    note_step(held, "visibility", person, f"readable: {visibility.label.lower()}")


def hold(postmortem: Postmortem, act: Act, person: User) -> Postmortem:
    held: Postmortem = (
        Postmortem.objects.select_for_update(of=("self",))
        .select_related("publication", "incident", "team")
        .get(pk=postmortem.pk)
    )
    if not may(person, f"postmortem.{act}", held):
        raise NotYours("That is not yours to do: somebody else than its authors reviews, a lead withdraws")
    return held


def take(held: Postmortem, act: Act, person: User, note: str) -> None:
    """Write the new state, and that it was taken."""
    end = MOVES[act].end
    if end is not None:
        held.state = end
    held.save()
    note_step(held, act, person, note)


def note_step(held: Postmortem, act: str, person: User, note: str) -> None:
    Step.objects.create(
        postmortem=held, act=act, state=held.state, note=note, person=person, at=timezone.now()
    )


def publish(
    held: Postmortem, document: Document, *, person: User, note: str = "", approval: Review | None = None
) -> None:
    """Copy the words to where readers see them."""
    at = timezone.now()
    columns = columns_of(document)
    columns["rendered"][0] |= signed(held, person, approval)
    held.publication = Publication.objects.create(
        postmortem=held,
        number=held.publications.count() + 1,
        published_at=at,
        published_by=person,
        approved_by=approval.person if approval else None,
        note=note,
        **columns,
    )
    held.shown_at = at


def signed(held: Postmortem, person: User, approval: Review | None) -> dict[str, str]:
    """Who stood for the words, by the names of that day: the page shows them without asking again."""
    return {
        "team": held.team.name,
        "published_by": person.get_full_name(),
        "approved_by": approval.person.get_full_name() if approval else "",
    }


def columns_of(document: Document) -> dict[str, Any]:
    """A publication's columns, for a document."""
    facts = ("title", "severity", "cause", "started_at", "start_precision", "ended_at", "end_precision")
    more = ("detected_at", "company", "product")
    return {name: getattr(document, name) for name in facts + more} | {
        "categories": list(document.categories),
        "keywords": list(document.keywords),
        "summary": plain(document.summary or "\n\n".join(section.body for section in document.sections[:2])),
        "words": document.words,
        "document": as_json(document),
        "digest": document.digest,
        "rendered": rendered(document),
    }
