"""Feeds to measure with: in the true shape, of any size, the same on every machine."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

Story = tuple[Sequence[str], float, str]
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
    return " ".join(filled(sentence, dice, at) for sentence in dice.sample(SENTENCES, 4))


def filled(sentence: str, dice: random.Random, at: datetime) -> str:
    return sentence.format(
        service=dice.choice(SERVICES),
        region=dice.choice(REGIONS),
        clock=f"{at:%Y-%m-%d %H:%M}",
        later=f"{at + timedelta(hours=2):%Y-%m-%d %H:%M}",
        venue=dice.choice(VENUES),
        cloud=dice.choice(CLOUDS),
        sum=dice.randrange(2, 100_000),
    )


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


OUTAGES, NEAR = 0.05, 0.10
"""Of a news feed's articles: those about an outage, and those that only sound like it.

Of 1,712 items of forty real feeds 7 in a hundred pass the first look and 1 is kept, of excerpts of the crypto
press 5 and less than 1: this mix asks more of the flow than they do. Hardly two sentences are alike, for what
was read before is not read again.
"""
TOPICS = [
    "{venue} lists three further tokens and cuts the fees of its most active traders.",
    "The regulator asked {venue} for {sum} pages of the books of its custody arm.",
    "Analysts expect {cloud} to spend {sum} million on chips, and say so in a note to clients.",
    "A round of {sum} million dollars was led by two funds that had backed the founders before.",
    "The foundation sets aside {sum} thousand of its treasury for grants to developers of wallets.",
    "Miners moved {sum} coins to new addresses, which observers take for housekeeping.",
    "{cloud} presented a family of machines with {sum} gigabytes of memory for analytical work.",
    "The court in New York set a date for hearing {sum} and let both sides name experts.",
    "Stablecoins in circulation rose by {sum} million within a month, as figures of the issuers show.",
    "Developers voted for proposal {sum}, which lowers the cost of small payments.",
    "The minister spoke of {sum} rules for custody, and of a register of service providers.",
    "Shares closed {sum} points higher after a day of thin trading in Europe and Asia.",
]
NEAR_TOPICS = [
    "Bitcoin is down {sum} basis points since Monday, while {venue} reports record volumes.",
    "{venue} had no issues with upgrade {sum}, its head of engineering said on stage.",
    "The lawsuit says that {venue} failed to keep records of {sum} large withdrawals.",
    "Failure rates of {sum} young funds are no higher than a decade ago, the study of {cloud} finds.",
    "Investors are unable to trade {sum} tokens before the lock-up ends in spring.",
    "{cloud} told {sum} customers how to spread their load over several regions in case one is lost.",
]
VENUES = ["Coinbase", "Kraken", "Binance", "Bitstamp", "Gemini", "Robinhood"]
CLOUDS = ["Amazon Web Services", "Microsoft Azure", "Google Cloud", "Cloudflare"]


def news(count: int, seed: int = 0) -> bytes:
    """A news feed in RSS as the trade press fills it: markets, money, products, now and then an outage."""
    dice = random.Random(f"{count} {seed}")
    return feed(article(dice, number, story(dice)) for number in range(count))


def outage_news(count: int, seed: int = 0) -> bytes:
    """A feed of which every article tells of an outage, as a search for outages brings it."""
    dice = random.Random(f"{count} {seed}")
    return feed(
        article(dice, number, (SENTENCES, 1.0, "{service} goes down in {region}")) for number in range(count)
    )


def feed(items: Iterable[str]) -> bytes:
    head = '<?xml version="1.0"?><rss version="2.0"><channel><title>Bench</title>'
    return f"{head}{''.join(items)}</channel></rss>".encode()


def story(dice: random.Random) -> Story:
    """What an article is about: its sentences, how many of them are of that sort, and its title."""
    chance = dice.random()
    if chance < OUTAGES:
        return SENTENCES, 0.7, "{service} goes down in {region}"
    if chance < OUTAGES + NEAR:
        return NEAR_TOPICS, 0.3, "What the fall of prices means for {venue}"
    return TOPICS, 1.0, "{venue} and {cloud} look to the coming year"


def article(dice: random.Random, number: int, story: Story) -> str:
    """Some three kilobytes of HTML with the usual links and pictures."""
    at = START + timedelta(hours=7 * number)
    sentences, share, title = story
    paragraphs = [paragraph(dice, at, sentences if dice.random() < share else TOPICS) for _ in range(6)]
    page = f"https://bench.example/{number}"
    picture = f'<figure><img src="{page}.jpg" alt="" width="800"><figcaption>Archive</figcaption></figure>'
    return (
        f"<item><title>{filled(title, dice, at)}</title><link>{page}</link><guid>{page}</guid>"
        f"<pubDate>{format_datetime(at)}</pubDate><category>Business</category>"
        f"<description>{escape(picture + ''.join(paragraphs))}</description></item>"
    )


def paragraph(dice: random.Random, at: datetime, sentences: Sequence[str]) -> str:
    first, *others = (filled(sentence, dice, at) for sentence in dice.sample(sentences, 3))
    link = f'<a href="https://bench.example/tag/{dice.randrange(99)}" rel="noopener">{first}</a>'
    return f"<p>{link} <strong>{others[0]}</strong> {' '.join(others[1:])}</p>"
