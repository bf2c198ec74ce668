"""Post-mortems as their teams write them: the working copy, its parts, and what was published of it.

Readers see publications only, word for word as somebody else than the authors has approved them; the rows
here may be ahead of that.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.urls import reverse

from incidents.auditing import audited
from incidents.choices import choices
from incidents.models.incidents import Incident
from incidents.models.people import Team, User
from incidents.postmortems.choices import (
    ActionState,
    ActionType,
    EntryKind,
    Priority,
    SectionKind,
    State,
    Visibility,
)
from incidents.postmortems.querysets import (
    WORDS,
    ActionQuerySet,
    PostmortemQuerySet,
    PublicationQuerySet,
    TemplateQuerySet,
)
from nlp.document import Cause, Precision, Severity


class Template(models.Model):
    """Which sections a new post-mortem starts with. `sections` lists kind, heading and help in order."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    about = models.CharField(max_length=300)
    position = models.PositiveSmallIntegerField(default=0)
    is_offered = models.BooleanField(default=True)

    objects = TemplateQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class TemplateSection(models.Model):
    """One section of a template: what it asks, and the help that stands there until somebody writes."""

    template = models.ForeignKey(Template, models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=24, choices=SectionKind)
    heading = models.CharField(max_length=120)
    help = models.TextField(blank=True)
    is_optional = models.BooleanField(default=False)

    class Meta:
        ordering = ["template", "position"]
        constraints = [models.UniqueConstraint(fields=["template", "position"], name="template_section_once")]

    def __str__(self) -> str:
        return self.heading


class Facts(models.Model):
    """What is known of an outage in single values; `*_at` with the precision of the start and the end."""

    title = models.CharField(max_length=200)
    severity = models.CharField(max_length=12, choices=choices(Severity), default=Severity.UNKNOWN)
    cause = models.CharField(max_length=24, choices=choices(Cause), default=Cause.UNKNOWN)
    started_at = models.DateTimeField(null=True, blank=True)
    start_precision = models.CharField(max_length=10, choices=choices(Precision), default=Precision.MINUTE)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_precision = models.CharField(max_length=10, choices=choices(Precision), default=Precision.MINUTE)
    detected_at = models.DateTimeField(null=True, blank=True, help_text="when those concerned first knew")
    company = models.CharField(max_length=160, blank=True)
    product = models.CharField(max_length=160, blank=True)
    categories = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    keywords = ArrayField(models.CharField(max_length=120), default=list, blank=True)

    class Meta:
        abstract = True


@audited("slug", "team", "title", "state", "visibility", "publication", "withdrawn_because")
class Postmortem(Facts):
    """The working copy. `version` counts changes of the facts; each section, entry and action has its own."""

    slug = models.SlugField(max_length=120, unique=True)
    uid = models.UUIDField(default=uuid.uuid4, help_text="names it in files, here and elsewhere")
    team = models.ForeignKey(Team, models.PROTECT, related_name="postmortems")
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, blank=True, related_name="postmortems")
    template = models.ForeignKey(Template, models.SET_NULL, null=True, blank=True, related_name="+")
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.PRIVATE)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    authors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="postmortems", blank=True)
    credits = ArrayField(
        models.CharField(max_length=120), default=list, blank=True, help_text="authors without a login"
    )
    url = models.CharField(max_length=1000, blank=True, help_text="where it was published before")
    archive_url = models.CharField(max_length=1000, blank=True)
    origin = models.JSONField(default=dict, blank=True, help_text="what an imported file told besides")
    drawn = models.JSONField(default=dict, blank=True, help_text="facts as the record told them at filing")
    version = models.PositiveIntegerField(default=1)
    publication = models.OneToOneField(
        "incidents.Publication", models.PROTECT, null=True, blank=True, related_name="current_of"
    )
    withdrawn_because = models.TextField(blank=True)
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    filed_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    shown_at = models.DateTimeField(
        null=True, blank=True, help_text="when what readers see of it last changed"
    )

    objects = PostmortemQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["team", "uid"], name="postmortem_uid_once_a_team"),
            models.CheckConstraint(
                name="postmortem_out_has_publication",
                condition=models.Q(state__in=["draft", "in-review"], publication=None)
                | models.Q(state__in=["published", "amended", "withdrawn"], publication__isnull=False),
            ),
            models.CheckConstraint(
                name="postmortem_ends_after_it_starts",
                condition=models.Q(ended_at=None)
                | models.Q(started_at=None)
                | models.Q(ended_at__gte=models.F("started_at")),
            ),
            models.CheckConstraint(
                name="postmortem_withdrawn_with_a_reason",
                condition=~models.Q(state="withdrawn") | ~models.Q(withdrawn_because=""),
            ),
        ]
        indexes = [
            models.Index(fields=["team", "state", "-changed_at"], name="postmortem_of_team"),
            models.Index(fields=["-shown_at"], name="postmortem_shown"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("postmortems:read", args=[self.slug])

    @property
    def is_out(self) -> bool:
        return self.state in (State.PUBLISHED, State.AMENDED)

    def is_by(self, person: User) -> bool:
        """Wrote a word of it, or brought it in: the words of a file are nobody else's to answer for."""
        return self.filed_by_id == person.pk or self.authors.filter(pk=person.pk).exists()


class Section(models.Model):
    """A part of the text. `drawn` is what the record filled in: so machine text can be told from ours."""

    postmortem = models.ForeignKey(Postmortem, models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=24, choices=SectionKind)
    heading = models.CharField(max_length=120)
    help = models.TextField(blank=True)
    is_optional = models.BooleanField(default=False)
    body = models.TextField(blank=True)
    drawn = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["postmortem", "position", "pk"]
        indexes = [models.Index(fields=["postmortem", "position"], name="section_in_order")]

    def __str__(self) -> str:
        return self.heading

    @property
    def anchor(self) -> str:
        return f"{self.kind}-{self.pk}"

    @property
    def is_drawn(self) -> bool:
        """Nobody has touched what the record filled in."""
        return bool(self.drawn) and self.body == self.drawn


class TimelineEntry(models.Model):
    """A moment, with what proves it: the key of a report and the post in it, which outlast every re-run."""

    postmortem = models.ForeignKey(Postmortem, models.CASCADE, related_name="entries")
    at = models.DateTimeField(null=True, blank=True)
    precision = models.CharField(max_length=10, choices=choices(Precision), default=Precision.MINUTE)
    position = models.IntegerField(default=0, help_text="order among entries of the same time")
    kind = models.CharField(max_length=12, choices=EntryKind, default=EntryKind.EVENT)
    text = models.TextField()
    is_star = models.BooleanField(default=False)
    report_key = models.CharField(max_length=500, blank=True)
    post_ref = models.CharField(max_length=200, blank=True)
    publisher = models.CharField(max_length=160, blank=True)
    url = models.CharField(max_length=1000, blank=True)
    is_drawn = models.BooleanField(default=False, help_text="as the record filled it in")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = [models.F("at").asc(nulls_last=True), "position", "pk"]
        indexes = [models.Index(fields=["postmortem", "at", "position"], name="entry_in_order")]

    def __str__(self) -> str:
        return self.text[:80]


class ActionItem(models.Model):
    """What is to be done, by whom, by when."""

    postmortem = models.ForeignKey(Postmortem, models.CASCADE, related_name="actions")
    position = models.IntegerField(default=0)
    text = models.TextField()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="actions"
    )
    owner_name = models.CharField(max_length=120, blank=True, help_text="an owner without a login")
    due = models.DateField(null=True, blank=True)
    type = models.CharField(max_length=10, choices=ActionType, default=ActionType.PREVENT)
    priority = models.CharField(max_length=8, choices=Priority, default=Priority.MEDIUM)
    state = models.CharField(max_length=12, choices=ActionState, default=ActionState.OPEN)
    link = models.CharField(max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["postmortem", "position", "pk"]
        indexes = [
            models.Index(fields=["state", "due"], name="action_due"),
            models.Index(fields=["owner", "state", "due"], name="action_of_owner"),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class Publication(Facts):
    """What readers were given, whole: `document` as it was approved, `rendered` as it is shown."""

    postmortem = models.ForeignKey(Postmortem, models.CASCADE, related_name="publications")
    number = models.PositiveIntegerField()
    summary = models.TextField(blank=True)
    words = models.TextField(blank=True, help_text="all its text, for searching")
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    rendered = models.JSONField(default=list)
    note = models.TextField(blank=True, help_text="of an amendment: what changed, and why")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["postmortem", "number"]
        constraints = [models.UniqueConstraint(fields=["postmortem", "number"], name="publication_once")]
        indexes = [
            GinIndex(WORDS, name="publication_words"),
            models.Index(fields=["-started_at", "-id"], name="publication_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"
