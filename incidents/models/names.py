"""Names that reports use and the vocabulary lacks: until a person says what they stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models

from incidents.bulk import upsert
from incidents.choices import choices
from incidents.reports import NewName
from nlp.document import EntityKind


class UnknownName(models.Model):
    """A name or code that a report uses and the vocabulary lacks: kept for review, never dropped.

    `slug` is what it is called by until a person says what it stands for. Replaced with its report.
    """

    report = models.ForeignKey("incidents.Report", models.CASCADE, related_name="unknown_names")
    kind = models.CharField(max_length=20, choices=choices(EntityKind))
    slug = models.CharField(max_length=220, help_text="of a provider's code with its owner: aws:newservice")
    name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "kind", "slug"], name="unknown_name_once_a_report")
        ]
        indexes = [models.Index(fields=["kind", "slug"])]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """By which verdicts name it: it lasts, whatever becomes of the row."""
        return f"{self.kind}:{self.slug}"


def store_names(used: Mapping[Any, Sequence[NewName]]) -> None:
    """Write the unknown names of each of these reports; those that it uses no more go."""
    rows = [
        UnknownName(report=report, kind=name.kind, slug=name.slug, name=name.name)
        for report, names in used.items()
        for name in names
    ]
    unique = ["report", "kind", "slug"]
    upsert(UnknownName.objects, rows, unique=unique, columns=["name"])
    stored = UnknownName.objects.filter(report__in=used)
    stored.exclude(pk__in=[row.pk for row in rows]).delete()
