"""The page of one incident for analysts: a value in their own name, its history and undo, what it costs."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from incidents.desk.value_forms import read_value
from incidents.linking import link
from incidents.models import Claim, Correction, Incident, Region, Service, Verdict
from nlp.document import Field
from tests.factories import (
    HOUR,
    NOON,
    keep,
    make_fact,
    make_impact,
    make_organisation,
    make_provider,
    make_report,
    make_time,
    make_user,
)

pytestmark = pytest.mark.django_db
JUDGE = "/review/incidents/INC-2025-0001/"


@pytest.fixture
def desk(client: Client) -> Client:
    aws = make_provider("aws")
    Region.objects.create(slug="aws:us-west-2", provider=aws, code="us-west-2", name="Oregon")
    Service.objects.create(slug="aws:s3", provider=aws, name="S3")
    link(keep(make_report("aws-rss:1", make_fact(Field.CAUSE, "power"))))
    client.force_login(make_user("ada"))
    return client


def correct(desk: Client, field: str, value: str, holds: str = "yes", reason: str = "seen") -> str:
    sent = {"field": field, "value": value, "holds": holds, "reason": reason}
    return desk.post(f"{JUDGE}value/", sent, follow=True).content.decode()


def shown() -> Incident:
    return Incident.objects.get()


@pytest.mark.parametrize(
    ("field", "written", "column", "value"),
    [
        ("started_at", "2025-10-20 07:11", "started_at", "2025-10-20T07:11:00+00:00"),
        ("ended_at", "2025-10-20T15Z", "ended_at", "2025-10-20T15:00:00+00:00"),
        ("cause", "dns", "cause", "dns"),
        ("severity", "critical", "severity", "critical"),
        ("title", "DNS of us-east-1 fails", "title", "DNS of us-east-1 fails"),
        ("region", "aws:us-west-2", "regions", ["aws:us-east-1", "aws:us-west-2"]),
        ("service", "aws:s3", "services", ["aws:s3"]),
    ],
)
def test_a_value_in_a_person_s_name_ranks_first_until_it_is_taken_back(
    desk: Client, field: str, written: str, column: str, value: object
) -> None:
    def told() -> object:
        found = getattr(shown(), column)
        return found.isoformat() if hasattr(found, "isoformat") else found

    before = told()
    page = correct(desk, field, written)
    assert told() == value
    assert "ada" in page and "seen" in page
    if claim := Claim.objects.filter(person__isnull=False).first():
        desk.post(f"{JUDGE}value/{claim.pk}/undo/")
    else:
        desk.post(f"{JUDGE}undo/{Verdict.objects.get().pk}/")
    assert told() == before
    assert "taken back" in desk.get(JUDGE).content.decode()


def test_a_region_that_does_not_hold_is_shown_no_more(desk: Client) -> None:
    Region.objects.create(
        slug="aws:us-east-1", provider=make_provider("aws"), code="us-east-1", name="Virginia"
    )
    correct(desk, "region", "aws:us-east-1", holds="no")
    assert shown().regions == []


def test_what_a_person_says_of_the_end_outweighs_what_a_later_report_says(desk: Client) -> None:
    correct(desk, "ended_at", "2025-10-20 15:00")
    end = make_time(Field.ENDED_AT, NOON + HOUR)
    link(keep(make_report("aws-rss:1", make_fact(Field.CAUSE, "power"), end)))
    found = shown().ended_at
    assert found and found.hour == 15


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("started_at", "yesterday", "Write a time in UTC"),
        ("started_at", "2025-02-31", "There is no such time"),
        ("cause", "gremlins", "One of: configuration-change"),
        ("severity", "green", "One of: critical"),
        ("region", "aws:mars-1", "No region has the slug"),
        ("service", "aws:none", "No service has the slug"),
        ("title", "x" * 301, "at most 300"),
    ],
)
def test_what_is_no_value_is_told_and_nothing_is_kept(
    desk: Client, field: str, value: str, complaint: str
) -> None:
    assert complaint in correct(desk, field, value)
    assert not Claim.objects.filter(person__isnull=False).exists() and not Verdict.objects.exists()


def test_a_value_of_which_one_holds_is_not_merely_denied(desk: Client) -> None:
    assert "Say which value holds instead" in correct(desk, "cause", "dns", holds="no")


def test_a_value_needs_a_reason(desk: Client) -> None:
    assert "This field is required" in correct(desk, "cause", "dns", reason="")
    assert shown().cause == "power"


def test_strangers_correct_nothing(desk: Client) -> None:
    sent = {"field": "cause", "value": "dns", "holds": "yes", "reason": "why"}
    assert Client().post(f"{JUDGE}value/", sent)["Location"].startswith("/accounts/login/")
    desk.force_login(make_user("eve", is_analyst=False))
    assert desk.post(f"{JUDGE}value/", sent).status_code == 404
    assert desk.post(f"{JUDGE}value/1/undo/").status_code == 404
    assert shown().cause == "power"


def test_a_person_s_value_is_undone_only_as_such(desk: Client) -> None:
    claim = Claim.objects.filter(account__isnull=False).first()
    assert claim and desk.post(f"{JUDGE}value/{claim.pk}/undo/").status_code == 404


@pytest.mark.parametrize(
    ("written", "key", "precision"),
    [
        ("2025-10-20 06:48", "2025-10-20T06:48", "minute"),
        ("2025-10-20t06:48z", "2025-10-20T06:48", "minute"),
        ("2025-10-20", "2025-10-20", "day"),
        ("2025-10", "2025-10", "month"),
    ],
)
def test_a_time_is_read_as_precisely_as_it_is_written(written: str, key: str, precision: str) -> None:
    given = read_value(Field.STARTED_AT, written)
    assert (given.key, given.precision) == (key, precision)


def queries(desk: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert desk.get(address).status_code == 200
    return len(found)


def test_a_long_judge_page_costs_no_more_queries(desk: Client) -> None:
    make_organisation("coinbase")
    link(keep(make_report("aws-rss:2", make_impact("coinbase"), title="Told twice")))
    correct(desk, "cause", "dns")
    short = queries(desk, JUDGE)
    for slug in ("kraken", "binance", "okx"):
        make_organisation(slug)
        link(keep(make_report(f"aws-rss:{slug}", make_impact(slug))))
        correct(desk, "cause", "network")
        correct(desk, "service", "aws:s3")
    assert queries(desk, JUDGE) <= short + 1


def test_a_long_list_of_corrections_costs_no_more_queries(desk: Client) -> None:
    def send(number: int) -> None:
        Correction.objects.create(incident=shown(), text=f"Wrong {number}", origin=f"{number}")
        desk.post(
            "/review/answer/",
            {"kind": "correction", "a": Correction.objects.latest("pk").pk, "answer": "yes"},
        )
        Correction.objects.create(incident=shown(), text=f"Wrong again {number}", origin=f"{number}")

    send(1)
    short = queries(desk, "/review/corrections/")
    decided = queries(desk, "/review/decided/")
    for number in range(2, 6):
        send(number)
    assert queries(desk, "/review/corrections/") <= short
    assert queries(desk, "/review/decided/") <= decided


def test_decisions_are_found_by_what_they_are_about(desk: Client) -> None:
    correct(desk, "service", "aws:s3")
    assert "aws:s3" in desk.get("/review/decided/?about=inc-2025-0001").content.decode()
    assert "Nobody has decided" in desk.get("/review/decided/?about=INC-1999-0001").content.decode()


def test_a_decision_is_undone_from_the_list(desk: Client) -> None:
    correct(desk, "service", "aws:s3")
    desk.post(f"/review/decided/{Verdict.objects.get().pk}/undo/")
    assert shown().services == []
