"""/explain/: a text with what is read in it, in place; hostile ones cost nobody but their own process."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.test import Client

from ingest.explaining import views
from ingest.explaining.child import Reader, Task, TooLong
from ingest.explaining.marking import explained
from ingest.explaining.views import Limits
from nlp.document import Document, DocumentKind, Passage
from nlp.extraction import extract
from tests.factories import keep, make_post, make_report, make_source, make_user

pytestmark = pytest.mark.django_db
TEXT = (
    "On 4 March 2025 at 14:05 UTC an AWS outage in us-east-1 hit Coinbase and Zibblewire; "
    "Kraken was not affected."
)


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    reader = Reader()
    yield reader
    reader.stop()


@pytest.fixture(autouse=True)
def one_reader(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """Starting one takes seconds: the module shares it."""
    monkeypatch.setattr("ingest.explaining.child.READER", reader)


def post(client: Client, text: str, **fields: str) -> str:
    page = client.post("/explain/", {"text": text, "kind": "news"} | fields)
    assert page.status_code == 200
    return page.content.decode()


def document(text: str) -> Document:
    return Document("t", DocumentKind.NEWS, (Passage(text),), published_at=datetime(2025, 3, 5, tzinfo=UTC))


def test_offers_a_form_to_strangers(client: Client) -> None:
    page = client.get("/explain/").content.decode()
    assert "20,000 characters and 5 seconds" in page
    assert "What is read" not in page


def test_marks_each_name_and_time_in_place(client: Client) -> None:
    page = post(client, TEXT)
    assert 'class="mark affected"' in page
    assert 'class="mark not-affected"' in page
    for value in (
        "region aws:us-east-1",
        "organisation coinbase",
        "organisation kraken",
        "2025-03-04 14:05 UTC",
    ):
        assert value in page
    assert "a candidate for review, no entity" in page


def test_shows_the_facts_with_the_sentence_that_proves_them(client: Client) -> None:
    assert f"“{TEXT}”" in post(client, TEXT)


def test_the_pieces_are_the_whole_text() -> None:
    read = document(TEXT + "\n\nIt began on Tuesday; on Wednesday it was over.")
    (part,) = explained(read, extract(read)).parts
    assert "".join(piece.text for piece in part.pieces) == read.passages[0].text


def test_runs_no_markup_of_the_text(client: Client) -> None:
    page = post(
        client, "AWS is down &lt;script&gt;alert(1)&lt;/script&gt;", title="<img src=x onerror=alert(1)>"
    )
    assert "<script>alert" not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize(
    "text",
    ["\0\x07 AWS down", "‮ AWS ‬ معطل", "ㅎ" * 20_000, "a" * 20_000, "(" * 20_000, "10:00 to " * 2_200],
    ids=["control", "right-to-left", "korean", "one word", "brackets", "clocks"],
)
def test_answers_whatever_is_pasted(client: Client, text: str) -> None:
    assert client.post("/explain/", {"text": text, "kind": "news"}).status_code in {200, 400}


def test_says_how_much_too_long_a_text_is(client: Client) -> None:
    page = client.post("/explain/", {"text": "a " * 10_001, "kind": "news"})
    assert page.status_code == 400
    assert "That is 20,002 characters; 20,000 are read at a time." in page.content.decode()


def test_reads_more_for_those_who_are_signed_in(client: Client) -> None:
    client.force_login(make_user("ada"))
    assert "What is read" in post(client, "AWS is down. " * 2_000)


def test_gives_up_when_the_time_is_over(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "STRANGERS", Limits(20_000, 0.001))
    page = client.post("/explain/", {"text": TEXT * 100, "kind": "news"})
    assert page.status_code == 400
    assert "more than the 0.001 seconds" in page.content.decode()


def test_ends_the_process_that_took_too_long(reader: Reader) -> None:
    reader.extract(Task(document(TEXT), (), 30.0))
    child = reader.process
    with pytest.raises(TooLong):
        reader.extract(Task(document(TEXT * 200), (), 0.0001))
    assert child is not None
    assert child.poll() is not None
    assert reader.extract(Task(document(TEXT), (), 5.0)).accounts


def test_waits_no_longer_than_a_reading_may_take(reader: Reader) -> None:
    started = time.monotonic()
    with reader.lock, pytest.raises(TooLong, match="Others"):
        reader.extract(Task(document(TEXT), (), 0.05))
    assert time.monotonic() - started < 2


def test_only_one_waits_while_another_is_read(reader: Reader) -> None:
    with reader.places, reader.places, pytest.raises(TooLong, match="Try again in a few seconds"):
        reader.extract(Task(document(TEXT), (), 5))
    assert reader.extract(Task(document(TEXT), (), 5)).accounts


def test_explains_a_stored_report_by_its_key_and_by_its_address(client: Client) -> None:
    keep(
        make_report(
            "aws-rss:7", url="https://status.example/7", posts=(make_post("AWS us-east-1 has errors."),)
        )
    )
    for named in ("aws-rss:7", "https://status.example/7"):
        page = client.get("/explain/", {"report": named}).content.decode()
        assert "region aws:us-east-1" in page
        assert "aws-rss:7" in page


def test_does_not_show_the_words_of_news(client: Client) -> None:
    make_source("paper", publisher_kind="press")
    words = "A secret sentence about AWS."
    keep(make_report("web:https://paper.example/1", source="paper", kind="news", posts=(make_post(words),)))
    page = client.get("/explain/", {"report": "web:https://paper.example/1"})
    assert page.status_code == 400
    assert words not in page.content.decode()
    assert "not ours to show" in page.content.decode()


def test_says_when_no_report_has_the_key(client: Client) -> None:
    page = client.get("/explain/", {"report": "aws-rss:none"})
    assert page.status_code == 400
    assert "No stored report" in page.content.decode()


def test_takes_no_other_method(client: Client) -> None:
    assert client.put("/explain/").status_code == 405
