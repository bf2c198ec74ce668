"""What we conclude: incidents and whom they hit. Written by `linking` only, may be drawn again."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.contrib.postgres.search import SearchVector
from django.db import models

from incidents.addresses import address_of
from incidents.choices import EndState, HitGrade, HitStatus, IncidentStatus, choices
from incidents.models.catalogue import Organisation, Provider
from incidents.querysets import DISPUTED, REACH, ImpactQuerySet, IncidentQuerySet
from nlp.document import Cause, Precision, Severity


class Incident(models.Model):
    """An outage of a provider or of an organisation, with the values that are shown for it.

    The row is never deleted and its number never reused. `anchor` is the key of the account that opened it;
    the incident is shown wherever that account is now: `shown_as` is the live number when that is another.
    Regions, services, symptoms and hit organisations are slugs, so that a list is one query.
    """

    slug = models.CharField(max_length=20, unique=True)
    anchor = models.CharField(max_length=600, blank=True, db_index=True)
    shown_as = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="redirects")
    is_withdrawn = models.BooleanField(default=False)
    owner = models.CharField(max_length=140, blank=True, help_text="provider:aws or organisation:coinbase")
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, blank=True, related_name="incidents")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="own_incidents"
    )
    title = models.TextField(blank=True)
    summary = models.TextField(blank=True)
    severity = models.CharField(max_length=12, choices=choices(Severity), default=Severity.UNKNOWN)
    severity_word = models.CharField(max_length=80, blank=True)
    status = models.CharField(max_length=16, choices=IncidentStatus, default=IncidentStatus.UNKNOWN)
    cause = models.CharField(max_length=24, choices=choices(Cause), default=Cause.UNKNOWN)
    started_at = models.DateTimeField(null=True, blank=True)
    start_precision = models.CharField(max_length=10, choices=choices(Precision), blank=True)
    start_is_bound = models.BooleanField(default=False, help_text="only known to be no later than this")
    ended_at = models.DateTimeField(null=True, blank=True)
    end_precision = models.CharField(max_length=10, choices=choices(Precision), blank=True)
    end_state = models.CharField(max_length=10, choices=EndState, default=EndState.UNKNOWN)
    window = DateTimeRangeField(null=True, blank=True)
    first_public_at = models.DateTimeField(null=True, blank=True)
    is_maintenance = models.BooleanField(default=False)
    regions = ArrayField(models.CharField(max_length=80), default=list)
    services = ArrayField(models.CharField(max_length=120), default=list)
    symptoms = ArrayField(models.CharField(max_length=20), default=list)
    hit = ArrayField(models.CharField(max_length=50), default=list, help_text="organisations shown as hit")
    report_count = models.PositiveIntegerField(default=0)
    publisher_count = models.PositiveIntegerField(default=0)
    shown = models.JSONField(default=dict, help_text="each shown value with publishers for and against")
    opened_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="incident_ends_after_it_starts",
                condition=models.Q(ended_at=None)
                | models.Q(started_at=None)
                | models.Q(ended_at__gte=models.F("started_at")),
            ),
            models.CheckConstraint(
                name="incident_end_time_only_where_known",
                condition=models.Q(end_state__in=["known", "bounded"], ended_at__isnull=False)
                | models.Q(end_state__in=["unknown", "ongoing"], ended_at=None),
            ),
        ]
        indexes = [
            models.Index(fields=["-started_at", "-id"]),
            models.Index(fields=["provider", "-started_at", "-id"], name="incident_of_provider"),
            models.Index(fields=["organisation", "-started_at", "-id"], name="incident_of_organisation"),
            models.Index(fields=["-changed_at"]),
            models.Index(
                fields=["started_at"], condition=models.Q(end_state="ongoing"), name="incident_ongoing"
            ),
            models.Index(fields=["-started_at"], condition=~models.Q(hit=[]), name="incident_reaching"),
            models.Index(
                REACH.desc(), models.F("id").desc(), condition=~models.Q(hit=[]), name="incident_widest"
            ),
            GistIndex(fields=["window"]),
            GinIndex(SearchVector("title", "summary", config="english"), name="incident_words"),
            GinIndex(fields=["regions"]),
            GinIndex(fields=["services"]),
            GinIndex(fields=["hit"]),
            models.Index(fields=["id"], condition=models.Q(DISPUTED), name="incident_disputed"),
        ]

    def __str__(self) -> str:
        return f"{self.slug} {self.title}"

    def get_absolute_url(self) -> str:
        return address_of("detail", self.slug)

    @property
    def is_live(self) -> bool:
        """False for a number that redirects to another or has no account left."""
        return self.shown_as_id is None and not self.is_withdrawn


class Impact(models.Model):
    """A provider's incident reached an organisation: with what evidence, and what stands of it."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="impacts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="impacts")
    own_incident = models.ForeignKey(
        Incident, models.SET_NULL, null=True, blank=True, related_name="upstream_impacts"
    )
    grade = models.CharField(max_length=24, choices=HitGrade)
    status = models.CharField(max_length=10, choices=HitStatus)
    impairments = ArrayField(models.CharField(max_length=20), default=list)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reasons = models.JSONField(default=list)
    shown = models.JSONField(default=dict)

    objects = ImpactQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "organisation"], name="impact_once")]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(status="candidate"), name="impact_candidate")
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} -> {self.organisation_id} ({self.grade})"
