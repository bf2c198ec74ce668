"""What people say of how a report is to be read: stored on its keys, laid over it each time it is kept.

The report is not changed here. It is marked as due, and whoever holds its raw revisions draws it again.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction

from incidents.choices import VerdictKind
from incidents.models import Report, User, Verdict
from incidents.verdicts import require_analyst


def leave_out(account: str, report: str, *, person: User, reason: str = "") -> Verdict:
    """The account tells of no incident of its own."""
    return amend_reading(VerdictKind.ACCOUNT, account, report, person, accepts=False, reason=reason)


@transaction.atomic
def amend_reading(kind: VerdictKind, account: str, report: str, person: User, **what: Any) -> Verdict:
    """Store what a person says of one account of the report; `what` are further fields of the verdict."""
    require_analyst(person)
    verdict = Verdict.objects.create(kind=kind, a=account, b=report, person=person, **what)
    ask_for({report})
    return verdict


def ask_for(reports: Collection[str]) -> None:
    """Let these reports be drawn again by whoever holds their raw revisions."""
    Report.objects.filter(key__in=reports).update(is_due=True)
