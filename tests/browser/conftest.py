"""A real Chromium against the live server; whatever it complains about fails the test."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, Response

from tests.browser.pages import make_record

WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""

ABANDONED = "net::ERR_ABORTED"
"""Why a file did not come whose page was left while it was on its way."""


@pytest.fixture
def open_page(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """Opens an address of ours; at the end no page may have met an error, a violation or another host."""
    complaints: list[str] = []
    contexts = []

    def opened(
        address: str,
        *,
        width: int = 1440,
        theme: str = "light",
        may_fail: bool = False,
        before: str = "",
        heard: Callable[[Response], object] | None = None,
        **options: Any,
    ) -> Page:
        """`may_fail`: the test makes requests fail, and looks at what the page makes of it. `before` is a
        script that stands there before the page's own; `heard` is told of each answer.
        """
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme, **options)
        contexts.append(context)

        def complained(text: str) -> None:
            if not (may_fail and text.startswith(("Failed to load resource", "htmx:"))):
                complaints.append(f"console: {text}")

        def failed(request: Request) -> None:
            if request.failure != ABANDONED:
                complaints.append(f"failed: {request.url}")

        page = context.new_page()
        page.add_init_script(WATCH)
        if before:
            page.add_init_script(before)
        if heard:
            page.on("response", lambda answer: heard(answer))
        page.on("console", lambda m: complained(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((live_server.url, "data:", "blob:"))
                else complaints.append(f"another host: {request.url}")
            ),
        )
        if not may_fail:
            page.on("requestfailed", failed)
        page.goto(live_server.url + address)
        return page

    yield opened
    for context in contexts:
        for page in context.pages:
            complaints += page.evaluate("window.violations ?? []")
        context.close()
    assert complaints == []


@pytest.fixture
def record(transactional_db: None) -> None:
    """A week with one large outage that reached two exchanges, years of smaller ones, and an own incident."""
    make_record()


@pytest.fixture
def pictures() -> Path | None:
    """Where pictures of pages are kept, for a person to look at; None: nowhere."""
    folder = os.environ.get("FAULTLINE_PICTURES")
    return Path(folder) if folder else None
