"""Who asks, when proxies stand between: brakes, the audit and the log all go by the address set here."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class ClientAddressMiddleware:
    """REMOTE_ADDR is the client's address, told by so many proxies of ours as FAULTLINE_PROXIES says.

    Each proxy adds the address that it saw to the end of X-Forwarded-For. What stands before those entries
    was written by the client and proves nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.PROXIES and (told := forwarded(request, settings.PROXIES)):
            request.META["REMOTE_ADDR"] = told
        return self.get_response(request)


def forwarded(request: HttpRequest, proxies: int) -> str:
    """The address that the outermost of our proxies saw; empty where the header does not tell it."""
    told = [entry.strip() for entry in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if len(told) < proxies:
        return ""
    try:
        return str(ipaddress.ip_address(told[-proxies]))
    except ValueError:
        return ""
