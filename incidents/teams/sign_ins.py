"""The brake on tries to sign in, as django-axes asks us: whom it counts, and what it tells."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone


def name_tried(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """What was typed for a name, without regard to case: `Ada` and `ada` are tries at one account."""
    told = credentials or {}
    name = told.get("email") or told.get("username") or request.POST.get("login") or ""
    return str(name).strip().lower()[:255]


def client_address(request: HttpRequest) -> str | None:
    """None where there is none to store: on a Unix socket a client has no address."""
    return request.META.get("REMOTE_ADDR") or None


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """Too many tries: until when. The same for names that exist and names that do not."""
    until = open_again(name_tried(request, credentials), client_address(request))
    seconds = max(1, int((until - timezone.now()).total_seconds()) + 1)
    context = {"until": until, "minutes": -(-seconds // 60)}
    refusal = render(request, "account/locked_out.html", context, status=429)
    refusal["Retry-After"] = str(seconds)
    return refusal


def open_again(name: str, address: str | None) -> datetime:
    tries = AccessAttempt.objects.filter(username=name, ip_address=address)
    last = tries.aggregate(last=Max("attempt_time"))["last"] or timezone.now()
    wait = get_cool_off()
    return last + wait if wait else last
