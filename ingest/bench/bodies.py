"""Feeds to measure with: in the true shape, of any size, the same on every machine."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

START = datetime(2024, 1, 1, 6, tzinfo=UTC)
REGIONS = ["us-central1", "us-east1", "europe-west1", "europe-west9", "asia-east1", "asia-northeast1"]
SERVICES = ["Google Compute Engine", "Google BigQuery", "Cloud Run", "Google Cloud Storage", "Cloud SQL"]
SENTENCES = [
    "We are investigating elevated error rates for {service} in {region} since {clock} US/Pacific.",
    "Our engineering team has identified a network configuration change as the likely cause.",
    "Customers may see increased latency and failed requests when they reach {service}.",
    "Mitigation work is under way and we expect to tell more by {clock} US/Pacific.",
    "A power failure in one zone of {region} left part of the hosts without cooling.",
    "Between {clock} and {later} US/Pacific requests to {service} returned errors.",
    "The issue with {service} has been resolved for all affected users as of {later} US/Pacific.",
]


def told(dice: random.Random, at: datetime) -> str:
    words = {
        "service": dice.choice(SERVICES),
        "region": dice.choice(REGIONS),
        "clock": f"{at:%Y-%m-%d %H:%M}",
        "later": f"{at + timedelta(hours=2):%Y-%m-%d %H:%M}",
    }
    return " ".join(sentence.format(**words) for sentence in dice.sample(SENTENCES, 4))


def google_list(count: int, updates: int = 5) -> bytes:
    """A list of incidents as Google serves it, each hours apart from the next."""
    dice = random.Random(count)
    return json.dumps([google_incident(dice, number, updates) for number in range(count)]).encode()


def google_incident(dice: random.Random, number: int, updates: int) -> dict[str, object]:
    began = START + timedelta(hours=9 * number)
    said = [began + timedelta(minutes=25 * turn + 10) for turn in range(updates)]
    region, service = dice.choice(REGIONS), dice.choice(SERVICES)
    place = [{"title": region, "id": region}]
    return {
        "id": f"Bench{number:015}",
        "number": str(number),
        "begin": began.isoformat(),
        "created": said[0].isoformat(),
        "end": said[-1].isoformat(),
        "modified": said[-1].isoformat(),
        "external_desc": f"Elevated error rates for {service} in {region}",
        "updates": [
            {
                "created": at.isoformat(),
                "modified": at.isoformat(),
                "when": at.isoformat(),
                "text": told(dice, at),
                "status": "SERVICE_DISRUPTION",
                "affected_locations": place,
            }
            for at in reversed(said)
        ],
        "status_impact": "SERVICE_DISRUPTION",
        "severity": "medium",
        "service_name": service,
        "affected_products": [{"title": service, "id": f"p{number}"}],
        "uri": f"incidents/Bench{number:015}",
        "currently_affected_locations": [],
        "previously_affected_locations": place,
    }


def news(count: int, sentences: int = 12) -> bytes:
    """A news feed in RSS: articles of some three kilobytes of HTML, most of them about outages."""
    dice = random.Random(count)
    items = "".join(article(dice, number, sentences) for number in range(count))
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>Bench</title>{items}</channel></rss>'
    ).encode()


def article(dice: random.Random, number: int, sentences: int) -> str:
    at = START + timedelta(hours=7 * number)
    paragraphs = "".join(f"<p>{told(dice, at)}</p>" for _ in range(sentences // 2))
    return (
        f"<item><title>{dice.choice(SERVICES)} goes down in {dice.choice(REGIONS)}</title>"
        f"<link>https://bench.example/{number}</link><guid>https://bench.example/{number}</guid>"
        f"<pubDate>{format_datetime(at)}</pubDate>"
        f"<description>{escape(f'<div class=story>{paragraphs}</div>')}</description></item>"
    )
