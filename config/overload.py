"""When the database is away or overloaded: 503 with Retry-After, for it will be well again by itself."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error as unexpected

RETRY_SECONDS = 10


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's page for what went wrong, and another for what will be well again by itself.

    A session that was cut, a pool without a free one, a statement or a lock beyond its time: all are
    OperationalErrors. Neither page asks the database for anything.
    """
    if not isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return unexpected(request)
    return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": str(RETRY_SECONDS)})
