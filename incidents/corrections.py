"""What the public says is wrong: taken in within limits, decided by an analyst."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from incidents.choices import CorrectionState, VerdictKind
from incidents.locking import hold
from incidents.models import Correction, User, Verdict
from incidents.verdicts import VerdictRefused, require_analyst

MOST, WITHIN = 5, timedelta(hours=1)


class TooMany(Exception):
    """This address has sent enough for now."""


@transaction.atomic
def send(correction: Correction) -> None:
    """Put it into the queue. The same words for the same incident are taken once."""
    hold(f"correction {correction.origin}")
    sent = Correction.objects.filter(origin=correction.origin, sent_at__gt=timezone.now() - WITHIN)
    told = {"incident": correction.incident, "text": correction.text, "statement": correction.statement}
    if sent.filter(**told).exists():
        return
    if sent.count() >= MOST:
        raise TooMany
    correction.save()


@transaction.atomic
def decide(pk: int, *, accept: bool, person: User, speaker: str = "", note: str = "") -> Verdict:
    """Accept or decline what is open. A statement is shown under the name of whoever made it."""
    require_analyst(person)
    correction = Correction.objects.select_for_update().filter(pk=pk, state=CorrectionState.OPEN).first()
    if correction is None:
        raise VerdictRefused("somebody has decided that in the meantime")
    if accept and correction.statement and not speaker:
        raise VerdictRefused("say whose statement it is: it is shown under that name")
    correction.state = CorrectionState.ACCEPTED if accept else CorrectionState.DECLINED
    correction.decided_by, correction.decided_at = person, timezone.now()
    correction.speaker, correction.note = speaker, note
    correction.save()
    return Verdict.objects.create(
        kind=VerdictKind.CORRECTION,
        a=str(pk),
        incident=correction.incident,
        accepts=accept,
        person=person,
        reason=note,
    )


def origin_of(request: HttpRequest) -> str:
    """A keyed hash of the address that a request comes from: enough to count by, no address is kept.

    Behind the proxy that an https address tells of, it is the last that the proxy has written down.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER:
        address = request.headers.get("X-Forwarded-For", address).rpartition(",")[2].strip()
    return salted_hmac("incidents.corrections", address, algorithm="sha256").hexdigest()
