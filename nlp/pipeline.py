"""The spaCy pipeline: blank English and our component, built once a process."""

from __future__ import annotations

import gc
from functools import cache

import spacy
from spacy.attrs import LOWER  # type: ignore[import-not-found]
from spacy.language import Language

from nlp.components import COMPONENT
from nlp.tokenizing import BoundedTokenizer

OBJECTS = 50_000
"""New ones before the garbage collector looks for rings among them."""


@cache
def load_pipeline() -> Language:
    """No trained part: names are a list, roles are rules, and a text is read in a millisecond.

    Work through many texts inside `with load_pipeline().memory_zone():`, which frees their words after.
    """
    nlp = spacy.blank("en")
    # Shape, prefix, "like a number" and a dozen more cost as much as the cutting of each new word.
    nlp.vocab.lex_attr_getters = {LOWER: str.lower}  # type: ignore[attr-defined]
    nlp.max_length = 4_000_000
    nlp.tokenizer = BoundedTokenizer(nlp)
    nlp.add_pipe(COMPONENT)
    # What was built lives as long as the process: the garbage collector need not walk it time and again. Nor
    # need it look every 700 objects: a text makes ten thousand, few of them in rings.
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS)
    return nlp
