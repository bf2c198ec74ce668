"""Each kind reads its samples as the file beside them says; real copies are read or named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from ingest.entries import Entry
from ingest.errors import ParseError
from ingest.kinds import Context, Kind, all_kinds
from ingest.parsing import parse_json
from ingest.text import UNPRINTABLE
from nlp.document import Field

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
CONTEXTS = {
    kind: Context(**fields) for kind, fields in json.loads((SAMPLES / "contexts.json").read_text()).items()
}
ANYBODY = Context()
CASES = [
    pytest.param(kind, sample, id=f"{kind.slug}/{sample.name}")
    for kind in all_kinds().values()
    for sample in sorted((SAMPLES / kind.slug).iterdir())
    if not sample.name.endswith(".expected.json")
]


def context_of(kind: Kind) -> Context:
    return CONTEXTS.get(kind.slug, Context())


@pytest.mark.parametrize(("kind", "sample"), CASES)
def test_reads_its_sample(kind: Kind, sample: Path) -> None:
    reading = asdict(kind.read(sample.read_bytes(), context_of(kind)))
    for entry in reading["entries"]:
        del entry["raw"]
    found = json.dumps(reading, default=str, indent=1, ensure_ascii=False)
    expected = sample.with_name(sample.name + ".expected.json")
    if not expected.exists():
        expected.write_text(found + "\n")
        pytest.fail(f"wrote {expected.name}: read it, correct it, run again")
    assert json.loads(found) == json.loads(expected.read_text())


@pytest.mark.parametrize(("kind", "sample"), CASES)
def test_reads_what_it_kept_of_an_item_as_the_same_item(kind: Kind, sample: Path) -> None:
    context = context_of(kind)
    for entry in kind.read(sample.read_bytes(), context).entries:
        assert kind.read(entry.raw.encode(), context).entries == (entry,)


@pytest.mark.parametrize("kind", all_kinds().values(), ids=all_kinds())
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" \n",
        b"\0" * 100_000,
        b"<html><body>502 Bad Gateway</body></html>",
        b'{"error": "no"}',
        b"[",
        b"7",
    ],
    ids=["empty", "blank", "zeros", "error page", "other JSON", "cut JSON", "number"],
)
def test_refuses_a_body_of_another_kind(kind: Kind, body: bytes) -> None:
    with pytest.raises(ParseError):
        kind.read(body, Context(publisher="p"))


def only(kind: str, body: object, context: Context = ANYBODY) -> Entry:
    """The one entry of a body; a value is sent as JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    (entry,) = all_kinds()[kind].read(raw, context).entries
    return entry


def sample(kind: str, name: str) -> list[Entry]:
    return list(
        all_kinds()[kind].read((SAMPLES / kind / name).read_bytes(), CONTEXTS.get(kind, Context())).entries
    )


def test_an_incident_under_googles_new_schema_shares_an_alias_with_its_old_self() -> None:
    old = sample("gcp-incidents-json", "old_schema.json")[0]
    incident = json.loads(old.raw)[0]
    renamed = only("gcp-incidents-json", [incident | {"id": "Zq9x", "uri": "incidents/Zq9x"}])
    assert renamed.key != old.key
    assert set(renamed.aliases) & set(old.aliases)


def test_incidents_after_the_change_of_schema_have_no_alias() -> None:
    assert all(not entry.aliases for entry in sample("gcp-incidents-json", "both_lists.json"))


AWS_EVENT = {
    "service_name": "Amazon CloudWatch (Ireland)",
    "summary": "Late metrics",
    "date": "1655952060",
    "status": "2",
    "description": '<div><span class="yellowfg"> 7:41 PM PDT</span>&nbsp;Metrics come late.</div>',
    "service": "cloudwatch-eu-west-1",
}


def test_an_aws_event_keeps_its_name_when_it_moves_to_the_archive() -> None:
    later = AWS_EVENT | {
        "summary": "[RESOLVED] Late metrics",
        "date": "1655980860",
        "status": 1,
        "description": AWS_EVENT["description"]
        + '<div><span class="yellowfg"> 9:02 PM PDT</span>&nbsp;All is well.</div>',
    }
    before = only("aws-data-json", {"current": [AWS_EVENT], "archive": []})
    after = only("aws-data-json", {"current": [], "archive": [later]})
    assert (after.key, after.title) == (before.key, before.title)
    assert after.posts[0] == before.posts[0]


def test_the_same_words_about_the_same_service_on_another_evening_are_another_event() -> None:
    other = AWS_EVENT | {"description": AWS_EVENT["description"].replace("7:41", "8:15")}
    reading = all_kinds()["aws-data-json"].read(json.dumps({"archive": [AWS_EVENT, other]}).encode())
    assert len({entry.key for entry in reading.entries}) == 2


def test_json_rss_and_atom_of_a_status_page_name_an_incident_and_its_posts_alike() -> None:
    told = [
        sample("statuspage-json", "incidents.json")[0],
        sample("statuspage-feed", "history.rss")[0],
        sample("statuspage-feed", "history.atom")[0],
    ]
    assert len({entry.key for entry in told}) == 1
    whole, rss, atom = ({post.ref for post in entry.posts} for entry in told)
    assert whole == rss
    assert atom < whole


def test_the_final_review_is_a_revision_of_the_preliminary_one_and_sorts_after_it() -> None:
    page = (SAMPLES / "azure-history/new_layout.html").read_bytes()
    preliminary = all_kinds()["azure-history"].read(page).entries[0]
    final = all_kinds()["azure-history"].read(page.replace(b"Preliminary ", b"")).entries[0]
    assert (final.key, final.title) == (preliminary.key, preliminary.title)
    assert final.raw > preliminary.raw


def test_googles_atom_names_posts_as_the_json_does_and_owns_to_showing_some_only() -> None:
    whole = sample("gcp-incidents-json", "both_lists.json")[0]
    (part,) = sample("gcp-atom", "feed.atom")
    assert part.key == whole.key
    assert {post.ref for post in part.posts} == {post.ref for post in whole.posts}
    assert part.is_partial


def test_a_name_that_the_vocabulary_lacks_is_kept_for_review() -> None:
    facts = sample("gcp-incidents-json", "both_lists.json")[0].facts
    unknown = [(fact.key, fact.rule) for fact in facts if "abacus" in fact.key]
    assert unknown == [("gcp:quantum-abacus-preview", "unknown-name")]


def test_a_grade_that_nobody_knows_is_unknown_and_keeps_its_word() -> None:
    facts = {fact.field: fact.value for fact in sample("statuspage-json", "incidents.json")[1].facts}
    assert facts[Field.SEVERITY] == "unknown"
    assert facts[Field.SEVERITY_WORD] == "dire"


def test_a_posting_time_is_no_start() -> None:
    entries = sample("aws-data-json", "archive_and_current.json") + sample("azure-rss", "feed.xml")
    entries += sample("aws-health-json", "currentevents.json") + sample("statuspage-feed", "history.rss")
    told = {fact.field for entry in entries for fact in entry.facts}
    assert Field.NOT_BEFORE in told
    assert not told & {Field.STARTED_AT, Field.ENDED_AT}


def test_planned_maintenance_hits_nobody() -> None:
    entries = sample("statuspage-feed", "history.rss") + sample("statuspage-json", "summary.json")
    planned = [entry for entry in entries if entry.is_maintenance]
    assert len(planned) == 2
    assert not any(fact.field is Field.IMPACT for entry in planned for fact in entry.facts)


@pytest.mark.parametrize("hostile", ["x" * 5_000, "a\0b\ud800c\u202ed"])
def test_whatever_a_source_writes_fits_into_the_record(hostile: str) -> None:
    page = {"name": hostile, "url": "https://e.example"}
    update = {"status": hostile, "body": hostile, "created_at": "2024-03-05T10:00:00Z"}
    incident = {
        "id": "abc",
        "name": hostile,
        "status": hostile,
        "impact": hostile,
        "created_at": "2024-03-05T10:00:00Z",
        "updated_at": "2024-03-05T10:00:00Z",
        "incident_updates": [update, update],
        "components": [{"name": hostile}],
    }
    entry = only("statuspage-json", {"page": page, "incidents": [incident]}, Context(provider="cloudflare"))
    assert len({post.ref for post in entry.posts}) == 2
    assert all(len(post.ref) <= 200 and len(post.status) <= 60 for post in entry.posts)
    shown = (entry.title, *(post.text for post in entry.posts), *(fact.value for fact in entry.facts))
    assert not any(UNPRINTABLE.search(text) for text in shown)
    assert len(entry.title) <= 500


def test_a_name_too_long_to_keep_is_told_and_left_out() -> None:
    page = {"name": "", "url": "https://e.example"}
    incident = {"id": "x" * 600, "name": "n", "status": "resolved", "impact": "none", "incident_updates": []}
    incident |= {"created_at": "2024-03-05T10:00:00Z", "updated_at": "2024-03-05T10:00:00Z"}
    body = json.dumps({"page": page, "incidents": [incident]}).encode()
    reading = all_kinds()["statuspage-json"].read(body)
    assert not reading.entries
    assert "characters" in reading.unusable[0].reason


def test_a_news_page_of_a_very_long_address_has_a_name_that_fits() -> None:
    url = f"https://news.example/rss/articles/{'C' * 900}"
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [{"url": url, "title": "t"}]}
    assert len(only("news-feed", feed).key) < 500


def aws_events() -> list[Any]:
    """The events of the sample that have a log."""
    stored = (SAMPLES / "aws-health-json/currentevents.json").read_bytes()
    return [event for event in parse_json(stored) if "event_log" in event]


def in_milliseconds(events: list[Any]) -> list[Any]:
    for event in events:
        event["date"] = str(int(event["date"]) * 1000)
        for entry in event["event_log"]:
            entry["timestamp"] = int(entry["timestamp"]) * 1000
    return events


def with_text(events: list[Any]) -> list[Any]:
    for entry in (entry for event in events for entry in event["event_log"]):
        entry["timestamp"], entry["status"] = str(entry["timestamp"]), str(entry["status"])
    return events


def as_sent(events: object, encoding: str) -> bytes:
    return json.dumps(events).encode(encoding)


AWS_AS_SENT = {
    "UTF-16 with a mark": as_sent(aws_events(), "utf-16"),
    "big endian": b"\xfe\xff" + as_sent(aws_events(), "utf-16-be"),
    "without a mark": as_sent(aws_events(), "utf-16-be"),
    "two marks": b"\xfe\xff\xfe\xff" + as_sent(aws_events(), "utf-16-be"),
    "UTF-8": as_sent(aws_events(), "utf-8"),
    "UTF-8 with a mark": as_sent(aws_events(), "utf-8-sig"),
    "zeros behind": as_sent(aws_events(), "utf-16") + b"\0\0",
    "half a zero behind": as_sent(aws_events(), "utf-16") + b"\0",
    "milliseconds": as_sent(in_milliseconds(aws_events()), "utf-16"),
    "numbers as text": as_sent(with_text(aws_events()), "utf-16"),
    "by service": as_sent({"ec2-us-east-1": aws_events(), "s3-us-east-1": aws_events()}, "utf-16"),
}


@pytest.mark.parametrize("body", AWS_AS_SENT.values(), ids=AWS_AS_SENT)
def test_an_aws_event_says_the_same_however_it_is_sent(body: bytes) -> None:
    plain = all_kinds()["aws-health-json"].read(as_sent(aws_events(), "utf-8"))
    found = all_kinds()["aws-health-json"].read(body)
    assert [replace(entry, raw="") for entry in found.entries] == [
        replace(entry, raw="") for entry in plain.entries
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"event_log": []},
        {"event_log": None},
        {"impacted_services": None, "impacted_service_status_changes": None},
        {"impacted_services": {"ec2-us-east-1": {"service_name": "EC2"}}},
    ],
)
def test_an_aws_event_that_lacks_what_others_have_is_read(fields: dict[str, Any]) -> None:
    events = [event | fields for event in aws_events()]
    reading = all_kinds()["aws-health-json"].read(as_sent(events, "utf-16"))
    assert len(reading.entries) == len(events)
    assert all(entry.posts and entry.posts[0].said_at for entry in reading.entries)


def test_an_aws_event_is_over_where_its_newest_entry_says_so() -> None:
    event = aws_events()[0]
    newest = event["event_log"][-1] | {"summary": "[RESOLVED] Increased Error Rates", "status": 1}
    log = [*event["event_log"][:-1], newest]
    entry = only("aws-health-json", [event | {"summary": "Increased Error Rates", "event_log": log}])
    phases = [(fact.value, fact.evidence.path) for fact in entry.facts if fact.field is Field.PHASE]
    assert phases == [("resolved", "event_log[-1].summary")]


HEADING = "<h3>PIR – Networking – East US (Tracking ID QK0T-790)</h3>"
TOLD = "<p>Between 01:00 UTC and 02:00 UTC on 2 February 2026 it broke.</p>"


@pytest.mark.parametrize(
    "layout",
    [
        f"<section>{HEADING}{TOLD}</section><footer>Terms</footer>",
        f"<div><div><button>{HEADING}</button></div><div>{TOLD}</div></div><footer>Terms</footer>",
        f"<div><header>{HEADING}</header>{TOLD}</div><div><header><h3>Next (Tracking ID AB-CD)</h3></header>",
    ],
)
def test_the_text_of_a_review_is_found_where_its_heading_stands_apart(layout: str) -> None:
    page = f"<title>Azure status history</title><main>{layout}</main>"
    (entry, *_) = all_kinds()["azure-history"].read(page.encode()).entries
    assert entry.posts[0].text == "Between 01:00 UTC and 02:00 UTC on 2 February 2026 it broke."


# What no item goes without: its name, its posts, and the time of a post where nothing else tells it.
NEEDED = {
    ("gcp-incidents-json", "both_lists.json"): {"id", "updates", "created"},
    ("aws-health-json", "currentevents.json"): {"arn", "event_log"},
    ("statuspage-json", "incidents.json"): {"incidents", "id", "incident_updates", "created_at"},
    ("statuspage-json", "summary.json"): {"incidents", "scheduled_maintenances", "id", "incident_updates"},
}


@pytest.mark.parametrize(("kind", "name"), NEEDED)
def test_a_field_that_is_null_or_missing_costs_no_item_where_it_is_not_needed(kind: str, name: str) -> None:
    body = parse_json((SAMPLES / kind / name).read_bytes())
    count = len(all_kinds()[kind].read(json.dumps(body).encode()).entries)
    for place in places(body):
        field = place[-1] if place else 0
        if isinstance(field, int) or field in NEEDED[kind, name]:
            continue
        for changed in (put(body, place, None), put(body, place, MISSING)):
            reading = all_kinds()[kind].read(json.dumps(changed).encode(), Context(url="https://e.example/"))
            assert len(reading.entries) == count, (place, reading.unusable)


MISSING = object()
ODD_VALUES = [None, [], {}, "", 7, -1, 1e300, True, "\ud800\0", ["x"], {"x": 1}, "9" * 400, float("nan")]
JSON_CASES = [case for case in CASES if case.id and case.id.endswith(".json")]


@pytest.mark.parametrize(("kind", "sample"), JSON_CASES)
def test_a_field_of_another_type_costs_no_more_than_its_item(kind: Kind, sample: Path) -> None:
    body = parse_json(sample.read_bytes())
    for place in places(body):
        for odd in ODD_VALUES:
            try:
                kind.read(json.dumps(put(body, place, odd)).encode(), context_of(kind))
            except ParseError as error:
                assert len(place) < 3, f"{place}: {error}"


@pytest.mark.parametrize(
    ("kind", "name", "field"),
    [
        ("gcp-incidents-json", "both_lists.json", "id"),
        ("aws-health-json", "currentevents.json", "arn"),
        ("statuspage-json", "incidents.json", "id"),
        ("aws-data-json", "archive_and_current.json", "service"),
    ],
)
@pytest.mark.parametrize("nothing", [None, "", " ", 7, {}])
def test_an_item_without_a_name_is_left_out(kind: str, name: str, field: str, nothing: object) -> None:
    body = (SAMPLES / kind / name).read_bytes()
    whole = parse_json(body)
    items = whole if isinstance(whole, list) else whole.get("incidents") or whole["current"]
    items[0][field] = nothing
    before = all_kinds()[kind].read(body)
    after = all_kinds()[kind].read(json.dumps(whole).encode())
    assert len(after.entries) == len(before.entries) - 1
    assert len(after.unusable) == len(before.unusable) + 1


def places(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of every value inside a JSON value."""
    yield path
    children = (
        enumerate(value) if isinstance(value, list) else value.items() if isinstance(value, dict) else ()
    )
    for name, child in children:
        yield from places(child, (*path, name))


def put(value: Any, path: tuple[str | int, ...], new: object) -> Any:
    """The value with another one at the path; `MISSING` leaves out what is there."""
    if not path:
        return new
    copy = list(value) if isinstance(value, list) else dict(value)
    if new is MISSING and len(path) == 1:
        del copy[path[0]]  # type: ignore[arg-type]
        return copy
    copy[path[0]] = put(copy[path[0]], path[1:], new)  # type: ignore[index]
    return copy
