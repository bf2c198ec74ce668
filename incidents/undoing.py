"""Taking back what a person said: nothing is deleted, and what stood before stands again."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from incidents.choices import CorrectionState, VerdictKind
from incidents.linking import link, redraw
from incidents.models import Claim, Correction, User, Verdict
from incidents.naming import forget_name
from incidents.readings import ask_for
from incidents.verdicts import require_analyst


@transaction.atomic
def undo(verdict: Verdict, *, person: User) -> None:
    """Take a verdict back. Twice is once."""
    require_analyst(person)
    stood = Verdict.objects.standing().filter(pk=verdict.pk)
    if not stood.update(retracted_at=timezone.now(), retracted_by=person):
        return
    match VerdictKind(verdict.kind):
        case VerdictKind.SAME | VerdictKind.NOT_SAME:
            link({verdict.a, verdict.b})
        case VerdictKind.HIT | VerdictKind.VALUE:
            redraw({verdict.incident_id or 0})
        case VerdictKind.ACCOUNT | VerdictKind.FACT | VerdictKind.OWNER | VerdictKind.RELEVANCE:
            ask_for({verdict.b})
        case VerdictKind.NAME:
            forget_name(verdict)
        case VerdictKind.COLLISION:
            stand_again(verdict.a)
        case VerdictKind.CORRECTION:
            reopen(verdict.a)
        case VerdictKind.SOURCE:
            pass  # it stands in the queue again


def stand_again(taken_back: str) -> None:
    """The word that a collision took back."""
    Verdict.objects.filter(pk=taken_back).update(retracted_at=None, retracted_by=None)
    stands = Verdict.objects.get(pk=taken_back)
    link({stands.a, stands.b})


def reopen(correction: str) -> None:
    Correction.objects.filter(pk=correction).update(
        state=CorrectionState.OPEN, decided_by=None, decided_at=None, speaker="", note=""
    )


@transaction.atomic
def withdraw_value(claim: Claim, *, person: User) -> None:
    """Take a person's own value back; it stays on record as gone."""
    require_analyst(person)
    mine = Claim.objects.filter(pk=claim.pk, incident__isnull=False, gone_at=None)
    if mine.update(gone_at=timezone.now()):
        redraw({claim.incident_id or 0})
