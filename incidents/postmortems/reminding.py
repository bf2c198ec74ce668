"""Reminders of actions by email: some days before one is due, and each week that it is late.

The database remembers who was told and when, so a task that runs twice tells once. Without a mail server
nothing is sent, and nothing is marked as if it had been.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from incidents.models import ActionItem, User
from incidents.postmortems.querysets import ActionQuerySet

AHEAD = timedelta(days=3)
AGAIN = timedelta(days=7)
IN_A_TICK = 200


def remind(now: datetime | None = None) -> int:
    """Write to the owners of actions that are due soon or late, one mail a person; how many were sent."""
    if not settings.MAIL.hostname:
        return 0
    now = now or timezone.now()
    sent = 0
    with transaction.atomic():
        by_owner: defaultdict[User, list[ActionItem]] = defaultdict(list)
        rows = list(due(now)[:IN_A_TICK])
        for action in rows:
            if action.owner is not None:
                by_owner[action.owner].append(action)
        # Marked before it is sent: a mail that fails is told of next week again, none is sent twice an hour.
        ActionItem.objects.filter(pk__in=[row.pk for row in rows]).update(reminded_at=now)
    for owner, actions in by_owner.items():
        sent += send_mail(subject(actions, now.date()), text(actions, now.date()), None, [owner.email])
    return sent


def due(now: datetime) -> ActionQuerySet:
    """Unfinished actions whose owner is to be told: none that was told of within a week."""
    told = Q(reminded_at=None) | Q(reminded_at__lt=now - AGAIN)
    found: ActionQuerySet = ActionItem.objects.standing().unfinished()
    soon = found.filter(told, due__lte=(now + AHEAD).date(), owner__is_active=True).exclude(owner__email="")
    return (
        soon.select_related("owner", "postmortem")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("due", "pk")
    )


def subject(actions: list[ActionItem], today: date) -> str:
    late = sum(action.due is not None and action.due < today for action in actions)
    count = f"{len(actions)} action{'s' * (len(actions) != 1)}"
    return f"Faultline: {count} of yours, {late} late" if late else f"Faultline: {count} of yours soon due"


def text(actions: list[ActionItem], today: date) -> str:
    """Plain text, the late ones first."""
    lines = [line(action, is_late=action.due is not None and action.due < today) for action in actions]
    board = f"{settings.FAULTLINE_URL}/postmortems/actions/?mine=on"
    return "\n\n".join(["Actions that you own:", *lines, f"All of yours: {board}"])


def line(action: ActionItem, *, is_late: bool) -> str:
    address = f"{settings.FAULTLINE_URL}{action.postmortem.get_absolute_url()}edit/#action-{action.pk}"
    return f"{action.due}{' (late)' if is_late else ''}: {' '.join(action.text.split())}\n  {address}"
