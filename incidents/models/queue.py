"""What waits for analysts besides what can be derived: who looks at which pair, and what the public sends."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from incidents.choices import CorrectionState
from incidents.models.incidents import Incident


class Turn(models.Model):
    """An item of the review queue that one analyst has in hand, or has passed over, until then.

    On keys, not on rows: linking may draw a pair or a hit again while somebody looks at it.
    """

    kind = models.CharField(max_length=10, default="pair")
    a = models.CharField(max_length=600)
    b = models.CharField(max_length=600, blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="turns")
    is_passed = models.BooleanField(
        default=False, help_text="skipped: offered to the others, not to this one"
    )
    until = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "a", "b", "person"], name="turn_once_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.person} on {self.kind} {self.a} {self.b}"


class Correction(models.Model):
    """What somebody of the public says of an incident. It changes nothing by itself: an analyst decides.

    `statement` is an organisation's own answer; accepted, it is shown on the incident's page under the name
    that the analyst has checked: `speaker`.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="corrections")
    text = models.TextField("what is wrong", blank=True)
    statement = models.TextField("the organisation's own answer", blank=True)
    url = models.URLField("address of a page that shows it", max_length=1000, blank=True)
    sender = models.CharField("name", max_length=120, blank=True)
    email = models.EmailField(blank=True, help_text="for questions; never shown")
    origin = models.CharField(max_length=64, help_text="keyed hash of the sender's address, to count by")
    sent_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=10, choices=CorrectionState, default=CorrectionState.OPEN)
    speaker = models.CharField(max_length=120, blank=True, help_text="whose statement it is, as checked")
    note = models.TextField(blank=True, help_text="the analyst's reason")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="decided_corrections"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["sent_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="correction_says_something",
                condition=~models.Q(text="") | ~models.Q(statement=""),
            ),
            models.CheckConstraint(
                name="correction_decided_by_somebody",
                condition=models.Q(state="open", decided_by=None, decided_at=None)
                | models.Q(
                    state__in=["accepted", "declined"], decided_by__isnull=False, decided_at__isnull=False
                ),
            ),
        ]
        indexes = [models.Index(fields=["origin", "sent_at"]), models.Index(fields=["state", "sent_at"])]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.state}"
