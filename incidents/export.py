"""The record as lines: one live incident each, by number; equal records give equal lines."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, TextIO

from incidents.models import Claim, Impact, Incident, Report
from incidents.showing import in_batches
from incidents.spreadsheets import neutral

BATCH = 200
COLUMNS = (
    *("slug", "owner", "title", "severity", "severity_word", "status", "cause", "is_maintenance"),
    *("started_at", "start_precision", "start_is_bound", "ended_at", "end_precision", "end_state"),
    *("first_public_at", "regions", "services", "symptoms", "hit", "report_count", "publisher_count"),
)
CLAIM = (
    *("subject", "field", "value", "key", "precision", "origin", "rule", "confidence"),
    *("path", "start", "end", "seen_at", "gone_at"),
)
IMPACT = ("grade", "status", "impairments", "started_at", "ended_at", "reasons")
REPORT = ("key", "kind", "url", "title", "published_at", "is_read", "is_maintenance")

Line = dict[str, Any]


def lines() -> Iterator[Line]:
    """Every live incident with all that it rests on; the numbers that lead to it stand under `former`."""
    slugs = list(Incident.objects.live().order_by("slug").values_list("pk", flat=True))
    for batch in in_batches(slugs, BATCH):
        rows = Incident.objects.filter(pk__in=batch).order_by("slug")
        claims, impacts, reports, former = (
            claims_of(batch),
            impacts_of(batch),
            reports_of(batch),
            former_of(batch),
        )
        for row in rows:
            line = {name: plain(getattr(row, name)) for name in COLUMNS}
            yield {
                **line,
                "former": sorted(former[row.pk]),
                "claims": claims[row.pk],
                "impacts": impacts[row.pk],
                "reports": reports[row.pk],
            }


def claims_of(incidents: Sequence[int]) -> dict[int, list[Line]]:
    found: dict[int, list[Line]] = defaultdict(list)
    by_report = Claim.objects.filter(account__incident__in=incidents)
    names = ("account__incident_id", "account__key", "post__ref", "post__revision", *CLAIM)
    for incident, account, ref, revision, *values in by_report.values_list(*names):
        line = {name: plain(value) for name, value in zip(CLAIM, values, strict=True)}
        found[incident].append({"account": account, "post": ref, "revision": revision, **line})
    by_person = Claim.objects.filter(incident__in=incidents)
    for incident, person, reason, *values in by_person.values_list(
        "incident_id", "person__username", "reason", *CLAIM
    ):
        line = {name: plain(value) for name, value in zip(CLAIM, values, strict=True)}
        found[incident].append({"person": person, "reason": reason, **line})
    return defaultdict(list, {incident: sorted(claims, key=dumps) for incident, claims in found.items()})


def impacts_of(incidents: Sequence[int]) -> dict[int, list[Line]]:
    found: dict[int, list[Line]] = defaultdict(list)
    rows = Impact.objects.filter(incident__in=incidents).order_by("organisation__slug")
    for incident, organisation, own, *values in rows.values_list(
        "incident_id", "organisation__slug", "own_incident__slug", *IMPACT
    ):
        line = {name: plain(value) for name, value in zip(IMPACT, values, strict=True)}
        found[incident].append({"organisation": organisation, "own_incident": own, **line})
    return found


def reports_of(incidents: Sequence[int]) -> dict[int, list[Line]]:
    found: dict[int, list[Line]] = defaultdict(list)
    rows = Report.objects.filter(accounts__incident__in=incidents).distinct().order_by("key")
    for incident, publisher, *values in rows.values_list(
        "accounts__incident_id", "source__publisher", *REPORT
    ):
        line = {name: plain(value) for name, value in zip(REPORT, values, strict=True)}
        found[incident].append({"publisher": publisher, **line})
    return found


def former_of(incidents: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for live, slug in Incident.objects.filter(shown_as__in=incidents).values_list("shown_as_id", "slug"):
        found[live].append(slug)
    return found


def plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def dumps(line: Line) -> str:
    return json.dumps(line, ensure_ascii=False, sort_keys=True)


def write_jsonl(out: TextIO) -> int:
    """Write all lines; how many."""
    count = 0
    for line in lines():
        out.write(dumps(line) + "\n")
        count += 1
    return count


def write_csv(out: TextIO) -> int:
    """A row an incident, of what fits into one; lists are joined by semicolons."""
    writer = csv.writer(out)
    writer.writerow([*COLUMNS, "former", "reports"])
    count = 0
    for line in lines():
        count += 1
        reports = [report["key"] for report in line["reports"]]
        writer.writerow(
            [cell(value) for value in (*(line[name] for name in COLUMNS), line["former"], reports)]
        )
    return count


def cell(value: Any) -> str:
    """Text that no spreadsheet takes for a formula."""
    text = ";".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
    return neutral(text) if isinstance(value, str | list) else text
