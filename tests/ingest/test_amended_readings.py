"""What people said of a report, its names and its incident holds when other rules read it again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from incidents.choices import VerdictKind
from incidents.desk.answering import Answer, answer
from incidents.desk.items import Item, ItemKind
from incidents.desk.waiting import waiting
from incidents.models import Account, Alias, Claim, Incident, Report, User, Verdict
from incidents.naming import new_organisation
from incidents.readings import amend_reading, leave_out
from incidents.undoing import undo
from incidents.verdicts import judge_hit, judge_value
from ingest import processing
from ingest.by_hand import Page, add
from ingest.models import Item as Stored
from ingest.redrawing import reextract, wait_for_people
from nlp.document import Document, Extraction, Field, Origin, Relevance
from tests.factories import amend_fact, make_fact, make_organisation, make_provider, make_user

pytestmark = pytest.mark.django_db
AT = datetime(2025, 10, 21, 9, tzinfo=UTC)
TEXT = (
    "AWS outage takes exchanges down\n\n"
    "Amazon Web Services suffered an outage in us-east-1 on 20 October 2025. "
    "Coinbase, Robinhood and Zorbex were down because of it. The outage was caused by a power failure."
)
KEY = "web:https://h.example/1"


@pytest.fixture
def ada() -> User:
    return make_user("ada")


@pytest.fixture(autouse=True)
def record() -> None:
    for slug in ("coinbase", "robinhood"):
        make_organisation(slug)
    make_provider("aws")
    add(Page("The Herald", "https://h.example/1", AT, TEXT))


def sweep() -> None:
    wait_for_people()
    processing.process(100)


def shown() -> Any:
    rows = Incident.objects.order_by("slug").values_list("slug", "is_withdrawn", "cause", "hit", "started_at")
    claims = Claim.objects.filter(account__isnull=False).order_by("field", "subject", "key", "pk")
    return list(rows), list(claims.values_list("account__key", "subject", "field", "key", "origin"))


@pytest.fixture
def change_the_rules(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From then on extraction is surer of everything, finds another severity, and has another version."""
    plain = processing.extract

    def better(document: Document, **given: Any) -> Extraction:
        found = plain(document, **given)
        severity = make_fact(Field.SEVERITY, "minor", origin=Origin.TEXT)
        accounts = tuple(
            replace(one, facts=(*(replace(fact, confidence=0.95) for fact in one.facts), severity))
            for one in found.accounts
        )
        return replace(found, accounts=accounts, version="better")

    def change() -> None:
        monkeypatch.setattr(processing, "extract", better)
        list(reextract(Stored.objects.all(), apply=True))
        assert Report.objects.get(key=KEY).extractor == "better"

    return change


def test_a_name_that_nobody_knows_waits(ada: User) -> None:
    assert [item.b for item in waiting(ItemKind.NAME)] == ["Zorbex"]


def test_a_new_organisation_is_known_to_extraction_from_the_next_reading_on(
    ada: User, change_the_rules: Callable[[], None]
) -> None:
    [item] = waiting(ItemKind.NAME)
    verdict = answer(ada, item, Answer("new", detail="exchange"))
    assert Report.objects.get().is_due
    sweep()
    assert Incident.objects.get().hit == ["coinbase", "robinhood", "zorbex"]
    assert not Report.objects.get().is_due
    change_the_rules()
    assert "zorbex" in Incident.objects.get().hit
    undo(verdict, person=ada)
    sweep()
    assert "zorbex" not in Incident.objects.get().hit
    assert [item.b for item in waiting(ItemKind.NAME)] == ["Zorbex"]


def test_another_spelling_stands_for_whom_a_person_names(ada: User) -> None:
    make_organisation("kraken")
    [item] = waiting(ItemKind.NAME)
    verdict = answer(ada, item, Answer("kraken"))
    sweep()
    assert Incident.objects.get().hit == ["coinbase", "kraken", "robinhood"]
    assert Alias.objects.filter(slug="kraken", name="Zorbex").exists()
    undo(verdict, person=ada)
    sweep()
    assert Incident.objects.get().hit == ["coinbase", "robinhood"]
    assert not Alias.objects.filter(slug="kraken", name="Zorbex").exists()


def test_the_name_is_known_in_texts_that_come_later(ada: User) -> None:
    new_organisation("organisation:zorbex", "Zorbex", kind="exchange", person=ada)
    add(
        Page(
            "The Herald", "https://h.example/2", AT, "Zorbex is down because of the AWS outage of 20 October."
        )
    )
    later = Claim.objects.filter(account__report__key="web:https://h.example/2")
    assert later.filter(subject="organisation:zorbex").exists()


def test_all_that_was_said_of_a_report_outlives_changed_rules_and_is_undone(
    ada: User, change_the_rules: Callable[[], None]
) -> None:
    before = shown()
    coinbase = "organisation:coinbase"
    said = [
        amend_fact(KEY, ada, Field.IMPACT, "affected", subject=coinbase, accepts=False),
        amend_fact(KEY, ada, Field.CAUSE, "power", accepts=False),
        amend_fact(KEY, ada, Field.CAUSE, "cooling", accepts=True),
        amend_reading(VerdictKind.RELEVANCE, KEY, KEY, ada, value_key=Relevance.OTHER_OUTAGE),
    ]
    sweep()
    found = Incident.objects.get()
    assert (found.cause, found.hit) == ("cooling", ["robinhood"])
    change_the_rules()
    found.refresh_from_db()
    assert (found.cause, found.hit, found.severity) == ("cooling", ["robinhood"], "minor")
    assert Account.objects.get().relevance == "other-outage"
    for verdict in said:
        undo(verdict, person=ada)
    sweep()
    rows, _ = shown()
    assert rows == before[0]


def test_an_account_left_out_stays_out_and_comes_back(
    ada: User, change_the_rules: Callable[[], None]
) -> None:
    before = shown()
    verdict = leave_out(KEY, KEY, person=ada)
    sweep()
    assert not Account.objects.exists() and Incident.objects.get().is_withdrawn
    change_the_rules()
    assert not Account.objects.exists()
    undo(verdict, person=ada)
    sweep()
    assert shown()[0] == before[0]


def test_an_account_given_to_another_owner_stays_his(ada: User, change_the_rules: Callable[[], None]) -> None:
    amend_reading(VerdictKind.OWNER, KEY, KEY, ada, value_key="organisation:coinbase")
    sweep()
    change_the_rules()
    assert Account.objects.get().owner == "organisation:coinbase"


def test_words_on_hits_and_values_outlive_changed_rules(
    ada: User, change_the_rules: Callable[[], None]
) -> None:
    incident, coinbase = Incident.objects.get(), make_organisation("coinbase")
    judge_hit(incident, coinbase, accepts=False, person=ada)
    judge_value(incident, Field.CAUSE, "dns", accepts=True, person=ada)
    change_the_rules()
    incident.refresh_from_db()
    assert (incident.hit, incident.cause) == (["robinhood"], "dns")
    for verdict in Verdict.objects.standing():
        undo(verdict, person=ada)
    incident.refresh_from_db()
    assert (incident.hit, incident.cause) == (["coinbase", "robinhood"], "power")


def test_what_people_said_is_swept_once(ada: User) -> None:
    amend_fact(KEY, ada, Field.CAUSE, "dns", accepts=True)
    assert (wait_for_people(), wait_for_people()) == (1, 0)


def test_the_item_of_a_name_is_named_by_what_lasts(ada: User) -> None:
    assert list(waiting(ItemKind.NAME)) == [Item(ItemKind.NAME, "organisation:zorbex", "Zorbex")]
