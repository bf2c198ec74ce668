"""Distributions and shares over the whole record, written by `insights.drawing`: no page works them out."""

from __future__ import annotations

from django.db import models


class Insight(models.Model):
    """One table: its rows as `insights.tables` says of this name."""

    name = models.CharField(max_length=40, unique=True)
    rows = models.JSONField()
    as_of = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} as of {self.as_of:%Y-%m-%d %H:%M:%S}"
