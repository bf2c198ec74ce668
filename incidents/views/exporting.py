"""The list of incidents as a table for machines, with the filters of the page."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse

from incidents.answers import incident_json
from incidents.forms import IncidentFilter
from incidents.http import Request, reading_page
from incidents.models import Incident
from incidents.spreadsheets import neutral

CHUNK = 1000
COLUMNS = (
    *("id", "title", "provider", "organisation", "severity", "severity_word", "status", "cause"),
    *("started_at", "start_precision", "start_is_bound", "ended_at", "end_precision", "end_state"),
    *("duration_minutes", "first_public_at", "regions", "services", "hit", "report_count"),
    *("publisher_count", "url"),
)


class Line:
    """What `csv` writes to: it hands each line on."""

    def write(self, line: str) -> str:
        return line


@reading_page
def incidents_csv(request: Request) -> HttpResponse:
    found = IncidentFilter(request.GET).narrow(Incident.objects.for_timeline())
    response = StreamingHttpResponse(csv_lines(found.iterator(CHUNK)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="faultline-incidents.csv"'
    return response  # type: ignore[return-value]


def csv_lines(incidents: Iterable[Incident]) -> Iterator[str]:
    writer = csv.writer(Line())
    yield writer.writerow(COLUMNS)
    for incident in incidents:
        told = incident_json(incident)
        yield writer.writerow([cell(told[name]) for name in COLUMNS])


def cell(value: Any) -> str:
    """A spreadsheet must take no text of a source for a formula."""
    if value is None:
        return ""
    if isinstance(value, list):
        return neutral(" ".join(value))
    if isinstance(value, str):
        return neutral(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
