"""A document as it is shown, drawn once when it is published: plain values that a page puts into its
template.

Each piece is a section, a moment or an action, its HTML cleaned by `markdown`. `by` tells which renderer
made it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from incidents.postmortems.choices import ActionState, ActionType, EntryKind, Priority
from incidents.postmortems.documents import Document
from incidents.postmortems.markdown import RENDERER, render, render_line
from incidents.times import span_text, time_text
from nlp.document import Cause, Precision

UNTIMED = datetime.max.replace(tzinfo=UTC)
"""Moments without a time come last."""
LABELS: dict[str, str] = {
    str(value): str(label).lower()
    for words in (ActionType, Priority, ActionState, EntryKind)
    for value, label in words.choices
}
EXACT = {Precision.MINUTE, Precision.HOUR}
SCHEMES = ("https://", "http://")


def rendered(document: Document) -> list[dict[str, Any]]:
    """The pieces in order, the head first; sections that nobody filled in are left out."""
    pieces = [head(document), *sections(document), *moments(document), *actions(document)]
    return [piece | {"by": RENDERER} for piece in pieces]


def head(document: Document) -> dict[str, Any]:
    """Whose it is, and its facts in words."""
    start, end = document.started_at, document.ended_at
    is_exact = {document.start_precision, document.end_precision} <= EXACT
    return {
        "piece": "head",
        "title": document.title,
        "severity": document.severity,
        "cause": "" if document.cause == Cause.UNKNOWN else document.cause.replace("-", " "),
        "start": moment(start, document.start_precision),
        "end": moment(end, document.end_precision),
        "lasted": lag(start, end).lstrip("+") if is_exact else "",
        "late": lag(start, document.detected_at),
        "company": document.company,
        "product": document.product,
        "authors": list(document.authors),
        "url": document.url if document.url.startswith(SCHEMES) else "",
        "incident": document.incident,
    }


def moment(at: datetime | None, precision: str) -> dict[str, str] | None:
    """A time as `components/when.html` takes it."""
    if at is None:
        return None
    return {"text": time_text(at, precision), "iso": f"{at:%Y-%m-%dT%H:%MZ}" if precision in EXACT else ""}


def lag(start: datetime | None, then: datetime | None) -> str:
    """From the start to a later moment, or to one before it."""
    if start is None or then is None:
        return ""
    return f"+{span_text(then - start)}" if then >= start else f"{span_text(start - then)} before"


def sections(document: Document) -> Iterator[dict[str, Any]]:
    for place, section in enumerate(document.sections, 1):
        if section.body:
            yield {
                "piece": "section",
                "anchor": f"{section.kind}-{place}",
                "kind": section.kind,
                "heading": section.heading,
                "html": str(render(section.body)),
            }


def moments(document: Document) -> Iterator[dict[str, Any]]:
    """In order of time; `day` is told where a new one begins."""
    day = None
    for entry in sorted(document.timeline, key=lambda one: one.at or UNTIMED):
        today = f"{entry.at:%A %-d %B %Y}" if entry.at else "Without a time"
        is_exact = entry.at is not None and entry.precision == Precision.MINUTE
        yield {
            "piece": "moment",
            "day": today if today != day else "",
            "clock": f"{entry.at:%H:%M}" if is_exact else time_text(entry.at, entry.precision),
            "iso": f"{entry.at:%Y-%m-%dT%H:%MZ}" if is_exact else "",
            "kind": "" if entry.kind == EntryKind.EVENT else LABELS.get(entry.kind, entry.kind),
            "html": str(render_line(entry.text)),
            "star": entry.star,
            "publisher": entry.publisher,
            "url": entry.url if entry.url.startswith((*SCHEMES, "/incidents/")) else "",
        }
        day = today


def actions(document: Document) -> Iterator[dict[str, Any]]:
    for action in document.actions:
        yield {
            "piece": "action",
            "html": str(render_line(action.text)),
            "owner": action.owner,
            "due": action.due.isoformat() if action.due else "",
            "type": LABELS.get(action.type, action.type),
            "priority": LABELS.get(action.priority, action.priority),
            "state": LABELS.get(action.state, action.state),
            "link": action.link if action.link.startswith(SCHEMES) else "",
        }
