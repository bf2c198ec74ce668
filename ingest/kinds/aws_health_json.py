"""AWS Health public events: health.aws.amazon.com/public/currentevents, and the history file beside it.

UTF-16 with a byte-order mark, whatever the header says. `currentevents` is a list of events, the history is
keyed by service slug and lists an event under each service that it hit. The `event_log` runs from the oldest
entry to the newest, each with a summary of its own, and grows while an event stays open, for months at times.
`date` is when AWS first posted, so a bound and no start. Codes are numbers or text; times are seconds, but
milliseconds in `impacted_service_status_changes`. `impacted_services` names up to 140 services with the worst
code that each reached; those that stayed at 0 were not hit. The arn alone names an event: what else is
missing is just not told, but for the log, without which its posts would seem to be taken back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from ingest.entries import Entry, EntryPost, Reading
from ingest.errors import ParseError
from ingest.facts import graded, reached, stated, stated_time, without_repeats
from ingest.kinds import Context, Kind, read_each
from ingest.naming import region
from ingest.parsing import parse_json, text_in
from ingest.publishers.aws import SEVERITIES, place_and_service, without_prefixes
from ingest.stamps import from_epoch
from ingest.text import one_line, plain_text
from nlp.document import DocumentKind, Fact, Field, Phase, Severity

PAGE = "https://health.aws.amazon.com/health/status"
WORLDWIDE = "global"
QUIET = "0"
REGION_OF_ARN = re.compile(r"arn:[a-z-]+:health:([a-z0-9-]+):")


def parse(body: bytes, context: Context) -> Reading:
    events = parse_json(body)
    is_history = isinstance(events, dict) and all(isinstance(listed, list) for listed in events.values())
    if is_history:
        events = [event for listed in events.values() for event in listed]
    if not isinstance(events, list):
        raise ParseError("aws-health-json: neither a list of events nor lists by service")
    reading = read_each(((f"[{i}]", event) for i, event in enumerate(events)), to_entry)
    return replace(reading, is_history=is_history)


def to_entry(event: dict[str, Any]) -> Entry:
    event = event | {"event_log": event["event_log"] or [first_entry(event)]}
    posts = tuple(to_posts(event["event_log"]))
    changes = event.get("impacted_service_status_changes") or ()
    stamps = [moment(event, "date"), *(post.said_at for post in posts)]
    stamps += [moment(change, "timestamp") for change in changes]
    told_at = [at for at in stamps if at]
    if not told_at:
        raise ValueError("no time at all")
    _, title, _ = without_prefixes(one_line(event.get("summary") or last_summary(event)))
    return Entry(
        key=f"aws-health:{text_in(event, 'arn')}",
        url=f"{PAGE}?eventID={event['arn']}",
        title=title,
        posts=posts,
        raw=json.dumps([event]),
        document_kind=DocumentKind.PROVIDER_STATUS,
        facts=without_repeats(facts_of(event, told_at[0])),
        published_at=told_at[0],
        modified_at=max(told_at),
    )


def first_entry(event: dict[str, Any]) -> dict[str, Any]:
    """What stands for the log of an event that was opened with nothing in it."""
    told = {"summary": "", "message": event.get("summary"), "timestamp": event.get("date")}
    return told | {"status": event.get("status")}


def moment(item: dict[str, Any], field: str) -> datetime | None:
    return None if item.get(field) is None else from_epoch(item[field])


def to_posts(log: list[dict[str, Any]]) -> Iterator[EntryPost]:
    """The entries of the log, oldest first, each with its own summary as its first line."""
    for entry in sorted(log, key=lambda entry: float(entry.get("timestamp") or 0)):
        said_at = moment(entry, "timestamp")
        yield EntryPost(
            ref=said_at.isoformat(timespec="seconds") if said_at else "undated",
            text="\n".join(
                filter(None, [one_line(entry.get("summary") or ""), plain_text(entry.get("message") or "")])
            ),
            said_at=said_at,
            status=grade(entry.get("status"))[1],
        )


def last_summary(event: dict[str, Any]) -> str:
    return event["event_log"][-1].get("summary") or ""


def grade(code: object) -> tuple[Severity, str]:
    return SEVERITIES.get(str(code), (Severity.UNKNOWN, str(code)))


def facts_of(event: dict[str, Any], first_posted_at: datetime) -> Iterator[Fact]:
    yield stated(Field.PROVIDER, "aws", "")
    yield stated(Field.NATIVE_ID, event["arn"], "arn")
    yield stated_time(Field.NOT_BEFORE, first_posted_at, "date")
    yield from worst_grade(event)
    if path := says_resolved(event):
        yield reached(Phase.RESOLVED, path)
    place = REGION_OF_ARN.match(event["arn"])
    if place and place[1] != WORLDWIDE and (found := region("aws", place[1], path="arn")):
        yield found
    if event.get("service"):
        yield from place_and_service(event["service"], event.get("service_name") or "", path="service")
    for slug, hit in (event.get("impacted_services") or {}).items():
        if is_hit(hit or {}):
            name = (hit or {}).get("service_name") or ""
            yield from place_and_service(slug, name, path=f"impacted_services.{slug}")


def says_resolved(event: dict[str, Any]) -> str:
    """The path of what says that it is over; empty where nothing does. Each entry has its own summary."""
    told = {"summary": event.get("summary"), "event_log[-1].summary": last_summary(event)}
    for path, summary in told.items():
        if without_prefixes(one_line(summary or ""))[2]:
            return path
    return "event_log[-1].status" if str(event["event_log"][-1].get("status")) == QUIET else ""


def is_hit(service: dict[str, Any]) -> bool:
    codes = [str(service[name]) for name in ("current", "max") if service.get(name) is not None]
    return not codes or any(code != QUIET for code in codes)


def worst_grade(event: dict[str, Any]) -> tuple[Fact, ...]:
    """The worst that the event or its log says: codes sink while an event ends. Unknown ones count least."""
    codes = {"status": event.get("status")} | {
        f"event_log[{i}].status": entry.get("status") for i, entry in enumerate(event["event_log"])
    }
    path, code = max(codes.items(), key=lambda item: (str(item[1]) in SEVERITIES, str(item[1])))
    return graded(*grade(code), path)


KIND = Kind("aws-health-json", parse)
