"""The flow from a body to the record: a function of the revisions, whatever order they came in."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents.choices import PublisherKind
from incidents.models import Account, Claim, Incident, Post, Report, Verdict
from ingest import processing, storing
from ingest.drawing import Revision, Voice, states
from ingest.errors import ParseError
from ingest.models import Item, ItemState, Payload, RawItem
from ingest.processing import claim, process
from ingest.storing import new_revisions, store
from ingest.voices import read
from nlp.document import Document, Extraction, Relevance
from nlp.extraction import extract
from tests.factories import DAY, HOUR, NOON, make_user
from tests.ingest.bodies import (
    MINUTE,
    aws_event,
    aws_feed,
    body_of,
    google,
    make_feed,
    old_google,
    states_of,
    take,
)

pytestmark = pytest.mark.django_db

A = "AbCdEfGhIjKlMnOpQrSt"
B = "BbCdEfGhIjKlMnOpQrSt"
OLD_DAYS = datetime(2021, 2, 1, tzinfo=UTC)


def record() -> list[Any]:
    """All that the record tells, but for row numbers."""
    posts = Post.objects.values_list("report__key", "ref", "revision", "text", "seen_at", "gone_at")
    claims = Claim.objects.values_list(
        "account__key", "subject", "field", "key", "path", "seen_at", "gone_at"
    )
    reports = Report.objects.values_list("key", "title", "modified_at", "first_seen_at", "unlisted_at")
    shown = [
        (sorted(incident.accounts.values_list("key", flat=True)), incident.started_at, incident.shown)
        for incident in Incident.objects.live()
    ]
    return [sorted(map(repr, rows)) for rows in (posts, claims, reports, shown)]


def test_a_body_becomes_reports_and_incidents() -> None:
    stored = take(make_feed(), google(A), google(B, external_desc="Slow queries in BigQuery"))
    assert (stored.new, stored.changed, stored.unchanged) == (2, 0, 0)
    report = Report.objects.get(key=f"gcp:{A}")
    assert report.posts.get().text == "Errors in us-central1."
    assert report.accounts.get().incident is not None


def test_the_same_body_again_changes_nothing() -> None:
    feed = make_feed()
    take(feed, google(A))
    before, rows = record(), Payload.objects.count()
    again = take(feed, google(A))
    assert (again.new, again.changed, again.unchanged, again.waiting) == (0, 0, 1, frozenset())
    assert (record(), Payload.objects.count()) == (before, rows)


def test_an_update_is_a_revision_and_the_body_is_kept() -> None:
    feed = make_feed()
    take(feed, google(A, "Errors."))
    later = take(feed, google(A, "Errors.", "All is well again."), at=NOON + 2 * HOUR)
    assert (later.new, later.changed) == (0, 1)
    assert RawItem.objects.count() == 2
    assert [payload.body is not None for payload in Payload.objects.all()] == [True, True]


def test_a_body_that_brought_nothing_new_leaves_its_hash_only() -> None:
    feed = make_feed()
    take(feed, google(A), google(B))
    take(feed, google(B), at=NOON + 2 * HOUR)
    (_, later) = Payload.objects.order_by("captured_at")
    assert (later.body, later.item_count) == (None, 1)
    assert len(later.body_hash) == 64


def test_any_order_of_bodies_gives_the_same_record() -> None:
    bodies = [
        (google(A, "Errors."), NOON + 1 * HOUR),
        (google(A, "Errors.", "We found it."), NOON + 2 * HOUR),
        (
            google(A, "Errors in two zones.", "We found it.", "Over.", end="2025-10-20T14:00:00Z"),
            NOON + 3 * HOUR,
        ),
        (google(A, "Errors in two zones.", "Over.", modified="2025-10-21T00:00:00Z"), NOON + DAY),
    ]
    told = []
    for order in itertools.islice(itertools.permutations(bodies), 0, 24, 5):
        Item.objects.all().delete()
        Report.objects.all().delete()
        Payload.objects.all().delete()
        feed = make_feed()
        for item, at in order:
            take(feed, item, at=at)
        told.append(record())
    assert all(one == told[0] for one in told)


def test_case_19_a_stale_copy_adds_history_only() -> None:
    feed = make_feed()
    take(feed, google(A, "Errors.", "Over."), at=NOON + 3 * HOUR)
    shown = Incident.objects.get().shown
    take(feed, google(A, "Errors."), at=NOON + 4 * HOUR)
    assert Incident.objects.get().shown == shown
    assert list(Post.objects.current().values_list("text", flat=True)) == ["Errors.", "Over."]


def test_case_19_twelve_edits_are_twelve_revisions_in_order() -> None:
    feed = make_feed()
    edits = [
        google(A, f"Errors, edit {number:02}.", modified=(NOON + number * MINUTE).isoformat())
        for number in range(12)
    ]
    for item in random.Random(4).sample(edits, len(edits)):
        take(feed, item, at=NOON + DAY)
    wordings = Post.objects.order_by("revision").values_list("text", flat=True)
    assert list(wordings) == [f"Errors, edit {number:02}." for number in range(12)]
    assert list(Post.objects.current().values_list("text", flat=True)) == ["Errors, edit 11."]


def test_an_older_archive_lowers_when_a_wording_was_first_seen() -> None:
    feed = make_feed()
    take(feed, google(A), at=NOON + DAY)
    earlier = take(feed, google(A), at=NOON + HOUR)
    assert earlier.changed == 1
    assert RawItem.objects.get().captured_at == NOON + HOUR
    assert Report.objects.get().first_seen_at == NOON + HOUR


@pytest.mark.parametrize("old_first", [True, False])
def test_items_of_two_schemas_that_share_an_alias_are_one_report(old_first: bool) -> None:
    feed = make_feed()
    created = {"created": OLD_DAYS.isoformat(), "begin": OLD_DAYS.isoformat()}
    old = (old_google("/incident/compute/20001", "Errors.", **created), OLD_DAYS + HOUR)
    new = (google(A, "Errors.", **created), OLD_DAYS + 90 * DAY)
    for item, at in (old, new) if old_first else (new, old):
        take(feed, item, at=at)
    assert list(Report.objects.values_list("key", flat=True)) == [f"gcp:{A}"]
    assert RawItem.objects.count() == 2
    assert Account.objects.count() == Incident.objects.live().count() == 1


def test_a_report_that_gets_another_key_keeps_its_number_and_its_verdicts() -> None:
    feed = make_feed()
    created = {"created": OLD_DAYS.isoformat(), "begin": OLD_DAYS.isoformat()}
    take(feed, old_google(**created), at=OLD_DAYS + HOUR)
    number = Incident.objects.get().slug
    former = Account.objects.get().key
    verdict = Verdict.objects.create(kind="not-same", a=former, b="gcp:zzz", person=make_user())
    take(feed, google(A, **created), at=OLD_DAYS + 90 * DAY)
    verdict.refresh_from_db()
    assert Incident.objects.live().get().slug == number
    assert (verdict.a, verdict.b) == (f"gcp:{A}", "gcp:zzz")


def partial(feed_kind: str, key: str, ref: str, at: datetime) -> Revision:
    feed = make_feed()
    (entry,) = read(feed, body_of(google(key, f"Post {ref}."))).entries
    posts = (replace(entry.posts[0], ref=ref, said_at=at),)
    entry = replace(entry, posts=posts, is_partial=feed_kind == "gcp-atom", modified_at=at)
    return Revision(entry, feed_kind, Voice("gcp-status", provider="gcp"), at)


def nothing(document: Document) -> Extraction:
    return Extraction(Relevance.PROVIDER_INCIDENT, ())


def test_a_feed_of_single_updates_takes_no_post_back() -> None:
    revisions = [partial("gcp-atom", A, str(number), NOON + number * HOUR) for number in range(3)]
    (*_, last) = states("gcp:x", revisions[::-1], nothing)
    assert [post.ref for post in last.posts] == ["0", "1", "2"]


def test_a_retelling_with_less_counts_until_the_fuller_kind_is_newer() -> None:
    fuller = partial("gcp-incidents-json", A, "full", NOON + 2 * HOUR)
    early, late = (
        partial("gcp-atom", A, name, NOON + hour * HOUR) for name, hour in (("early", 1), ("late", 3))
    )
    told = states("gcp:x", [late, early, fuller], nothing)
    assert [[post.ref for post in state.posts] for state in told] == [["full"], ["full", "late"]]


def test_an_account_is_strong_where_the_owner_itself_speaks() -> None:
    feed = make_feed("coin", kind="gcp-incidents-json", provider="gcp")
    take(feed, google(A))
    assert Account.objects.get().is_strong


def test_an_item_no_longer_listed_was_over_by_then() -> None:
    feed = aws_feed()
    take(feed, aws_event("A"), aws_event("B"), at=NOON + HOUR)
    take(feed, aws_event("B"), at=NOON + 2 * HOUR)
    gone = Report.objects.get(key__endswith="_A")
    assert (gone.last_listed_at, gone.unlisted_at) == (NOON + HOUR, NOON + 2 * HOUR)
    assert Report.objects.get(key__endswith="_B").unlisted_at is None
    incident = gone.accounts.get().incident
    assert incident is not None
    assert (incident.end_state, incident.ended_at) == ("bounded", NOON + 2 * HOUR)


def test_an_item_that_comes_back_is_open_again_and_nothing_is_doubled() -> None:
    feed = aws_feed()
    for at, items in enumerate([("A", "B"), ("B",), ("A", "B"), ("B",), ("A", "B")], start=1):
        take(feed, *map(aws_event, items), at=NOON + at * HOUR)
    assert Report.objects.filter(unlisted_at=None).count() == Report.objects.count() == 2
    assert RawItem.objects.count() == 2
    assert Incident.objects.count() == Account.objects.values("incident").distinct().count()


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_when_an_item_was_last_listed_does_not_depend_on_the_order(order: tuple[int, ...]) -> None:
    feed = aws_feed()
    bodies = [(aws_event("A"), aws_event("B")), (aws_event("B"),), (aws_event("B"), aws_event("C"))]
    for number in order:
        take(feed, *bodies[number], at=NOON + (number + 1) * HOUR)
    gone = Report.objects.get(key__endswith="_A")
    assert (gone.last_listed_at, gone.unlisted_at) == (NOON + HOUR, NOON + 2 * HOUR)
    assert Report.objects.get(key__endswith="_B").unlisted_at is None


def test_an_empty_list_is_no_all_clear_at_once_but_after_an_hour() -> None:
    feed = aws_feed()
    take(feed, aws_event("A"), at=NOON + HOUR)
    take(feed, at=NOON + 2 * HOUR)
    assert Report.objects.get().unlisted_at is None
    take(feed, aws_event("B"), at=NOON + 3 * HOUR)
    assert Report.objects.get(key__endswith="_A").unlisted_at == NOON + 2 * HOUR


def test_a_list_that_was_empty_for_a_moment_ended_nothing() -> None:
    feed = aws_feed()
    take(feed, aws_event("A"), at=NOON + HOUR)
    take(feed, at=NOON + 2 * HOUR)
    take(feed, aws_event("A"), at=NOON + 2 * HOUR + 5 * MINUTE)
    assert Report.objects.get().unlisted_at is None


def test_a_history_tells_nothing_of_what_is_still_open() -> None:
    history = make_feed("aws-history", "aws-health-json", provider="aws", lists_only_open=True)
    body = json.dumps({"ec2-us-east-1": [aws_event("A")]}).encode()
    store(history, body, read(history, body), NOON + HOUR)
    opened = aws_feed()
    take(opened, aws_event("A"), aws_event("B"), at=NOON + HOUR)
    take(opened, aws_event("B"), at=NOON + 2 * HOUR)
    store(history, body + b"\n", read(history, body), NOON + 3 * HOUR)
    process(10)
    assert Report.objects.get(key__endswith="_A").unlisted_at == NOON + 2 * HOUR


class Poisoned(Exception):
    """What the poison item raises."""


@pytest.fixture
def poison(monkeypatch: pytest.MonkeyPatch) -> None:
    def choke(document: Document) -> Extraction:
        if document.key == f"gcp:{A}":
            raise Poisoned("cannot be digested")
        return extract(document)

    monkeypatch.setattr(processing, "extract", choke)


def store_only(*items: Any) -> None:
    feed = make_feed()
    body = body_of(*items)
    store(feed, body, read(feed, body), NOON + HOUR)


def let_time_pass() -> None:
    Item.objects.update(claimed_until=None)


def test_case_30_a_poison_item_is_set_aside_and_the_others_go_on(poison: None) -> None:
    store_only(google(A), google(B))
    assert process(100) == processing.Processed(done=1, failed=1)
    for _ in range(3):
        let_time_pass()
        process(100)
    assert states_of() == {f"gcp:{A}": "set-aside", f"gcp:{B}": "done"}
    item = Item.objects.set_aside().get()
    assert "cannot be digested" in item.trouble
    assert item.complaint.endswith("Poisoned: cannot be digested")


def test_case_30_an_item_that_failed_waits_before_it_is_tried_again(poison: None) -> None:
    store_only(google(A))
    assert process(100).failed == 1
    assert process(100) == processing.Processed()


def test_case_30_what_was_set_aside_can_be_replayed(poison: None, monkeypatch: pytest.MonkeyPatch) -> None:
    store_only(google(A))
    for _ in range(4):
        process(100)
        let_time_pass()
    monkeypatch.setattr(processing, "extract", extract)
    assert Item.objects.replay() == 1
    assert process(100).done == 1
    assert Item.objects.get().trouble == ""


def test_case_30_an_item_that_kills_its_worker_is_set_aside_after_three_deaths() -> None:
    store_only(google(A), google(B))
    deaths = []
    for _ in range(5):
        deaths.append([item.key for item in claim(100)])  # and the worker is gone
        let_time_pass()
    assert deaths[0] == [f"gcp:{A}", f"gcp:{B}"]
    assert all(len(batch) <= 1 for batch in deaths[1:]), "after a death each is taken alone"
    Item.objects.filter(attempts__gte=3, state=ItemState.WAITING).update(claimed_until=None)
    claim(100)
    assert "worker died" in Item.objects.set_aside()[0].trouble


def test_two_workers_never_take_the_same_item() -> None:
    store_only(google(A), google(B))
    first, second = claim(1), claim(100)
    assert {item.key for item in first} & {item.key for item in second} == set()


def test_a_stored_item_that_the_parser_cannot_read_any_more_is_named() -> None:
    store_only(google(A))
    RawItem.objects.update(raw="[]")
    process(100)
    assert "ParseError" in Item.objects.get().complaint


def test_a_kind_that_is_gone_is_an_error_that_names_those_there_are() -> None:
    feed = make_feed(kind="no-such-kind")
    with pytest.raises(ParseError, match="gcp-incidents-json"):
        read(feed, b"[]")


def test_a_revision_is_stored_as_published_with_its_stamp() -> None:
    feed = make_feed()
    body = body_of(google(A, 'Quotes ", \\ and \\n', "tabs \t and lines\n", "\N{FIRE} and {braces}, 100 %s"))
    store(feed, body, reading := read(feed, body), NOON)
    entry = reading.entries[0]
    assert RawItem.objects.values_list("raw", "modified_at", "captured_at", "feed").get() == (
        entry.raw,
        entry.modified_at,
        NOON,
        feed.pk,
    )


def test_a_revision_that_another_worker_stores_meanwhile_stands() -> None:
    feed = make_feed()
    body = body_of(google(A))
    reading = read(feed, body)
    store(feed, body, reading, NOON)
    raw = RawItem.objects.get()
    another = Payload.objects.create(feed=feed, body_hash="another", size=1, captured_at=NOON + HOUR)
    brought = {(raw.item_id, "new"): reading.entries[0], (raw.item_id, raw.raw_hash): reading.entries[0]}
    with unseen_revisions():
        assert new_revisions(feed, another, brought) == {raw.item_id}
    assert RawItem.objects.order_by("pk").values_list("raw_hash", "payload")[0] == (
        raw.raw_hash,
        raw.payload_id,
    )
    assert RawItem.objects.count() == 2


@contextmanager
def unseen_revisions() -> Iterator[None]:
    """As for a worker that looked before the other one stored."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(storing, "revisions_among", lambda pairs: RawItem.objects.none())
        yield


def test_a_longer_feed_is_stored_and_left_out_in_no_more_queries() -> None:
    feed = make_feed("press", "news-feed", provider="", publisher_kind=PublisherKind.PRESS)
    asked = []
    for count in (5, 150):
        body = calm_news(count)
        with CaptureQueriesContext(connection) as queries:
            store(feed, body, read(feed, body), NOON)
            process(10**6)
        asked.append(len(queries))
        assert set(states_of().values()) == {"done"}
    assert asked[1] <= asked[0]
    assert Item.objects.count() == 155


def test_an_item_that_waits_already_keeps_its_place() -> None:
    feed = make_feed()
    first, later = body_of(google(A, "Errors.")), body_of(google(A, "More errors."))
    store(feed, first, read(feed, first), NOON)
    since = Item.objects.get().waiting_since
    store(feed, later, read(feed, later), NOON + HOUR)
    assert Item.objects.values_list("state", "waiting_since").get() == (ItemState.WAITING, since)
    process(10)
    assert Report.objects.get().posts.count() == 2


def test_an_item_that_a_worker_has_begun_waits_again_when_it_is_reworded() -> None:
    feed = make_feed()
    body = body_of(google(A, "Errors."))
    store(feed, body, read(feed, body), NOON)
    claim(1)
    later = body_of(google(A, "More errors."))
    store(feed, later, read(feed, later), NOON + HOUR)
    assert Item.objects.values_list("state", "claimed_until", "attempts").get() == (
        ItemState.WAITING,
        None,
        0,
    )


def test_what_a_poll_brought_is_asked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    feed = make_feed()
    body = body_of(google(A), google(B))
    waiting = store(feed, body, read(feed, body), NOON).waiting
    asked = []
    monkeypatch.setattr(processing, "claim", lambda *given: asked.append(given) or claim(*given))
    assert process(10, only=waiting).done == 2
    assert process(10, only=frozenset()).done == 0
    assert len(asked) == 1


def calm_news(count: int) -> bytes:
    items = "".join(
        f"<item><title>Fees of {count}</title><link>https://e.example/{count}/{number}</link>"
        f"<description>Token {number} is listed.</description></item>"
        for number in range(count)
    )
    return f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()


@pytest.mark.parametrize("text", ["NUL \0 inside", "half a pair \ud800", "bidi \u202e override"])
def test_case_14_what_postgresql_cannot_hold_does_not_stop_a_feed(text: str) -> None:
    take(make_feed(), google(A, text))
    assert Report.objects.get().posts.count() == 1
