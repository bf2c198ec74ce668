"""AWS Health public events: health.aws.amazon.com/public/currentevents, and the history file beside it.

UTF-16 with a byte-order mark, whatever the header says. `currentevents` is a list of events, the history is
keyed by service slug and lists an event under each service that it hit. The `event_log` runs from the oldest
entry to the newest, each with a summary of its own, and grows while an event stays open, for months at times.
`date` is when AWS first posted, so a bound and no start. Codes are numbers or text; times are seconds, but
milliseconds in `impacted_service_status_changes`. `impacted_services` names up to 140 services with the worst
code that each reached; those that stayed at 0 were not hit.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
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


def parse(body: bytes, context: Context) -> Reading:
    events = parse_json(body)
    if isinstance(events, dict) and all(isinstance(listed, list) for listed in events.values()):
        events = [event for listed in events.values() for event in listed]
    if not isinstance(events, list):
        raise ParseError("aws-health-json: neither a list of events nor lists by service")
    return read_each(((f"[{i}]", event) for i, event in enumerate(events)), to_entry)


def to_entry(event: dict[str, Any]) -> Entry:
    event = event | {"event_log": event["event_log"] or [first_entry(event)]}
    posts = tuple(to_posts(event["event_log"]))
    first_posted_at = from_epoch(event["date"])
    changed = [
        from_epoch(change["timestamp"]) for change in event.get("impacted_service_status_changes") or ()
    ]
    _, title, is_resolved = without_prefixes(one_line(event["summary"]))
    return Entry(
        key=f"aws-health:{text_in(event, 'arn')}",
        url=f"{PAGE}?eventID={event['arn']}",
        title=title,
        posts=posts,
        raw=json.dumps([event]),
        document_kind=DocumentKind.PROVIDER_STATUS,
        facts=without_repeats(facts_of(event, is_resolved=is_resolved)),
        published_at=first_posted_at,
        modified_at=max((first_posted_at, *changed, *(post.said_at for post in posts if post.said_at))),
    )


def first_entry(event: dict[str, Any]) -> dict[str, Any]:
    """What stands for the log of an event that was opened with nothing in it."""
    told = {"summary": "", "message": event["summary"], "timestamp": event["date"]}
    return told | {"status": event.get("status")}


def to_posts(log: list[dict[str, Any]]) -> Iterator[EntryPost]:
    """The entries of the log, oldest first, each with its own summary as its first line."""
    for entry in sorted(log, key=lambda entry: float(entry["timestamp"])):
        said_at = from_epoch(entry["timestamp"])
        yield EntryPost(
            ref=said_at.isoformat(timespec="seconds"),
            text="\n".join(
                filter(None, [one_line(entry.get("summary") or ""), plain_text(entry["message"] or "")])
            ),
            said_at=said_at,
            status=grade(entry.get("status"))[1],
        )


def grade(code: object) -> tuple[Severity, str]:
    return SEVERITIES.get(str(code), (Severity.UNKNOWN, str(code)))


def facts_of(event: dict[str, Any], *, is_resolved: bool) -> Iterator[Fact]:
    yield stated(Field.PROVIDER, "aws", "")
    yield stated(Field.NATIVE_ID, event["arn"], "arn")
    yield stated_time(Field.NOT_BEFORE, from_epoch(event["date"]), "date")
    yield from worst_grade(event)
    if is_resolved or str(event["event_log"][-1].get("status")) == QUIET:
        yield reached(Phase.RESOLVED, "summary" if is_resolved else "event_log[-1].status")
    place = event["arn"].split(":")[3]
    if place != WORLDWIDE and (found := region("aws", place, path="arn")):
        yield found
    yield from place_and_service(event["service"], event["service_name"], path="service")
    for slug, hit in (event.get("impacted_services") or {}).items():
        if {str(hit.get("current")), str(hit.get("max"))} != {QUIET}:
            yield from place_and_service(slug, hit["service_name"], path=f"impacted_services.{slug}")


def worst_grade(event: dict[str, Any]) -> tuple[Fact, ...]:
    """The worst that the event or its log says: codes sink while an event ends. Unknown ones count least."""
    codes = {"status": event.get("status")} | {
        f"event_log[{i}].status": entry.get("status") for i, entry in enumerate(event["event_log"])
    }
    path, code = max(codes.items(), key=lambda item: (str(item[1]) in SEVERITIES, str(item[1])))
    return graded(*grade(code), path)


KIND = Kind("aws-health-json", parse)
