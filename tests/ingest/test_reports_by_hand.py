"""A page that an analyst brings: what it tells is shown first, then it is added and linked."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from incidents.models import Account, Claim, Incident, Report, User, Verdict
from incidents.undoing import undo
from ingest import processing
from ingest.models import Item, RawItem
from ingest.redrawing import reextract, wait_for_people
from nlp.document import Field
from tests.factories import make_organisation, make_provider, make_user

pytestmark = pytest.mark.django_db
NEW = "/reports/new/"
SENT = {
    "publisher": "coinbase",
    "url": "https://c.example/post/",
    "published_at": "2025-10-21T09:00",
    "text": "Logins failed\n\nCoinbase could not be reached on 20 October 2025.",
}


@pytest.fixture
def desk(client: Client) -> Client:
    make_organisation("coinbase")
    client.force_login(make_user("ada"))
    return client


def confirm(desk: Client, sent: dict[str, str] = SENT, **corrected: Any) -> Any:
    """Send the page with what was proposed, as the person corrected it; None leaves a field out."""
    form = desk.post(NEW, sent).context["proposal"]
    given = {f"proposal-{name}": field.initial for name, field in form.fields.items()}
    given["proposal-mark"] = form.initial["mark"]
    given |= {f"proposal-{name}": value for name, value in corrected.items()}
    return desk.post(NEW, sent | {"confirm": "yes"} | {k: v for k, v in given.items() if v is not None})


def field_of(desk: Client, sent: dict[str, str], field: Field, key: str) -> str:
    """The name of a fact's own fields on the form."""
    [account] = desk.post(NEW, sent).context["proposal"].proposed.accounts
    [place] = [
        n for n, fact in enumerate(account.facts) if fact.field == field and key in (fact.key, fact.subject)
    ]
    return f"0-{place}"


def test_strangers_are_sent_to_sign_in(client: Client) -> None:
    assert client.post(NEW, SENT)["Location"].startswith("/accounts/login/")
    assert not Report.objects.exists()


def test_to_who_is_no_analyst_the_page_does_not_exist(client: Client) -> None:
    client.force_login(make_user("eve", is_analyst=False))
    assert client.get(NEW).status_code == 404


def test_the_page_is_read_and_sent_only(desk: Client) -> None:
    assert desk.put(NEW).status_code == 405


def test_what_a_page_tells_is_shown_and_nothing_is_stored(desk: Client) -> None:
    page = desk.post(NEW, SENT)
    assert page.context["proposal"].proposed.accounts[0].organisation == "coinbase"
    assert "Add and link it" in page.content.decode()
    assert not Report.objects.exists() and not RawItem.objects.exists()


def test_what_is_confirmed_is_added_and_linked(desk: Client) -> None:
    response = confirm(desk)
    account = Account.objects.select_related("incident", "report").get()
    assert (account.report.key, account.owner) == ("web:https://c.example/post", "organisation:coinbase")
    assert response["Location"] == f"/review/incidents/{account.incident.slug}/"
    assert "Added: Logins failed" in desk.get(response["Location"]).content.decode()


def test_confirmed_twice_is_added_once(desk: Client) -> None:
    for _ in range(2):
        confirm(desk)
    assert (Report.objects.count(), RawItem.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"url": "nowhere at all"}, "Enter a valid URL"),
        ({"published_at": "yesterday"}, "Enter a valid date/time"),
        ({"text": "<p> </p>"}, "no text"),
        ({"publisher": "???"}, "is no name"),
    ],
)
def test_what_cannot_be_read_is_told(desk: Client, fields: dict[str, Any], told: str) -> None:
    page = desk.post(NEW, SENT | fields)
    assert page.status_code == 400 and told in page.content.decode()
    assert not RawItem.objects.exists()


NEWS = SENT | {
    "publisher": "The Herald",
    "url": "https://h.example/1",
    "text": "AWS outage\n\nAmazon Web Services suffered an outage in us-east-1 on 20 October 2025. "
    "Coinbase and Robinhood were down because of it. It was caused by a power failure.",
}
NEWS_KEY = "web:https://h.example/1"


@pytest.fixture
def news_desk(desk: Client) -> Client:
    make_provider("aws")
    make_organisation("robinhood")
    return desk


def told() -> Incident:
    return Incident.objects.get()


def test_each_fact_is_shown_with_its_words(news_desk: Client) -> None:
    page = news_desk.post(NEW, NEWS).content.decode()
    assert "Coinbase and Robinhood were down because of it." in page
    assert 'value="aws:us-east-1"' in page and 'value="2025-10-20"' in page


def test_as_proposed_nothing_is_decided(news_desk: Client) -> None:
    confirm(news_desk, NEWS)
    assert told().hit == ["coinbase", "robinhood"] and not Verdict.objects.exists()


def test_a_fact_left_out_is_not_told_and_stays_out_when_it_is_read_again(news_desk: Client) -> None:
    name = field_of(news_desk, NEWS, Field.IMPACT, "organisation:robinhood")
    confirm(news_desk, NEWS, **{f"{name}-keep": None})
    assert told().hit == ["coinbase"]
    list(reextract(Item.objects.all(), apply=True))
    assert told().hit == ["coinbase"]


def test_a_fact_is_changed_in_the_person_s_name(news_desk: Client) -> None:
    cause = field_of(news_desk, NEWS, Field.CAUSE, "power")
    start = field_of(news_desk, NEWS, Field.STARTED_AT, "2025-10-20")
    confirm(news_desk, NEWS, **{f"{cause}-value": "cooling", f"{start}-value": "2025-10-20 07:11"})
    found = told()
    assert (found.cause, f"{found.started_at:%H:%M}", found.start_precision) == ("cooling", "07:11", "minute")
    assert set(Claim.objects.filter(origin="person").values_list("field", "key")) == {
        ("cause", "cooling"),
        ("started_at", "2025-10-20T07:11"),
    }


def test_a_fact_that_was_not_found_is_added(news_desk: Client) -> None:
    make_organisation("kraken")
    confirm(news_desk, NEWS, **{"0-add0-field": "impact", "0-add0-value": "kraken"})
    assert told().hit == ["coinbase", "kraken", "robinhood"]


def test_an_account_left_out_opens_no_incident(news_desk: Client) -> None:
    response = confirm(news_desk, NEWS, **{"0-keep": None})
    assert response["Location"] == "/review/"
    assert not Incident.objects.exists() and Report.objects.get().key == NEWS_KEY


def test_an_account_is_given_to_its_true_owner(news_desk: Client) -> None:
    confirm(news_desk, NEWS, **{"0-owner": "organisation:coinbase", "0-relevance": "exchange-incident"})
    account = Account.objects.get()
    assert (account.owner, account.relevance) == ("organisation:coinbase", "exchange-incident")


@pytest.mark.parametrize(
    ("corrected", "complaint"),
    [
        ({"0-owner": "provider:nobody"}, "Name one that is known"),
        ({"0-add0-field": "impact", "0-add0-value": "nobody"}, "has the slug “nobody”"),
        ({"0-add0-field": "cause", "0-add0-value": "gremlins"}, "One of: configuration-change"),
        ({"0-add0-field": "ended_at", "0-add0-value": "2025-13-45"}, "There is no such time"),
        ({"0-add0-field": "ended_at", "0-add0-value": "soon"}, "Write a time in UTC"),
        ({"mark": "of another page"}, "read differently this time"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_stored(
    news_desk: Client, corrected: dict[str, str], complaint: str
) -> None:
    page = confirm(news_desk, NEWS, **corrected)
    assert page.status_code == 400 and complaint in page.content.decode()
    assert not Report.objects.exists() and not Verdict.objects.exists()


def test_corrections_are_in_the_history_and_can_be_undone(news_desk: Client) -> None:
    name = field_of(news_desk, NEWS, Field.IMPACT, "organisation:robinhood")
    judge = confirm(news_desk, NEWS, **{f"{name}-keep": None})["Location"]
    page = news_desk.get(judge).content.decode()
    assert f"in {NEWS_KEY}: impact of robinhood “affected” rejected" in page
    undo(Verdict.objects.get(), person=User.objects.get())
    wait_for_people()
    processing.process(10)
    assert told().hit == ["coinbase", "robinhood"]


def test_corrected_once_more_it_is_a_revision_of_the_same_reading(news_desk: Client) -> None:
    confirm(news_desk, NEWS)
    name = field_of(news_desk, NEWS, Field.CAUSE, "power")
    confirm(news_desk, NEWS, **{f"{name}-value": "network"})
    assert told().cause == "network"
    again = news_desk.post(NEW, NEWS).context["proposal"].proposed.accounts[0]
    assert [fact.key for fact in again.facts if fact.field == Field.CAUSE] == ["network"]
