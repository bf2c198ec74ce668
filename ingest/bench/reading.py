"""Extraction beside spaCy's bare tokenizer on the same texts.

A text that was never seen, and one whose sentences were read lately: that is how a history comes, each post
with all those before it. The first is measured with everything forgotten before each round, so neither row
owes its figure to the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import spacy

from ingest.bench import Row
from ingest.bench.bodies import google_list
from ingest.kinds import Context, all_kinds
from nlp.document import Document, DocumentKind, Passage
from nlp.extraction import extract
from nlp.lines import line_of

INCIDENTS = 200


def rows() -> Iterator[Row]:
    documents = list(records())
    bare = spacy.blank("en")

    def tokenize() -> None:
        for document in documents:
            for passage in document.passages:
                bare.make_doc(passage.text)

    def read() -> None:
        read_all(documents)

    yield Row(
        f"extract from {INCIDENTS} records, never seen",
        "make_doc on the same texts",
        read,
        tokenize,
        before=line_of.cache_clear,
    )
    yield Row(
        f"extract from {INCIDENTS} records, read lately",
        "make_doc on the same texts",
        read,
        tokenize,
        before=read,
    )


def read_all(documents: Sequence[Document]) -> None:
    for document in documents:
        extract(document)


def records() -> Iterator[Document]:
    context = Context(publisher="gcp", url="https://status.example/incidents.json", provider="gcp")
    for entry in all_kinds()["gcp-incidents-json"].read(google_list(INCIDENTS), context).entries:
        posts = tuple(Passage(post.text, post.said_at, post.status) for post in entry.posts)
        yield Document(
            key=entry.key,
            kind=DocumentKind.PROVIDER_STATUS,
            passages=posts,
            title=entry.title,
            published_at=entry.published_at,
            provider="gcp",
        )
