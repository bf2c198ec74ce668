"""Names that people added to the vocabulary: taken as data with each document, kept ready while they stay."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

from nlp import vocabulary
from nlp.lines import line_of
from nlp.pipeline import load_pipeline
from nlp.vocabulary import Term

READING = RLock()
"""What is known of names is kept once a process: threads that read with other names take turns."""


@contextmanager
def names_in_use(given: tuple[Term, ...]) -> Iterator[None]:
    """Read with these names beside the vocabulary's. Where they are others than before, all that was made
    of the former ones is forgotten.
    """
    with READING:
        if given != vocabulary.given_in_use():
            vocabulary.use(given)
            load_pipeline.cache_clear()
            line_of.cache_clear()
        yield
