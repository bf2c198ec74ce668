"""The names of a whole document: title and passages through the pipeline, in one context."""

from __future__ import annotations

import re

from nlp.contexts import context_of
from nlp.document import Document, Mention
from nlp.pipeline import load_pipeline
from nlp.roles import find_mentions

# spaCy takes marks off a word one at a time, so that its time grows with the square of their number.
RUN_OF_MARKS = re.compile(r"[^\w\s]{8,}")


def document_mentions(document: Document) -> tuple[Mention, ...]:
    """The title's mentions, then those of each passage in order."""
    nlp = load_pipeline()
    texts = (document.title, *(passage.text for passage in document.passages))
    docs = [nlp(RUN_OF_MARKS.sub(blanks, text)) for text in texts]
    context = context_of(document, docs)
    places = (None, *range(len(document.passages)))
    return tuple(
        mention
        for doc, passage in zip(docs, places, strict=True)
        for mention in find_mentions(doc, context=context, passage=passage)
    )


def blanks(run: re.Match[str]) -> str:
    """As long as the run, so that offsets hold."""
    return " " * len(run.group())
