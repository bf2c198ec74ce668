"""/explain/ by keyboard and without scripts, on both widths and in both themes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from ingest.explaining.child import READER

Open = Callable[..., Page]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TEXT = (
    "AWS outage hits exchanges\n\n"
    "On Tuesday, 4 March 2025 at 6:05 AM PST, increased error rates in the US-EAST-1 Region took down "
    "Coinbase, Robinhood and Zibblewire. Kraken continued to operate normally, and Binance moved its "
    "servers to ap-northeast-1, a spokesperson told Reuters. The root cause was a DNS error. Service was "
    "restored two hours later. It is the largest such event since the December 2021 outage of AWS."
)


@pytest.fixture(autouse=True, scope="module")
def reader() -> Iterator[None]:
    yield
    READER.stop()


def explain(page: Page) -> None:
    page.get_by_label("Text or HTML").fill(TEXT)
    page.get_by_label("Published at, UTC").fill("2025-03-05 10:00")
    page.get_by_label("Text or HTML").focus()
    for _ in range(5):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Explain it").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What is read")).to_be_visible(timeout=30_000)


def test_a_text_is_explained_by_keyboard_alone(open_page: Open, pictures: Path | None) -> None:
    page = open_page("/explain/")
    explain(page)
    for theme, width in product(("light", "dark"), (1440, 390)):
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert Axe().run(page).violations_count == 0
        if pictures:
            page.screenshot(path=pictures / f"explain-{width}-{theme}.png", full_page=True)
    page.locator("a.mark").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("tr:target")).to_have_count(1)


def test_a_text_is_explained_without_scripts(open_page: Open) -> None:
    page = open_page("/explain/", java_script_enabled=False)
    explain(page)
    expect(page.locator("a.mark.affected").first).to_be_visible()
