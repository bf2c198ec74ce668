"""Who may do what: the whole table, and the few questions that it is made of.

A view asks `may(person, "team.rename", team)`. Django's `has_perm` is not asked, for it says yes to a
superuser whatever the rule, and an admin, too, may not review what he wrote himself. To whoever may not see a
thing it does not exist (404); who sees it and may not act on it is told so (403).
"""

from __future__ import annotations

from typing import Any

from rules.predicates import Predicate

from incidents.choices import Role
from incidents.models import Team, User
from incidents.postmortems.choices import Visibility

REVIEWERS = {Role.REVIEWER, Role.LEAD}


def role_in(person: Any, thing: Any) -> Role | None:
    """A person's role in a team, or in the team that a thing belongs to."""
    if not isinstance(person, User) or not person.is_active or thing is None:
        return None
    return person.roles.get(thing.pk if isinstance(thing, Team) else thing.team_id)


@Predicate
def is_signed_in(person: Any) -> bool:
    return isinstance(person, User) and person.is_active


@Predicate
def is_analyst(person: Any) -> bool:
    return isinstance(person, User) and person.is_active and person.is_analyst


@Predicate
def is_admin(person: Any) -> bool:
    return isinstance(person, User) and person.is_admin


@Predicate
def is_member(person: Any, thing: Any) -> bool:
    return role_in(person, thing) is not None


@Predicate
def is_reviewer(person: Any, thing: Any) -> bool:
    return role_in(person, thing) in REVIEWERS


@Predicate
def is_lead(person: Any, thing: Any) -> bool:
    return role_in(person, thing) == Role.LEAD


@Predicate
def is_author(person: Any, postmortem: Any) -> bool:
    """Wrote a word of it or brought it in, so does not approve it."""
    return isinstance(person, User) and bool(postmortem.is_by(person))


@Predicate
def is_published_to(person: Any, postmortem: Any) -> bool:
    """Was published, and is open to this person whatever the team. One that was withdrawn says just that."""
    if postmortem.publication_id is None or postmortem.visibility == Visibility.PRIVATE:
        return False
    return postmortem.visibility == Visibility.PUBLIC or is_signed_in.test(person)


@Predicate
def was_never_published(person: Any, postmortem: Any) -> bool:
    return postmortem.publication_id is None


PERMISSIONS = {
    "record.judge": is_analyst | is_admin,
    # Of a person. Who makes a password link can be that person: no lead of a team makes one.
    "person.see": is_admin,
    "person.change-rights": is_admin,
    "person.make-password-link": is_admin,
    # Of a team.
    "team.create": is_signed_in,
    "team.see": is_member | is_admin,
    "team.rename": is_lead | is_admin,
    "team.invite": is_lead | is_admin,
    "team.change-roles": is_lead | is_admin,
    "team.see-history": is_lead | is_admin,
    "team.leave": is_member,
    "postmortem.file": is_member,
    # The thing is the post-mortem. What the state allows is in `postmortems.transitions`.
    "postmortem.read": is_published_to | is_member | is_admin,
    "postmortem.work": is_member | is_admin,
    "postmortem.edit": is_member,
    "postmortem.comment": is_member,
    "postmortem.submit": is_member,
    "postmortem.recall": is_member,
    "postmortem.approve": is_reviewer & ~is_author,
    "postmortem.ask-changes": is_reviewer & ~is_author,
    "postmortem.publish": is_member,
    "postmortem.amend": is_member,
    "postmortem.withdraw": is_lead | is_admin,
    "postmortem.delete": was_never_published & (is_lead | (is_member & is_author)),
    "postmortem.change-visibility": is_lead | is_admin | (is_member & was_never_published),
}


def may(person: Any, act: str, thing: Any = None) -> bool:
    """May this person (or stranger) do this act of the table to this thing?"""
    return PERMISSIONS[act].test(person, thing)
