"""The names of a whole document: title and passages through the pipeline, in one context."""

from __future__ import annotations

from nlp.contexts import context_of
from nlp.document import Mention
from nlp.pipeline import load_pipeline
from nlp.roles import find_mentions
from nlp.sentences import Text


def document_mentions(text: Text) -> tuple[Mention, ...]:
    """The title's mentions, then those of each passage in order."""
    nlp, document = load_pipeline(), text.document
    docs = [nlp(document.title), *(nlp(passage.text) for passage in document.passages)]
    context = context_of(document, docs)
    places = (None, *range(len(document.passages)))
    return tuple(
        mention
        for doc, passage in zip(docs, places, strict=True)
        for mention in find_mentions(doc, context=context, passage=passage, parts=text.of.get(passage, ()))
    )
