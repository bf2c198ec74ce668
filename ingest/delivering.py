"""Sends what `incidents.watching` wrote: mails, and webhooks signed as Standard Webhooks has it.

A notice is claimed before it is sent and settled after, so a worker that is killed between the two sends it a
second time, under the same id: whoever receives it can tell (https://www.standardwebhooks.com).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import time
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from incidents.models import Notice, Watch
from incidents.models.watches import Channel
from incidents.watching.messages import Message
from ingest.errors import Failure, FetchError
from ingest.fetching import Rules
from ingest.posting import post

logger = logging.getLogger(__name__)

MINUTE = timedelta(minutes=1)
# How long after each attempt the next one follows; after the last the notice is given up.
WAITS = (MINUTE, 5 * MINUTE, 30 * MINUTE, 120 * MINUTE, 300 * MINUTE, 600 * MINUTE, 600 * MINUTE)
SECONDS = 15.0
LONGEST = 60.0
"""Seconds for which one run begins to send: what is left is due still when the next one looks."""
STOPS_AFTER = 10
"""Notices given up in a row after which a watch is stopped: nobody listens there any more."""
STOP_SALT = "watches.stop"


def deliver(now: datetime, limit: int = 100) -> int:
    """Send what is due; how many arrived. A watch that does not answer holds up the others once a run."""
    until = time.monotonic() + LONGEST
    arrived, silent = 0, set[int]()
    for pk, watch in list(Notice.objects.due(now).values_list("pk", "watch_id")[:limit]):
        if time.monotonic() > until:
            break
        if watch not in silent:
            is_there = attempt(pk, now)
            arrived += is_there
            silent |= set() if is_there else {watch}
    return arrived


def attempt(pk: int, now: datetime) -> bool:
    notice = claim(pk, now)
    if notice is None:
        return False
    try:
        send(notice)
    except (FetchError, SMTPException, OSError) as error:
        fail(notice, error)
        return False
    Notice.objects.filter(pk=pk).update(sent_at=timezone.now(), due_at=None, trouble="")
    return True


@transaction.atomic
def claim(pk: int, now: datetime) -> Notice | None:
    """Count the attempt and put the next one off, so that no second worker makes this one."""
    due = Notice.objects.due(now).filter(pk=pk).order_by().select_for_update(skip_locked=True, of=("self",))
    notice = due.select_related("watch__person").first()
    if notice is None:
        return None
    notice.attempts += 1
    is_last = notice.attempts > len(WAITS)
    notice.due_at = now + (WAITS[-1] if is_last else WAITS[notice.attempts - 1])
    notice.save(update_fields=["attempts", "due_at"])
    return notice


def fail(notice: Notice, error: Exception) -> None:
    watch = notice.watch
    notice.trouble = f"{error}"[:500]
    if notice.attempts > len(WAITS) or notice.incident_id is None:
        notice.due_at = None  # a test says at once how it went
    notice.save(update_fields=["trouble", "due_at"])
    logger.warning("watch %s: %s", watch.pk, notice.trouble, extra={"watch": watch.pk})
    if isinstance(error, FetchError) and error.failure is Failure.GONE:
        stop(watch, "its address answered 410: gone for good")
    elif notice.due_at is None and lost_in_a_row(watch) >= STOPS_AFTER:
        stop(
            watch, f"{STOPS_AFTER} messages in a row could not be delivered; the last time: {notice.trouble}"
        )


def lost_in_a_row(watch: Watch) -> int:
    """How many of its newest settled notices never arrived."""
    settled = watch.notices.filter(due_at=None, is_silent=False, incident__isnull=False)
    newest = list(settled.values_list("sent_at", flat=True)[:STOPS_AFTER])
    return next((count for count, sent_at in enumerate(newest) if sent_at), len(newest))


def stop(watch: Watch, reason: str) -> None:
    Watch.objects.filter(pk=watch.pk, stopped_at=None).update(
        stopped_at=timezone.now(), stopped_because=reason
    )


def send(notice: Notice) -> None:
    if notice.watch.channel == Channel.EMAIL:
        send_mail(notice)
    else:
        send_webhook(notice)


def send_mail(notice: Notice) -> None:
    message, watch = Message(**notice.message), notice.watch
    # A new line in a title would begin a header.
    subject = " ".join(f"[Faultline] {message.headline}".split())[:200]
    leave = settings.FAULTLINE_URL + reverse(
        "ingest:stop-watch", args=[signing.dumps(watch.pk, salt=STOP_SALT)]
    )
    mail = EmailMessage(
        subject,
        f"{message.text}\nYou watch “{watch.name}”. No more of these: {leave}\n",
        to=[watch.person.email],
        headers={"List-Unsubscribe": f"<{leave}>", "Auto-Submitted": "auto-generated"},
    )
    mail.send()


def send_webhook(notice: Notice) -> None:
    rules = Rules(
        allow_private=settings.ALLOW_PRIVATE_SOURCES,
        user_agent=f"Faultline (tells of outages; {settings.FAULTLINE_URL}/about/)",
        seconds=SECONDS,
    )
    body = body_of(notice)
    post(notice.watch.url, body, headers_of(notice, body, timezone.now()), rules)


def body_of(notice: Notice) -> bytes:
    what: dict[str, Any] = {
        "type": "incident.changed" if notice.incident_id else "test",
        "timestamp": notice.made_at.isoformat(),
        "data": notice.message,
    }
    return json.dumps(what, ensure_ascii=False).encode()


def headers_of(notice: Notice, body: bytes, now: datetime) -> dict[str, str]:
    """Signed over id, time and body: a receiver refuses what is older than five minutes, and repeats."""
    ident, stamp = f"msg_{notice.pk}", str(int(now.timestamp()))
    secrets = [secret for secret in (notice.watch.secret, notice.watch.former_secret) if secret]
    return {
        "Content-Type": "application/json",
        "webhook-id": ident,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(signature(secret, ident, stamp, body) for secret in secrets),
    }


def signature(secret: str, ident: str, stamp: str, body: bytes) -> str:
    """`v1,` and the base64 of an HMAC-SHA256 by the secret, which is base64 after `whsec_`."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{ident}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"
