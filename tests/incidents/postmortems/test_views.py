"""The pages of those who write: what they take, what they refuse, and in which words."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from incidents.models import ActionItem, Correction, Postmortem, Section, User
from incidents.postmortems import saving
from incidents.postmortems.saving import add
from incidents.postmortems.template_loading import load_templates
from incidents.spreadsheets import neutral
from tests.factories import NOON, make_incident, make_postmortem, make_published, make_team

pytestmark = pytest.mark.django_db
SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
JSON = {"accept": "application/json"}


@pytest.fixture
def postmortem() -> Postmortem:
    make_team("matching", ben="reviewer")
    return make_postmortem()


@pytest.fixture
def ada(postmortem: Postmortem, client: Client) -> Client:
    client.force_login(User.objects.get(username="ada"))
    return client


def at(postmortem: Postmortem, path: str) -> str:
    return f"{postmortem.get_absolute_url()}{path}"


def facts(postmortem: Postmortem, **changes: Any) -> dict[str, Any]:
    told = {
        "version": postmortem.version,
        "title": postmortem.title,
        "severity": "unknown",
        "cause": "unknown",
    }
    return told | changes


def test_a_conflict_is_a_page_with_both_texts(ada: Client, postmortem: Postmortem) -> None:
    section = postmortem.sections.first()
    address = at(postmortem, f"sections/{section.pk}/")
    ada.post(address, {"version": 1, "body": "ADA"})
    answer = ada.post(address, {"version": 1, "body": "BEN"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert '<h2 id="mine-title">Yours</h2><pre class="pm-raw">BEN</pre>' in page
    assert ">ADA</pre>" in page


def test_a_script_that_saves_is_told_the_version_and_a_conflict(ada: Client, postmortem: Postmortem) -> None:
    section = postmortem.sections.first()
    address = at(postmortem, f"sections/{section.pk}/")
    assert ada.post(address, {"version": 1, "body": "ADA"}, headers=JSON).json()["version"] == 2
    answer = ada.post(address, {"version": 1, "body": "BEN"}, headers=JSON)
    assert answer.status_code == 409
    assert (answer.json()["theirs"], answer.json()["version"]) == ("ADA", 2)


def test_a_section_that_is_too_long_comes_back_with_a_clear_message(
    ada: Client, postmortem: Postmortem
) -> None:
    section = postmortem.sections.first()
    answer = ada.post(at(postmortem, f"sections/{section.pk}/"), {"version": 1, "body": "[" * 100_001})
    assert answer.status_code == 400
    assert "at most 100000 characters" in answer.content.decode()
    assert "[" * 100_001 in answer.content.decode()


def test_five_megabytes_are_refused_in_words(ada: Client, postmortem: Postmortem) -> None:
    section = postmortem.sections.first()
    ada.raise_request_exception = False
    answer = ada.post(at(postmortem, f"sections/{section.pk}/"), {"version": 1, "body": "x" * 5_000_000})
    assert answer.status_code == 400
    assert "larger than a page may send" in answer.content.decode()


def test_a_hundred_thousand_brackets_are_kept_and_shown(ada: Client, postmortem: Postmortem) -> None:
    section = postmortem.sections.first()
    address = at(postmortem, f"sections/{section.pk}/")
    assert ada.post(address, {"version": 1, "body": "[" * 100_000}).status_code == 302
    assert ada.get(at(postmortem, "review/")).status_code == 200


def test_a_script_in_every_field_is_text_on_every_page(ada: Client, postmortem: Postmortem) -> None:
    for section in postmortem.sections.all():
        ada.post(at(postmortem, f"sections/{section.pk}/"), {"version": 1, "body": SCRIPT})
    told = facts(postmortem, title=SCRIPT, company=SCRIPT, product=SCRIPT, categories=SCRIPT, keywords=SCRIPT)
    assert ada.post(at(postmortem, "facts/"), told).status_code == 302
    ada.post(at(postmortem, "sections/"), {"heading": SCRIPT, "kind": "other"})
    ada.post(at(postmortem, "timeline/"), {"version": 0, "text": SCRIPT, "kind": "event"})
    ada.post(
        at(postmortem, "actions/"),
        {"version": 0, "text": SCRIPT, "owner_name": SCRIPT, "type": "prevent", "priority": "low"},
    )
    ada.post(at(postmortem, "comments/"), {"text": SCRIPT})
    revision = postmortem.revisions.first().pk
    pages = ["edit/", "review/", "history/", f"history/{revision}/"]
    for address in [*(at(postmortem, page) for page in pages), "/postmortems/mine/", "/postmortems/actions/"]:
        page = ada.get(address).content.decode()
        assert "alert(1)" in page or "history" in address, address
        assert "<script>alert" not in page, address
        assert "<img src=x" not in page, address


def test_an_upload_that_is_no_picture_is_refused_on_the_page(ada: Client, postmortem: Postmortem) -> None:
    svg = SimpleUploadedFile("x.png", b"<svg onload=alert(1)>", content_type="image/png")
    answer = ada.post(at(postmortem, "images/"), {"image": svg})
    assert answer.status_code == 400
    assert "no PNG, JPEG, WebP or GIF" in answer.content.decode()
    assert postmortem.images.count() == 0


def test_a_fact_changed_here_is_proposed_to_the_record(ada: Client, postmortem: Postmortem) -> None:
    incident = make_incident(started_at=NOON)
    Postmortem.objects.update(incident=incident, visibility="public", started_at=NOON, severity="major")
    told = facts(postmortem, severity="critical", started_at="2025-10-20T11:50")
    ada.post(at(postmortem, "facts/"), told)
    texts = list(Correction.objects.order_by("pk").values_list("text", flat=True))
    assert texts == [
        "Severity: critical instead of major, says Matching.",
        "Start: 2025-10-20 11:50 UTC instead of 2025-10-20 12:00 UTC, says Matching.",
    ]
    assert "proposed: open" in ada.get(at(postmortem, "edit/")).content.decode()


def test_a_private_post_mortem_proposes_nothing(ada: Client, postmortem: Postmortem) -> None:
    Postmortem.objects.update(incident=make_incident(), visibility="private")
    ada.post(at(postmortem, "facts/"), facts(postmortem, severity="critical"))
    assert not Correction.objects.exists()
    assert Postmortem.objects.get().severity == "critical"


def test_a_time_that_nobody_touches_keeps_its_seconds(ada: Client, postmortem: Postmortem) -> None:
    exact = NOON.replace(second=42)
    Postmortem.objects.update(started_at=exact, start_precision="hour")
    ada.post(at(postmortem, "facts/"), facts(postmortem, started_at="2025-10-20T12:00", title="New"))
    now = Postmortem.objects.get()
    assert (now.started_at, now.start_precision, now.title) == (exact, "hour", "New")


def test_an_end_before_the_start_is_refused_beside_the_field(ada: Client, postmortem: Postmortem) -> None:
    told = facts(postmortem, started_at="2025-10-20T12:00", ended_at="2025-10-20T11:00")
    answer = ada.post(at(postmortem, "facts/"), told)
    assert answer.status_code == 400
    assert "It ends before it begins." in answer.content.decode()


def test_filing_from_an_incident_leads_to_the_desk(ada: Client) -> None:
    load_templates()
    incident = make_incident()
    page = ada.get(f"/postmortems/new/?incident={incident.slug}")
    assert incident.slug in page.content.decode()
    team = make_team("matching").pk
    given = {"team": team, "template": "short", "incident": incident.slug, "visibility": "public"}
    answer = ada.post("/postmortems/new/", given)
    made = Postmortem.objects.get(incident=incident)
    assert answer["Location"] == at(made, "edit/")
    assert made.visibility == "public"


def test_nobody_files_for_a_team_of_others(ada: Client) -> None:
    load_templates()
    team = make_team("elsewhere", other="lead").pk
    given = {"team": team, "template": "short", "title": "x", "visibility": "public"}
    assert ada.post("/postmortems/new/", given).status_code == 400


def test_an_import_tells_what_could_not_be_read(ada: Client) -> None:
    text = b"# A day\n\n**Status:** Complete\n\n## Impact\n\nMany."
    given = {"team": make_team("matching").pk, "file": SimpleUploadedFile("day.md", text)}
    page = ada.post("/postmortems/import/", given).content.decode()
    assert "status: Complete" in page
    assert "no field of ours" in page
    assert Postmortem.objects.filter(title="A day", state="draft").count() == 1
    given["file"] = SimpleUploadedFile("day.md", text)
    assert ada.post("/postmortems/import/", given).status_code == 302
    assert Postmortem.objects.filter(title="A day").count() == 1


def test_the_preview_shows_the_text_and_asks_about_names(ada: Client) -> None:
    given = {"body": "**Bold**. Maria Lopez pushed it.", "kind": "root-cause"}
    page = ada.post("/postmortems/preview/", given).content.decode()
    assert "<strong>Bold</strong>" in page
    assert "Maria Lopez" in page.partition("</ul>")[0]


def test_the_board_shows_actions_of_ones_teams_the_late_ones_first(
    ada: Client, postmortem: Postmortem
) -> None:
    person = User.objects.get(username="ada")
    for text, due in (("later", date(2099, 1, 1)), ("late", date(2020, 1, 1))):
        add(postmortem, ActionItem(text=text, due=due, owner=person), person=person)
    others = make_postmortem("Elsewhere", team=make_team("elsewhere", other="lead"), author=lead_elsewhere())
    add(others, ActionItem(text="not ours", due=date(2020, 1, 1)), person=lead_elsewhere())
    page = ada.get("/postmortems/actions/")
    assert [str(row.html) for row in page.context["rows"]] == ["late", "later"]
    assert (page.context["open"], page.context["overdue"]) == (2, 1)
    assert [str(row.html) for row in ada.get("/postmortems/actions/?overdue=on").context["rows"]] == ["late"]


def lead_elsewhere() -> User:
    make_team("elsewhere")
    return User.objects.get(username="other")


def test_the_state_of_an_action_is_set_on_the_board(ada: Client, postmortem: Postmortem) -> None:
    action = ActionItem(text="Do", due=date(2020, 1, 1))
    add(postmortem, action, person=User.objects.get(username="ada"))
    for target in ("https://evil.example/", "/postmortems/actions/?mine=on"):
        answer = ada.post(f"/postmortems/actions/{action.pk}/", {"state": "done", "next": target})
        assert answer["Location"].startswith("/postmortems/actions/")
    action.refresh_from_db()
    assert (action.state, action.closed_at is not None) == ("done", True)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "|calc", "%x"])
def test_a_formula_in_a_cell_is_text(cell: str) -> None:
    assert neutral(cell) == f"'{cell}"
    assert neutral("plain - text") == "plain - text"


def test_actions_come_as_csv_whose_cells_do_nothing(ada: Client, postmortem: Postmortem) -> None:
    action = ActionItem(text='=HYPERLINK("https://evil.example")', owner_name="+Eve", due=date(2020, 1, 1))
    add(postmortem, action, person=User.objects.get(username="ada"))
    body = b"".join(ada.get("/postmortems/actions/actions.csv").streaming_content)  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(body.decode())))
    assert (rows[0]["action"][:2], rows[0]["owner"], rows[0]["due"]) == ("'=", "'+Eve", "2020-01-01")


def test_a_page_is_found_by_the_whole_of_a_long_address(client: Client) -> None:
    start = "orders-stood-still-" * 5
    for name in ("first", "second"):
        make_published(title=name.capitalize(), slug=start + name)
    assert "<h1>Second</h1>" in client.get(f"/postmortems/{start}second/").content.decode()
    assert client.get(f"/postmortems/{start}/").status_code == 404


def test_a_page_asks_once_for_a_stranger(client: Client) -> None:
    told = make_published()
    with CaptureQueriesContext(connection) as queries:
        client.get(told.get_absolute_url())
    assert len(queries) == 1


def test_the_list_and_the_board_ask_as_much_for_many_as_for_one(ada: Client, postmortem: Postmortem) -> None:
    counts = []
    for _ in range(2):
        for number in range(3):
            made = make_published(title=f"No. {number}")
            add(made, ActionItem(text="x", due=date(2020, 1, 1)), person=made.authors.get(username="ada"))
        with CaptureQueriesContext(connection) as told:
            ada.get("/postmortems/")
            ada.get("/postmortems/actions/")
        counts.append(len(told))
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_killed_in_mid_save_keeps_all_or_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    postmortem = make_postmortem()
    section, person = postmortem.sections.first(), User.objects.get(username="ada")

    def killed(*args: Any, **options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with monkeypatch.context() as patched:
        patched.setattr(saving, "keep", killed)
        with pytest.raises(OperationalError):
            saving.save_section(postmortem, section.pk, "half", version=1, person=person)
    connection.close()
    now = Section.objects.get(pk=section.pk)
    assert (now.body, now.version) == (section.body, 1)
    assert saving.save_section(postmortem, section.pk, "whole", version=1, person=person).version == 2
