from __future__ import annotations

import json
from datetime import UTC, date, datetime

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.postmortems.choices import SectionKind
from incidents.postmortems.documents import (
    Document,
    DocumentAction,
    DocumentEntry,
    DocumentSection,
    as_json,
    tidy,
)
from incidents.postmortems.exporting import to_markdown
from incidents.postmortems.importing import read_markdown

UID = "5f0cbb4e-7a35-4e3b-9d53-0a4c2f4ad001"
WHOLE = Document(
    uid=UID,
    title="Orders: stood still #1",
    incident="INC-2025-0042",
    severity="critical",
    cause="dns",
    started_at=datetime(2025, 10, 20, 6, 48, tzinfo=UTC),
    ended_at=datetime(2025, 10, 20, 9, 30, 12, tzinfo=UTC),
    end_precision="hour",
    company="Example Exchange",
    categories=("cloud", "dns"),
    keywords=("a, b", "- c"),
    authors=("Ada", "Ben"),
    url="https://blog.example/why",
    origin={"source_published_at": "2025-11-01T00:00:00Z", "untitled": True},
    sections=(
        DocumentSection("summary", "Summary", "Nothing *moved*.\n\n## A heading of its own\n\n- a\n- b"),
        DocumentSection("other", 'Our "own" --> heading', '<!-- faultline:section summary "x" -->\n---\nend'),
        DocumentSection("lessons", "Lessons", ""),
    ),
    timeline=(
        DocumentEntry("We saw it", at=datetime(2025, 10, 20, 7, 1, tzinfo=UTC), kind="detection", star=True),
        DocumentEntry("Posted", report="aws-rss:1", post="1", publisher="AWS", url="https://status.example"),
    ),
    actions=(DocumentAction("Fail over", owner="Ada", due=date(2025, 12, 1), link="https://t.example/1"),),
)
words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60)
nasty = st.sampled_from(
    ['<!-- faultline:section summary "x" -->', "<!-- \\faultline:", "---", "## Timeline", "# x", ""]
)
bodies = st.lists(words | nasty, max_size=6).map(lambda lines: tidy("\n".join(lines)))
sections = st.builds(DocumentSection, st.sampled_from([kind.value for kind in SectionKind]), words, bodies)
moments = st.datetimes(timezones=st.just(UTC))
documents = st.builds(
    Document,
    uid=st.just(UID),
    title=words.filter(str.strip),
    company=words,
    categories=st.lists(words, max_size=3).map(tuple),
    started_at=st.none() | moments,
    sections=st.lists(sections, max_size=4).map(tuple),
    timeline=st.lists(st.builds(DocumentEntry, words, st.none() | moments), max_size=3).map(tuple),
    actions=st.lists(st.builds(DocumentAction, words, words, st.none() | st.dates()), max_size=3).map(tuple),
)


def test_a_file_read_back_is_the_same_document() -> None:
    imported = read_markdown(to_markdown(WHOLE))
    assert imported.document == WHOLE
    assert imported.unread == ()


def test_json_read_back_is_the_same_document() -> None:
    assert Document.from_json(json.loads(json.dumps(as_json(WHOLE)))) == WHOLE


@given(documents)
@settings(max_examples=150, deadline=None)
def test_whatever_a_document_says_survives_the_way_out_and_in(document: Document) -> None:
    assert read_markdown(to_markdown(document)).document == document


def test_the_front_matter_is_yaml_that_others_can_read() -> None:
    front = to_markdown(WHOLE).split("---\n")[1]
    told = yaml.safe_load(front)
    assert (told["faultline"], told["title"], told["started_at"]) == (1, WHOLE.title, "2025-10-20T06:48:00Z")


def test_those_who_read_the_file_see_the_timeline() -> None:
    assert "- 2025-10-20 07:01 UTC (detection): We saw it" in to_markdown(WHOLE)


def test_how_far_an_action_is_changes_no_word() -> None:
    done = DocumentAction(**{**as_fields(WHOLE.actions[0]), "state": "done"})
    assert Document(**{**as_fields(WHOLE), "actions": (done,)}).digest == WHOLE.digest
    assert Document(**{**as_fields(WHOLE), "title": "Other"}).digest != WHOLE.digest


def as_fields(thing: object) -> dict[str, object]:
    return {name: getattr(thing, name) for name in thing.__dataclass_fields__}  # type: ignore[attr-defined]
