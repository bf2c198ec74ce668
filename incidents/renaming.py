"""Reports whose key changes: incident, number and verdicts follow. And those that should never have been."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from incidents.linking import link
from incidents.models import Account, Incident, Report, Verdict


@transaction.atomic
def rename_report(former: str, key: str) -> None:
    """What was known under the former key is known under the new one; nothing happens where there is none."""
    report = Report.objects.filter(key=former).first()
    if report is None:
        return
    keys = list(Account.objects.filter(report=report).values_list("key", flat=True))
    renamed = {old: key + old.removeprefix(former) for old in keys}
    for old, new in renamed.items():
        Incident.objects.filter(anchor=old).update(anchor=new)
        rename_in_verdicts(old, new)
    if Report.objects.filter(key=key).exists():
        # Both were read before anybody knew that they are one: the other one's accounts stay.
        Account.objects.filter(report=report).update(is_gone=True)
        link({*renamed, *renamed.values()})
        report.delete()
        return
    for old, new in renamed.items():
        Account.objects.filter(key=old).update(key=new)
    Report.objects.filter(pk=report.pk).update(key=key)


def rename_in_verdicts(old: str, new: str) -> None:
    """Verdicts on a pair name it in order; one that would be of an account with itself says nothing more."""
    for verdict in Verdict.objects.filter(a=old) | Verdict.objects.filter(b=old):
        other = verdict.b if verdict.a == old else verdict.a
        if other != new:
            verdict.a, verdict.b = sorted([other, new])
            verdict.save(update_fields=["a", "b"])


@transaction.atomic
def forget_reports(keys: Iterable[str]) -> None:
    """Take out reports that a better parser does not see any more; their incidents are drawn without them."""
    reports = Report.objects.filter(key__in=list(keys))
    accounts = Account.objects.filter(report__in=reports)
    gone = set(accounts.values_list("key", flat=True))
    accounts.update(is_gone=True)
    link(gone)
    reports.delete()
