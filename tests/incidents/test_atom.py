"""The feed of the incident list: entries, ids that stay, filters, quotes, costs."""

from __future__ import annotations

from typing import Any

import feedparser
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from incidents import atom, linking
from incidents.choices import PublisherKind
from incidents.models import Incident, Report
from nlp.document import DocumentKind
from tests.factories import HOUR, NOON, keep, make_post, make_report, make_source

FEED = "/incidents/feed.atom"
pytestmark = pytest.mark.django_db


def read(client: Client, query: str = "") -> Any:
    answer = client.get(FEED + query)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/atom+xml")
    told = feedparser.parse(answer.content)
    assert not told.bozo
    return told


def told(*posts: tuple[str, str], key: str = "aws-rss:1", **fields: Any) -> None:
    """A report of posts by their ref and text, one an hour from noon."""
    made = tuple(
        make_post(text, NOON + number * HOUR, ref=ref, status="investigating")
        for number, (ref, text) in enumerate(posts)
    )
    linking.link(keep(make_report(key, posts=made, captured_at=made[-1].said_at, **fields)))


def test_each_post_is_an_entry_the_newest_first(client: Client) -> None:
    told(("a", "We are looking into errors."), ("b", "We found the cause."))
    feed = read(client)
    assert [entry.published for entry in feed.entries] == [
        "2025-10-20T13:00:00+00:00",
        "2025-10-20T12:00:00+00:00",
    ]
    entry = feed.entries[0]
    assert entry.title == "AWS: Increased error rates (investigating)"
    assert "We found the cause." in entry.summary
    assert entry.link == "http://127.0.0.1:8000/incidents/INC-2025-0001/"
    assert entry.author == "aws-status"
    assert {tag.term for tag in entry.tags} == {"aws:us-east-1"}


def test_reworded_post_keeps_its_id_and_moves_its_date(client: Client) -> None:
    first, second = (
        make_report("aws-rss:1", posts=(make_post(text, ref="a"),), captured_at=at)
        for text, at in (("We are lookin.", NOON), ("We are looking.", NOON + HOUR))
    )
    linking.link(keep(first))
    (before,) = read(client).entries
    linking.link(Report.objects.keep([first, second]))
    (after,) = read(client).entries
    assert "looking" in after.summary
    assert after.id == before.id
    assert after.id.startswith("tag:127.0.0.1,2025:aws-rss:1/")
    assert after.updated > before.updated


def test_filter_of_the_list_is_that_of_the_feed(client: Client) -> None:
    told(("a", "Errors in Virginia."), key="aws-rss:1")
    told(("a", "Errors in Tokyo."), key="aws-rss:2", regions=["aws:ap-northeast-1"])
    feed = read(client, "?region=aws:ap-northeast-1")
    assert ["Tokyo" in entry.summary for entry in feed.entries] == [True]
    assert feed.feed.title == "Faultline: region aws:ap-northeast-1"
    links = {link.rel: link.href for link in feed.feed.links}
    assert links["alternate"].endswith("/incidents/?region=aws%3Aap-northeast-1")


def test_news_are_named_and_not_reprinted(client: Client) -> None:
    make_source("herald", publisher_kind=PublisherKind.PRESS)
    told(("a", "The whole article."), key="web:1", source="herald", kind=DocumentKind.NEWS)
    told(("a", "The provider speaks."), key="aws-rss:9")
    summaries = {entry.author: entry.get("summary", "") for entry in read(client).entries}
    assert "The provider speaks." in summaries["aws-status"]
    assert "article" not in summaries["herald"]


def test_hostile_words_are_text(client: Client) -> None:
    told(("a", "<script>alert(1)</script> \x0b\x1f & ]]> done"), title="<b>Errors</b>\x0b")
    body = client.get(FEED).content.decode()
    assert "<script" not in body and "\x0b" not in body
    (entry,) = read(client).entries
    assert "<script" not in entry.summary
    assert "done" in entry.summary


def test_unchanged_feed_is_answered_with_304(client: Client) -> None:
    told(("a", "Errors."))
    tag = client.get(FEED)["ETag"]
    assert client.get(FEED, headers={"If-None-Match": tag}).status_code == 304


def test_empty_feed_is_a_feed(client: Client) -> None:
    feed = read(client, "?provider=nobody")
    assert feed.entries == []
    assert feed.feed.updated == "1970-01-01T00:00:00+00:00"


def test_queries_do_not_grow_with_the_posts(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        told(("a", "Errors."), ("b", "Over."), key=f"aws-rss:{number}", said_at=NOON + 24 * number * HOUR)
    with django_assert_max_num_queries(10):
        assert len(read(client).entries) == 24


@pytest.mark.parametrize(("few", "asked"), [(2_000, 20_000), (1, 20_000), (1, 3), (1, 0)])
def test_newest_reports_are_the_same_from_whichever_end_they_are_looked_for(
    few: int, asked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        place = "aws:eu-west-1" if number % 3 else "aws:us-east-1"
        told(("a", "Errors."), key=f"aws-rss:{number}", regions=[place], said_at=NOON + 24 * number * HOUR)
    monkeypatch.setattr(atom, "FEW", few)
    monkeypatch.setattr(atom, "ASKED", asked)
    monkeypatch.setattr(atom, "LOOKED_AT", 2)
    for place, newest in {"aws:eu-west-1": [5, 4], "aws:us-east-1": [3, 0]}.items():
        found = atom.newest_reports(Incident.objects.live().filter(regions__contains=[place]))
        keys = Report.objects.in_bulk([*found])
        assert [keys[report].key for report in found] == [f"aws-rss:{one}" for one in newest]
        told_of = Incident.objects.filter(pk__in=found.values())
        assert {place} == {region for incident in told_of for region in incident.regions}
