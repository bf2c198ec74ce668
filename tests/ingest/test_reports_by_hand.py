"""A page that an analyst brings: what it tells is shown first, then it is added and linked."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from incidents.models import Account, Report
from ingest.models import RawItem
from tests.factories import make_organisation, make_user

pytestmark = pytest.mark.django_db
NEW = "/reports/new/"
SENT = {
    "publisher": "coinbase",
    "url": "https://c.example/post/",
    "published_at": "2025-10-21T09:00",
    "text": "Logins failed\n\nCoinbase could not be reached on 20 October 2025.",
}


@pytest.fixture
def desk(client: Client) -> Client:
    make_organisation("coinbase")
    client.force_login(make_user("ada"))
    return client


def test_strangers_are_sent_to_sign_in(client: Client) -> None:
    assert client.post(NEW, SENT)["Location"].startswith("/accounts/login/")
    assert not Report.objects.exists()


def test_to_who_is_no_analyst_the_page_does_not_exist(client: Client) -> None:
    client.force_login(make_user("eve", is_analyst=False))
    assert client.get(NEW).status_code == 404


def test_the_page_is_read_and_sent_only(desk: Client) -> None:
    assert desk.put(NEW).status_code == 405


def test_what_a_page_tells_is_shown_and_nothing_is_stored(desk: Client) -> None:
    page = desk.post(NEW, SENT)
    assert page.context["proposed"].accounts[0].organisation == "coinbase"
    assert "Add and link it" in page.content.decode()
    assert not Report.objects.exists() and not RawItem.objects.exists()


def test_what_is_confirmed_is_added_and_linked(desk: Client) -> None:
    response = desk.post(NEW, SENT | {"confirm": "yes"})
    account = Account.objects.select_related("incident", "report").get()
    assert (account.report.key, account.owner) == ("web:https://c.example/post", "organisation:coinbase")
    assert response["Location"] == f"/review/incidents/{account.incident.slug}/"
    assert "Added: Logins failed" in desk.get(response["Location"]).content.decode()


def test_confirmed_twice_is_added_once(desk: Client) -> None:
    for _ in range(2):
        desk.post(NEW, SENT | {"confirm": "yes"})
    assert (Report.objects.count(), RawItem.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"url": "nowhere at all"}, "Enter a valid URL"),
        ({"published_at": "yesterday"}, "Enter a valid date/time"),
        ({"text": "<p> </p>"}, "no text"),
        ({"publisher": "???"}, "is no name"),
    ],
)
def test_what_cannot_be_read_is_told(desk: Client, fields: dict[str, Any], told: str) -> None:
    page = desk.post(NEW, SENT | fields)
    assert page.status_code == 400 and told in page.content.decode()
    assert not RawItem.objects.exists()
