"""A report whose publisher gave it another key: incident, number and verdicts follow it there."""

from __future__ import annotations

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
