"""Answers that cost nothing while the record stands still, and pages that do not slow down."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from incidents import http
from incidents.http import Cursor, keyset_page
from incidents.models import Incident, Membership, Source, User
from incidents.postmortems.choices import Visibility
from incidents.postmortems.moving import show_to
from tests.factories import HOUR, NOON, make_incident, make_published, make_source, make_user

pytestmark = pytest.mark.django_db


def test_an_unchanged_record_is_answered_with_304(client: Client) -> None:
    make_incident()
    first = client.get("/incidents/")
    again = client.get("/incidents/", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_304_asks_the_record_for_its_newest_change_only(
    client: Client, django_assert_max_num_queries: object
) -> None:
    etag = client.get("/timeline/")["ETag"]
    with django_assert_max_num_queries(2):  # type: ignore[operator]
        client.get("/timeline/", headers={"If-None-Match": etag})


def test_a_change_of_an_incident_changes_the_tag(client: Client) -> None:
    incident = make_incident()
    etag = client.get("/")["ETag"]
    incident.title = "Worse than thought"
    incident.save()
    assert client.get("/", headers={"If-None-Match": etag}).status_code == 200


def test_a_source_that_goes_blind_changes_the_tag(client: Client) -> None:
    make_source(state="answers")
    etag = client.get("/")["ETag"]
    Source.objects.update(state="unreachable")
    assert client.get("/", headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize("visibility", [Visibility.PRIVATE, Visibility.INTERNAL])
def test_a_post_mortem_that_is_taken_back_is_not_kept_by_caches(
    client: Client, visibility: Visibility
) -> None:
    published = make_published(title="Matching engine stood still")
    lea = make_user("lea", is_analyst=False)
    Membership.objects.create(team=published.team, user=lea, role="lead")
    before = client.get("/search/?q=matching")
    assert "stood still" in before.content.decode()
    show_to(published, visibility, person=lea)
    after = client.get("/search/?q=matching", headers={"If-None-Match": before["ETag"]})
    assert (after.status_code, "stood still" in after.content.decode()) == (200, False)


def test_who_has_left_a_team_is_not_answered_from_before(client: Client) -> None:
    published = make_published(visibility="private", title="Matching engine stood still")
    client.force_login(User.objects.get(username="ben"))
    before = client.get("/search/?q=matching")
    assert "stood still" in before.content.decode()
    published.team.memberships.filter(user__username="ben").delete()
    after = client.get("/search/?q=matching", headers={"If-None-Match": before["ETag"]})
    assert (after.status_code, "stood still" in after.content.decode()) == (200, False)


def test_fragment_and_page_have_tags_of_their_own(client: Client) -> None:
    page = client.get("/incidents/")
    fragment = client.get("/incidents/", headers={"HX-Request": "true"})
    assert page["ETag"] != fragment["ETag"]
    assert "HX-Request" in page["Vary"]


def test_public_pages_set_no_cookie_and_may_be_kept_by_caches(client: Client) -> None:
    page = client.get("/")
    assert not page.cookies
    assert page["Cache-Control"] == "public, max-age=0, must-revalidate"


def test_no_cache_hands_the_page_of_one_person_to_another(client: Client) -> None:
    strangers = client.get("/")
    client.force_login(make_user("ada"))
    theirs = client.get("/", headers={"If-None-Match": strangers["ETag"]})
    assert theirs.status_code == 200
    assert "private" in theirs["Cache-Control"]
    assert "Cookie" in strangers["Vary"]
    assert "Cookie" in theirs["Vary"]


def test_page_is_sent_again_in_the_colours_that_its_reader_chose(client: Client) -> None:
    before = client.get("/")
    client.cookies["theme"] = "dark"
    after = client.get("/", headers={"If-None-Match": before["ETag"]})
    assert b'data-theme="dark"' in after.content


def test_pages_are_read_only(client: Client) -> None:
    assert client.post("/incidents/").status_code == 405


def test_every_incident_stands_on_just_one_page_whatever_their_starts() -> None:
    for number in range(7):
        make_incident(f"INC-2025-{number:04d}", started_at=NOON - (number // 2) * HOUR)
    for number in range(7, 10):
        make_incident(f"INC-2025-{number:04d}", started_at=None, end_state="unknown")
    seen: list[str] = []
    after: Cursor | None = None
    while True:
        page = keyset_page(Incident.objects.live(), after, 3)
        seen += [row.slug for row in page.rows]
        if page.next is None:
            break
        after = Cursor.parse(str(page.next))
    assert len(seen) == len(set(seen)) == 10
    assert seen[-3:] == ["INC-2025-0009", "INC-2025-0008", "INC-2025-0007"], "without a start: last"


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "_", "2025-10-20_", "_1e9", "yesterday_4", "2025-10-20_\x00", " _1", "_1_0", "_\u0663"),
        *("2025-10-20_4", "2025-10-20T06:48:00+23:59_4", "2025-10-20T06:48:00Z_4", f"_{'9' * 5000}"),
    ],
)
def test_a_cursor_that_we_did_not_give_out_is_none(text: str) -> None:
    assert Cursor.parse(text) is None


def test_a_cursor_survives_its_way_through_an_address() -> None:
    cursor = Cursor(datetime(2025, 10, 20, 6, 48, tzinfo=UTC), 42)
    assert Cursor.parse(str(cursor)) == cursor


def test_strangers_ask_the_record_once_a_moment_and_those_signed_in_each_time(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.RECORD_VERSION_SECONDS = 1.0
    monkeypatch.setattr(http.time, "monotonic", lambda: 10.2)
    http.version_within.cache_clear()
    incident = make_incident()
    stranger = client.get("/about/")["ETag"]
    incident.title = "Worse than thought"
    incident.save()
    assert client.get("/about/")["ETag"] == stranger
    monkeypatch.setattr(http.time, "monotonic", lambda: 11.2)
    assert client.get("/about/")["ETag"] != stranger
    client.force_login(make_user())
    own = client.get("/about/")["ETag"]
    incident.title = "Worse again"
    incident.save()
    assert client.get("/about/")["ETag"] != own
