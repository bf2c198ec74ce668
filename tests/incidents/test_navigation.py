"""The frame of every page: where one can go, and who is signed in."""

from __future__ import annotations

import re

import pytest
from django.test import Client, RequestFactory
from django.urls import resolve

from incidents.navigation import NAMED, frame, pages
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_every_entry_has_a_page() -> None:
    listed = dict(pages())
    assert {"Timeline", "Incidents", "Exchanges", "Sources", "About"} <= listed.keys()
    assert all(resolve(url) for url in listed.values())
    assert [name for name, _ in NAMED if name in listed] == list(listed)


def test_the_entry_of_this_page_and_of_those_below_it_is_marked(client: Client) -> None:
    page = client.get("/incidents/").content.decode()
    assert re.findall(r'<a href="([^"]+)" aria-current="page">', page) == ["/incidents/"] * 2


@pytest.mark.parametrize(("fields", "sees"), [({"is_analyst": True}, True), ({"is_analyst": False}, False)])
def test_only_who_may_judge_is_led_to_the_review(client: Client, fields: dict[str, bool], sees: bool) -> None:
    client.force_login(make_user("ada", **fields))
    assert ('href="/review/"' in client.get("/about/").content.decode()) is sees


def test_a_stranger_is_offered_to_sign_in_and_a_person_to_sign_out(client: Client) -> None:
    assert ">Sign in</a>" in client.get("/about/").content.decode()
    client.force_login(make_user("ada"))
    page = client.get("/about/").content.decode()
    assert ">Sign in</a>" not in page
    assert "ada" in page


def test_a_request_that_failed_early_still_has_a_frame(rf: RequestFactory) -> None:
    told = frame(rf.get("/nothing/"))
    assert [entry.name for entry in told["navigation"]] == [name for name, _ in pages()]


def test_only_colours_that_there_are_may_be_chosen(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.COOKIES["theme"] = '"><script>'
    assert frame(request)["theme"] == ""
