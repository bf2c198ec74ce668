"""Real feed copies of the shared folder as the bodies that a server would have sent."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape


def lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def statuspage_feeds(path: Path) -> dict[str, bytes]:
    """The items of many pages as one RSS body a page."""
    pages: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for item in lines(path):
        pages[item["page"]].append(item)
    return {page: rss(items) for page, items in pages.items()}


def rss(items: list[dict[str, Any]]) -> bytes:
    names = {
        "title": "title",
        "description_html": "description",
        "pubDate": "pubDate",
        "link": "link",
        "guid": "guid",
    }
    written = "".join(
        f"<item>{''.join(f'<{tag}>{escape(item[name])}</{tag}>' for name, tag in names.items())}</item>"
        for item in items
    )
    return f'<rss version="2.0"><channel><title>t</title>{written}</channel></rss>'.encode()


def azure_page(reviews: list[dict[str, Any]]) -> bytes:
    boxes = "\n".join(f'<div class="row">{review["html"]}</div>' for review in reviews)
    return (
        f"<html><head><title>Azure status history</title></head><body>{boxes}<footer>f</footer></body></html>"
    ).encode()


def google_copies(base: Path, replay: Path) -> Iterator[bytes]:
    """The file as it stood at each step of a replay."""
    incidents = {incident["id"]: incident for incident in json.loads(base.read_bytes())}
    yield json.dumps(list(incidents.values())).encode()
    for step in lines(replay):
        incidents |= {incident["id"]: incident for incident in step["changed"]}
        for gone in step["removed"]:
            incidents.pop(gone, None)
        yield json.dumps(list(incidents.values())).encode()


def aws_copies(path: Path) -> Iterator[bytes]:
    for step in lines(path):
        yield json.dumps({"archive": [], "current": step["current"]}).encode()
