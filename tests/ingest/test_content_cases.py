"""Cases 17 to 22 of the list of faults: what feeds hold, told as tables of what is to become of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from typing import Any

import pytest
from django.test import Client

from incidents.models import Incident, Report
from ingest.kinds import Context, all_kinds
from ingest.models import Feed
from ingest.parsing import MAX_ITEMS
from nlp.document import Document, DocumentKind, Field, Passage
from nlp.extraction import extract
from tests.factories import NOON
from tests.ingest.bodies import google, make_feed, poll_again, take
from tests.ingest.hostile import Hostile, hostile

server = pytest.fixture(hostile)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def laboratory(settings: Any) -> None:
    settings.ALLOW_PRIVATE_SOURCES = True


HOSTILE = [
    "<script>alert(1)</script>",
    "<svg onload=alert(1)>",
    "<math><mi xlink:href=javascript:alert(1)>x</mi></math>",
    '<img src=x onerror="alert(1)">',
    '<img srcset="x 1x, javascript:alert(1) 2x">',
    "<a href='javascript:alert(1)'>x</a>",
    "<iframe src='data:text/html,<script>alert(1)</script>'></iframe>",
    "<style>@import 'http://192.0.2.1/x';</style>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "</textarea><script>alert(1)</script>",
    "{{ 7|add:7 }}{% debug %}",
]
LIVE = [
    *("<script>alert", "<svg onload", "<svg></p>", "<math", "<img src", "<img srcset", "<iframe"),
    *("<noscript><p", "href='javascript", "<style>", "<style><a"),
]


@pytest.mark.django_db
@pytest.mark.parametrize("markup", HOSTILE)
def test_case_17_markup_of_strangers_is_inert_on_pages_and_in_the_api(client: Client, markup: str) -> None:
    for number, text in enumerate((markup, escape(markup))):
        take(
            make_feed(),
            google(f"AbCdEfGhIjKlMnOpQr{number:02}", f"Errors. {text}", external_desc=f"Errors {text}"),
        )
    slug = Incident.objects.live().order_by("pk")[0].slug
    for path in ("/", "/timeline/", "/sources/", "/sources/gcp-status/", f"/incidents/{slug}/"):
        answer = client.get(path)
        assert answer.status_code == 200, path
        body = answer.content.decode()
        assert not [word for word in LIVE if word in body], path
        assert "14{" not in body
    for path in ("/api/v1/incidents", f"/api/v1/incidents/{slug}"):
        answer = client.get(path)
        assert answer.headers["Content-Type"].startswith("application/json")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        json.loads(answer.content)


def rss(*items: str) -> bytes:
    return f'<rss version="2.0"><channel><title>t</title>{"".join(items)}</channel></rss>'.encode()


def item(title: str, guid: str | None = None, link: str = "", at: datetime = NOON) -> str:
    named = "" if guid is None else f'<guid isPermaLink="false">{guid}</guid>'
    linked = f"<link>{link}</link>" if link else ""
    return f"<item><title>{title}</title>{named}{linked}<pubDate>{format_datetime(at)}</pubDate></item>"


PAGE = "https://e.example/"
YEAR = timedelta(days=365)
# The kind, the bodies in the order in which they come, and how many reports they are.
IDENTITY: dict[str, tuple[str, list[list[str]], int]] = {
    "no guid, but links": ("news-feed", [[item("a", link=PAGE + "1"), item("b", link=PAGE + "2")]], 2),
    "no guid and no link": ("news-feed", [[item("a"), item("b")]], 2),
    "one guid on all items": ("news-feed", [[item("a", "x", PAGE + "1"), item("b", "x", PAGE + "2")]], 2),
    "guid 0": ("news-feed", [[item("a", "0"), item("b", "1")]], 2),
    "guids that differ by case": ("news-feed", [[item("a", "Ab"), item("b", "aB")]], 2),
    "guid that changes with the title": (
        "news-feed",
        [[item("a", "a", PAGE + "1")], [item("A longer title", "A longer title", PAGE + "1")]],
        1,
    ),
    "tracking in the link": (
        "news-feed",
        [[item("a", link=PAGE + "1?utm_source=x")], [item("a", link=PAGE + "1/")]],
        1,
    ),
    "one link on all items": ("news-feed", [[item("a", "1", PAGE), item("b", "2", PAGE)]], 2),
    "guid reused after a year": (
        "azure-rss",
        [[item("Storage", "storage", at=NOON - YEAR)], [item("Storage", "storage", at=NOON)]],
        2,
    ),
    "the same twice": ("azure-rss", [2 * [item("Storage", "storage")]], 1),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "bodies", "count"), IDENTITY.values(), ids=IDENTITY)
def test_case_18_items_are_told_apart_whatever_their_guids_are(
    server: Hostile, kind: str, bodies: list[list[str]], count: int
) -> None:
    provider = "azure" if kind == "azure-rss" else "gcp"
    feed = make_feed(kind=kind, url=server.url("/feed"), provider=provider)
    for items in bodies:
        server.answer("/feed", rss(*items))
        poll_again(feed)
    assert Report.objects.count() == count


PROSE = {
    "Between 11:50 PM and 12:20 AM PST, errors rose.": ("2025-10-20T07:50", "2025-10-20T08:20"),
    "Between 9:16 AM and 9:33 AM PDT, we saw errors.": ("2025-10-20T16:16", "2025-10-20T16:33"),
    "Between 13:00 UTC and 14:30 UTC on 19 October 2025 requests failed.": (
        "2025-10-19T13:00",
        "2025-10-19T14:30",
    ),
}


@pytest.mark.parametrize(("text", "window"), PROSE.items(), ids=lambda value: str(value)[:40])
def test_case_20_a_window_in_prose_is_read_with_its_zone_and_its_day(
    text: str, window: tuple[str, str]
) -> None:
    said_at = datetime(2025, 10, 20, 17, tzinfo=UTC)
    document = Document(
        key="aws-rss:x",
        kind=DocumentKind.PROVIDER_STATUS,
        passages=(Passage(text, said_at),),
        title="Increased Error Rates",
        published_at=said_at,
        provider="aws",
    )
    facts = {fact.field: fact for account in extract(document).accounts for fact in account.facts}
    assert (facts[Field.STARTED_AT].key, facts[Field.ENDED_AT].key) == window
    assert facts[Field.STARTED_AT].precision == "minute"
    assert facts[Field.STARTED_AT].evidence.start is not None


@pytest.mark.django_db
def test_case_20_a_start_in_the_future_opens_nothing_that_has_begun() -> None:
    take(make_feed(), google("AbCdEfGhIjKlMnOpQrSt", begin="2098-01-01T00:00:00+00:00"))
    started_at = Incident.objects.live().get().started_at
    assert started_at is None or started_at <= NOON + HOUR


@pytest.mark.django_db
def test_case_21_fifty_thousand_entries_are_cut_and_the_second_poll_is_cheap(server: Hostile) -> None:
    text = "x" * 150
    items = "".join(
        f"<item><title>{n}</title><link>{PAGE}{n}</link><description>{text}</description></item>"
        for n in range(50_000)
    )
    body = rss(items)
    assert len(body) > 11 * 2**20
    kept = all_kinds()["news-feed"].read(body, Context(url=PAGE))
    assert len(kept.entries) == MAX_ITEMS
    assert "45000 items" in kept.unusable[0].where
    # The wire carries eight MiB of it at most, so a host that sends it whole is told apart as too large.
    feed = make_feed(kind="news-feed", url=server.answer("/feed", body))
    assert poll_again(feed).failure == "too-large"
    assert Feed.objects.get().failures == 1


NAMES = {
    "Errors in us-east-1 since noon.": ({"aws:us-east-1"}, set()),
    "Errors in us-east-10 since noon.": (set(), set()),
    "Elevated errors of Amazon S3 in us-west-2.": ({"aws:us-west-2"}, {"aws:s3"}),
    "Elevated errors of the S3X gateway.": (set(), set()),
    "Elevated errors of Lambda functions in eu-west-1.": ({"aws:eu-west-1"}, {"aws:lambda"}),
    "Amazon Elasticsearch Service is degraded.": (set(), {"aws:elasticsearch"}),
}


@pytest.mark.parametrize(("text", "named"), NAMES.items(), ids=NAMES)
def test_case_22_names_are_found_whole_and_never_inside_a_longer_one(
    text: str, named: tuple[set[str], set[str]]
) -> None:
    document = Document(
        key="aws-rss:x",
        kind=DocumentKind.PROVIDER_STATUS,
        passages=(Passage(text),),
        provider="aws",
    )
    facts = [fact for account in extract(document).accounts for fact in account.facts]
    found = tuple({f.value for f in facts if f.field is field} for field in (Field.REGION, Field.SERVICE))
    assert found == named


def test_case_22_another_provider_inside_the_text_of_one_is_not_the_one_that_is_hit() -> None:
    text = "We see errors in us-east-1. Customers who moved to Google Cloud in us-central1 are not affected."
    document = Document(
        key="aws-rss:x", kind=DocumentKind.PROVIDER_STATUS, passages=(Passage(text),), provider="aws"
    )
    (account, *_) = extract(document).accounts
    assert account.provider == "aws"
    assert {f.value for f in account.facts if f.field is Field.REGION} == {"aws:us-east-1"}
