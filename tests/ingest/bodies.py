"""Bodies and feeds for tests of the flow, in the true shape; a test names just what it is about."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from ingest.health import Polled
from ingest.models import Feed, Item
from ingest.pipeline import poll
from ingest.processing import process
from ingest.storing import Stored, store
from ingest.voices import read
from tests.factories import NOON, make_source

MINUTE = timedelta(minutes=1)


def google(key: str = "AbCdEfGhIjKlMnOpQrSt", *texts: str, **fields: Any) -> dict[str, Any]:
    """An incident of Google's list with a post for each text, one every ten minutes from noon."""
    said = [NOON + 10 * number * MINUTE for number in range(len(texts or ("",)))]
    updates = [
        {"created": at.isoformat(), "modified": at.isoformat(), "when": at.isoformat(), "text": text}
        for at, text in zip(said, texts or ("Errors in us-central1.",), strict=True)
    ]
    incident = {
        "id": key,
        "number": "1",
        "begin": NOON.isoformat(),
        "created": NOON.isoformat(),
        "modified": said[-1].isoformat(),
        "external_desc": "Elevated errors in Compute Engine",
        "updates": updates[::-1],
        "status_impact": "SERVICE_DISRUPTION",
        "severity": "medium",
        "service_name": "Google Compute Engine",
        "affected_products": [{"title": "Google Compute Engine", "id": "L3gg"}],
        "uri": f"incidents/{key}",
        "currently_affected_locations": [{"title": "Iowa (us-central1)", "id": "us-central1"}],
        "previously_affected_locations": [],
    }
    return incident | fields


def old_google(uri: str = "/incident/compute/20001", *texts: str, **fields: Any) -> dict[str, Any]:
    """The same outage in the schema that was served until April 2021: no id."""
    incident = google("", *texts)
    for name in ("id", "affected_products", "currently_affected_locations", "previously_affected_locations"):
        del incident[name]
    return incident | {"uri": uri} | fields


def aws_event(code: str = "A", *messages: str, **fields: Any) -> dict[str, Any]:
    """An event of AWS's list of what is open."""
    log = [
        {
            "summary": "Increased Error Rates",
            "message": message,
            "status": 1,
            "timestamp": int(NOON.timestamp()) + 600 * number,
        }
        for number, message in enumerate(messages or ("We are looking into errors in us-east-1.",))
    ]
    event = {
        "date": str(int(NOON.timestamp())),
        "arn": f"arn:aws:health:us-east-1::event/EC2/AWS_EC2_ISSUE/AWS_EC2_ISSUE_{code}",
        "region_name": "N. Virginia",
        "status": "1",
        "service": "ec2-us-east-1",
        "service_name": "Amazon Elastic Compute Cloud",
        "summary": "Increased Error Rates",
        "event_log": log,
        "impacted_services": {},
        "impacted_service_status_changes": [],
    }
    return event | fields


def body_of(*items: Any) -> bytes:
    return json.dumps(items).encode()


def make_feed(
    slug: str = "gcp-status", kind: str = "gcp-incidents-json", url: str = "", **fields: Any
) -> Feed:
    source = make_source(slug, **{"provider": "gcp", "interval": 5 * MINUTE} | fields)
    feed, _ = Feed.objects.get_or_create(source=source, defaults={"kind": kind, "url": url})
    return Feed.objects.select_related("source__provider", "source__organisation").get(pk=feed.pk)


def aws_feed(url: str = "") -> Feed:
    return make_feed("aws-open", "aws-health-json", url, provider="aws", lists_only_open=True)


def take(feed: Feed, *items: Any, at: datetime = NOON + 60 * MINUTE) -> Stored:
    """Store a body as if captured then, and draw what it brought."""
    body = body_of(*items)
    stored = store(feed, body, read(feed, body), at)
    process(10**6)
    return stored


def poll_again(feed: Feed, move: Callable[[datetime], Any] | None = None, to: datetime = NOON) -> Polled:
    """Poll by the feed's row as it now stands, as a worker does."""
    if move:
        move(to)
    return poll(Feed.objects.select_related("source__provider", "source__organisation").get(pk=feed.pk))


def states_of(*keys: str) -> dict[str, str]:
    items = Item.objects.filter(key__in=keys) if keys else Item.objects.all()
    return dict(items.values_list("key", "state"))
