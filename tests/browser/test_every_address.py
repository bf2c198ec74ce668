"""Each address that shows a page to somebody is looked at, and each page of what went wrong.

What `pages.py` lists is looked at elsewhere, with a full record. Here is the rest of the table of permissions
as the first who may see it does, on a record that holds one of everything.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from csp.utils import build_policy
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import resolve

from incidents.models import User
from tests.browser.looking import axe_source, cookie_of, look
from tests.browser.pages import OWN_PAGES, PAGES
from tests.world import ROLES, make_world, table

Open = Callable[..., Any]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ERRORS = (400, 403, "403_csrf", 404, 429, 500, 503)
PAGE = b"<main"


def view_of(address: str) -> str:
    return str(resolve(re.sub(r"\{\w+\}", "1", address).partition("?")[0]).view_name)


def unlisted(world: dict[str, str]) -> dict[str, set[str]]:
    """By role, the addresses of the table that no list of pages names; each for the first who gets it."""
    listed = {view_of(address) for address in [*PAGES, *OWN_PAGES] if "nothing" not in address}
    found = defaultdict(set)
    for row in table():
        address = row.address.format(**world)
        if row.method == "GET" and 200 in row.expected and view_of(address) not in listed:
            found[ROLES[row.expected.index(200)]].add(address)
    return found


def signed_in(role: str) -> Client:
    client = Client()
    if role != "stranger":
        client.force_login(User.objects.get(username=role))
    return client


def test_every_page_of_the_table_fits_the_screen_and_has_no_fault(
    open_page: Open, live_server: Any, pictures: Path | None
) -> None:
    seen = 0
    for role, addresses in unlisted(make_world()).items():
        client = signed_in(role)
        page = open_page("/about/", before=axe_source())
        if role != "stranger":
            page.context.add_cookies([cookie_of(client, live_server.url)])
        for address in sorted(addresses):
            if PAGE in client.get(address).getvalue():
                page.goto(live_server.url + address)
                look(page, f"{role}{address}", pictures)
                seen += 1
    assert seen > 10


@pytest.mark.parametrize("error", ERRORS)
def test_every_page_of_what_went_wrong_fits_the_screen_and_has_no_fault(
    open_page: Open, pictures: Path | None, error: int | str
) -> None:
    request = RequestFactory().get("/broken/")
    request.user = AnonymousUser()
    body = render_to_string(f"{error}.html", request=request)
    headers = {"Content-Security-Policy": build_policy()}
    page = open_page("/about/", before=axe_source())
    page.route(
        "**/broken/", lambda route: route.fulfill(content_type="text/html", headers=headers, body=body)
    )
    page.goto(page.url.replace("/about/", "/broken/"))
    look(page, f"/{error}/", pictures)
    assert page.get_by_role("link").count() > 0


def test_the_style_guide_fits_the_screen_and_has_no_fault(
    open_page: Open, pictures: Path | None, settings: Any
) -> None:
    settings.DEBUG = True
    look(open_page("/styleguide/", before=axe_source()), "/styleguide/", pictures)
