"""What a browser is told with every page, and that a chart is drawn under it."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from csp.utils import build_policy
from django.test import Client
from playwright.sync_api import Browser

from config import staticfiles

PAGE = b"""<!doctype html><title>A chart</title><link rel=icon href="data:,"><div id=chart></div>
<script src=/plotly.js></script><script src=/draw.js></script>"""
DRAW = b"""
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective));
Plotly.newPlot("chart", [
  {type: "bar", orientation: "h", x: [2, 3], base: [1, 2], y: ["aws", "gcp"]},
  {type: "scatter", mode: "markers+text", x: [1, 2], y: ["aws", "gcp"], text: ["one", "two"]},
], {title: {text: "Lanes"}, annotations: [{x: 1, y: "aws", text: "note"}]}, {responsive: true})
  .then((chart) => Plotly.relayout(chart, {"xaxis.range": [0, 10]}))
  .then(() => { window.drawn = true; });
"""


@pytest.mark.parametrize("path", ["/healthz", "/admin/login/"])
@pytest.mark.django_db
def test_every_page_carries_the_policy_and_the_usual_headers(client: Client, path: str) -> None:
    answer = client.get(path)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        bodies = {"/": PAGE, "/draw.js": DRAW}
        body = (
            bodies.get(self.path)
            or Path(staticfiles.WheelStorage().path("plotly/plotly.min.js")).read_bytes()
        )
        self.send_response(200)
        self.send_header("Content-Security-Policy", build_policy())
        self.send_header("Content-Type", "text/html" if self.path == "/" else "text/javascript")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.mark.browser
def test_chart_is_drawn_without_a_violation(browser: Browser, address: str) -> None:
    page = browser.new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.goto(address)
    page.wait_for_function("window.drawn === true")
    assert page.evaluate("violations") == []
    # Plotly's own rules are there: without them its buttons stand about the page.
    assert page.evaluate("getComputedStyle(document.querySelector('.modebar')).position") == "absolute"
    page.close()
    assert told == []
