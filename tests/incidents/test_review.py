"""The review queue and the page of one incident for analysts: who may, what is shown, what an answer does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from incidents.desk import answering, turns
from incidents.desk.answering import Answer
from incidents.desk.items import Item, ItemKind
from incidents.desk.turns import IN_HAND, next_item, take
from incidents.linking import link
from incidents.models import Account, Impact, Incident, Pair, Turn, User, Verdict
from incidents.verdicts import VerdictRefused, judge_pair
from nlp.document import Field
from tests.factories import (
    HOUR,
    NOON,
    keep,
    make_fact,
    make_impact,
    make_organisation,
    make_report,
    make_time,
    make_user,
)

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
JUDGE = "/review/incidents/INC-2025-0001/"
WRITES = [
    "/review/answer/",
    "/review/undo/",
    f"{JUDGE}merge/",
    f"{JUDGE}split/",
    f"{JUDGE}hit/",
    f"{JUDGE}undo/1/",
    "/review/corrections/1/",
]


def make_pairs(*numbers: int) -> None:
    """Outages of other services in one region that overlap: nothing ties one to another, nor parts them."""
    reports = [
        make_report(
            f"aws-rss:{number}",
            make_fact(Field.SERVICE, f"aws:{service}"),
            make_time(Field.STARTED_AT, NOON + number * 40 * MINUTE),
            make_time(Field.ENDED_AT, NOON + 5 * HOUR),
            title=f"Trouble with {service}",
            said_at=NOON + number * 40 * MINUTE,
        )
        for number, service in zip(numbers, ("ec2", "s3", "sqs", "sns"), strict=False)
    ]
    link(keep(*reports))


@pytest.fixture
def ada() -> User:
    return make_user("ada")


@pytest.fixture
def bob() -> User:
    return make_user("bob")


@pytest.fixture
def desk(client: Client, ada: User) -> Client:
    client.force_login(ada)
    return client


def say(client: Client, word: str, b: str = "aws-rss:2") -> str:
    sent = {"kind": "pair", "a": "aws-rss:1", "b": b, "answer": word}
    return client.post("/review/answer/", sent, follow=True).content.decode()


def pair(a: str = "aws-rss:1", b: str = "aws-rss:2") -> Item:
    return Item(ItemKind.PAIR, a, b)


def answer(person: User, *, same: bool) -> Verdict:
    return answering.answer(person, pair(), Answer("same" if same else "not-same"))


def said() -> list[tuple[str, str, str]]:
    return list(Verdict.objects.standing().order_by("pk").values_list("kind", "a", "b"))


@pytest.mark.parametrize("address", ["/review/", "/review/corrections/", JUDGE])
def test_strangers_are_sent_to_sign_in(client: Client, address: str) -> None:
    response = client.get(address)
    assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next={address}")


@pytest.mark.parametrize("address", WRITES)
def test_strangers_write_nothing(client: Client, address: str) -> None:
    make_pairs(1, 2)
    sent = {"a": "aws-rss:1", "b": "aws-rss:2", "answer": "same"}
    assert client.post(address, sent)["Location"].startswith("/accounts/login/")
    assert not Verdict.objects.exists()


@pytest.mark.parametrize("address", WRITES)
def test_to_who_is_no_analyst_the_page_does_not_exist(client: Client, address: str) -> None:
    client.force_login(make_user("eve", is_analyst=False))
    assert client.post(address).status_code == 404


@pytest.mark.parametrize("address", WRITES)
def test_nothing_is_written_by_reading(desk: Client, address: str) -> None:
    assert desk.get(address).status_code == 405


def test_an_analyst_signs_in_and_out(client: Client, ada: User) -> None:
    ada.set_password("correct horse")
    ada.save()
    entered = client.post("/accounts/login/", {"login": "ada", "password": "correct horse"})
    assert (entered.status_code, entered["Location"]) == (302, "/review/")
    assert client.get("/review/").status_code == 200
    assert client.post("/accounts/logout/")["Location"] == "/"
    assert client.get("/review/").status_code == 302


def test_a_wrong_password_is_told(client: Client, ada: User) -> None:
    page = client.post("/accounts/login/", {"login": "ada", "password": "guess"})
    assert "not correct" in page.content.decode()


def test_the_pair_is_shown_side_by_side_with_what_agrees_and_what_does_not(desk: Client) -> None:
    make_pairs(1, 2)
    page = desk.get("/review/").content.decode()
    assert "Trouble with ec2" in page and "Trouble with s3" in page
    assert "same region: aws:us-east-1" in page
    rows = {
        line.label: line.agreement for line in desk.get("/review/").context["card"].told["comparison"].lines
    }
    assert (rows["region"], rows["service"]) == ("agree", "differ")


@pytest.mark.parametrize(("word", "kind"), [("same", "same"), ("not-same", "not-same")])
def test_an_answer_is_a_verdict_and_the_next_pair_comes_at_once(desk: Client, word: str, kind: str) -> None:
    make_pairs(1, 2, 3)
    page = say(desk, word)
    assert said() == [(kind, "aws-rss:1", "aws-rss:2")]
    assert "Trouble with sqs" in page and 'Undecided pairs <span class="count">2</span>' in page


def test_the_same_joins_the_incidents(desk: Client) -> None:
    make_pairs(1, 2)
    say(desk, "same")
    assert len(set(Account.objects.values_list("incident", flat=True))) == 1


def test_an_answer_sent_twice_is_one_verdict(desk: Client) -> None:
    make_pairs(1, 2)
    say(desk, "same")
    say(desk, "same")
    assert len(said()) == 1


def test_what_is_no_answer_is_refused(desk: Client) -> None:
    make_pairs(1, 2)
    assert desk.post("/review/answer/", {"a": "aws-rss:1", "b": "aws-rss:2"}).status_code == 400
    assert "no account is called aws-rss:9" in say(desk, "same", b="aws-rss:9")


def test_a_skipped_pair_is_offered_to_the_others_only(ada: User, bob: User) -> None:
    make_pairs(1, 2)
    turns.skip(ada, pair())
    assert next_item(ada) is None
    assert next_item(bob) is not None


def test_undo_takes_the_last_answer_back_and_shows_its_pair(desk: Client) -> None:
    make_pairs(1, 2, 3)
    say(desk, "not-same")
    say(desk, "not-same", b="aws-rss:3")
    undone = desk.post("/review/undo/", follow=True)
    assert said() == [("not-same", "aws-rss:1", "aws-rss:2")]
    assert "Your last answer is taken back." in undone.content.decode()
    assert undone.context["card"].item == pair(b="aws-rss:3"), "not the one that was shown meanwhile"


def test_undo_without_an_answer_says_so(desk: Client, bob: User) -> None:
    make_pairs(1, 2)
    answer(bob, same=False)
    assert "no answer of yours" in desk.post("/review/undo/", follow=True).content.decode()
    assert len(said()) == 1


def test_two_analysts_are_handed_different_pairs(ada: User, bob: User) -> None:
    make_pairs(1, 2, 3)
    first, second = next_item(ada), next_item(bob)
    assert first and second and first != second
    assert next_item(ada) == first


def test_a_pair_that_was_left_is_handed_out_again(ada: User, bob: User) -> None:
    make_pairs(1, 2)
    held = next_item(ada)
    assert next_item(bob) is None
    Turn.objects.update(until=timezone.now() - IN_HAND)
    assert next_item(bob) == held


def test_who_is_slower_is_told_and_goes_on(desk: Client, bob: User) -> None:
    make_pairs(1, 2, 3)
    answer(bob, same=False)
    page = say(desk, "same")
    assert "bob has answered this in the meantime" in page
    assert said() == [("not-same", "aws-rss:1", "aws-rss:2")]
    assert "Trouble with sqs" in page


def test_linking_again_leaves_a_pair_in_hand(ada: User, bob: User) -> None:
    make_pairs(1, 2)
    next_item(ada)
    take(bob, pair(), is_passed=True)
    drawn = Pair.objects.get()
    link({"aws-rss:1"})
    assert next_item(ada) == pair()
    assert Pair.objects.get().pk != drawn.pk


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_get_two_pairs(ada: User, bob: User) -> None:
    make_pairs(1, 2, 3)

    def ask(person: User) -> Item | None:
        try:
            return next_item(person)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        for _ in range(20):
            assert len({*pool.map(ask, (ada, bob))}) == 2
            Turn.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_two_who_answer_one_pair_at_once_leave_one_verdict(ada: User, bob: User) -> None:
    make_pairs(1, 2)

    def reply(person: User) -> bool:
        try:
            answer(person, same=person == ada)
        except VerdictRefused:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(reply, (ada, bob))) == [False, True]
    assert len(said()) == 1


def test_collided_verdicts_are_listed(desk: Client, ada: User, bob: User) -> None:
    make_pairs(1, 2)
    judge_pair("aws-rss:1", "aws-rss:2", same=True, person=ada)
    judge_pair("aws-rss:1", "aws-rss:2", same=False, person=bob, reason="two racks")
    page = desk.get("/review/").content.decode()
    assert "kept from holding" in page and "aws-rss:1 and aws-rss:2 tell of one outage" in page


def test_a_long_queue_costs_no_more_queries(desk: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert desk.get("/review/").status_code == 200
        return len(found)

    make_pairs(1, 2)
    short = queries()
    make_pairs(3, 4)
    assert queries() <= short


def test_an_analyst_merges_two_incidents_and_undoes_it(desk: Client) -> None:
    make_pairs(1, 2)
    desk.post(f"{JUDGE}merge/", {"number": "inc-2025-0002", "reason": "one event"})
    assert Incident.objects.get(slug="INC-2025-0002").shown_as == Incident.objects.get(slug="INC-2025-0001")
    page = desk.get(JUDGE).content.decode()
    assert "tell of one outage: one event" in page
    desk.post(f"{JUDGE}undo/{Verdict.objects.get().pk}/")
    assert Incident.objects.get(slug="INC-2025-0002").shown_as is None


@pytest.mark.parametrize(
    ("number", "reason", "told"),
    [
        ("INC-2025-0002", "", "This field is required."),
        ("INC-1999-0001", "why", "There is no incident INC-1999-0001."),
    ],
)
def test_a_merger_needs_a_number_and_a_reason(desk: Client, number: str, reason: str, told: str) -> None:
    make_pairs(1, 2)
    page = desk.post(f"{JUDGE}merge/", {"number": number, "reason": reason})
    assert page.status_code == 400 and told in page.content.decode()


def test_an_incident_is_not_merged_with_itself(desk: Client) -> None:
    make_pairs(1, 2)
    sent = {"number": "INC-2025-0001", "reason": "why"}
    page = desk.post(f"{JUDGE}merge/", sent, follow=True).content.decode()
    assert "cannot be merged with itself" in page


def test_an_analyst_splits_accounts_off(desk: Client) -> None:
    make_pairs(1, 2)
    say(desk, "same")
    desk.post("/review/undo/")
    desk.post(f"{JUDGE}merge/", {"number": "INC-2025-0002", "reason": "one event"})
    desk.post(f"{JUDGE}split/", {"accounts": ["aws-rss:2"], "reason": "two racks"})
    homes = dict(Account.objects.values_list("key", "incident__slug"))
    assert homes == {"aws-rss:1": "INC-2025-0001", "aws-rss:2": "INC-2025-0002"}


def test_only_accounts_of_the_incident_are_split_off(desk: Client) -> None:
    make_pairs(1, 2)
    page = desk.post(f"{JUDGE}split/", {"accounts": ["aws-rss:2"], "reason": "why"})
    assert page.status_code == 400 and not Verdict.objects.exists()


def test_an_analyst_rejects_a_hit_with_a_reason(desk: Client) -> None:
    make_organisation("coinbase")
    link(keep(make_report("aws-rss:1", make_impact("coinbase"))))
    desk.post(f"{JUDGE}hit/", {"organisation": "coinbase", "accepts": "no", "reason": "another day"})
    assert Impact.objects.get().status == "rejected"
    assert "another day" in desk.get(JUDGE).content.decode()


def test_a_hit_is_not_judged_without_a_reason(desk: Client) -> None:
    make_organisation("coinbase")
    link(keep(make_report("aws-rss:1", make_impact("coinbase"))))
    page = desk.post(f"{JUDGE}hit/", {"organisation": "coinbase", "accepts": "no"})
    assert page.status_code == 400 and not Verdict.objects.exists()


def test_everybody_sees_who_decided_what_and_what_was_taken_back(desk: Client, client: Client) -> None:
    make_pairs(1, 2)
    desk.post(f"{JUDGE}merge/", {"number": "INC-2025-0002", "reason": "one event"})
    stranger = Client()
    before = stranger.get("/incidents/INC-2025-0001/")
    assert "ada" in before.content.decode() and "one event" in before.content.decode()
    assert not before.cookies
    desk.post(f"{JUDGE}undo/{Verdict.objects.get().pk}/")
    after = stranger.get("/incidents/INC-2025-0001/", headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200 and "taken back by ada" in after.content.decode()
