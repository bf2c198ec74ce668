"""Who wants to be told of what: a filter, a way to be told, and what was told."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from incidents.models.incidents import Incident
from incidents.models.people import User


class Channel(models.TextChoices):
    EMAIL = "email", "email"
    WEBHOOK = "webhook", "webhook"


class WatchQuerySet(models.QuerySet["Watch"]):
    def active(self) -> models.QuerySet[Watch]:
        return self.filter(stopped_at=None, person__is_active=True)


class Watch(models.Model):
    """A filter of the incident list that somebody is told of.

    `query` is the filter as it stands in an address. Both secrets sign a webhook's messages while the former
    one is being replaced. `looked_at`: what changed until then has been told.
    """

    person = models.ForeignKey(User, models.CASCADE, related_name="watches")
    name = models.CharField(max_length=120)
    query = models.TextField(blank=True)
    channel = models.CharField(max_length=10, choices=Channel)
    url = models.URLField(max_length=1000, blank=True, help_text="of a webhook")
    secret = models.CharField(max_length=100, blank=True)
    former_secret = models.CharField(max_length=100, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    looked_at = models.DateTimeField(default=timezone.now)
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_because = models.TextField(blank=True)

    objects = WatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "watches"
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="watch_webhook_has_address_and_secret",
                condition=models.Q(channel="email", url="") | ~models.Q(url="") & ~models.Q(secret=""),
            )
        ]

    def __str__(self) -> str:
        return self.name


class NoticeQuerySet(models.QuerySet["Notice"]):
    def due(self, now: object) -> models.QuerySet[Notice]:
        """To be sent by then, longest due first."""
        return self.filter(due_at__lte=now, watch__stopped_at=None).order_by("due_at", "pk")


class Notice(models.Model):
    """One message to one watch: written with what it tells, sent by a worker, tried again until given up.

    `state` is what was told, so that only a change of it is told again. `due_at` is empty once nothing is
    to be done. Without incident it is a test. A silent one was never sent: it says how things stood when the
    watch began.
    """

    watch = models.ForeignKey(Watch, models.CASCADE, related_name="notices")
    incident = models.ForeignKey(Incident, models.CASCADE, null=True, blank=True, related_name="notices")
    state = models.CharField(max_length=80, blank=True)
    message = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    is_silent = models.BooleanField(default=False)
    trouble = models.TextField(blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [
            models.Index(
                fields=["due_at", "id"], name="notice_due", condition=models.Q(due_at__isnull=False)
            ),
            models.Index(fields=["watch", "incident", "-id"], name="notice_of_incident"),
        ]

    def __str__(self) -> str:
        return f"{self.watch_id}: {self.state}"

    @property
    def outcome(self) -> str:
        """In words, for its owner."""
        if self.sent_at:
            return "sent"
        if self.due_at is None:
            return "given up"
        return "waits for its next attempt" if self.attempts else "waits"
