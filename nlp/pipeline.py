"""The spaCy pipeline: blank English and our component, built once a process."""

from __future__ import annotations

from functools import cache

import spacy
from spacy.language import Language

from nlp.components import COMPONENT
from nlp.tokenizing import BoundedTokenizer


@cache
def load_pipeline() -> Language:
    """No trained part: names are a list, roles are rules, and a text is read in a millisecond.

    Work through many texts inside `with load_pipeline().memory_zone():`, which frees their words after.
    """
    nlp = spacy.blank("en")
    nlp.max_length = 4_000_000
    nlp.tokenizer = BoundedTokenizer(nlp)
    nlp.add_pipe(COMPONENT)
    return nlp
