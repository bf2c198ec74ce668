"""A document as an article: its pieces as they were drawn when it was published, sorted for the template."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from incidents.models import Publication
from incidents.postmortems.documents import Document
from incidents.postmortems.markdown import RENDERER
from incidents.postmortems.rendering import rendered

Piece = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Article:
    """`head` tells whose it is and its facts; `lead` is the summary, which stands above the contents."""

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
    return build(pieces)


def article_of(document: Document) -> Article:
    """The working copy, as readers would see it."""
    return build(rendered(document))


def build(pieces: Iterable[Piece]) -> Article:
    head, *rest = pieces
    by_kind: defaultdict[str, list[Piece]] = defaultdict(list)
    for piece in rest:
        # Its HTML was cleaned by `markdown` when it was drawn.
        by_kind[piece["piece"]].append(piece | {"html": mark_safe(piece["html"])})
    sections = by_kind["section"]
    return Article(
        head=head,
        lead=next((piece["html"] for piece in sections if piece["kind"] == "summary"), mark_safe("")),
        sections=tuple(piece for piece in sections if piece["kind"] != "summary"),
        timeline=tuple(by_kind["moment"]),
        actions=tuple(by_kind["action"]),
    )
