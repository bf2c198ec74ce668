"""Every public page: light and dark, on a phone and on a desk, without a fault or a needless byte."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.test import Client
from playwright.sync_api import Page, Response

from tests.browser.looking import EVERY_LOOK, axe_source, cookie_of, drawn, look, tabbed_through
from tests.browser.pages import DRAWS, OWN_PAGES, PAGES, make_own_record

Open = Callable[..., Page]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("record"),
]
MOST_BYTES = 60_000
MOVING = """() => [...document.querySelectorAll("*")].filter((element) => {
    const {transitionDuration, animationName} = getComputedStyle(element);
    return animationName !== "none" || transitionDuration.split(", ").some((one) => parseFloat(one) > 0);
}).map((element) => element.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("address", PAGES)
def test_every_page_fits_the_screen_and_has_no_fault(
    open_page: Open, pictures: Path | None, address: str
) -> None:
    page = open_page(address, before=axe_source(), may_fail=address.startswith("/nothing/"))
    look(page, address, pictures)


def test_every_page_of_people_fits_the_screen_and_has_no_fault(
    open_page: Open, live_server: Any, pictures: Path | None
) -> None:
    """One after the other: their record takes longer to make than a page to look at."""
    person, words = make_own_record()
    client = Client()
    client.force_login(person)
    page = open_page("/about/", before=axe_source())
    page.context.add_cookies([cookie_of(client, live_server.url)])
    for address in OWN_PAGES:
        answer = page.goto(live_server.url + address.format(**words))
        assert answer, address
        assert answer.status == 200, address
        assert "/login/" not in page.url, address
        look(page, f"own{address}", pictures)


@pytest.mark.parametrize("address", [address for address in PAGES if not address.startswith(DRAWS)])
def test_a_page_without_charts_is_light_and_paints_before_scripts(open_page: Open, address: str) -> None:
    answers: list[Response] = []
    page = open_page(address, heard=answers.append, may_fail=address.startswith("/nothing/"))
    page.wait_for_load_state("networkidle")
    sizes = {answer.url: len(brotli.compress(answer.body(), quality=5)) for answer in answers}
    assert sum(sizes.values()) < MOST_BYTES, sizes
    assert page.locator("script[src]:not([defer]):not([async])").count() == 0


@pytest.mark.parametrize("address", PAGES if EVERY_LOOK else PAGES[::8])
def test_the_tab_key_passes_through_every_page_and_shows_where_it_is(open_page: Open, address: str) -> None:
    page = open_page(address, may_fail=address.startswith("/nothing/"))
    drawn(page)
    assert tabbed_through(page) == []


def test_nothing_moves_for_who_wants_no_motion(open_page: Open) -> None:
    page = open_page("/", reduced_motion="reduce")
    assert page.evaluate(MOVING) == []


@pytest.mark.parametrize("width", [390, 768, 1280, 2560])
def test_the_first_page_fits_every_screen(open_page: Open, width: int) -> None:
    page = open_page("/", width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
