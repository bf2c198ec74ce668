"""What people say of how a report is to be read: stored on its keys, laid over it each time it is kept.

The report is not changed here. It is marked as due, and whoever holds its raw revisions draws it again.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction

from incidents.choices import VerdictKind
from incidents.models import Report, User, Verdict
from incidents.verdicts import VerdictRefused, require_analyst
from nlp.document import INCIDENT, Field, Relevance

OWNERS = ("provider", "organisation")


@transaction.atomic
def leave_out(account: str, report: str, *, person: User, reason: str = "") -> Verdict:
    """The account tells of no incident of its own."""
    return amend_reading(VerdictKind.ACCOUNT, account, report, person, accepts=False, reason=reason)


def give_owner(account: str, report: str, owner: str, *, person: User, reason: str = "") -> Verdict:
    """Whose incident the account tells of: "provider:aws", "organisation:coinbase"."""
    kind, _, slug = owner.partition(":")
    if kind not in OWNERS or not slug:
        raise VerdictRefused(f"{owner!r} is no owner")
    return amend_reading(VerdictKind.OWNER, account, report, person, value_key=owner, reason=reason)


def give_relevance(
    account: str, report: str, relevance: Relevance, *, person: User, reason: str = ""
) -> Verdict:
    return amend_reading(VerdictKind.RELEVANCE, account, report, person, value_key=relevance, reason=reason)


def give_fact(
    account: str,
    report: str,
    field: Field,
    key: str,
    *,
    holds: bool,
    person: User,
    subject: str = INCIDENT,
    reason: str = "",
) -> Verdict:
    """The account says so, or it does not; `key` is the normalised value."""
    about = "" if subject == INCIDENT else subject
    what: dict[str, Any] = {
        "subject": about,
        "field": field,
        "value_key": key,
        "accepts": holds,
        "reason": reason,
    }
    return amend_reading(VerdictKind.FACT, account, report, person, **what)


def amend_reading(kind: VerdictKind, account: str, report: str, person: User, **what: Any) -> Verdict:
    require_analyst(person)
    verdict = Verdict.objects.create(kind=kind, a=account, b=report, person=person, **what)
    ask_for({report})
    return verdict


def ask_for(reports: Collection[str]) -> None:
    """Let these reports be drawn again by whoever holds their raw revisions."""
    Report.objects.filter(key__in=reports).update(is_due=True)
