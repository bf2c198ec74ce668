"""Ways to look at a page: is all drawn, and what axe finds wrong with it."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

AXE = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.map(
    ({id, nodes}) => `${id}: ${nodes.map(({html}) => html.slice(0, 160)).join(" | ")}`)"""


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
