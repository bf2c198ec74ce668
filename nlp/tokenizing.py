"""spaCy's tokenizer, kept from words without end: 20,000 brackets in a row cost it half a minute."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc

LONGEST_WORD = 200
TEXT = "text"
RUN = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")


class BoundedTokenizer:
    """Cuts long runs without a blank before spaCy sees them; every offset stays."""

    def __init__(self, nlp: Language) -> None:
        self.vocab = nlp.vocab
        self.plain = nlp.tokenizer

    def __call__(self, text: str) -> Doc:
        is_long = max(map(len, text.split()), default=0) > LONGEST_WORD
        doc = self.cut(text) if is_long else self.plain(text)
        # A doc puts its text together again whenever it is asked for it.
        doc.user_data[TEXT] = text
        return doc

    def cut(self, text: str) -> Doc:
        words: list[str] = []
        spaces: list[bool] = []
        for piece in pieces(text):
            for token in self.plain(piece):
                words.append(token.text)
                spaces.append(bool(token.whitespace_))
        return Doc(self.vocab, words=words, spaces=spaces)


def text_of(doc: Doc) -> str:
    """The text that a doc was made of."""
    text: str = doc.user_data[TEXT]
    return text


def pieces(text: str) -> Iterator[str]:
    start = 0
    for run in RUN.finditer(text):
        if run.start() > start:
            yield text[start : run.start()]
        for cut in range(run.start(), run.end(), LONGEST_WORD):
            yield text[cut : min(cut + LONGEST_WORD, run.end())]
        start = run.end()
    if start < len(text):
        yield text[start:]
