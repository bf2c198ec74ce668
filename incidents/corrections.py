"""What the public says is wrong: taken in within limits, decided by an analyst."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from incidents.choices import CorrectionState
from incidents.models import Correction, User
from incidents.verdicts import require_analyst

MOST, WITHIN = 5, timedelta(hours=1)


class TooMany(Exception):
    """This address has sent enough for now."""


@transaction.atomic
def send(correction: Correction) -> None:
    """Put it into the queue. The same words for the same incident are taken once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"correction {correction.origin}"])
    sent = Correction.objects.filter(origin=correction.origin, sent_at__gt=timezone.now() - WITHIN)
    told = {"incident": correction.incident, "text": correction.text, "statement": correction.statement}
    if sent.filter(**told).exists():
        return
    if sent.count() >= MOST:
        raise TooMany
    correction.save()


@transaction.atomic
def decide(pk: int, *, accept: bool, person: User, speaker: str = "", note: str = "") -> bool:
    """Accept or decline what is open; False where that was done before."""
    require_analyst(person)
    state = CorrectionState.ACCEPTED if accept else CorrectionState.DECLINED
    still_open = Correction.objects.filter(pk=pk, state=CorrectionState.OPEN)
    decided = still_open.update(
        state=state, decided_by=person, decided_at=timezone.now(), speaker=speaker, note=note
    )
    return bool(decided)


def origin_of(request: HttpRequest) -> str:
    """A keyed hash of the address that a request comes from: enough to count by, no address is kept.

    Behind the proxy that an https address tells of, it is the last that the proxy has written down.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER:
        address = request.headers.get("X-Forwarded-For", address).rpartition(",")[2].strip()
    return salted_hmac("incidents.corrections", address, algorithm="sha256").hexdigest()
