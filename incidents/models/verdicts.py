"""What people decided, on keys that last: verdicts outlive every re-run."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from incidents.choices import VerdictKind
from incidents.models.catalogue import Organisation
from incidents.models.incidents import Incident
from incidents.querysets import VerdictQuerySet


class Verdict(models.Model):
    """A person's decision. Of two that collide the newer holds, and both stand in the queue.

    SAME and NOT_SAME are about the account keys `a` < `b`; HIT about an incident and an organisation;
    VALUE about an incident's field and the key of the value. ACCOUNT, FACT, OWNER and RELEVANCE tell how the
    account `a` of the report `b` is to be read. NAME says what the unknown name `a`, written `b`, stands for.
    COLLISION takes the verdict with the id `a` back, SOURCE has seen that the source `a` is in the state
    `value_key`, CORRECTION decides what somebody of the public sent, by its id. `accepts` is the answer
    where there are two. Undo retracts; nothing is deleted.
    """

    kind = models.CharField(max_length=10, choices=VerdictKind)
    a = models.CharField(max_length=600, blank=True)
    b = models.CharField(max_length=600, blank=True)
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, blank=True, related_name="verdicts")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="verdicts"
    )
    subject = models.CharField(
        max_length=140, blank=True, help_text="whom a fact is about, organisation:x; empty: the incident"
    )
    field = models.CharField(max_length=30, blank=True)
    value_key = models.TextField(blank=True)
    accepts = models.BooleanField(default=True)
    reason = models.TextField(blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="verdicts")
    made_at = models.DateTimeField(auto_now_add=True)
    retracted_at = models.DateTimeField(null=True, blank=True)
    retracted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="retractions"
    )

    objects = VerdictQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="verdict_on_a_pair_names_it_in_order",
                condition=~models.Q(kind__in=["same", "not-same"])
                | models.Q(a__gt="", b__gt=models.F("a"), incident=None),
            ),
            models.CheckConstraint(
                name="verdict_on_an_incident_names_it",
                condition=~models.Q(kind__in=["hit", "value"]) | models.Q(incident__isnull=False),
            ),
            models.CheckConstraint(
                name="verdict_on_a_reading_names_account_and_report",
                condition=~models.Q(kind__in=["account", "fact", "owner", "relevance"])
                | models.Q(a__gt="", b__gt=""),
            ),
        ]
        indexes = [models.Index(fields=["a", "b"]), models.Index(fields=["b"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.a} {self.b}".strip()
