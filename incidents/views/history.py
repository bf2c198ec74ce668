"""What people decided on an incident: who, when, what, why; and what an organisation answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, Q, QuerySet

from incidents.choices import VerdictKind
from incidents.models import Account, Claim, Correction, Incident, Verdict
from incidents.prepared import Given, Prepared
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
    is_value: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    speaker: str
    text: str
    url: str
    sent: When | None


def decisions(incident: Incident) -> list[Decision]:
    """All that was said of its accounts, hits and values, the newest first, also what was taken back."""
    accounts = Account.objects.filter(incident=incident)
    keys, reports = accounts.values("key"), accounts.values("report__key")
    on_it = Q(incident=incident) | Q(incident__shown_as=incident)
    found = Verdict.objects.filter(on_it | Q(a__in=keys) | Q(b__in=keys) | Q(b__in=reports))
    said = found.select_related("person", "retracted_by", "organisation")
    given = Claim.objects.filter(on_it).select_related("person")
    return decisions_of(said, given)


def decisions_of(verdicts: Iterable[Verdict], given: Iterable[Claim]) -> list[Decision]:
    told = [(verdict.made_at, decision(verdict)) for verdict in verdicts]
    told += [(claim.seen_at, given_value(claim)) for claim in given]
    return [one for _, one in sorted(told, key=lambda pair: pair[0], reverse=True)]


def given_value(claim: Claim) -> Decision:
    """A value that somebody gave in his own name."""
    return Decision(
        pk=claim.pk,
        what=f"{claim.field} is “{claim.value}”",
        reason=claim.reason,
        person=claim.person.get_username() if claim.person else "",
        made=when(claim.seen_at),
        retracted=when(claim.gone_at),
        retracted_by="",
        is_value=True,
    )


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
    taken = "accepted" if verdict.accepts else "rejected"
    about = f" of {verdict.organisation or verdict.subject.partition(':')[2]}"
    about = about if about != " of " else ""
    match VerdictKind(verdict.kind):
        case VerdictKind.SAME:
            return f"{verdict.a} and {verdict.b} tell of one outage"
        case VerdictKind.NOT_SAME:
            return f"{verdict.a} and {verdict.b} tell of two outages"
        case VerdictKind.HIT:
            return f"hit{about} {taken}"
        case VerdictKind.VALUE | VerdictKind.FACT:
            where = f"in {verdict.a}: " if verdict.kind == VerdictKind.FACT else ""
            return f"{where}{verdict.field}{about} “{verdict.value_key}” {taken}"
        case VerdictKind.ACCOUNT:
            return f"{verdict.a} {'is told' if verdict.accepts else 'is left out'}"
        case VerdictKind.OWNER | VerdictKind.RELEVANCE:
            return f"{verdict.a} is of {verdict.value_key}"
        case VerdictKind.NAME:
            return f"the name “{verdict.b}” stands for {verdict.value_key or 'nothing of ours'}"
        case VerdictKind.COLLISION:
            return f"of two words that collide, number {verdict.a} is taken back"
        case VerdictKind.SOURCE:
            return f"{verdict.a} is {verdict.value_key}: seen"
        case VerdictKind.CORRECTION:
            return f"correction {verdict.a} {'accepted' if verdict.accepts else 'declined'}"


def statements(incident: Incident) -> list[Statement]:
    """Answers of organisations that an analyst has checked."""
    found = STATEMENTS.rows(incident=incident.pk)
    return [Statement(row.speaker, row.statement, row.url, when(row.sent_at)) for row in found]


def statements_on() -> QuerySet[Any]:
    incident = Given("incident", BigIntegerField())
    on_it = Q(incident=incident) | Q(incident__shown_as=incident)
    return Correction.objects.filter(on_it, state="accepted").exclude(statement="")


STATEMENTS = Prepared(statements_on)
