"""The predicates that the table of permissions is made of, asked of rows."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from incidents.choices import Role
from incidents.models import Membership, Team
from incidents.permissions import PERMISSIONS, is_admin, is_lead, is_member, is_reviewer, may
from tests.factories import make_team, make_user

pytestmark = pytest.mark.django_db
TEAM_ACTS = [act for act in PERMISSIONS if act.startswith("team.")]


@pytest.mark.parametrize(
    ("role", "reviews", "leads"),
    [(Role.MEMBER, False, False), (Role.REVIEWER, True, False), (Role.LEAD, True, True)],
)
def test_each_role_may_what_those_before_it_may(role: Role, reviews: bool, leads: bool) -> None:
    team = make_team(ada=role)
    ada = team.memberships.get().user
    assert is_member(ada, team)
    assert (is_reviewer(ada, team), is_lead(ada, team)) == (reviews, leads)


def test_a_role_counts_in_its_own_team_alone() -> None:
    ours, theirs = make_team("ours", ada=Role.LEAD), make_team("theirs")
    ada = ours.memberships.get().user
    assert not is_member(ada, theirs)
    assert not may(ada, "team.see", theirs)


def test_a_role_counts_for_what_belongs_to_the_team() -> None:
    team = make_team(ada=Role.LEAD)
    membership = Membership.objects.get()
    assert is_lead(membership.user, membership)
    assert not is_lead(make_user("eve"), membership)
    assert membership.team == team


@pytest.mark.parametrize("act", TEAM_ACTS)
def test_strangers_may_nothing_of_a_team(act: str) -> None:
    assert not may(AnonymousUser(), act, make_team())


@pytest.mark.parametrize("act", TEAM_ACTS)
def test_who_is_locked_out_may_nothing(act: str) -> None:
    team = make_team(ada=Role.LEAD)
    ada = team.memberships.get().user
    ada.is_active, ada.is_superuser, ada.is_analyst = False, True, True
    assert not may(ada, act, team)


def test_an_admin_sees_every_team_and_is_member_of_none() -> None:
    root, team = make_user("root", is_superuser=True), make_team()
    assert is_admin(root)
    assert not is_member(root, team)
    assert may(root, "team.see", team)
    assert list(Team.objects.seen_by(root)) == [team]


def test_to_others_the_team_does_not_exist() -> None:
    team = make_team(ada=Role.MEMBER)
    ada = team.memberships.get().user
    assert list(Team.objects.seen_by(ada)) == [team]
    assert not Team.objects.seen_by(make_user("eve"))
    assert not Team.objects.seen_by(AnonymousUser())
