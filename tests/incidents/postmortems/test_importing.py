from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from incidents.postmortems.exporting import to_markdown
from incidents.postmortems.importing import NotReadable, decode, read_markdown

SAMPLES = Path(__file__).parent / "samples"


def test_a_file_of_the_collection_keeps_every_fact() -> None:
    imported = read_markdown((SAMPLES / "collection.md").read_text())
    document = imported.document
    assert imported.format == "icco"
    assert document.uid == "7a1d8a0e-54ba-4f0e-9b0f-2f8a35b1c001"
    assert document.title == "Ledger service stopped accepting writes"
    assert document.started_at == datetime(2021, 3, 4, 9, 15, tzinfo=UTC)
    assert document.company == "Example Ledger"
    assert document.categories == ("config-change", "cascading-failure")
    assert document.origin == {"source_published_at": "2021-03-09T10:00:00Z"}
    assert [section.kind for section in document.sections] == ["summary", "narrative"]
    assert imported.unread == ()


def test_what_a_file_of_the_collection_lacks_is_told() -> None:
    imported = read_markdown(
        "---\nuuid: abc\nurl: https://a.example/the-long-night\ncompany: Acme\ncategories: []\n---\n"
    )
    assert imported.document.title == "Acme: the long night"
    assert [one.text for one in imported.unread] == ["title", "body"]


def test_a_document_with_the_usual_headings_finds_its_places() -> None:
    imported = read_markdown((SAMPLES / "document.md").read_text(), "document.md")
    document = imported.document
    kinds = {section.kind: section.body for section in document.sections}
    assert document.title == "Quotes froze for nine minutes"
    assert document.authors == ("R. Moreno", "T. Okafor")
    assert document.started_at == datetime(2023, 5, 11, tzinfo=UTC)
    assert document.start_precision == "day"
    assert kinds["root-cause"].startswith("The cache was filled by one writer")
    assert kinds["went-well"] == "- The page went out within a minute."
    assert kinds["luck"] == "- The market was quiet."
    assert kinds["other"].startswith("Nobody had a name for this part.")
    assert [(entry.at, entry.text) for entry in document.timeline[:2]] == [
        (datetime(2023, 5, 11, 13, 2, tzinfo=UTC), "First stale quote"),
        (datetime(2023, 5, 11, 13, 4, tzinfo=UTC), "Page to the on-call engineer"),
    ]
    assert [(one.text, one.owner, one.type, one.state) for one in document.actions] == [
        ("Add a second writer", "moreno", "prevent", "open"),
        ("Alarm on the age of quotes", "okafor", "detect", "done"),
    ]


def test_what_a_document_says_and_we_have_no_place_for_is_told() -> None:
    imported = read_markdown((SAMPLES / "document.md").read_text(), "document.md")
    assert {(one.text, one.why) for one in imported.unread} == {
        ("status: Complete", "no field of ours"),
        ("- Somebody thinks it began earlier", "no time: kept in the timeline without one"),
    }


@pytest.mark.parametrize("sample", ["collection.md", "document.md"])
def test_what_was_imported_comes_back_equal_after_an_export(sample: str) -> None:
    document = read_markdown((SAMPLES / sample).read_text(), sample).document
    assert read_markdown(to_markdown(document)).document == document


def test_the_same_document_has_the_same_identity_each_time() -> None:
    text = (SAMPLES / "document.md").read_text()
    assert read_markdown(text, "a.md").document.uid == read_markdown(text, "a.md").document.uid
    assert read_markdown(text, "a.md").document.uid != read_markdown(text, "b.md").document.uid


BOMB = "---\na: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n---\ntext"
REFUSED = {
    "empty": ("  \n ", "empty"),
    "aliases": (BOMB, "aliases"),
    "broken": ("---\na: [1\n---\n", "no YAML"),
    "a list": ("---\n- a\n---\n", "no list of names"),
    "of the future": ("---\nfaultline: 2\n---\n", "format 2"),
    "without identity": ("---\nfaultline: 1\nuid: x\ntitle: y\n---\n", "does not fit"),
    "too long": ("x" * 2_000_001, "2,000,000"),
    "a section too long": ("# a\n## Impact\n" + "x" * 100_001, "100,000"),
    "deep": ("---\na: " + "[" * 5_000 + "\n---\n", "no YAML"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_read_says_why(name: str) -> None:
    text, why = REFUSED[name]
    with pytest.raises(NotReadable, match=why):
        read_markdown(text)


def test_bytes_that_are_no_text_say_so() -> None:
    with pytest.raises(NotReadable, match="UTF-8"):
        decode(b"\xff\xfe\x00")


def test_a_heading_loses_the_marks_that_end_it_and_costs_no_more_than_its_length() -> None:
    text = f"# Night ##\n\n## Impact ##\n\nMuch.\n\n## Root{' ' * 50_000}cause\n\nOne.\n"
    began = time.perf_counter()
    document = read_markdown(text).document
    assert time.perf_counter() - began < 5
    assert (document.title, document.sections[0].heading) == ("Night", "Impact")


@pytest.mark.shared
def test_the_whole_collection_is_read_or_named_and_comes_back_equal(shared: Path) -> None:
    files = sorted((shared / "feeds/datasets/icco_postmortems").glob("*.md"))
    assert len(files) == 227
    for file in files:
        imported = read_markdown(decode(file.read_bytes()), file.name)
        assert imported.format == "icco", file.name
        assert read_markdown(to_markdown(imported.document)).document == imported.document, file.name
