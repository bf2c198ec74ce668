"""A document as an article: its parts in the order and the words in which somebody reads them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from incidents.models import Postmortem, Publication
from incidents.postmortems.choices import ActionState, ActionType, EntryKind, Priority
from incidents.postmortems.documents import Document
from incidents.postmortems.markdown import RENDERER, render_line
from incidents.postmortems.moving import rendered
from incidents.times import span_text, time_text
from incidents.views.rows import When, when
from nlp.document import Precision

UNTIMED = datetime.max.replace(tzinfo=UTC)
"""Moments without a time come last."""


@dataclass(frozen=True, slots=True)
class Shown:
    anchor: str
    heading: str
    html: SafeString


@dataclass(frozen=True, slots=True)
class ShownEntry:
    day: str
    clock: str
    iso: str
    kind: str
    html: SafeString
    star: bool
    publisher: str
    url: str


@dataclass(frozen=True, slots=True)
class ShownAction:
    html: SafeString
    owner: str
    due: str
    type: str
    priority: str
    state: str
    link: str


@dataclass(frozen=True, slots=True)
class Article:
    """`lead` is the summary, which stands above the contents."""

    title: str
    severity: str
    cause: str
    start: When | None
    end: When | None
    lasted: str
    detected: When | None
    late: str
    company: str
    product: str
    authors: tuple[str, ...]
    url: str
    lead: SafeString
    sections: tuple[Shown, ...]
    timeline: tuple[ShownEntry, ...]
    actions: tuple[ShownAction, ...]


def published_article(publication: Publication) -> Article:
    """Its sections were drawn when it was published; they are drawn again where that is done better now."""
    document = Document.from_json(publication.document)
    stored = publication.rendered
    if any(one["by"] != RENDERER for one in stored):
        stored = rendered(document)
    return build(document, stored)


def article_of(document: Document, postmortem: Postmortem) -> Article:
    """The working copy, as readers would see it."""
    return build(document, rendered(document))


def build(document: Document, stored: Iterable[dict[str, str]]) -> Article:
    # The HTML was cleaned by `markdown.render` when it was stored.
    shown = [(one["kind"], Shown(one["anchor"], one["heading"], mark_safe(one["html"]))) for one in stored]
    lead = next((part.html for kind, part in shown if kind == "summary"), mark_safe(""))
    return Article(
        title=document.title,
        severity=document.severity,
        cause="" if document.cause == "unknown" else document.cause.replace("-", " "),
        start=when(document.started_at, document.start_precision),
        end=when(document.ended_at, document.end_precision),
        lasted=lasted(document),
        detected=when(document.detected_at),
        late=late(document),
        company=document.company,
        product=document.product,
        authors=document.authors,
        url=document.url if document.url.startswith(("https://", "http://")) else "",
        lead=lead,
        sections=tuple(part for kind, part in shown if kind != "summary"),
        timeline=tuple(entries(document)),
        actions=tuple(actions(document)),
    )


def lasted(document: Document) -> str:
    """Where both ends are known to the hour at least."""
    exact = {Precision.MINUTE, Precision.HOUR}
    if document.started_at is None or document.ended_at is None:
        return ""
    if not {document.start_precision, document.end_precision} <= exact:
        return ""
    return span_text(document.ended_at - document.started_at)


def late(document: Document) -> str:
    """From the start to the moment when those concerned knew."""
    if document.started_at is None or document.detected_at is None:
        return ""
    delay = document.detected_at - document.started_at
    return f"+{span_text(delay)}" if delay.total_seconds() >= 0 else f"{span_text(-delay)} before"


def entries(document: Document) -> Iterable[ShownEntry]:
    labels, day = dict(EntryKind.choices), None
    ordered = sorted(document.timeline, key=lambda one: one.at or UNTIMED)
    for entry in ordered:
        today = f"{entry.at:%A %-d %B %Y}" if entry.at else "Without a time"
        is_exact = entry.precision == Precision.MINUTE
        yield ShownEntry(
            day=today if today != day else "",
            clock=(f"{entry.at:%H:%M}" if is_exact else time_text(entry.at, entry.precision))
            if entry.at
            else "",
            iso=f"{entry.at:%Y-%m-%dT%H:%MZ}" if entry.at and is_exact else "",
            kind="" if entry.kind == EntryKind.EVENT else labels.get(entry.kind, entry.kind).lower(),
            html=render_line(entry.text),
            star=entry.star,
            publisher=entry.publisher,
            url=entry.url if entry.url.startswith(("https://", "http://", "/incidents/")) else "",
        )
        day = today


def actions(document: Document) -> Iterable[ShownAction]:
    labels: dict[str, Any] = {}
    for words in (ActionType, Priority, ActionState):
        labels |= dict(words.choices)
    for action in document.actions:
        yield ShownAction(
            html=render_line(action.text),
            owner=action.owner,
            due=action.due.isoformat() if action.due else "",
            type=str(labels.get(action.type, action.type)).lower(),
            priority=str(labels.get(action.priority, action.priority)).lower(),
            state=str(labels.get(action.state, action.state)).lower(),
            link=action.link if action.link.startswith(("https://", "http://")) else "",
        )
