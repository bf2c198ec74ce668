"""What a page tells of an answer that the record does not take."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.http import HttpRequest

from incidents.verdicts import VerdictRefused


@contextmanager
def refusal_told(request: HttpRequest) -> Iterator[None]:
    """A refused verdict leaves the record as it was; the next page says why."""
    try:
        yield
    except VerdictRefused as refused:
        messages.error(request, f"Not taken: {refused}.")
