"""Who says things, and what can break: filled from the vocabulary and the catalogue."""

from __future__ import annotations

from django.db import models

from incidents.addresses import address_of
from incidents.choices import (
    Confidence,
    OrganisationKind,
    ProofGrade,
    PublisherKind,
    Relation,
    SourceState,
    choices,
)
from incidents.querysets import DependencyQuerySet
from nlp.document import EntityKind, Precision


class Provider(models.Model):
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    url = models.URLField(blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address_of("provider", self.slug)


class Region(models.Model):
    """A provider's region. The slug carries its owner: `aws:us-east-1`; zones fold into it."""

    slug = models.CharField(max_length=80, unique=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="regions")
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    city = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166-1 alpha-2")

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address_of("region", self.slug)


class Service(models.Model):
    slug = models.CharField(max_length=120, unique=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="services")
    name = models.CharField(max_length=160)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address_of("service", self.slug)


class Organisation(models.Model):
    """An exchange, broker, wallet, data or infrastructure service that stands on providers."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=OrganisationKind)
    status_url = models.URLField(blank=True)
    notes = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address_of("organisation", self.slug)


class Alias(models.Model):
    """Another spelling, a short form or a former name of a named thing."""

    kind = models.CharField(max_length=20, choices=choices(EntityKind))
    slug = models.CharField(max_length=120)
    name = models.CharField(max_length=160)
    folded = models.CharField(max_length=160, help_text="lower case, without punctuation")

    class Meta:
        verbose_name_plural = "aliases"
        constraints = [models.UniqueConstraint(fields=["kind", "slug", "folded"], name="alias_once")]
        indexes = [models.Index(fields=["folded"])]

    def __str__(self) -> str:
        return self.name


class Source(models.Model):
    """A publisher's voice: every claim names one. Its rank follows from who speaks; its health from reading.

    `publisher` is what independence is counted by: two sources of one publisher are one witness.
    `lists_only_open`: an item that is no longer listed was over by then.
    """

    slug = models.SlugField(unique=True, max_length=80)
    name = models.CharField(max_length=160)
    publisher = models.CharField(max_length=160)
    publisher_kind = models.CharField(max_length=20, choices=PublisherKind)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, blank=True, related_name="sources")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="sources"
    )
    url = models.URLField(max_length=500, blank=True)
    lists_only_open = models.BooleanField(default=False)
    state = models.CharField(max_length=20, choices=SourceState, default=SourceState.NEVER_READ)
    state_reason = models.TextField(blank=True)
    interval = models.DurationField(null=True, blank=True, help_text="how often it is read")
    last_read_at = models.DateTimeField(null=True, blank=True, help_text="last time that it could be read")
    last_changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name

    @property
    def speaker(self) -> str:
        """Whom the source speaks for. The press speaks for nobody, whatever it is about."""
        if self.publisher_kind == PublisherKind.ORGANISATION and self.organisation:
            return f"organisation:{self.organisation.slug}"
        if self.publisher_kind == PublisherKind.PROVIDER and self.provider:
            return f"provider:{self.provider.slug}"
        return ""


class Dependency(models.Model):
    """An edge: what an organisation stands on. Without a proof there is no edge.

    Exactly one of the four targets is set. Edges of one organisation with the same `redundancy_group` are
    an *any of* group: one of them is enough.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="dependencies")
    relation = models.CharField(max_length=20, choices=Relation)
    on_provider = models.ForeignKey(Provider, models.CASCADE, null=True, blank=True, related_name="carries")
    on_region = models.ForeignKey(Region, models.CASCADE, null=True, blank=True, related_name="carries")
    on_service = models.ForeignKey(Service, models.CASCADE, null=True, blank=True, related_name="carries")
    on_organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="carries"
    )
    target = models.CharField(max_length=140, help_text="kind:slug of the one target that is set")
    redundancy_group = models.CharField(max_length=60, blank=True)
    ended_on = models.DateField(null=True, blank=True, help_text="stated day of leaving")
    ended_precision = models.CharField(max_length=10, choices=choices(Precision), blank=True)
    ended_by = models.CharField(
        max_length=500, blank=True, help_text="key of the report that states it; empty: the catalogue"
    )
    note = models.TextField(blank=True)

    objects = DependencyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "dependencies"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "relation", "target"], name="dependency_once"),
            models.CheckConstraint(
                name="dependency_has_one_target",
                condition=models.Q(
                    on_provider__isnull=False, on_region=None, on_service=None, on_organisation=None
                )
                | models.Q(on_region__isnull=False, on_provider=None, on_service=None, on_organisation=None)
                | models.Q(on_service__isnull=False, on_provider=None, on_region=None, on_organisation=None)
                | models.Q(on_organisation__isnull=False, on_provider=None, on_region=None, on_service=None),
            ),
            models.CheckConstraint(
                name="dependency_not_on_itself",
                condition=~models.Q(on_organisation=models.F("organisation"))
                | models.Q(on_organisation=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.relation} {self.target}"


class Proof(models.Model):
    """What proves an edge: one per publisher and event or page. Counts from `known_at` on."""

    dependency = models.ForeignKey(Dependency, models.CASCADE, related_name="proofs")
    publisher = models.CharField(max_length=160)
    about = models.CharField(max_length=200, help_text="key of the event or page: at most one proof for each")
    grade = models.CharField(max_length=20, choices=ProofGrade)
    confidence = models.CharField(max_length=10, choices=Confidence, blank=True)
    url = models.URLField(max_length=1000, blank=True)
    sentence = models.TextField(blank=True)
    about_from = models.DateField(null=True, blank=True)
    about_to = models.DateField(null=True, blank=True)
    precision = models.CharField(max_length=10, choices=choices(Precision), blank=True)
    known_at = models.DateTimeField(null=True, blank=True, help_text="when it could be known; empty: undated")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dependency", "publisher", "about"], name="proof_once_a_publisher_and_event"
            )
        ]

    def __str__(self) -> str:
        return f"{self.publisher}: {self.about}"
