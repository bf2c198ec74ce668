from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail

from config.env import address
from incidents.models import ActionItem, User
from incidents.postmortems.moving import move
from incidents.postmortems.reminding import AGAIN, remind
from incidents.postmortems.saving import add
from incidents.postmortems.transitions import Act
from tests.factories import NOON, make_postmortem, make_published, make_team

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


@pytest.fixture(autouse=True)
def mail_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAULTLINE_MAIL_URL", "smtp://mail.example")
    monkeypatch.setattr(settings, "MAIL", address("FAULTLINE_MAIL_URL", "", {"smtp"}))


def make_action(due: date, **fields: Any) -> ActionItem:
    postmortem = fields.pop("postmortem", None) or make_postmortem()
    ada = User.objects.get(username="ada")
    User.objects.filter(pk=ada.pk).update(email="ada@a.example")
    action = ActionItem(**{"text": "Fail over", "due": due, "owner": ada} | fields)
    add(postmortem, action, person=ada)
    return action


def test_an_owner_is_told_of_what_is_late_and_what_is_soon_due_in_one_mail() -> None:
    make_action(TODAY - timedelta(days=2), text="Late one")
    make_action(TODAY + timedelta(days=2), text="Soon one")
    make_action(TODAY + timedelta(days=20), text="Far one")
    assert remind(NOON) == 1
    (told,) = mail.outbox
    assert told.to == ["ada@a.example"]
    assert told.subject == "Faultline: 2 actions of yours, 1 late"
    assert "Late one" in told.body
    assert "Soon one" in told.body
    assert "Far one" not in told.body


def test_running_twice_tells_once_and_a_week_later_again() -> None:
    make_action(TODAY)
    assert [remind(NOON), remind(NOON), remind(NOON + AGAIN - timedelta(hours=1))] == [1, 0, 0]
    assert remind(NOON + AGAIN + timedelta(hours=1)) == 1


@pytest.mark.parametrize("fields", [{"state": "done"}, {"state": "cancelled"}, {"owner": None}])
def test_nobody_is_told_of_what_is_finished_or_nobodys(fields: dict[str, Any]) -> None:
    make_action(TODAY, **fields)
    assert remind(NOON) == 0


def test_actions_of_what_was_withdrawn_are_over() -> None:
    make_team("matching", lea="lead")
    postmortem = make_published()
    make_action(TODAY, postmortem=postmortem)
    move(postmortem, Act.WITHDRAW, person=User.objects.get(username="lea"), reason="Wrong.")
    assert remind(NOON) == 0


def test_without_a_mail_server_nothing_is_marked_as_told(monkeypatch: pytest.MonkeyPatch) -> None:
    action = make_action(TODAY)
    monkeypatch.setattr(settings, "MAIL", address("FAULTLINE_NO_MAIL_URL", "", {"smtp"}))
    assert remind(NOON) == 0
    action.refresh_from_db()
    assert action.reminded_at is None
