"""Answers that any page on the web may read."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse


def open_to_all(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Any page on the web may read it: the record is public and no cookie is looked at."""

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> HttpResponse:
        response = view(*args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag, Link"
        return response

    return answer
