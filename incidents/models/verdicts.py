"""What people decided, on keys that last: verdicts outlive every re-run."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from incidents.choices import EdgeVerdictKind, Relation, VerdictKind, choices
from incidents.models.catalogue import Organisation
from incidents.models.incidents import Incident
from incidents.querysets import EdgeVerdictQuerySet, VerdictQuerySet
from nlp.document import Precision


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


class EdgeVerdict(models.Model):
    """A person's decision on an edge, named by what it joins, so that it outlives each loading of the record.

    PROOF stands for a `Proof` of the person's own, which goes when the verdict is taken back. Of several on
    one edge the newest of each kind holds. Nothing is deleted: undo retracts.
    """

    kind = models.CharField(max_length=10, choices=EdgeVerdictKind)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="edge_verdicts")
    relation = models.CharField(max_length=20, choices=Relation)
    target = models.CharField(max_length=140, help_text="kind:slug of what it stands on")
    ended_on = models.DateField(null=True, blank=True)
    ended_precision = models.CharField(max_length=10, choices=choices(Precision), blank=True)
    redundancy_group = models.CharField(max_length=60, blank=True, help_text="empty: of no group")
    reason = models.TextField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="edge_verdicts")
    made_at = models.DateTimeField(auto_now_add=True)
    retracted_at = models.DateTimeField(null=True, blank=True)
    retracted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="edge_retractions"
    )

    objects = EdgeVerdictQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="edge_verdict_says_when_it_ended",
                condition=models.Q(kind="ended", ended_on__isnull=False)
                | (~models.Q(kind="ended") & models.Q(ended_on=None)),
            )
        ]
        indexes = [models.Index(fields=["organisation", "relation", "target"], name="edge_verdict_edge")]

    def __str__(self) -> str:
        return f"{self.kind} {self.organisation_id} {self.relation} {self.target}"
