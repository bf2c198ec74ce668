"""Accounts and teams in a real browser: the whole way by keyboard, each page at both widths and themes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from playwright.sync_api import Page, expect

from incidents.choices import Role
from incidents.models import User
from incidents.teams import links
from tests.factories import DAY, make_team

Open = Callable[..., Page]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def people(transactional_db: None) -> None:
    make_team("matching", lea="lead", rita="reviewer", max="member")
    keeps = {"password": make_password(PASSWORD), "name": "Lea Long"}
    User.objects.filter(username="lea").update(
        email="lea@b.example", is_superuser=True, is_staff=True, **keeps
    )


def path(link: str) -> str:
    return urlsplit(link).path


def sign_in(open_page: Open, **options: Any) -> Page:
    page = open_page("/accounts/login/", **options)
    page.get_by_label("Email or username").fill("lea@b.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/review/")
    return page


def press_to(page: Page, name: str) -> None:
    """Go to a control as one without a mouse does, and use it."""
    for _ in range(80):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "(document.activeElement.labels?.[0] ?? document.activeElement).innerText"
            " || document.activeElement.getAttribute('aria-label') || ''"
        )
        if focused.strip().startswith(name):
            return
    raise AssertionError(f"{name} cannot be reached by the keyboard")


def test_a_second_factor_is_set_up_and_asked_for_by_keyboard_alone(open_page: Open) -> None:
    page = sign_in(open_page)
    page.goto(page.url.replace("/review/", "/accounts/2fa/"))
    press_to(page, "Set up an app")
    page.keyboard.press("Enter")
    page.wait_for_url("**/reauthenticate/**")
    press_to(page, "Password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Set up an app")
    assert page.locator("img.picture").evaluate("image => image.complete && image.naturalWidth > 0")
    press_to(page, "Authenticator code")
    page.keyboard.type(code(page.locator("#key").input_value()))
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Recovery Codes")
    recovery = page.locator("textarea").input_value().split()[0]

    page = open_page("/accounts/login/?next=/teams/")
    press_to(page, "Email or username")
    page.keyboard.type("lea@b.example")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Second factor")
    press_to(page, "Code")
    page.keyboard.type(recovery)
    page.keyboard.press("Enter")
    page.wait_for_url("**/teams/")


def code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_a_person_is_invited_and_joins_by_keyboard_alone(open_page: Open) -> None:
    page = sign_in(open_page)
    page.goto(page.url.replace("/review/", "/teams/matching/"))
    press_to(page, "Email")
    page.keyboard.type("neo@b.example")
    page.keyboard.press("Tab")
    page.keyboard.type("Reviewer")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/invitations/")
    link = page.locator("#link").input_value()

    page = open_page(path(link))
    press_to(page, "Your name")
    page.keyboard.type("Neo")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Matching")
    assert User.objects.get(email="neo@b.example").memberships.get().role == Role.REVIEWER


def pages() -> dict[str, tuple[str, bool]]:
    """Name to address, and whether one is signed in."""
    team = User.objects.get(username="lea").memberships.get().team
    lea, max_ = User.objects.get(username="lea"), User.objects.get(username="max")
    links.invite(team, "a.long.address.of.somebody@department.example", Role.MEMBER, lea)
    team.invitations.update(expires_at=timezone.now() - DAY)
    return {
        "login": ("/accounts/login/", False),
        "signup": ("/accounts/signup/", False),
        "forgotten": ("/accounts/password/reset/", False),
        "invitation": (path(links.invite(team, "new@b.example", Role.REVIEWER, lea)), False),
        "new-password": (path(links.account_link("", person=max_, by=lea)), False),
        "account": ("/account/", True),
        "password": ("/accounts/password/change/", True),
        "second-factor": ("/accounts/2fa/", True),
        "sessions": ("/accounts/sessions/", True),
        "reauthenticate": ("/accounts/reauthenticate/", True),
        "logout": ("/accounts/logout/", True),
        "teams": ("/teams/", True),
        "team": ("/teams/matching/", True),
        "rename": ("/teams/matching/edit/", True),
        "history": ("/teams/matching/history/", True),
        "people": ("/people/", True),
        "person": (path(max_.get_absolute_url()), True),
    }


def test_every_page_fits_the_screen_and_can_be_used_by_everybody(
    open_page: Open, pictures: Path | None, live_server: Any
) -> None:
    addresses = pages()
    for signed, page in ((False, open_page("/about/")), (True, sign_in(open_page))):
        for name, (address, needs_account) in addresses.items():
            if needs_account != signed:
                continue
            page.goto(live_server.url + address)
            assert page.locator("h1").count() == 1, name
            for theme, width in product(("light", "dark"), (1440, 390)):
                page.emulate_media(color_scheme=theme)
                page.set_viewport_size({"width": width, "height": 900})
                assert page.evaluate("document.documentElement.scrollWidth") <= width, name
                if pictures:
                    page.screenshot(path=pictures / f"{name}-{width}-{theme}.png", full_page=True)
                if (theme, width) in {("light", 1440), ("dark", 390)}:
                    found = Axe().run(page)
                    assert found.violations_count == 0, f"{name}: {found.generate_report()}"


def test_a_link_is_selected_whole_where_it_is_touched(open_page: Open) -> None:
    page = sign_in(open_page)
    page.goto(page.url.replace("/review/", "/teams/matching/"))
    page.get_by_label("Email").fill("neo@b.example")
    page.get_by_role("button", name="Make an invitation").click()
    page.locator("#link").focus()
    selected = page.evaluate("String(window.getSelection())")
    assert selected == page.locator("#link").input_value()
