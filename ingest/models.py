"""Where bytes come from and what they were: feeds, payloads, and each revision of each item."""

from __future__ import annotations

from typing import Any, Self

from django.db import models

from incidents.models import Source


class Feed(models.Model):
    """The address and kind of a source, with what polling it needs to remember. Without address: an archive."""

    source = models.OneToOneField(Source, models.CASCADE, related_name="feed")
    kind = models.CharField(max_length=30)
    url = models.URLField(max_length=1000, blank=True)
    is_enabled = models.BooleanField(default=True)
    etag = models.CharField(max_length=500, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    body_hash = models.CharField(max_length=64, blank=True)
    due_at = models.DateTimeField(null=True, blank=True, db_index=True)
    failures = models.PositiveIntegerField(default=0, help_text="in a row")

    def __str__(self) -> str:
        return f"{self.source_id} ({self.kind})"


class Payload(models.Model):
    """One body as it came. Kept whole where it brought something new."""

    feed = models.ForeignKey(Feed, models.CASCADE, related_name="payloads")
    body = models.BinaryField(null=True, blank=True)
    body_hash = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    captured_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    unusable = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["feed", "body_hash", "captured_at"], name="payload_once")
        ]

    def __str__(self) -> str:
        return f"{self.feed_id} {self.captured_at:%Y-%m-%d %H:%M}"


class RawItemQuerySet(models.QuerySet[Any]):
    def waiting(self) -> Self:
        """Items whose report is not drawn from all their revisions yet, oldest first."""
        return self.filter(state="waiting").order_by("pk")


class RawItem(models.Model):
    """One revision of one item as published, by the report's key. Rows are never changed but for `state`."""

    feed = models.ForeignKey(Feed, models.CASCADE, related_name="items")
    key = models.CharField(max_length=500, db_index=True)
    raw = models.TextField()
    raw_hash = models.CharField(max_length=64)
    modified_at = models.DateTimeField(null=True, blank=True)
    captured_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="waiting")
    attempts = models.PositiveIntegerField(default=0)
    trouble = models.TextField(blank=True)

    objects = RawItemQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "raw_hash"], name="revision_once")]

    def __str__(self) -> str:
        return self.key
