"""Where bytes come from and what they were: feeds, payloads, and each revision of each item."""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from incidents.choices import SourceState
from incidents.models import Source

USUAL_INTERVAL = timedelta(minutes=5)
TICK = timedelta(seconds=15)
"""How often beat asks what is due."""
LONGEST_LEASE = timedelta(seconds=200)
"""For which a worker may read a feed: a little more than the hard limit of its task."""


class FeedQuerySet(models.QuerySet["Feed"]):
    def fetched(self) -> Self:
        """Feeds with an address that nobody switched off."""
        return self.filter(is_enabled=True).exclude(url="")

    def due(self, at: datetime) -> Self:
        """Feeds to be read by `at`, longest overdue first, but for those that a worker reads just now.

        What falls due before beat asks again counts already: rather early than late. A host that failed or
        asked for patience is given all of it.
        """
        # A lease or a reading that lies ahead tells that the clock went back: neither is believed.
        free = ~models.Q(leased_until__range=(at, at + LONGEST_LEASE)) | models.Q(leased_until=None)
        is_time = models.Q(due_at=None) | models.Q(due_at__lte=at) | models.Q(checked_at__gt=at + TICK)
        is_nearly_time = models.Q(failures=0, due_at__lte=at + TICK)
        due = self.fetched().filter(free, is_time | is_nearly_time)
        return due.order_by(models.F("due_at").asc(nulls_first=True), "pk")


class Feed(models.Model):
    """The address and kind of a source, with what polling it needs to remember. Without address: an archive.

    `queued_until`: a task for it may still be on its way. `leased_until`: a worker reads it. Both run out by
    themselves, so a lost task or worker costs one tick.
    """

    source = models.OneToOneField(Source, models.CASCADE, related_name="feed")
    kind = models.CharField(max_length=30)
    url = models.URLField(max_length=1000, blank=True)
    host = models.GeneratedField(
        expression=Lower(
            models.Func(
                models.F("url"), models.Value("^[A-Za-z]+://([^/?#]*)"), function="substring", arity=2
            )
        ),
        output_field=models.CharField(max_length=1000),
        db_persist=True,
    )
    is_enabled = models.BooleanField(default=True)
    etag = models.CharField(max_length=500, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    body_hash = models.CharField(max_length=64, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True, help_text="last attempt to read it")
    due_at = models.DateTimeField(null=True, blank=True, db_index=True)
    queued_until = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0, help_text="in a row")
    failing_since = models.DateTimeField(null=True, blank=True)
    latency = models.DurationField(null=True, blank=True, help_text="of the last fetch that was answered")
    ttl = models.DurationField(null=True, blank=True, help_text="for how long the feed asks to be left alone")
    item_count = models.PositiveIntegerField(default=0, help_text="items in the last body that could be read")
    had_items_at = models.DateTimeField(null=True, blank=True, help_text="last time that it listed any")
    moved_to = models.URLField(max_length=1000, blank=True, help_text="where permanent redirects lead")
    moved_since = models.DateTimeField(null=True, blank=True)

    objects = FeedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.source_id} ({self.kind})"

    @property
    def interval(self) -> timedelta:
        return self.source.interval or USUAL_INTERVAL


class Host(models.Model):
    """One host and port that we ask: two fetches at once at most, and none while it told us to wait."""

    name = models.CharField(max_length=300, unique=True)
    quiet_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class HostLease(models.Model):
    """One fetch under way at a host. A lease that a killed worker left runs out by itself."""

    host = models.ForeignKey(Host, models.CASCADE, related_name="leases")
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.host_id} until {self.until:%H:%M:%S}"


class Check(models.Model):
    """One attempt to read a feed and what came of it: the history strip. Pruned after a week."""

    feed = models.ForeignKey(Feed, models.CASCADE, related_name="checks")
    at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=SourceState)
    failure = models.CharField(max_length=20, blank=True, help_text="the class of the failure, if it failed")
    reason = models.TextField(blank=True)
    seconds = models.FloatField()
    items = models.PositiveIntegerField(null=True, blank=True)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["feed", "-at"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.state}"


class Payload(models.Model):
    """One body as it came. Kept whole, and for good, where it brought something new; else its hash."""

    feed = models.ForeignKey(Feed, models.CASCADE, related_name="payloads")
    packed = models.BinaryField(null=True, blank=True, help_text="the body, deflated")
    body_hash = models.CharField(max_length=64)
    size = models.PositiveIntegerField(help_text="of the body as it came, in bytes")
    captured_at = models.DateTimeField()
    item_count = models.PositiveIntegerField(default=0)
    read_at = models.DateTimeField(null=True, blank=True)
    unusable = models.JSONField(default=list, help_text="items that could not be read: where and why")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["feed", "body_hash", "captured_at"], name="payload_once")
        ]
        indexes = [models.Index(fields=["feed", "captured_at"])]

    def __str__(self) -> str:
        return f"{self.feed_id} {self.captured_at:%Y-%m-%d %H:%M}"

    @property
    def body(self) -> bytes | None:
        return None if self.packed is None else zlib.decompress(self.packed)

    def keep(self, body: bytes) -> None:
        # Level 1: a megabyte of JSON in 10 ms, a sixth of its size; higher levels cost more than they save.
        self.packed = zlib.compress(body, 1)


class ItemState(models.TextChoices):
    WAITING = "waiting"
    DONE = "done"
    SET_ASIDE = "set-aside", "set aside"


class ItemQuerySet(models.QuerySet["Item"]):
    def waiting(self) -> Self:
        """Items whose report is not drawn from all their revisions yet, longest waiting first."""
        return self.filter(state=ItemState.WAITING).order_by("waiting_since", "pk")

    def set_aside(self) -> Self:
        """Items that could not be read in three attempts; a person must look."""
        return self.filter(state=ItemState.SET_ASIDE).order_by("pk")

    def replay(self) -> int:
        """Let those among them that were set aside be tried again; how many."""
        return self.set_aside().update(
            state=ItemState.WAITING, attempts=0, claimed_until=None, waiting_since=timezone.now()
        )


class Item(models.Model):
    """One item of a publisher by its report's key: all its revisions together are drawn into one report.

    `attempts` is counted before the work starts, so that one which kills its worker is counted as well.
    """

    key = models.CharField(max_length=500, unique=True)
    state = models.CharField(max_length=10, choices=ItemState, default=ItemState.WAITING)
    waiting_since = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    trouble = models.TextField(blank=True, help_text="the traceback of the last attempt that failed")

    objects = ItemQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["waiting_since", "id"], name="item_waiting", condition=models.Q(state="waiting")
            )
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def complaint(self) -> str:
        """The line of the traceback that names the error."""
        lines = [line for line in self.trouble.splitlines() if line[:1].strip()]
        return lines[-1] if lines else ""


class ItemAlias(models.Model):
    """What another schema of the publisher knows an item by: items that share one are one item."""

    token = models.CharField(max_length=500, unique=True)
    item = models.ForeignKey(Item, models.CASCADE, related_name="aliases")

    class Meta:
        verbose_name_plural = "item aliases"

    def __str__(self) -> str:
        return self.token


class RawItem(models.Model):
    """One revision of one item as published: a body of the feed's kind that holds this item alone.

    `captured_at` is the earliest time at which anybody saw this revision; an older archive may lower it.
    """

    item = models.ForeignKey(Item, models.CASCADE, related_name="revisions")
    feed = models.ForeignKey(Feed, models.CASCADE, related_name="items")
    payload = models.ForeignKey(Payload, models.SET_NULL, null=True, blank=True, related_name="items")
    raw = models.TextField()
    raw_hash = models.CharField(max_length=64)
    modified_at = models.DateTimeField(null=True, blank=True)
    captured_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "raw_hash"], name="revision_once")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.captured_at:%Y-%m-%d %H:%M}"


class Listing(models.Model):
    """When a source that lists only what is open last listed an item, and since when it does not."""

    feed = models.ForeignKey(Feed, models.CASCADE, related_name="listings")
    item = models.ForeignKey(Item, models.CASCADE, related_name="listings")
    listed_at = models.DateTimeField()
    absent_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["feed", "item"], name="listing_once")]

    def __str__(self) -> str:
        return f"{self.item_id} in {self.feed_id}"


class Heartbeat(models.Model):
    """Written by a worker when beat asks: proof that beat, broker, worker and database reach each other."""

    name = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"
