"""What the public says is wrong: taken in within limits, decided by analysts; statements are shown."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from incidents.corrections import MOST
from incidents.models import Correction, User
from tests.factories import make_incident, make_user

pytestmark = pytest.mark.django_db
FORM = "/incidents/INC-2025-0001/correct/"


@pytest.fixture(autouse=True)
def incident() -> None:
    make_incident()


@pytest.fixture
def desk() -> Client:
    client = Client()
    client.force_login(make_user("ada"))
    return client


def send(client: Client, text: str = "It ended at two.", **fields: str) -> Any:
    return client.post(FORM, {"text": text} | fields)


def decide(desk: Client, decision: str, **fields: str) -> str:
    pk = Correction.objects.get().pk
    sent = {"decision": decision} | fields
    return desk.post(f"/review/corrections/{pk}/", sent, follow=True).content.decode()


def state() -> str:
    return Correction.objects.get().state


def page_of(client: Client) -> str:
    return client.get("/incidents/INC-2025-0001/").content.decode()


def test_anybody_finds_the_form_on_the_incident(client: Client) -> None:
    assert FORM in page_of(client)
    assert "What is wrong" in client.get(FORM).content.decode()


def test_what_is_sent_waits_for_a_person(client: Client, desk: Client) -> None:
    assert send(client, sender="Grace", email="grace@mail.example")["Location"] == f"{FORM}sent/"
    assert "Thank you" in client.get(f"{FORM}sent/").content.decode()
    assert state() == "open"
    page = desk.get("/review/corrections/").content.decode()
    assert "It ended at two." in page and "grace@mail.example" in page
    assert "It ended at two." not in page_of(client)


def test_what_was_merged_away_is_corrected_where_it_is_shown(client: Client) -> None:
    first = Correction.incident.field.related_model.objects.get()
    make_incident("INC-2025-0002", shown_as=first)
    client.post("/incidents/INC-2025-0002/correct/", {"text": "It ended at two."})
    assert Correction.objects.get().incident == first


def test_sent_twice_is_taken_once(client: Client) -> None:
    send(client)
    assert send(client).status_code == 302
    assert Correction.objects.count() == 1


def test_one_address_sends_a_few_an_hour(client: Client) -> None:
    answers = [send(client, f"Number {number}").status_code for number in range(MOST + 1)]
    assert answers == [302] * MOST + [429]
    assert Correction.objects.count() == MOST
    assert client.post(FORM, {"text": "Elsewhere"}, REMOTE_ADDR="203.0.113.9").status_code == 302


def test_behind_a_proxy_senders_are_told_apart_by_what_it_writes_down(client: Client, settings: Any) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    for address in ("203.0.113.1, 198.51.100.1", "203.0.113.2, 198.51.100.1", "198.51.100.2"):
        client.post(FORM, {"text": address}, headers={"X-Forwarded-For": address})
    assert len({*Correction.objects.values_list("origin", flat=True)}) == 2


def test_a_robot_is_thanked_and_not_heard(client: Client) -> None:
    assert send(client, website="https://pills.example").status_code == 302
    assert not Correction.objects.exists()


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"text": ""}, "Say what is wrong"),
        ({"text": "a" * 4001}, "at most 4000"),
        ({"text": "a", "url": "javascript:alert(1)"}, "Enter a valid URL"),
        ({"text": "a", "email": "nobody"}, "Enter a valid email"),
    ],
)
def test_what_cannot_be_used_is_told(client: Client, fields: dict[str, str], told: str) -> None:
    page = client.post(FORM, fields)
    assert page.status_code == 400 and told in page.content.decode()
    assert not Correction.objects.exists()


def test_there_is_no_form_without_an_incident(client: Client) -> None:
    assert client.get("/incidents/INC-1999-0001/correct/").status_code == 404


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_the_form_is_read_and_sent_only(client: Client, method: str) -> None:
    assert getattr(client, method)(FORM).status_code == 405


@pytest.mark.parametrize("decision", ["accepted", "declined"])
def test_an_analyst_decides_with_a_note(client: Client, desk: Client, decision: str) -> None:
    send(client)
    page = decide(desk, decision, note="seen")
    assert state() == decision and "Nothing waits." in page and "seen" in page


def test_what_is_decided_stays_decided(client: Client, desk: Client) -> None:
    send(client)
    decide(desk, "accepted")
    assert "in the meantime" in decide(desk, "declined")
    assert state() == "accepted"


def test_what_is_no_decision_is_refused(client: Client, desk: Client) -> None:
    send(client)
    assert desk.post(f"/review/corrections/{Correction.objects.get().pk}/").status_code == 400


def test_an_accepted_statement_is_shown_as_the_organisations_own(client: Client, desk: Client) -> None:
    send(client, "", statement="We were back at two.")
    before = client.get("/incidents/INC-2025-0001/")
    assert "whose statement" in decide(desk, "accepted") and state() == "open"
    decide(desk, "accepted", speaker="Coinbase")
    after = client.get("/incidents/INC-2025-0001/", headers={"If-None-Match": before["ETag"]})
    assert "We were back at two." in after.content.decode()
    assert "Statement of Coinbase" in after.content.decode()


def test_a_declined_statement_is_not_shown(client: Client, desk: Client) -> None:
    send(client, "", statement="We were back at two.")
    decide(desk, "declined")
    assert "We were back at two." not in page_of(client)


def test_what_is_sent_is_shown_as_text(client: Client, desk: Client) -> None:
    send(client, "<script>alert(1)</script>")
    assert "&lt;script&gt;alert(1)" in desk.get("/review/corrections/").content.decode()


def test_a_stranger_decides_nothing(client: Client) -> None:
    send(client)
    client.post(f"/review/corrections/{Correction.objects.get().pk}/", {"decision": "accepted"})
    assert state() == "open"
    assert not User.objects.exists()
