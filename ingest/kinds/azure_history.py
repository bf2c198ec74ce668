"""The Azure status history page: post-incident reviews as HTML, in two layouts.

Until 2024 an entry was `div.incident-history-item`, with a date, a title, a tracking id and the text in
elements of their own; since then it is an `h3` that ends in "(Tracking ID PSM0-BQ8)", followed by its text.
Ids hold underscores. One id goes from "Mitigated" and "Preliminary" to the final review, which are revisions
of one report, so what stands around the name in a title is its state. Nothing tells when a review was
published or revised. The date of the old layout is the incident's, as is the first one in the text; it
stands for the date of publication, to place days without a year.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import takewhile, zip_longest

from ingest.entries import Entry, EntryPost, Reading
from ingest.errors import ParseError
from ingest.facts import reached, stated, without_repeats
from ingest.html import Element, elements_of
from ingest.kinds import Context, Kind, read_each
from ingest.stamps import feed_time
from ingest.text import one_line, plain_text
from nlp.document import DocumentKind, Fact, Field, Phase

PAGE = "https://azure.status.microsoft/en-us/status/history/"
KNOWN_BY = re.compile(r"incident-history|azure[^<]{0,40}status[^<]{0,10}history", re.IGNORECASE)
TRACKING_ID = re.compile(r"\(?\s*Tracking ID:?\s*(?P<id>[A-Z0-9_]{2,6}-[A-Z0-9_]{2,6})\s*\)?", re.IGNORECASE)
DASH = r"\s*[-–—:]\s*"
# The longest comes first: "Preliminary Post Incident Review (PIR)" is one state.
STATE = (
    r"(?:Preliminary|Final)?\s*(?:Post[ -]Incident Review(?:\s*\(PIR\))?|PIR|RCA)"
    r"|Mitigated|Resolved|Preliminary"
)
BEFORE = re.compile(rf"\s*({STATE}){DASH}", re.IGNORECASE)
AFTER = re.compile(rf"{DASH}(Mitigated|Resolved)\s*$", re.IGNORECASE)
DATE = re.compile(r"\b\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* \d{4}\b")
MITIGATED = frozenset({"mitigated", "resolved"})


@dataclass(frozen=True, slots=True)
class Review:
    """One entry as it stands on the page; `listed_on` is MM/DD/YYYY.

    `stage` comes first, so that of two undated revisions seen at the same time the final one sorts last.
    """

    stage: int
    title: str
    tracking_id: str
    listed_on: str
    markup: str


def parse(body: bytes, context: Context) -> Reading:
    page = body.decode("utf-8-sig", "replace")
    reviews = kept(body) if body.lstrip().startswith(b"[") else list(reviews_of(page))
    if not reviews and not KNOWN_BY.search(page):
        raise ParseError("azure-history: not the status history page")
    return read_each(((f"[{i}] {review.title[:80]}", review) for i, review in enumerate(reviews)), to_entry)


def kept(body: bytes) -> list[Review]:
    return [Review(**review) for review in json.loads(body)]


def reviews_of(page: str) -> Iterator[Review]:
    """The entries of both layouts, in the order of the page."""
    elements = elements_of(page)
    headings = [element for element in elements if is_heading(page, element)]
    for i, element in enumerate(elements):
        if "incident-history-item" in element.classes:
            inside = list(takewhile(lambda inner: inner.start < element.end, elements[i + 1 :]))  # noqa: B023
            if any("incident-history-title" in inner.classes for inner in inside):
                yield boxed(page, inside)
    for heading, following in zip_longest(headings, headings[1:]):
        yield headed(page, heading, following)


def is_heading(page: str, element: Element) -> bool:
    return element.tag == "h3" and bool(TRACKING_ID.search(plain_text(page[element.start : element.end])))


def boxed(page: str, inside: list[Element]) -> Review:
    """An entry of the old layout, by the classes of its parts."""

    def part(name: str) -> str:
        found = next((element for element in inside if name in element.classes), None)
        return page[found.start : found.end] if found else ""

    tracking_id = one_line(part("incident-history-tracking-id"))
    title = one_line(part("incident-history-title"))
    return Review(stage_of(title), title, tracking_id, one_line(part("hide-text")), part("card-body"))


def headed(page: str, heading: Element, following: Element | None) -> Review:
    """An entry of the new layout: its text runs to the next heading or the end of the element around it, the
    nearest that holds any: a heading may stand in a frame of its own.
    """
    limit = page.rindex("<", 0, following.start) if following else len(page)
    around = heading.parent
    while around and around.end < limit and not plain_text(page[heading.end : around.end]):
        around = around.parent
    end = min(around.end, limit) if around else limit
    title = one_line(page[heading.start : heading.end])
    tracking_id = TRACKING_ID.search(title)
    name = TRACKING_ID.sub("", title).strip()
    return Review(stage_of(title), name, tracking_id[0] if tracking_id else "", "", page[heading.end : end])


def stage_of(title: str) -> int:
    """How far a review has come: posted, preliminary, final."""
    state = without_state(title)[0].casefold()
    return 0 if state in {"", *MITIGATED} else 1 if state.startswith("preliminary") else 2


def to_entry(review: Review) -> Entry:
    found = TRACKING_ID.search(review.tracking_id)
    if not found:
        raise ValueError(f"no tracking id: {review.tracking_id[:60]!r}")
    state, title = without_state(review.title)
    text = plain_text(review.markup)
    if not text:
        raise ValueError("no text")
    return Entry(
        key=f"azure:{found['id'].upper()}",
        url=f"{PAGE}?trackingId={found['id']}",
        title=title,
        posts=(EntryPost("review", text, status=state),),
        raw=json.dumps([asdict(review)]),
        document_kind=DocumentKind.PIR,
        facts=without_repeats(facts_of(found["id"], state)),
        published_at=listed_on(review.listed_on) or first_date(text),
    )


def without_state(title: str) -> tuple[str, str]:
    """What stands before or behind the name of an entry, and the name."""
    if before := BEFORE.match(title):
        return before[1].strip(), title[before.end() :].strip()
    if after := AFTER.search(title):
        return after[1], title[: after.start()].strip()
    return "", title


def listed_on(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%m/%d/%Y").replace(tzinfo=UTC)
    except ValueError:
        return None


def first_date(text: str) -> datetime | None:
    """13 November 2024, the first that the text names."""
    found = DATE.search(text)
    return feed_time(found[0]) if found else None


def facts_of(tracking_id: str, state: str) -> Iterator[Fact]:
    yield stated(Field.PROVIDER, "azure", "")
    yield stated(Field.NATIVE_ID, tracking_id, "tracking id")
    if state:
        phase = Phase.RESOLVED if state.casefold() in MITIGATED else Phase.POSTMORTEM
        yield reached(phase, "title")


KIND = Kind("azure-history", parse)
