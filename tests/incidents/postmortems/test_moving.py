from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from incidents.models import Postmortem, User
from incidents.permissions import may
from incidents.postmortems.choices import ReviewVerdict, State, Visibility
from incidents.postmortems.collecting import document_of
from incidents.postmortems.filing import file_document
from incidents.postmortems.moving import move, review, show_to
from incidents.postmortems.saving import save_section
from incidents.postmortems.transitions import MOVES, Act, NotYours, Refused, Situation, refusal
from tests.factories import approve, make_postmortem, make_published, make_team, make_user

pytestmark = pytest.mark.django_db
WHO = (
    *(
        "stranger",
        "signed",
        "analyst",
        "member",
        "author",
        "reviewer",
        "lead",
        "author-lead",
        "other",
        "admin",
    ),
)


def table() -> set[tuple[str, str, str]]:
    lines = Path(__file__).with_name("moves.txt").read_text().splitlines()
    rows = [line.split() for line in lines if line.strip() and not line.startswith("#")]
    return {(act, state, person) for act, state, *people in rows for person in people}


def test_every_role_may_in_every_state_what_the_table_says_and_nothing_else() -> None:
    team = make_team("matching", member="member", author="member", reviewer="reviewer", lead="lead")
    make_team("matching", **{"author-lead": "lead"})
    make_team("elsewhere", other="lead")
    make_user("signed", is_analyst=False)
    make_user("analyst")
    make_user("admin", is_superuser=True)
    people = {name: User.objects.filter(username=name).first() for name in WHO}
    postmortem = make_postmortem(team=team, author=people["author"])
    postmortem.authors.add(people["author-lead"])
    out = make_published(team=team, author=people["author"], title="Out")
    out.authors.add(people["author-lead"])
    allowed = set()
    for state in State:
        # One that was never published for the states before that, one that was for those after.
        thing = postmortem if state in (State.DRAFT, State.IN_REVIEW) else out
        situation = Situation(state, is_approved=True, has_changes=True)
        for act in Act:
            for name, person in people.items():
                if may(person, f"postmortem.{act}", thing) and not refusal(act, situation, "why"):
                    allowed.add((str(act), str(state), name))
    assert allowed == table()


@pytest.mark.parametrize("act", [act for act, move in MOVES.items() if move.needs_approval])
def test_nothing_is_published_that_nobody_has_approved(act: Act) -> None:
    state = min(MOVES[act].starts)
    assert "approved" in refusal(act, Situation(state, is_approved=False, has_changes=True), "why")


@pytest.mark.parametrize("act", [act for act, move in MOVES.items() if move.needs_reason])
def test_what_readers_or_authors_will_ask_about_needs_a_reason(act: Act) -> None:
    state = min(MOVES[act].starts)
    assert refusal(act, Situation(state, is_approved=True, has_changes=True), "  ")


def test_a_post_mortem_goes_from_draft_to_its_address() -> None:
    postmortem = make_published()
    assert postmortem.state == State.PUBLISHED
    assert postmortem.publication.number == 1
    assert postmortem.publication.approved_by.username == "ben"
    assert [step.act for step in postmortem.steps.all()] == ["publish", "approve", "submit", "import"]


def test_a_word_changed_after_the_approval_makes_it_void() -> None:
    postmortem, ada, ben = in_review()
    approve(postmortem, ben)
    change(postmortem, ada, "Nothing could be traded, nor withdrawn.")
    with pytest.raises(Refused, match="approved these words"):
        move(postmortem, Act.PUBLISH, person=ada)
    approve(postmortem, ben)
    assert move(postmortem, Act.PUBLISH, person=ada).state == State.PUBLISHED


def test_who_has_written_a_word_approves_nothing() -> None:
    postmortem, _, ben = in_review()
    change(postmortem, ben, "Nothing at all could be traded.")
    with pytest.raises(Refused, match="not yours"):
        approve(postmortem, ben)


def test_an_approval_is_lost_when_the_reviewer_begins_to_write() -> None:
    postmortem, ada, ben = in_review()
    approve(postmortem, ben)
    text = postmortem.sections.get(kind="summary").body
    change(postmortem, ben, f"{text} More.")
    change(postmortem, ben, text)
    with pytest.raises(Refused, match="approved these words"):
        move(postmortem, Act.PUBLISH, person=ada)


def test_a_reviewer_who_asks_for_changes_sends_it_back_with_the_reason() -> None:
    postmortem, _, ben = in_review()
    digest = document_of(postmortem).digest
    words = {"person": ben, "checklist": [], "digest": digest}
    with pytest.raises(Refused, match="Say w"):
        review(postmortem, ReviewVerdict.CHANGES, note=" ", **words)
    review(postmortem, ReviewVerdict.CHANGES, note="How many were hit?", **words)
    postmortem.refresh_from_db()
    assert postmortem.state == State.DRAFT
    assert postmortem.reviews.get().note == "How many were hit?"


def test_a_verdict_on_words_that_have_changed_since_is_not_taken() -> None:
    postmortem, ada, ben = in_review()
    seen = document_of(postmortem).digest
    change(postmortem, ada, "Other words.")
    with pytest.raises(Refused, match="look at it again"):
        review(postmortem, ReviewVerdict.APPROVE, person=ben, checklist=[], note="", digest=seen)


def test_another_reviewer_who_asks_for_changes_holds_it_up() -> None:
    postmortem, ada, ben = in_review()
    make_team("matching", cleo="reviewer")
    approve(postmortem, ben)
    digest = document_of(postmortem).digest
    cleo = User.objects.get(username="cleo")
    review(postmortem, ReviewVerdict.CHANGES, person=cleo, checklist=[], note="No.", digest=digest)
    move(postmortem, Act.SUBMIT, person=ada)
    with pytest.raises(Refused, match="approved these words"):
        move(postmortem, Act.PUBLISH, person=ada)


def test_readers_see_what_was_published_until_the_amendment_is_approved() -> None:
    postmortem = make_published()
    ada, ben = User.objects.get(username="ada"), User.objects.get(username="ben")
    change(postmortem, ada, "Nothing could be traded for two hours.")
    postmortem.refresh_from_db()
    assert "two hours" not in postmortem.publication.words
    with pytest.raises(Refused, match="approved"):
        move(postmortem, Act.AMEND, person=ada, reason="The length was missing.")
    approve(postmortem, ben)
    amended = move(postmortem, Act.AMEND, person=ada, reason="The length was missing.")
    assert amended.state == State.AMENDED
    assert (amended.publication.number, amended.publication.note) == (2, "The length was missing.")
    assert "two hours" in amended.publication.words
    assert amended.get_absolute_url() == postmortem.get_absolute_url()


def test_an_amendment_that_changes_nothing_is_none() -> None:
    postmortem = make_published()
    with pytest.raises(Refused, match="Nothing has changed"):
        move(postmortem, Act.AMEND, person=User.objects.get(username="ada"), reason="Again.")


def test_what_is_withdrawn_stays_withdrawn_and_is_written_on_no_more() -> None:
    make_team("matching", lea="lead")
    postmortem, lea = make_published(), User.objects.get(username="lea")
    withdrawn = move(postmortem, Act.WITHDRAW, person=lea, reason="It named a client.")
    assert (withdrawn.state, withdrawn.withdrawn_because) == (State.WITHDRAWN, "It named a client.")
    with pytest.raises(Refused, match="no more"):
        change(withdrawn, lea, "x")


def test_an_empty_draft_is_not_sent_to_review() -> None:
    postmortem = make_postmortem(sections={"summary": ""})
    with pytest.raises(Refused, match="nothing to review"):
        move(postmortem, Act.SUBMIT, person=postmortem.authors.get())


def test_only_a_lead_opens_what_is_published_to_more_readers() -> None:
    make_team("matching", lea="lead")
    postmortem, ada = make_published("private"), User.objects.get(username="ada")
    with pytest.raises(Refused, match="lead"):
        show_to(postmortem, Visibility.PUBLIC, person=ada)
    show_to(postmortem, Visibility.PUBLIC, person=User.objects.get(username="lea"))
    postmortem.refresh_from_db()
    assert postmortem.visibility == Visibility.PUBLIC


def in_review() -> tuple[Postmortem, User, User]:
    postmortem = make_postmortem()
    make_team("matching", ben="reviewer")
    ada, ben = User.objects.get(username="ada"), User.objects.get(username="ben")
    return move(postmortem, Act.SUBMIT, person=ada), ada, ben


def change(postmortem: Postmortem, person: User, text: str) -> None:
    section = postmortem.sections.get(kind="summary")
    save_section(postmortem, section.pk, text, version=section.version, person=person)


def test_who_brings_a_text_in_as_a_file_does_not_approve_it() -> None:
    team = make_team("matching", lea="lead", rita="reviewer")
    lea, rita = (User.objects.get(username=name) for name in ("lea", "rita"))
    document = document_of(make_postmortem())
    brought, _ = file_document(replace(document, uid=str(uuid4())), team=team, person=lea)
    move(brought, Act.SUBMIT, person=lea)
    with pytest.raises(NotYours):
        approve(brought, lea)
    approve(brought, rita)
    assert document_of(brought).authors == document.authors
