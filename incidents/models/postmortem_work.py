"""The work on a post-mortem: its revisions, comments and reviews, its pictures, and what it proposed."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from incidents.models.postmortems import Postmortem, Section
from incidents.models.queue import Correction
from incidents.postmortems.choices import ReviewVerdict


class Revision(models.Model):
    """One change of one part, whole as it stood afterwards. `before` is the change that it followed.

    `part` is `facts`, `section:12`, `entry:7` or `action:3`; text of sections, YAML of the others. `merged`
    tells that two people had written at once and both texts went in.
    """

    postmortem = models.ForeignKey(Postmortem, models.CASCADE, related_name="revisions")
    part = models.CharField(max_length=40)
    label = models.CharField(max_length=160)
    version = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    is_gone = models.BooleanField(default=False, help_text="the part was removed")
    is_merged = models.BooleanField(default=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["postmortem", "part", "version"], name="postmortem_revision_once")
        ]
        indexes = [models.Index(fields=["postmortem", "-at", "-id"], name="revision_newest")]

    def __str__(self) -> str:
        return f"{self.part} {self.version}"


class Step(models.Model):
    """A change of state or visibility: from draft to withdrawn, who and why."""

    postmortem = models.ForeignKey(Postmortem, models.CASCADE, related_name="steps")
    act = models.CharField(max_length=20)
    state = models.CharField(max_length=10, help_text="the state it led to")
    note = models.TextField(blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.act} by {self.person}"


class Comment(models.Model):
    """A remark on a section, or on the whole; open until somebody resolves it."""

    postmortem = models.ForeignKey(Postmortem, models.CASCADE, related_name="comments")
    section = models.ForeignKey(Section, models.SET_NULL, null=True, blank=True, related_name="comments")
    text = models.TextField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["made_at", "pk"]

    def __str__(self) -> str:
        return self.text[:80]


class Review(models.Model):
    """A reviewer's word on exactly these words: `digest` names them, so an edit makes it void."""

    postmortem = models.ForeignKey(Postmortem, models.CASCADE, related_name="reviews")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=8, choices=ReviewVerdict)
    checklist = models.JSONField(default=list, help_text="the points that were ticked")
    note = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.person} {self.get_verdict_display()}"


class Image(models.Model):
    """A picture, drawn again by us: no byte of what was uploaded is kept."""

    postmortem = models.ForeignKey(Postmortem, models.CASCADE, related_name="images")
    token = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=160, blank=True)
    data = models.BinaryField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["made_at", "pk"]

    def __str__(self) -> str:
        return self.name or self.token


class Proposal(models.Model):
    """A fact changed here and sent to the record's analysts, who decide on it there."""

    postmortem = models.ForeignKey(Postmortem, models.CASCADE, related_name="proposals")
    field = models.CharField(max_length=30)
    value = models.TextField()
    correction = models.ForeignKey(Correction, models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.field} = {self.value}"
