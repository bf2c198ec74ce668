from __future__ import annotations

import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client

from incidents.models import User
from incidents.postmortems.exporting import to_markdown
from incidents.postmortems.filing import file_document
from incidents.postmortems.importing import NotReadable, decode, read_markdown
from tests.factories import make_team

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


OWN = {"faultline": 1, "uid": "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "title": "T"}
ODD_NAME = r'<!-- faultline:section summary "\x" -->'
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
    "before all time": ("---\nfaultline: 1\nuid: x\nstarted_at: '0001-01-01T00:00:00+23:59'\n---\n", "fit"),
    "an odd name": (f"---\n{yaml.safe_dump(OWN)}---\n\n{ODD_NAME}\n\n## h\n", "JSON"),
    "deep": ("---\na: " + "[" * 5_000 + "\n---\n", "no YAML"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_read_says_why(name: str) -> None:
    text, why = REFUSED[name]
    with pytest.raises(NotReadable, match=why):
        read_markdown(text)


ODD: dict[str, dict[str, Any]] = {
    "a word that is none": {"severity": "terrible", "start_precision": "second"},
    "words too long": {"cause": "x" * 500, "timeline": [{"text": "a", "kind": "x" * 500, "precision": "x"}]},
    "texts too long": {"timeline": [{"text": "a", "publisher": "x" * 9_000, "report": "x" * 9_000}]},
    "an owner too long": {"actions": [{"text": "a", "owner": "x" * 500, "link": "x" * 9_000, "state": "x"}]},
    "lists for texts": {"title": ["a"], "company": {"a": 1}, "timeline": [{"text": None, "url": []}]},
    "numbers for texts": {"title": 2025, "product": 4.5, "authors": [7], "keywords": ["x" * 500]},
    "no flag": {"timeline": [{"text": "a", "star": "maybe"}]},
    "nothing": {"end_precision": None, "incident": "\x00"},
    "an origin that JSON has no words for": {"origin": {"a": "\x00", "b": [float("nan"), date(2025, 1, 1)]}},
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ODD)
def test_a_file_with_odd_values_is_a_draft_that_can_be_opened(name: str, client: Client) -> None:
    """Whoever wrote the file by hand, or to do harm, breaks no page with it."""
    front = yaml.safe_dump(OWN | ODD[name])
    text = (
        f'---\n{front}---\n\n# T\n\n<!-- faultline:section {"k" * 99} "{"h" * 999}" -->\n\n## h\n\nWords.\n'
    )
    team = make_team("matching", ada="member")
    imported = read_markdown(text)
    ada = User.objects.get(username="ada")
    draft, _ = file_document(imported.document, team=team, person=ada)
    client.force_login(ada)
    for page in ("edit/", "review/", "export.md", "export.json"):
        assert client.get(draft.get_absolute_url() + page).status_code == 200, page
    assert any("known here" in one.why for one in imported.unread)


def test_bytes_that_are_no_text_say_so() -> None:
    with pytest.raises(NotReadable, match="UTF-8"):
        decode(b"\xff\xfe\x00")


def test_a_heading_loses_the_marks_that_end_it_and_costs_no_more_than_its_length() -> None:
    text = f"# Night ##\n\n## Impact ##\n\nMuch.\n\n## Root{' ' * 50_000}cause\n\nOne.\n"
    began = time.process_time()
    document = read_markdown(text).document
    assert time.process_time() - began < 5
    assert (document.title, document.sections[0].heading) == ("Night", "Impact")


@pytest.mark.shared
def test_the_whole_collection_is_read_or_named_and_comes_back_equal(shared: Path) -> None:
    files = sorted((shared / "feeds/datasets/icco_postmortems").glob("*.md"))
    assert len(files) == 227
    for file in files:
        imported = read_markdown(decode(file.read_bytes()), file.name)
        assert imported.format == "icco", file.name
        assert read_markdown(to_markdown(imported.document)).document == imported.document, file.name
