"""Exchanges that fall beside a cloud for a reason of their own: no hit, nor a candidate once they say it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from incidents.choices import HitStatus
from incidents.hits import Hit, grade_hits
from ingest.predicting import Given, declared_dependencies, link, outage_of, read, story, told_of
from nlp.document import DocumentKind

NINE = datetime(2025, 3, 4, 9, 0, tzinfo=UTC)
CLOUD = Given(
    id="cloud",
    kind=DocumentKind.PROVIDER_STATUS,
    title="Major outage in US-EAST-1",
    text="From 9:00 AM UTC on March 4, 2025 customers could not reach instances in the US-EAST-1 Region.",
    published_at=NINE + timedelta(minutes=20),
    source_url="",
    provider="aws",
)
OWN_WORDS = [
    "Coinbase was down from 9:40 UTC on March 4, 2025. The cause was a stuck indexer in our own stack.",
    "Coinbase is unavailable since 9:40 UTC on March 4, 2025. We see heavy traffic as bitcoin sells off.",
    "Coinbase went down at 9:40 UTC on March 4, 2025 for scheduled maintenance.",
    "Coinbase was unreachable from 9:40 UTC on March 4, 2025. We are under a DDoS attack.",
    "Trading on Coinbase stopped at 9:40 UTC on March 4, 2025 because of a bug in a release of that morning.",
    "Coinbase was down from 9:40 UTC on March 4, 2025. An issue at Cloudflare keeps users from our site.",
    "At 9:40 UTC on March 4, 2025 Coinbase suspended withdrawals after a hack of its hot wallet.",
    "Coinbase was down at 9:40 UTC on March 4, 2025. The outage was traced to an expired certificate.",
    "Coinbase halted deposits at 9:40 UTC on March 4, 2025 as the Base chain stopped producing blocks.",
    "From 9:40 UTC on March 4, 2025 Coinbase could not process orders: the matching engine crashed.",
]
PRESS = [
    "Coinbase crashed at 9:40 UTC on March 4, 2025 as traders rushed to sell during the price crash.",
    "Coinbase suffered an outage at 9:40 UTC on March 4, 2025 amid record trading volume.",
    "Coinbase went offline at 9:40 UTC on March 4, 2025 when the listing of a new token drew a crowd.",
    "Coinbase was down at 9:40 UTC on March 4, 2025, minutes after a botched database migration.",
    "Users could not log in to Coinbase at 9:40 UTC on March 4, 2025. The exchange blamed a surge of orders.",
    "Coinbase stopped trading at 9:40 UTC on March 4, 2025. A failed network upgrade of Solana was to blame.",
    "Coinbase went dark at 9:40 UTC on March 4, 2025. An outage at Cloudflare keeps users out.",
    "Coinbase paused transfers at 9:40 UTC on March 4, 2025 following an exploit of a bridge.",
]
CASES = [(DocumentKind.EXCHANGE_STATUS, text) for text in OWN_WORDS] + [
    (DocumentKind.NEWS, text) for text in PRESS
]


def hits_of(kind: DocumentKind, text: str, title: str = "") -> list[Hit]:
    """Whom the cloud's outage is said to have hit, when this text stands beside the cloud's own."""
    other = Given("exchange", kind, title, text, NINE + timedelta(hours=3), "")
    texts = [read(CLOUD), read(other)]
    told, home = told_of(texts), link(texts).home
    members = {own: sorted(key for key in home if home[key] == own) for own in set(home.values())}
    stories = {number: story(own, members[own], told) for number, own in enumerate(sorted(members), 1)}
    outages = [outage_of(number, one) for number, one in stories.items()]
    clouds = [outage for outage in outages if outage.owner == "provider:aws"]
    own = [outage for outage in outages if outage.owner.startswith("organisation:")]
    return [
        hit
        for outage in clouds
        for hit in grade_hits(
            outage, stories[outage.id], own=own, rivals=clouds, dependencies=declared_dependencies()
        )
    ]


@pytest.mark.parametrize(("kind", "text"), CASES)
def test_a_stated_other_cause_leaves_not_even_a_candidate(kind: DocumentKind, text: str) -> None:
    assert [hit for hit in hits_of(kind, text) if hit.status != HitStatus.REJECTED] == []


@pytest.mark.parametrize(
    "text",
    [
        "Coinbase was down from 9:40 UTC on March 4, 2025. We are looking into a technical issue.",
        "Coinbase was down from 9:40 UTC on March 4, 2025 because of an outage of our hosting provider.",
        "Coinbase was down from 9:40 UTC on March 4, 2025 due to an outage at Infura.",
    ],
)
def test_without_a_cause_of_its_own_it_waits_for_a_person(text: str) -> None:
    (hit,) = hits_of(DocumentKind.EXCHANGE_STATUS, text)
    assert (hit.organisation, hit.status) == ("coinbase", HitStatus.CANDIDATE)


def test_the_cloud_named_as_the_cause_is_a_hit_whatever_else_is_told() -> None:
    text = (
        "Coinbase was down from 9:40 UTC on March 4, 2025 because of the AWS outage in us-east-1. "
        "Traders could not sell during the price crash."
    )
    (hit,) = hits_of(DocumentKind.EXCHANGE_STATUS, text)
    assert (hit.organisation, hit.status) == ("coinbase", HitStatus.SHOWN)
