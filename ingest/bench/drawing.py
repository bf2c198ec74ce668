"""How long a page of ours takes to draw its picture in Chromium, against Plotly alone with the same marks."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

from django.contrib.staticfiles.testing import StaticLiveServerTestCase

from ingest.bench import Row

try:
    from playwright.sync_api import sync_playwright
except ImportError:  # of the development environment only
    sync_playwright = None  # type: ignore[assignment]

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
FIND = """
() => {
  window.holder = document.querySelector("[data-graph]");
  window.canvas = holder.querySelector(".canvas");
  window.bare = document.createElement("div");
  holder.after(bare);
  bare.style.width = `${canvas.clientWidth}px`;
  const { data, layout } = canvas;
  window.marks = JSON.stringify({ data, layout });
}
"""
CLEAR = """
() => {
  Plotly.purge(canvas);
  Plotly.purge(bare);
  delete holder.dataset.drawn;
  canvas.classList.remove("js-plotly-plot");
  canvas.replaceChildren();
}
"""
OURS = """
() => new Promise((done) => {
  holder.addEventListener("drawn", () => requestAnimationFrame(done), { once: true });
  document.dispatchEvent(new CustomEvent("themechange"));
})
"""
BARE = """
async () => {
  const { data, layout } = JSON.parse(marks);
  await Plotly.newPlot(bare, data, layout, { displayModeBar: false, responsive: true });
  await new Promise(requestAnimationFrame);
}
"""


class Served(StaticLiveServerTestCase):
    """Our pages on a port of loopback, with the rows that the bench has committed."""

    host = "127.0.0.1"


def drawn_row(address: str) -> Iterator[Row]:
    """One row: both draw into the same page, which has loaded everything already. None without a browser."""
    chromium = shutil.which("chromium")
    if chromium is None or sync_playwright is None:
        return
    Served.setUpClass()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            page = browser.new_page(viewport={"width": 1440, "height": 900}, bypass_csp=True)
            page.goto(Served.live_server_url + address)
            page.wait_for_selector("[data-graph][data-drawn]")
            page.evaluate(FIND)
            count = page.evaluate("canvas.data.at(-1).ids.length")
            yield Row(
                f"drawing {count} nodes and their edges",
                "Plotly alone with the same marks",
                lambda: page.evaluate(OURS),
                lambda: page.evaluate(BARE),
                before=lambda: page.evaluate(CLEAR),
                before_floor=lambda: page.evaluate(CLEAR),
                least=1 / 1.5,
            )
            browser.close()
    finally:
        Served.tearDownClass()
