"""Writes what is shown: Incident rows from what is told of them. Only `linking` calls it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Max, Min
from django.db.models.functions import Lower, Upper
from django.utils import timezone

from incidents.bulk import rewrite
from incidents.choices import EndState
from incidents.choosing import as_json
from incidents.concluding import Shown, conclude
from incidents.impacts import draw_impacts
from incidents.models import Account, Incident
from incidents.recalling import recall

BATCH = 500
"""Incidents whose claims are held in memory at once."""
COLUMNS = (
    *("title", "severity", "severity_word", "status", "cause", "is_maintenance", "first_public_at"),
    *("started_at", "start_precision", "start_is_bound", "ended_at", "end_precision", "end_state", "window"),
    *("regions", "services", "symptoms", "report_count", "publisher_count", "shown"),
)

Span = tuple[datetime | None, datetime | None]


def draw(incidents: Collection[int], now: datetime | None = None) -> set[int]:
    """Conclude these live incidents again and store what is shown; the ids of those whose row changed."""
    now = now or timezone.now()
    changed: set[int] = set()
    for batch in in_batches(sorted(incidents), BATCH):
        rows = list(Incident.objects.filter(pk__in=batch))
        told, spans = recall(rows, now), spans_of(batch)
        different = [row for row in rows if put(row, conclude(told[row.pk]), spans[row.pk])]
        for row in different:
            row.changed_at = now
        rewrite(Incident.objects, different, [*COLUMNS, "changed_at"])
        changed |= {row.pk for row in different}
    for batch in in_batches(sorted(incidents), BATCH):
        changed |= draw_impacts(batch, now)
    return changed


def in_batches(items: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def spans_of(incidents: Collection[int]) -> dict[int, Span]:
    """By incident: from when to when its accounts tell of."""
    rows = Account.objects.filter(incident__in=incidents, is_gone=False).values("incident_id")
    spans = rows.annotate(first=Min(Lower("window")), last=Max(Upper("window")))
    return {row["incident_id"]: (row["first"], row["last"]) for row in spans}


def put(row: Incident, shown: Shown, span: Span) -> bool:
    """Write the shown values into the row; whether any differs from what stood there."""
    values: dict[str, Any] = {
        "title": shown.title,
        "severity": shown.severity,
        "severity_word": shown.severity_word,
        "status": shown.status,
        "cause": shown.cause,
        "is_maintenance": shown.is_maintenance,
        "first_public_at": shown.first_public_at,
        "started_at": shown.started_at,
        "start_precision": shown.start_precision or "",
        "start_is_bound": shown.start_is_bound,
        "ended_at": shown.end.at,
        "end_precision": shown.end.precision or "",
        "end_state": shown.end.state,
        "window": window_of(shown, span),
        "regions": list(shown.regions),
        "services": list(shown.services),
        "symptoms": list(shown.symptoms),
        "report_count": shown.report_count,
        "publisher_count": shown.publisher_count,
        "shown": {"values": [as_json(value) for value in shown.values]},
    }
    different = {name for name, value in values.items() if getattr(row, name) != value}
    for name in different:
        setattr(row, name, values[name])
    return bool(different)


def window_of(shown: Shown, span: Span) -> DateTimeTZRange | None:
    """When it went on, for finding it: without an end while it does, else to the last that is told of it."""
    first, last = span
    start = min((at for at in (shown.started_at, first) if at), default=None)
    if start is None:
        return None
    if shown.end.state == EndState.ONGOING:
        return DateTimeTZRange(shown.started_at or start, None, "[)")
    if shown.end.at and shown.started_at:
        return DateTimeTZRange(shown.started_at, max(shown.end.at, shown.started_at), "[]")
    begin = shown.started_at or start
    return DateTimeTZRange(begin, max(at for at in (begin, shown.end.at, last) if at), "[]")
