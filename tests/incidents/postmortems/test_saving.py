from __future__ import annotations

from datetime import date, timedelta

import pytest

from incidents.models import ActionItem, Postmortem, Section, TimelineEntry, User
from incidents.postmortems.restoring import restore
from incidents.postmortems.saving import Conflict, add, remove, save_fields, save_section
from tests.factories import NOON, make_postmortem, make_team

pytestmark = pytest.mark.django_db
TEXT = "one\ntwo\nthree"


@pytest.fixture
def postmortem() -> Postmortem:
    make_team("matching", ben="member")
    return make_postmortem(sections={"impact": TEXT, "lessons": "Few."})


@pytest.fixture
def section(postmortem: Postmortem) -> Section:
    return postmortem.sections.get(kind="impact")


def test_a_text_is_saved_with_a_new_version_and_its_writer_is_an_author(section: Section) -> None:
    ben = person("ben")
    saved = save_section(section.postmortem, section.pk, "other", version=1, person=ben)
    section.refresh_from_db()
    assert (section.body, section.version, saved.version) == ("other", 2, 2)
    assert ben in section.postmortem.authors.all()


def test_saving_the_same_text_again_changes_nothing(section: Section) -> None:
    for _ in range(2):
        saved = save_section(section.postmortem, section.pk, TEXT, version=1, person=person("ada"))
    assert saved.version == 1
    assert section.postmortem.revisions.filter(part=f"section:{section.pk}").count() == 1


def test_two_who_change_different_lines_of_one_section_both_get_in(section: Section) -> None:
    save_section(section.postmortem, section.pk, "1\ntwo\nthree", version=1, person=person("ada"))
    saved = save_section(section.postmortem, section.pk, "one\ntwo\n3", version=1, person=person("ben"))
    assert (saved.text, saved.is_merged) == ("1\ntwo\n3", True)


def test_two_who_change_the_same_line_both_see_both_and_nothing_is_written(section: Section) -> None:
    save_section(section.postmortem, section.pk, "one\nADA\nthree", version=1, person=person("ada"))
    with pytest.raises(Conflict) as caught:
        save_section(section.postmortem, section.pk, "one\nBEN\nthree", version=1, person=person("ben"))
    assert (caught.value.mine, caught.value.theirs) == ("one\nBEN\nthree", "one\nADA\nthree")
    assert "BEN" in caught.value.both
    assert "ADA" in caught.value.both
    section.refresh_from_db()
    assert section.body == "one\nADA\nthree"


def test_two_who_write_in_different_sections_do_not_meet(postmortem: Postmortem) -> None:
    impact, lessons = postmortem.sections.get(kind="impact"), postmortem.sections.get(kind="lessons")
    save_section(postmortem, impact.pk, "a", version=1, person=person("ada"))
    saved = save_section(postmortem, lessons.pk, "b", version=1, person=person("ben"))
    assert not saved.is_merged
    assert list(postmortem.sections.values_list("body", flat=True)) == ["a", "b"]


def test_text_for_a_section_that_was_removed_meanwhile_is_handed_back(section: Section) -> None:
    remove(section, version=1, person=person("ada"))
    with pytest.raises(Conflict) as caught:
        save_section(section.postmortem, section.pk, "long work", version=1, person=person("ben"))
    assert (caught.value.is_gone, caught.value.mine) == (True, "long work")


def test_a_part_that_somebody_has_changed_is_not_removed_unseen(section: Section) -> None:
    save_section(section.postmortem, section.pk, "new", version=1, person=person("ada"))
    with pytest.raises(Conflict):
        remove(section, version=1, person=person("ben"))
    assert section.postmortem.sections.filter(pk=section.pk).exists()


def test_facts_that_two_change_apart_both_hold(postmortem: Postmortem) -> None:
    save_fields(postmortem, {"title": "A", "severity": "unknown"}, version=1, person=person("ada"))
    stale = {"title": "Orders stood still", "severity": "major"}
    save_fields(postmortem, stale, version=1, person=person("ben"))
    postmortem.refresh_from_db()
    assert (postmortem.title, postmortem.severity) == ("A", "major")


def test_a_fact_that_two_change_differently_is_told_to_the_second(postmortem: Postmortem) -> None:
    save_fields(postmortem, {"severity": "minor"}, version=1, person=person("ada"))
    with pytest.raises(Conflict, match="same words"):
        save_fields(postmortem, {"severity": "major"}, version=1, person=person("ben"))
    postmortem.refresh_from_db()
    assert postmortem.severity == "minor"


def test_a_moment_and_an_action_can_be_changed_by_two_at_once(postmortem: Postmortem) -> None:
    entry, action = TimelineEntry(text="Seen", at=NOON), ActionItem(text="Test it", due=date(2025, 12, 1))
    for part in (entry, action):
        add(postmortem, part, person=person("ada"))
    save_fields(entry, {"text": "Seen by us", "kind": "event"}, version=1, person=person("ada"))
    save_fields(entry, {"text": "Seen", "kind": "detection"}, version=1, person=person("ben"))
    entry.refresh_from_db()
    assert (entry.text, entry.kind) == ("Seen by us", "detection")
    save_fields(action, {"state": "done"}, version=1, person=person("ben"))
    action.refresh_from_db()
    assert action.closed_at is not None


def test_what_a_text_said_can_be_put_back(section: Section) -> None:
    save_section(section.postmortem, section.pk, "worse", version=1, person=person("ben"))
    first = section.postmortem.revisions.get(part=f"section:{section.pk}", version=1)
    restore(first, person=person("ada"))
    section.refresh_from_db()
    assert (section.body, section.version) == (TEXT, 3)


def test_what_was_removed_can_be_put_back(postmortem: Postmortem, section: Section) -> None:
    entry = TimelineEntry(text="Seen", at=NOON, kind="detection", report_key="aws-rss:1")
    add(postmortem, entry, person=person("ada"))
    old_entry, old_section = entry.pk, section.pk
    remove(entry, version=1, person=person("ada"))
    remove(section, version=1, person=person("ada"))
    for part in (f"entry:{old_entry}", f"section:{old_section}"):
        restore(postmortem.revisions.get(part=part, is_gone=True), person=person("ben"))
    back = postmortem.entries.get()
    assert (back.text, back.at, back.kind, back.report_key) == ("Seen", NOON, "detection", "aws-rss:1")
    assert postmortem.sections.get(kind="impact").body == TEXT


def test_facts_can_be_put_back(postmortem: Postmortem) -> None:
    save_fields(postmortem, {"started_at": NOON, "categories": ["dns"]}, version=1, person=person("ada"))
    later = {"started_at": NOON + timedelta(hours=1), "categories": []}
    save_fields(postmortem, later, version=2, person=person("ben"))
    restore(postmortem.revisions.get(part="facts", version=2), person=person("ada"))
    postmortem.refresh_from_db()
    assert (postmortem.started_at, postmortem.categories) == (NOON, ["dns"])


def test_every_version_of_every_part_is_kept(section: Section) -> None:
    for version, text in enumerate(("a", "b", "c"), 1):
        save_section(section.postmortem, section.pk, text, version=version, person=person("ada"))
    kept = section.postmortem.revisions.filter(part=f"section:{section.pk}").order_by("version")
    assert list(kept.values_list("version", "text")) == [(1, TEXT), (2, "a"), (3, "b"), (4, "c")]


def person(name: str) -> User:
    return User.objects.get(username=name)


@pytest.mark.parametrize("kind", [ActionItem, TimelineEntry])
def test_the_number_of_another_teams_part_neither_writes_there_nor_tells_of_it(
    postmortem: Postmortem, kind: type[ActionItem | TimelineEntry]
) -> None:
    add(postmortem, kind(text="theirs"), person=person("ada"))
    part = kind.objects.get()
    own = make_postmortem(team=make_team("elsewhere", eve="member"), author=person("eve"))
    for version in (0, part.version):
        with pytest.raises(Conflict) as caught:
            forged = kind(pk=part.pk, postmortem=own)
            save_fields(forged, {"text": "mine"}, version=version, person=person("eve"))
        assert (caught.value.is_gone, caught.value.theirs) == (True, "")
    part.refresh_from_db()
    assert part.text == "theirs"
    assert not own.revisions.filter(part__endswith=f":{part.pk}", label__contains=": ").exists()
