"""What the rows know of themselves, and how items come to be one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from incidents.models import Report
from ingest.entries import Entry
from ingest.identity import items_of
from ingest.models import USUAL_INTERVAL, Feed, Item, ItemAlias, Payload, RawItem
from nlp.document import DocumentKind
from tests.factories import NOON
from tests.ingest.bodies import google, make_feed, take

pytestmark = pytest.mark.django_db


def make_entry(key: str, *aliases: str) -> Entry:
    return Entry(
        key=key,
        url="https://status.example/",
        title="",
        posts=(),
        raw=key,
        document_kind=DocumentKind.PROVIDER_STATUS,
        aliases=aliases,
    )


def make_item(**fields: object) -> Item:
    return Item.objects.create(**{"key": "gcp:x", "waiting_since": NOON} | fields)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Status.Example/feed", "status.example"),
        ("http://status.example:8080?x", "status.example:8080"),
        ("https://[2606:4700::1111]/", "[2606:4700::1111]"),
        ("", None),
    ],
)
def test_the_database_knows_the_host_of_a_feed(url: str, host: str | None) -> None:
    assert Feed.objects.get(pk=make_feed(url=url).pk).host == host


def test_a_source_without_an_interval_is_read_at_the_usual_one() -> None:
    assert make_feed("a", interval=None).interval == USUAL_INTERVAL
    assert make_feed("b", interval=timedelta(hours=1)).interval == timedelta(hours=1)


def test_feeds_longest_overdue_come_first() -> None:
    now = timezone.now()
    for slug, due_at in (
        ("late", now - timedelta(hours=1)),
        ("later", now - timedelta(hours=2)),
        ("new", None),
    ):
        Feed.objects.filter(pk=make_feed(slug, url="https://a.example/").pk).update(due_at=due_at)
    due = Feed.objects.due(now).values_list("source__slug", flat=True)
    assert list(due) == ["new", "later", "late"]


def test_a_payload_gives_back_the_body_as_it_came() -> None:
    body = bytes(range(256)) * 99
    payload = Payload(feed=make_feed(), body_hash="0", size=len(body), captured_at=NOON)
    assert payload.body is None
    payload.keep(body)
    payload.save()
    kept = Payload.objects.get()
    assert kept.body == body
    assert len(bytes(kept.packed or b"")) < len(body) / 10


def test_a_revision_is_stored_once() -> None:
    take(make_feed(), google())
    row = RawItem.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError, match="revision_once"):
        row.save()


@pytest.mark.parametrize(
    ("trouble", "complaint"),
    [
        ("", ""),
        ("Traceback\n  File x\nValueError: no", "ValueError: no"),
        ("Traceback\n  File x\nDataError: bad\n  LINE 1: ...\n     ^", "DataError: bad"),
    ],
)
def test_an_item_tells_its_trouble_in_a_line(trouble: str, complaint: str) -> None:
    assert make_item(trouble=trouble).complaint == complaint


def test_only_what_was_set_aside_is_replayed() -> None:
    make_item(key="a", state="set-aside", attempts=3)
    make_item(key="b", state="done")
    assert Item.objects.all().replay() == 1
    assert list(Item.objects.waiting().values_list("key", "attempts")) == [("a", 0)]


def test_items_that_share_an_alias_are_one_under_the_greatest_key() -> None:
    first = items_of([make_entry("gcp:/old", "gcp:created/1")])
    later = items_of([make_entry("gcp:new", "gcp:created/1"), make_entry("gcp:other")])
    assert first["gcp:/old"].key == "gcp:/old"
    assert later["gcp:new"].key == "gcp:new"
    assert sorted(Item.objects.values_list("key", flat=True)) == ["gcp:new", "gcp:other"]


def test_a_former_key_still_leads_to_its_item() -> None:
    items_of([make_entry("gcp:/old", "gcp:created/1")])
    items_of([make_entry("gcp:new", "gcp:created/1")])
    again = items_of([make_entry("gcp:/old")])
    assert again["gcp:/old"].key == "gcp:new"
    assert set(ItemAlias.objects.values_list("token", flat=True)) == {"gcp:/old", "gcp:created/1"}


def test_three_items_that_meet_through_one_are_one() -> None:
    items_of([make_entry("a", "1"), make_entry("b", "2")])
    met = items_of([make_entry("c", "1", "2")])
    assert met["c"].key == "c"
    assert Item.objects.count() == 1


def test_entries_of_one_body_that_share_an_alias_are_one() -> None:
    items = items_of([make_entry("a", "1"), make_entry("b", "1")])
    assert {item.key for item in items.values()} == {"b"}
    assert Item.objects.count() == 1
    assert not Report.objects.exists()
