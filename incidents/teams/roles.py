"""Changes of who is in a team and as what. A team always keeps a lead."""

from __future__ import annotations

from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.text import slugify

from incidents.choices import Role
from incidents.models import Membership, Team, User


class LastLead(Exception):
    """Without this lead nobody would run the team."""


@transaction.atomic
def found(name: str, about: str, by: User) -> Team:
    """A new team, led by who founds it.

    The address does not follow from the name alone: trying names would tell which teams there are.
    """
    slug = f"{slugify(name)[:60] or 'team'}-{get_random_string(6, 'abcdefghjkmnpqrstuvwxyz23456789')}"
    team = Team.objects.create(slug=slug, name=name, about=about)
    Membership.objects.create(team=team, user=by, role=Role.LEAD)
    return team


@transaction.atomic
def change_role(membership: Membership, role: Role) -> None:
    held = for_change(membership)
    if role != Role.LEAD:
        keep_a_lead(held)
    held.role = role
    held.save(update_fields=["role"])


@transaction.atomic
def remove(membership: Membership) -> None:
    held = for_change(membership)
    keep_a_lead(held)
    held.delete()


def for_change(membership: Membership) -> Membership:
    """Two leads who leave at once wait for each other here."""
    Team.objects.select_for_update().get(pk=membership.team_id)
    return Membership.objects.select_related("team", "user").get(pk=membership.pk)


def keep_a_lead(leaving: Membership) -> None:
    others = leaving.team.memberships.filter(role=Role.LEAD, user__is_active=True).exclude(pk=leaving.pk)
    if leaving.role == Role.LEAD and not others.exists():
        raise LastLead
