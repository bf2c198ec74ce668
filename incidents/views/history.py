"""What people decided on an incident: who, when, what, why; and what an organisation answers."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from incidents.choices import VerdictKind
from incidents.models import Account, Correction, Incident, Verdict
from incidents.views.rows import When, when


@dataclass(frozen=True, slots=True)
class Decision:
    pk: int
    what: str
    reason: str
    person: str
    made: When | None
    retracted: When | None
    retracted_by: str


@dataclass(frozen=True, slots=True)
class Statement:
    speaker: str
    text: str
    url: str
    sent: When | None


def decisions(incident: Incident) -> list[Decision]:
    """All verdicts on its accounts, hits and values, the newest first; those taken back stay in sight."""
    keys = Account.objects.filter(incident=incident).values("key")
    on_it = Q(incident=incident) | Q(incident__shown_as=incident)
    found = Verdict.objects.filter(on_it | Q(a__in=keys) | Q(b__in=keys))
    return [decision(verdict) for verdict in found.select_related("person", "retracted_by", "organisation")]


def decision(verdict: Verdict) -> Decision:
    return Decision(
        pk=verdict.pk,
        what=in_words(verdict),
        reason=verdict.reason,
        person=verdict.person.get_username(),
        made=when(verdict.made_at),
        retracted=when(verdict.retracted_at),
        retracted_by=verdict.retracted_by.get_username() if verdict.retracted_by else "",
    )


def in_words(verdict: Verdict) -> str:
    if verdict.kind in (VerdictKind.SAME, VerdictKind.NOT_SAME):
        outages = "one outage" if verdict.kind == VerdictKind.SAME else "two outages"
        return f"{verdict.a} and {verdict.b} tell of {outages}"
    taken = "accepted" if verdict.accepts else "rejected"
    about = f" of {verdict.organisation}" if verdict.organisation else ""
    if verdict.kind == VerdictKind.HIT:
        return f"hit{about} {taken}"
    return f"{verdict.field}{about} “{verdict.value_key}” {taken}"


def statements(incident: Incident) -> list[Statement]:
    """Answers of organisations that an analyst has checked."""
    on_it = Q(incident=incident) | Q(incident__shown_as=incident)
    found = Correction.objects.filter(on_it, state="accepted").exclude(statement="")
    return [Statement(row.speaker, row.statement, row.url, when(row.sent_at)) for row in found]
