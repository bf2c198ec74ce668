"""What was said: reports as they came, their accounts and claims. Nothing here is edited by hand."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.db import models

from incidents.models.catalogue import Source
from incidents.models.choices import choices
from incidents.querysets import ClaimQuerySet, PostQuerySet, ReportQuerySet
from nlp.document import DocumentKind, Field, Origin, Precision, Relevance


class Report(models.Model):
    """One publication. Three kinds of time: what it tells of is in its claims, `published_at` is when it was
    said, `first_seen_at` when we first had it.
    """

    key = models.CharField(max_length=500, unique=True)
    source = models.ForeignKey(Source, models.PROTECT, related_name="reports")
    kind = models.CharField(max_length=20, choices=choices(DocumentKind))
    url = models.URLField(max_length=1000, blank=True)
    title = models.TextField(blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    modified_at = models.DateTimeField(null=True, blank=True)
    first_seen_at = models.DateTimeField()
    captured_at = models.DateTimeField(help_text="when the newest stored state was seen")
    is_read = models.BooleanField(default=True, help_text="False: a page that somebody cites and nobody read")
    is_maintenance = models.BooleanField(default=False)
    extractor = models.CharField(max_length=40, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-published_at"])]

    def __str__(self) -> str:
        return self.title or self.key


class Post(models.Model):
    """One wording of one post. A reworded post is a new revision; the earlier one gets `gone_at`."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="posts")
    ref = models.CharField(max_length=200)
    revision = models.PositiveIntegerField(default=1)
    position = models.PositiveIntegerField(help_text="order within the report, first post is 0")
    text = models.TextField()
    status = models.CharField(max_length=60, blank=True, help_text="the source's own word")
    said_at = models.DateTimeField(null=True, blank=True)
    precision = models.CharField(max_length=10, choices=choices(Precision), default=Precision.MINUTE)
    seen_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["report", "position", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["report", "ref", "revision"], name="post_revision_once")
        ]

    def __str__(self) -> str:
        return f"{self.ref} r{self.revision}"


class Account(models.Model):
    """A report's part about one incident. The row lasts as long as its key; its claims are replaced whole.

    `owner` is `provider:aws` or `organisation:coinbase`. `profile` holds what `same_outage` looks at.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="accounts")
    key = models.CharField(max_length=600, unique=True)
    slot = models.CharField(max_length=120, blank=True)
    is_strong = models.BooleanField()
    relevance = models.CharField(max_length=20, choices=choices(Relevance))
    owner = models.CharField(max_length=140, blank=True)
    window = DateTimeRangeField(null=True, blank=True, help_text="for finding neighbours: bounds included")
    tokens = ArrayField(models.CharField(max_length=300), default=list, help_text="native ids and links")
    profile = models.JSONField(default=dict)
    incident = models.ForeignKey(
        "incidents.Incident", models.SET_NULL, null=True, blank=True, related_name="accounts"
    )

    class Meta:
        indexes = [
            GistIndex(fields=["window"]),
            GinIndex(fields=["tokens"]),
            models.Index(fields=["owner"]),
        ]

    def __str__(self) -> str:
        return self.key


class Claim(models.Model):
    """One fact that one account states, or that a person states of an incident.

    `start` and `end` are offsets into `post.text` of the sentence that proves it, or into the report's title
    where `post` is empty; `path` names a structured field instead. `seen_at` is when it was public, `gone_at`
    when a later revision no longer said so.
    """

    account = models.ForeignKey(Account, models.CASCADE, null=True, blank=True, related_name="claims")
    incident = models.ForeignKey(
        "incidents.Incident", models.CASCADE, null=True, blank=True, related_name="persons_claims"
    )
    person = models.ForeignKey("incidents.User", models.PROTECT, null=True, blank=True, related_name="claims")
    subject = models.CharField(max_length=140, default="incident")
    field = models.CharField(max_length=30, choices=choices(Field))
    value = models.TextField()
    key = models.TextField()
    precision = models.CharField(max_length=10, choices=choices(Precision), blank=True)
    post = models.ForeignKey(Post, models.CASCADE, null=True, blank=True, related_name="claims")
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    path = models.CharField(max_length=300, blank=True)
    origin = models.CharField(max_length=12, choices=choices(Origin))
    rule = models.CharField(max_length=80)
    extractor = models.CharField(max_length=40, blank=True)
    confidence = models.FloatField(default=1.0)
    reason = models.TextField(blank=True, help_text="a person's reason")
    seen_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="claim_of_an_account_or_a_person",
                condition=models.Q(account__isnull=False, incident=None, person=None)
                | models.Q(account=None, incident__isnull=False, person__isnull=False),
            ),
            models.CheckConstraint(
                name="claim_confidence_is_a_share",
                condition=models.Q(confidence__gte=0, confidence__lte=1),
            ),
            models.CheckConstraint(
                name="claim_gone_after_seen",
                condition=models.Q(gone_at=None) | models.Q(gone_at__gte=models.F("seen_at")),
            ),
        ]
        indexes = [models.Index(fields=["field", "subject"])]

    def __str__(self) -> str:
        return f"{self.subject} {self.field} = {self.key}"
