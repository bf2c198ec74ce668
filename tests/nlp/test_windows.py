"""Windows: our own reports in `labelled_windows.jsonl` with what they state; bounds; hostile texts."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from nlp.document import Document, DocumentKind, Passage, Precision
from nlp.durations import find_durations
from nlp.posts import Bound
from nlp.sentences import Text
from nlp.times import find_times
from nlp.windows import EndKind, StartKind, Window, read_window

REPORTS = Path(__file__).with_name("labelled_windows.jsonl")
LABELLED = [json.loads(line) for line in REPORTS.read_text(encoding="utf-8").splitlines()]
PUBLISHED = "2024-05-16T18:00Z"  # a Thursday


def make_document(*passages: Passage, **fields: Any) -> Document:
    published = fields.pop("published_at", PUBLISHED)
    kind = DocumentKind(fields.pop("kind", "news"))
    at = datetime.fromisoformat(published) if published else None
    return Document(key="a", kind=kind, passages=passages, published_at=at, **fields)


def window_of(document: Document) -> Window:
    text = Text(document)
    return read_window(text, find_times(document, text), find_durations(document, text))


def told(bound: Bound | None) -> str | None:
    if bound is None:
        return None
    is_day = bound.time.precision is Precision.DAY
    return bound.time.at.strftime("%Y-%m-%d" if is_day else "%Y-%m-%dT%H:%MZ")


@pytest.mark.parametrize("row", LABELLED, ids=[row["text"][:60] for row in LABELLED])
def test_report_states_this_window(row: dict[str, Any]) -> None:
    fields = {k: row[k] for k in ("kind", "provider", "title", "published_at") if k in row}
    found = window_of(make_document(Passage(row["text"]), **fields))
    start = found.start if found.start_kind is StartKind.STATED or row["start"] else None
    assert (told(start), told(found.end)) == (row["start"], row["end"])
    assert row["minutes"] in (None, found.duration_minutes)


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"2024-05-16T{clock}").replace(tzinfo=UTC)


def test_first_post_bounds_a_start_that_is_not_stated() -> None:
    posts = (
        Passage("We are investigating errors.", at("10:00")),
        Passage("We are still working.", at("10:30")),
    )
    found = window_of(make_document(*posts, kind="provider-status"))
    assert found.start_kind is StartKind.FIRST_REPORT
    assert found.start is not None and found.start.time.at == at("10:00")
    assert found.end is None


def test_post_that_says_resolved_bounds_an_end_that_is_not_stated() -> None:
    posts = (
        Passage("We are investigating errors.", at("10:00")),
        Passage("The issue has been resolved.", at("11:00")),
        Passage("A review follows. The issue has been resolved.", at("12:00")),
    )
    found = window_of(make_document(*posts, kind="provider-status"))
    assert found.end_kind is EndKind.RESOLVED_POST
    assert found.end is not None and found.end.time.at == at("11:00")


def test_end_of_one_part_is_no_end_while_the_record_goes_on() -> None:
    posts = (
        Passage("Starting at 09:10 UTC calls fail.", at("10:00")),
        Passage("The issue with queues was resolved at 10:20 UTC.", at("10:30")),
        Passage("We are working on storage and will provide an update by 12:00 UTC.", at("11:00")),
    )
    found = window_of(make_document(*posts, kind="provider-status"))
    assert (told(found.start), found.end) == ("2024-05-16T09:10Z", None)


def test_corrected_window_of_a_later_post_wins() -> None:
    posts = (
        Passage("Between 09:10 UTC and 10:00 UTC calls failed.", at("10:10")),
        Passage("Between 08:50 UTC and 10:05 UTC calls failed. The issue is resolved.", at("11:00")),
    )
    found = window_of(make_document(*posts, kind="provider-status"))
    assert (told(found.start), told(found.end)) == ("2024-05-16T08:50Z", "2024-05-16T10:05Z")


def test_note_that_points_to_another_incident_reports_no_start() -> None:
    note = Passage("This incident is being merged with an existing incident. See there.", at("10:00"))
    assert window_of(make_document(note, kind="provider-status")).start is None


def test_news_without_a_time_has_no_window() -> None:
    assert window_of(make_document(Passage("A cloud outage hit some exchanges."))) == Window()


def test_sentence_of_a_bound_holds_its_words() -> None:
    report = "Trading was halted at 09:10 UTC on May 14. It resumed at 11:00 UTC."
    found = window_of(make_document(Passage(report)))
    assert found.start is not None and found.start.sentence is not None
    assert found.start.sentence.text == "Trading was halted at 09:10 UTC on May 14."


@pytest.mark.parametrize("year", ["0001", "9999"])
def test_feed_that_dates_its_posts_absurdly_is_read_without_its_dates(year: str) -> None:
    absurd = datetime.fromisoformat(f"{year}-01-01T00:00").replace(tzinfo=UTC)
    post = Passage(
        "9:18 PM PDT The issue began at 10:00 PDT on May 14, 2024. 9:30 PM PDT We wait for Monday.", absurd
    )
    document = make_document(post, kind="provider-status", published_at=f"{year}-01-01T00:00Z")
    assert told(window_of(document).start) == "2024-05-14T17:00Z"


HOSTILE = {
    "nothing": "",
    "blanks": " " * 1_000_000,
    "one word": "a" * 1_000_000,
    "digits": "1" * 1_000_000,
    "clocks": "12:30 " * 30_000,
    "half clocks": "12:" * 100_000,
    "months": "May " * 100_000,
    "ranges": "between 1:00 and " * 10_000,
    "counted": "a day later " * 20_000,
    "control characters": "".join(map(chr, range(32))) * 5_000 + " at 10:00 UTC",
    "right to left": "توقفت الخدمة في 10:00 UTC يوم " * 5_000,
    "Japanese": "日本時間 2024年5月10日 10:00 から 11:30 にかけて障害が発生しました。" * 2_000,
    "Korean": "2024년 5월 10일 오전 10:00 (KST) 장애가 발생했습니다. " * 2_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_read_in_time(text: str) -> None:
    document = make_document(Passage(text), kind="provider-status")
    read = Text(document)
    before = time.process_time()
    read_window(read, find_times(document, read), find_durations(document, read))
    assert time.process_time() - before < 5
