"""Ways to look at a page: is all drawn, does it fit the screen, and what axe finds wrong with it."""

from __future__ import annotations

import os
import re
from functools import cache
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

AXE = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.map(
    ({id, nodes}) => `${id}: ${nodes.map(({html}) => html.slice(0, 160)).join(" | ")}`)"""

EVERY_LOOK = bool(os.environ.get("EVERY_LOOK"))
MOST_STOPS = 600
STOP = """(number) => {
    const here = document.activeElement;
    if (here === document.body) return ["", ""];
    here.dataset.stop ??= String(number);
    return [`${here.dataset.stop} ${here.outerHTML.slice(0, 120)}`, getComputedStyle(here).outlineStyle];
}"""
LOOKS = tuple(product(("light", "dark"), (1440, 390))) if EVERY_LOOK else (("light", 1440), ("dark", 390))
"""Theme and width in pixels; the suite looks at each once, `make soak` at every pair."""


def drawn(page: Page) -> None:
    expect(page.locator("[data-chart]:not([data-drawn])")).to_have_count(0)


@cache
def axe_source() -> str:
    spec: Any = find_spec("axe_playwright_python")
    return (Path(spec.submodule_search_locations[0]) / "axe.min.js").read_text()


def faults(page: Page) -> list[str]:
    """What axe finds. It must have been put into the page's context before it was opened (`axe_source`)."""
    found: list[str] = page.evaluate(AXE)
    return found


def look(page: Page, address: str, pictures: Path | None) -> None:
    assert page.locator("h1").count() == 1, address
    assert page.locator("main").count() == 1, address
    for theme, width in LOOKS:
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": width, "height": 900})
        drawn(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{address}, {width} pixels"
        assert faults(page) == [], f"{address}, {theme}, {width} pixels"
        if pictures:
            name = re.sub(r"\W+", "-", address).strip("-") or "home"
            page.screenshot(path=pictures / f"{name}-{width}-{theme}.png", full_page=True)


def cookie_of(client: Client, url: str) -> Any:
    """What makes a browser the one who is signed in to `client`."""
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": url}


def tabbed_through(page: Page) -> list[str]:
    """The places on the tab key's way from first to last that hide the focus, or do not let it go on."""
    wrong, before = [], ""
    for number in range(MOST_STOPS):
        page.keyboard.press("Tab")
        place, outline = page.evaluate(STOP, number)
        if not place:
            return wrong
        if outline == "none" or place == before:
            wrong.append(place)
        before = place
    return [*wrong, f"no end after {MOST_STOPS} stops"]
