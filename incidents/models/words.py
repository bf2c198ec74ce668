"""What the search finds incidents by: written by `searching.indexing` from what the incidents tell."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from incidents.models.incidents import Incident


class IncidentWords(models.Model):
    """The words of one incident: its title first, then the names of what it touched, then its posts.

    `started_at` is the incident's, so that the newest of many matches are found by one index. `as_of` is the
    incident's `changed_at` when its words were drawn.
    """

    incident = models.OneToOneField(Incident, models.CASCADE, primary_key=True, related_name="words")
    told = SearchVectorField()
    started_at = models.DateTimeField(null=True)
    as_of = models.DateTimeField()

    class Meta:
        verbose_name_plural = "incident words"
        indexes = [
            GinIndex(fields=["told"], name="words_told"),
            models.Index(
                models.F("started_at").desc(nulls_last=True), models.F("incident").desc(), name="words_newest"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} as of {self.as_of:%Y-%m-%d %H:%M:%S}"
