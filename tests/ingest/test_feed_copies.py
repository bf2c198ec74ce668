"""Every real copy of a feed is read, or what could not be read is named; items keep their names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ingest.entries import Entry, Reading
from ingest.kinds import Context, all_kinds
from ingest.stamps import feed_time
from nlp.document import Field
from tests.ingest.feed_copies import aws_copies, azure_page, google_copies, lines, statuspage_feeds

pytestmark = pytest.mark.shared

PAGE = Context(publisher="somebody", url="https://e.example/feed", organisation="somebody")
PAGES = "feeds/statuspage/rss_items_102_pages_2019-2024.jsonl"
MINUTE = timedelta(minutes=1)


def read(kind: str, body: bytes, context: Context = PAGE) -> Reading:
    return all_kinds()[kind].read(body, context)


def unread(reading: Reading) -> list[str]:
    """What was left out, but for second copies of an item that is in."""
    return [item.reason for item in reading.unusable if not item.reason.startswith("listed twice")]


def google(shared: Path, name: str) -> Reading:
    return read("gcp-incidents-json", (shared / "feeds/gcp" / name).read_bytes(), Context())


@pytest.mark.parametrize(
    ("kind", "pattern", "items"),
    [
        ("gcp-incidents-json", "gcp/incidents_2019-2024.json", 1020),
        ("gcp-incidents-json", "gcp/snapshots/*.json", 155 + 132 + 146 + 164),
        ("gcp-incidents-json", "gcp/evolution/base_*.json", None),
        ("gcp-atom", "gcp/*.atom", 1),
        ("aws-data-json", "aws/data_2016-2023.json", 784),
        ("aws-data-json", "aws/snapshots/*.json", 326 + 458 + 102 + 483 + 69),
        ("aws-rss", "aws/rss/*.rss", 17),
        ("azure-rss", "azure/rss/*.xml", 2),
        ("statuspage-feed", "statuspage/rss/*.rss", 418),
        ("statuspage-feed", "statuspage/atom/*.atom", 25 + 25 + 399),
        ("statuspage-json", "statuspage/api/*.json", 1282 + 450 + 21 + 566 + 183 + 3 + 3),
        ("news-feed", "news/feeds/*.xml", None),
        ("news-feed", "news/*.xml", 50),
    ],
)
def test_every_copy_is_read(shared: Path, kind: str, pattern: str, items: int | None) -> None:
    readings = [read(kind, path.read_bytes()) for path in sorted((shared / "feeds").glob(pattern))]
    assert readings
    assert [unread(reading) for reading in readings] == [[] for _ in readings]
    if items is not None:
        assert sum(len(reading.entries) + len(reading.unusable) for reading in readings) == items


@pytest.fixture(scope="module")
def status_pages(shared: Path) -> list[Reading]:
    feeds = statuspage_feeds(shared / PAGES)
    return [read("statuspage-feed", body, Context()) for body in feeds.values()]


def test_every_item_of_102_status_pages_is_read(status_pages: list[Reading]) -> None:
    assert len(status_pages) == 102
    assert sum(len(reading.entries) for reading in status_pages) == 3800
    assert not any(reading.unusable for reading in status_pages)


def test_the_newest_stamp_of_a_status_item_is_the_items_own_date(
    shared: Path, status_pages: list[Reading]
) -> None:
    dates = {item["link"]: feed_time(item["pubDate"]) for item in lines(shared / PAGES)}
    entries = [entry for reading in status_pages for entry in reading.entries if not entry.is_maintenance]
    agreeing = [entry for entry in entries if agrees(entry, dates[entry.url])]
    # The rest were set back by their authors, or come from look-alikes that print the start.
    assert len(agreeing) / len(entries) > 0.95


def agrees(entry: Entry, dated: datetime | None) -> bool:
    return bool(dated) and any(
        timedelta(0) <= dated - post.said_at < MINUTE for post in entry.posts if post.said_at
    )


def test_every_review_of_azures_history_is_read(shared: Path) -> None:
    reviews = list(lines(shared / "feeds/azure/status_history_pages_2019-2024.jsonl"))
    reading = read("azure-history", azure_page(reviews), Context())
    assert {entry.key for entry in reading.entries} == {
        f"azure:{review['tracking_id']}" for review in reviews
    }
    assert len(reading.entries) == 127
    assert not reading.unusable
    assert all("Tracking ID" not in entry.title for entry in reading.entries)


def test_what_is_kept_of_an_item_reads_as_the_same_item(shared: Path) -> None:
    for kind, name in [
        ("gcp-incidents-json", "gcp/snapshots/incidents_2021-11-12T1040Z.json"),
        ("aws-data-json", "aws/snapshots/data_2022-04-20T0709Z.json"),
        ("statuspage-feed", "statuspage/atom/github_history_2024-12-31.atom"),
        ("statuspage-json", "statuspage/api/github_summary_2021-08-10T2253Z.json"),
        ("gcp-atom", "gcp/feed_2022-04-01.atom"),
    ]:
        for entry in read(kind, (shared / "feeds" / name).read_bytes()).entries:
            assert read(kind, entry.raw.encode()).entries == (entry,)


def test_an_incident_that_google_renamed_shares_an_alias_with_its_old_self(shared: Path) -> None:
    now = google(shared, "incidents_2019-2024.json").entries
    old = google(shared, "snapshots/incidents_2020-11-07T0144Z.json").entries
    aliases = {alias for entry in now for alias in entry.aliases}
    assert len({entry.key for entry in now}) == 1020
    assert all(entry.key in {e.key for e in now} or aliases & set(entry.aliases) for entry in old)
    assert len({alias for entry in now for alias in entry.aliases}) == sum(len(e.aliases) for e in now)


def test_a_post_of_the_old_schema_has_the_same_name_in_the_new_one(shared: Path) -> None:
    now = {a: e for e in google(shared, "incidents_2019-2024.json").entries for a in e.aliases}
    for entry in google(shared, "snapshots/incidents_2020-11-07T0144Z.json").entries:
        later = now[entry.aliases[0]]
        assert {post.ref for post in entry.posts} <= {post.ref for post in later.posts}


def google_history(shared: Path) -> Iterator[tuple[str, list[Reading]]]:
    folder = shared / "feeds/gcp/evolution"
    for base, replay in (
        ("base_2021-11-12.json", "replay_2021-11-12_to_2021-11-17.jsonl"),
        ("base_2022-07-19.json", "replay_2022-07-19.jsonl"),
    ):
        copies = list(google_copies(folder / base, folder / replay))
        yield base, [read("gcp-incidents-json", body, Context()) for body in copies[::3]]


def test_posts_keep_their_names_while_google_rewrites_an_incident(shared: Path) -> None:
    for _, readings in google_history(shared):
        seen: dict[str, dict[str, str]] = {}
        lost = posts = 0
        for entry in (entry for reading in readings for entry in reading.entries):
            refs = {post.ref: post.text for post in entry.posts}
            posts += len(seen.get(entry.key, {}))
            lost += len(seen.get(entry.key, {}).keys() - refs.keys())
            seen[entry.key] = refs
        assert lost <= 1  # one that Google itself took back
        assert posts > 1000


def test_an_open_aws_event_keeps_its_name_and_its_posts(shared: Path) -> None:
    archive = read("aws-data-json", (shared / "feeds/aws/data_2016-2023.json").read_bytes()).entries
    known = {entry.key: refs(entry) for entry in archive}
    taken_back = set()
    for path in sorted((shared / "feeds/aws/evolution").glob("*.jsonl")):
        for reading in (read("aws-data-json", body) for body in aws_copies(path)):
            assert not unread(reading)
            taken_back |= {(e.key, ref) for e in reading.entries for ref in refs(e) - known[e.key]}
    assert len(taken_back) <= 3  # by AWS itself, on 7 December 2021


def test_aws_posts_stand_in_the_order_of_their_times(shared: Path) -> None:
    for entry in read("aws-data-json", (shared / "feeds/aws/data_2016-2023.json").read_bytes()).entries:
        times = [post.said_at for post in entry.posts if post.said_at]
        assert times == sorted(times)
        assert times[-1] - times[0] < timedelta(days=10)


def test_the_same_incident_has_one_name_in_json_rss_and_atom(shared: Path) -> None:
    page = Context(publisher="github")
    feed = (shared / "feeds/statuspage/atom/github_history_2024-12-31.atom").read_bytes()
    stored = (shared / "feeds/statuspage/api/github_open_incidents_2020-2024.json").read_bytes()
    told = {entry.key: entry for entry in read("statuspage-feed", feed, page).entries}
    open_ = {entry.key: entry for entry in read("statuspage-json", stored, page).entries}
    both = told.keys() & open_.keys()
    assert len(both) > 15
    shared_refs = sum(len(refs(open_[key]) & refs(told[key])) for key in both)
    assert shared_refs / sum(len(refs(open_[key])) for key in both) > 0.95


def refs(entry: Entry) -> set[str]:
    return {post.ref for post in entry.posts}


def test_names_in_fields_are_known_to_the_vocabulary(shared: Path) -> None:
    """A low bar: what is unknown is kept, and listed for review."""
    entries = google(shared, "incidents_2019-2024.json").entries
    facts = [fact for entry in entries for fact in entry.facts if fact.field in {Field.REGION, Field.SERVICE}]
    known = [fact for fact in facts if fact.rule == "field"]
    assert len(known) / len(facts) > 0.95


def test_googles_atom_and_json_call_a_post_alike(shared: Path) -> None:
    told = read("gcp-atom", (shared / "feeds/gcp/feed_2022-04-01.atom").read_bytes(), Context()).entries[0]
    whole = {entry.key: entry for entry in google(shared, "incidents_2019-2024.json").entries}[told.key]
    assert refs(told) <= refs(whole)
    spans = (Field.STARTED_AT, Field.ENDED_AT)
    assert {f.key for f in told.facts if f.field in spans} == {f.key for f in whole.facts if f.field in spans}
