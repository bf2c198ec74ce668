"""The names of a whole document: title and passages through the pipeline, in one context."""

from __future__ import annotations

from nlp.contexts import context_of
from nlp.document import Document, Mention
from nlp.pipeline import load_pipeline
from nlp.roles import find_mentions


def document_mentions(document: Document) -> tuple[Mention, ...]:
    """The title's mentions, then those of each passage in order."""
    nlp = load_pipeline()
    docs = [nlp(document.title), *(nlp(passage.text) for passage in document.passages)]
    context = context_of(document, docs)
    places = (None, *range(len(document.passages)))
    return tuple(
        mention
        for doc, passage in zip(docs, places, strict=True)
        for mention in find_mentions(doc, context=context, passage=passage)
    )
