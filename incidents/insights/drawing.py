"""Draws the tables of `tables` from the record, in a worker."""

from __future__ import annotations

from django.db import connection, transaction
from django.utils import timezone

from incidents.insights.tables import TABLES
from incidents.models import Insight


@transaction.atomic
def draw_insights() -> None:
    """Draw all tables from one state of the record. Twice at once is harmless: both draw the same."""
    now = timezone.now()
    rows = []
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(table.query)
            found = [list(row) for row in cursor.fetchall()]
            rows.append(Insight(name=table.name, rows=found, as_of=now))
    Insight.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["name"], update_fields=["rows", "as_of"]
    )
    Insight.objects.exclude(name__in=[table.name for table in TABLES]).delete()
