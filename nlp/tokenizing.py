"""spaCy's tokenizer, kept from words without end: 20,000 brackets in a row cost it half a minute."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, cast

from spacy.language import Language
from spacy.tokens import Doc

LONGEST_WORD = 200
Found = re.Match[str] | None
TEXT = "text"
SURROGATE = re.compile("[\ud800-\udfff]")
"""Half a character, which JSON may hold and UTF-8 cannot."""
RUN = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")


class BoundedTokenizer:
    """Cuts long runs without a blank before spaCy sees them; every offset stays.

    spaCy's rules are asked only where one of them can apply: most words are plain letters, and the search for
    an ending alone costs a third of the work.
    """

    def __init__(self, nlp: Language) -> None:
        self.vocab = nlp.vocab
        self.plain = plain = cast(Any, nlp.tokenizer)
        self.prefix, self.suffix = plain.prefix_search, plain.suffix_search
        self.infixes, self.url = plain.infix_finditer, plain.url_match
        plain.prefix_search, plain.suffix_search = self.find_prefix, self.find_suffix
        plain.infix_finditer, plain.url_match = self.find_infixes, self.match_url

    def find_prefix(self, word: str) -> Any:
        """Of the prefixes only currencies begin with a letter: "US$"."""
        return None if word[0].isalnum() and "$" not in word else self.prefix(word)

    def find_suffix(self, word: str) -> Found:
        """Of the suffixes only "'s", and units behind a digit, end in a letter.

        Of letters and one mark, only the mark can be one: there is no need to look from the first letter on.
        """
        if word.isalpha():
            return None
        first = len(word) - 1 if word[:-1].isalpha() else 0
        found: Found = self.suffix(word, first)
        return found

    def find_infixes(self, word: str) -> Iterable[re.Match[str]]:
        return () if word.isalnum() else self.infixes(word)

    def match_url(self, word: str) -> Found:
        return self.url(word) if "." in word else None

    def __call__(self, text: str) -> Doc:
        text = SURROGATE.sub("\ufffd", text)
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
