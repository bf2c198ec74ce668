"""A document as an article: its facts in words, and its pieces as they were drawn when it was published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from incidents.models import Publication
from incidents.postmortems.documents import Document
from incidents.postmortems.markdown import RENDERER
from incidents.postmortems.rendering import rendered
from incidents.times import span_text
from incidents.views.rows import When, when
from nlp.document import Precision

Piece = dict[str, Any]
EXACT = {Precision.MINUTE, Precision.HOUR}


@dataclass(frozen=True, slots=True)
class Article:
    """`head` tells whose it is; `lead` is the summary, which stands above the contents."""

    title: str
    severity: str
    cause: str
    start: When | None
    end: When | None
    lasted: str
    late: str
    company: str
    product: str
    head: Piece
    lead: SafeString
    sections: tuple[Piece, ...]
    timeline: tuple[Piece, ...]
    actions: tuple[Piece, ...]


def published_article(publication: Publication) -> Article:
    """Its pieces were drawn when it was published; they are drawn again where that is done better now."""
    pieces = publication.rendered
    if pieces[0]["by"] != RENDERER:
        head, *rest = rendered(Document.from_json(publication.document))
        pieces = [pieces[0] | head, *rest]
    return build(publication, pieces)


def article_of(document: Document) -> Article:
    """The working copy, as readers would see it."""
    return build(document, rendered(document))


def build(facts: Document | Publication, pieces: Iterable[Piece]) -> Article:
    by_kind: defaultdict[str, list[Piece]] = defaultdict(list)
    for piece in pieces:
        # Its HTML was cleaned by `markdown` when it was drawn.
        by_kind[piece["piece"]].append(piece | {"html": mark_safe(piece.get("html", ""))})
    (head,) = by_kind["head"]
    lead = next((piece["html"] for piece in by_kind["section"] if piece["kind"] == "summary"), mark_safe(""))
    is_exact = {facts.start_precision, facts.end_precision} <= EXACT
    return Article(
        title=facts.title,
        severity=facts.severity,
        cause="" if facts.cause == "unknown" else facts.cause.replace("-", " "),
        start=when(facts.started_at, facts.start_precision),
        end=when(facts.ended_at, facts.end_precision),
        lasted=lag(facts.started_at, facts.ended_at).lstrip("+") if is_exact else "",
        late=lag(facts.started_at, facts.detected_at),
        company=facts.company,
        product=facts.product,
        head=head,
        lead=lead,
        sections=tuple(piece for piece in by_kind["section"] if piece["kind"] != "summary"),
        timeline=tuple(by_kind["moment"]),
        actions=tuple(by_kind["action"]),
    )


def lag(start: datetime | None, then: datetime | None) -> str:
    """From the start to a later moment, or to one before it."""
    if start is None or then is None:
        return ""
    return f"+{span_text(then - start)}" if then >= start else f"{span_text(start - then)} before"
