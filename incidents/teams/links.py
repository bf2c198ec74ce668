"""Links that work once: invitations, and links that set a password.

The link holds the secret, the row its hash. They are for sites without a mail server: whoever makes one is
shown it once and passes it on.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.utils import generate_unique_username
from axes.utils import reset as reset_brake
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from incidents.choices import Role
from incidents.models import AccountLink, Invitation, Membership, Team, User
from incidents.permissions import may
from incidents.querysets import hashed

INVITATION_LASTS = timedelta(days=7)
ACCOUNT_LINK_LASTS = timedelta(days=2)


class LinkSpent(Exception):
    """The link was used, withdrawn or is too old."""


def absolute(name: str, token: str) -> str:
    return f"{settings.FAULTLINE_URL}{reverse(name, args=[token])}"


@transaction.atomic
def invite(team: Team, email: str, role: Role, by: User) -> str:
    """An invitation's link. An older open one for the same address is replaced: its link ends."""
    team.invitations.filter(email__iexact=email, accepted_at=None).delete()
    token = secrets.token_urlsafe(32)
    Invitation.objects.create(
        team=team,
        email=email,
        role=role,
        invited_by=by,
        token_hash=hashed(token),
        expires_at=timezone.now() + INVITATION_LASTS,
    )
    return absolute("teams:invitation", token)


def open_invitation(token: str, *, for_change: bool = False) -> Invitation:
    """The invitation that this link opens; LinkSpent says nothing of whether there ever was one.

    It ends with the right of who made it: a lead who was removed has seen the link, and would come back.
    """
    found = Invitation.objects.usable(token).select_related("team", "invited_by")
    if for_change:
        found = found.select_for_update(of=("self",))
    invitation: Invitation | None = found.first()
    if invitation is None or not may(invitation.invited_by, "team.invite", invitation.team):
        raise LinkSpent
    return invitation


@transaction.atomic
def accept(token: str, person: User) -> Team:
    """Make the person a member of the team. Who is one already keeps the higher of both roles."""
    invitation = open_invitation(token, for_change=True)
    membership, is_new = Membership.objects.get_or_create(
        team=invitation.team, user=person, defaults={"role": invitation.role}
    )
    if not is_new and RANKS.index(membership.role) < RANKS.index(invitation.role):
        membership.role = invitation.role
        membership.save(update_fields=["role"])
    invitation.accepted_at, invitation.accepted_by = timezone.now(), person
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    team: Team = invitation.team
    return team


RANKS: list[str] = list(Role)


@transaction.atomic
def join_as_new(token: str, *, name: str, password: str) -> tuple[User, Team]:
    """An account under the invited address, and its membership."""
    invitation = open_invitation(token, for_change=True)
    person = make_person(invitation.email, name=name, password=password)
    return person, accept(token, person)


def make_person(email: str, *, name: str, password: str | None = None, **rights: bool) -> User:
    """A new person whose address somebody vouches for."""
    person = User(username=generate_unique_username([email, "user"]), email=email, name=name, **rights)
    person.set_password(password)
    person.save()
    vouch_for(person, email)
    return person


def vouch_for(person: User, email: str) -> None:
    """This is the person's one address from now on."""
    EmailAddress.objects.filter(user=person).delete()
    EmailAddress.objects.create(user=person, email=email.lower(), verified=True, primary=True)


@transaction.atomic
def account_link(email: str, *, person: User | None, by: User | None) -> str:
    """A link that sets the password of the person (or makes the first admin). It ends the ones before it."""
    AccountLink.objects.filter(person=person, used_at=None).delete()
    token = secrets.token_urlsafe(32)
    AccountLink.objects.create(
        email=email,
        person=person,
        made_by=by,
        token_hash=hashed(token),
        expires_at=timezone.now() + ACCOUNT_LINK_LASTS,
    )
    return absolute("accounts:link", token)


def open_account_link(token: str, *, for_change: bool = False) -> AccountLink:
    found = AccountLink.objects.usable(token).select_related("person", "made_by")
    if for_change:
        found = found.select_for_update(of=("self",))
    link: AccountLink | None = found.first()
    if link is None or not is_vouched_for(link):
        raise LinkSpent
    return link


def is_vouched_for(link: AccountLink) -> bool:
    """May who made it still make it? What a command made is vouched for by the machine."""
    return link.made_by is None or may(link.made_by, "person.make-password-link", link.person)


@transaction.atomic
def set_password(token: str, password: str) -> User:
    """Other sessions of the person end with the old password, and so does a brake on sign-ins."""
    link = open_account_link(token, for_change=True)
    person = link.person
    if person is None:
        raise LinkSpent
    person.set_password(password)
    person.save(update_fields=["password"])
    spend(link)
    for name in {person.username, person.email}:
        reset_brake(username=name.lower())
    return person


@transaction.atomic
def make_first_admin(token: str, *, email: str, name: str, password: str) -> User:
    """Only while there is none: of two links for the first admin one makes one."""
    link = open_account_link(token, for_change=True)
    if link.person is not None or User.objects.admins().exists():
        raise LinkSpent
    admin = make_person(email, name=name, password=password, is_superuser=True, is_staff=True)
    spend(link)
    return admin


def spend(link: AccountLink) -> None:
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])
