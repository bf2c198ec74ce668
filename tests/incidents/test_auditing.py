"""Who changed what: written beside each change, complete, without secrets, and never rewritten."""

from __future__ import annotations

from typing import Any

import pghistory.models
import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from incidents.models import AccountLink, Invitation, Membership, Team, User
from incidents.teams.history import person_history, team_history
from tests.factories import make_team, make_user

pytestmark = pytest.mark.django_db
ADDRESS = "203.0.113.9"
AUDITED = [User, Team, Membership, Invitation, AccountLink]


def events(model: Any) -> Any:
    return model.pgh_event_model.objects


@pytest.fixture
def team() -> Team:
    return make_team("matching", lea="lead", max="member")


@pytest.fixture
def lea(team: Team) -> Client:
    client = Client(REMOTE_ADDR=ADDRESS)
    client.force_login(User.objects.get(username="lea"))
    return client


def told(team: Team) -> list[tuple[str, str, str]]:
    return [(line.what, line.who, line.address) for line in team_history(team)]


def change(client: Client, team: Team) -> None:
    pk = team.memberships.get(user__username="max").pk
    client.post(f"/teams/matching/members/{pk}/role/", {"role": "reviewer"})


def test_the_team_sees_who_changed_what_from_where(lea: Client, team: Team) -> None:
    change(lea, team)
    assert ("max: role “member” → “reviewer”", "lea", ADDRESS) in told(team)
    assert "max: role “member” → “reviewer”" in lea.get("/teams/matching/history/").content.decode()


def test_a_change_by_hand_in_the_database_is_seen_as_well(team: Team) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE incidents_team SET name = 'Taken over' WHERE slug = 'matching'")
    assert ("team: name “Matching” → “Taken over”", "", "") in told(team)


def test_what_changes_nothing_told_leaves_no_trace(team: Team) -> None:
    before = events(User).count()
    User.objects.update(password="x", last_login="2025-10-20T12:00Z")
    assert events(User).count() == before


@pytest.mark.parametrize("model", AUDITED)
def test_no_secret_is_among_what_is_kept(model: Any) -> None:
    kept = {field.name for field in model.pgh_event_model._meta.get_fields()}
    assert not kept & {"password", "token_hash", "last_login"}


def test_the_context_names_no_path_for_paths_hold_secrets(lea: Client, team: Team) -> None:
    change(lea, team)
    user = User.objects.get(username="lea").pk
    assert pghistory.models.Context.objects.get().metadata == {"user": user, "address": ADDRESS}


def test_reading_leaves_no_context(lea: Client) -> None:
    lea.get("/teams/matching/")
    assert not pghistory.models.Context.objects.exists()


@pytest.mark.parametrize("model", AUDITED[:3])
def test_events_are_changed_and_deleted_by_nobody(team: Team, model: Any) -> None:
    for act in (lambda rows: rows.update(pgh_label="other"), lambda rows: rows.delete()):
        with pytest.raises(ProgrammingError), transaction.atomic():
            act(events(model).all())


def test_the_history_of_a_person_outlives_the_membership(team: Team) -> None:
    max_ = User.objects.get(username="max")
    max_.is_analyst = True
    max_.save()
    max_.memberships.all().delete()
    said = [line.what for line in person_history(max_)]
    assert said.index("membership of Matching removed") < said.index("membership of Matching added")
    assert "account: analyst no → yes" in said


def test_other_teams_are_not_told_of(team: Team) -> None:
    make_team("elsewhere", eve="lead")
    assert not any("eve" in line.what for line in team_history(team))


def test_a_long_history_takes_no_more_queries(team: Team, django_assert_max_num_queries: Any) -> None:
    for number in range(30):
        Team.objects.filter(pk=team.pk).update(name=f"Name {number}")
        make_user(f"user{number}")
    with django_assert_max_num_queries(5):
        assert len(team_history(team)) > 30
