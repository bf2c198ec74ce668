"""The whole review queue: what waits of each kind, what each answer does, what outlives reading again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from incidents.choices import VerdictKind
from incidents.desk.answering import Answer, answer, undo_last
from incidents.desk.items import Item, ItemKind
from incidents.desk.turns import next_item
from incidents.desk.waiting import counts, waiting
from incidents.linking import link
from incidents.models import (
    Account,
    Correction,
    Dependency,
    Impact,
    Incident,
    Organisation,
    Region,
    Service,
    Source,
    User,
    Verdict,
)
from incidents.readings import amend_reading, leave_out
from incidents.relinking import relink
from incidents.reports import NewName
from incidents.undoing import undo
from incidents.verdicts import VerdictRefused, correct_value, judge_pair, judge_value
from nlp.document import UNKNOWN_NAME, DocumentKind, EntityKind, Field, Relevance
from tests.factories import (
    HOUR,
    NOON,
    amend_fact,
    keep,
    make_account,
    make_fact,
    make_impact,
    make_organisation,
    make_provider,
    make_report,
    make_source,
    make_time,
    make_user,
)

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ada() -> User:
    return make_user("ada")


@pytest.fixture
def bob() -> User:
    return make_user("bob")


def make_pair() -> None:
    link(
        keep(
            *(
                make_report(
                    f"aws-rss:{number}",
                    make_fact(Field.SERVICE, f"aws:{service}"),
                    make_time(Field.STARTED_AT, NOON + number * 40 * MINUTE),
                    make_time(Field.ENDED_AT, NOON + 5 * HOUR),
                    title=f"Trouble with {service}",
                )
                for number, service in ((1, "ec2"), (2, "s3"))
            )
        )
    )


def make_candidate() -> None:
    """An exchange that fell with the region it stands in, and says nothing of a cause."""
    make_organisation("kraken")
    region, _ = Region.objects.get_or_create(
        slug="aws:us-east-1", provider=make_provider("aws"), code="us-east-1", name="Virginia"
    )
    Dependency.objects.create(
        organisation=make_organisation("kraken"),
        relation="hosted-on",
        on_region=region,
        target="region:aws:us-east-1",
    )
    own = make_account(
        make_time(Field.STARTED_AT, NOON + HOUR),
        make_time(Field.ENDED_AT, NOON + 3 * HOUR),
        organisation="kraken",
    )
    make_source("kraken", publisher_kind="organisation", organisation="kraken")
    link(
        keep(
            make_report(
                "aws-rss:1",
                make_time(Field.STARTED_AT, NOON),
                make_time(Field.ENDED_AT, NOON + 4 * HOUR),
                make_fact(Field.SEVERITY, "major"),
            ),
            make_report("kraken:1", source="kraken", accounts=(own,), title="Logins fail"),
        )
    )


def make_dispute() -> None:
    make_source("press", publisher_kind="press", publisher="The Paper")
    other = make_account(
        make_time(Field.STARTED_AT, NOON),
        make_fact(Field.CAUSE, "dns"),
        make_fact(Field.REGION, "aws:us-east-1"),
        is_strong=False,
    )
    link(
        keep(
            make_report("aws-rss:1", make_fact(Field.CAUSE, "power")),
            make_report("web:1", source="press", accounts=(other,), kind=DocumentKind.NEWS),
        )
    )


def make_undated() -> None:
    undated = make_account(make_fact(Field.REGION, "aws:us-east-1"), slot="aws", is_strong=False)
    main = make_account(make_time(Field.STARTED_AT, NOON), is_strong=False)
    make_source("press", publisher_kind="press", publisher="The Paper")
    link(
        keep(
            make_report("aws-rss:1"),
            make_report(
                "web:1",
                source="press",
                accounts=(main, undated),
                kind=DocumentKind.NEWS,
                posts=(),
                published_at=NOON,
            ),
        )
    )


def make_unknown() -> None:
    make_organisation("coinbase")
    name = NewName(EntityKind.ORGANISATION, "newex", "Newex")
    code = NewName(EntityKind.SERVICE, "aws:newdb", "newdb")
    fact = make_fact(Field.SERVICE, "aws:newdb", rule=UNKNOWN_NAME)
    link(
        keep(
            make_report("aws-rss:1", fact, unknown_names=(code,)),
            make_report("aws-rss:2", unknown_names=(name,)),
        )
    )


def make_blind() -> None:
    make_source("aws-status", state="unreadable", state_reason="no items in what was a feed")


def make_correction() -> None:
    link(keep(make_report("aws-rss:1")))
    Correction.objects.create(incident=Incident.objects.get(), text="It began at nine.", origin="x")


def make_collision() -> None:
    make_pair()
    one = make_user("cy")
    judge_pair("aws-rss:1", "aws-rss:2", same=True, person=one)
    judge_pair("aws-rss:1", "aws-rss:2", same=False, person=one)


MAKERS = {
    ItemKind.PAIR: (make_pair, "same"),
    ItemKind.HIT: (make_candidate, "yes"),
    ItemKind.VALUE: (make_dispute, "dns"),
    ItemKind.ACCOUNT: (make_undated, "INC-2025-0001"),
    ItemKind.NAME: (make_unknown, "coinbase"),
    ItemKind.CODE: (make_unknown, "ignore"),
    ItemKind.SOURCE: (make_blind, "seen"),
    ItemKind.CORRECTION: (make_correction, "yes"),
    ItemKind.COLLISION: (make_collision, ""),
}
EACH = pytest.mark.parametrize("kind", list(ItemKind))


def only(kind: ItemKind) -> Item:
    [found] = waiting(kind)
    return found


def word_for(kind: ItemKind, item: Item) -> str:
    return MAKERS[kind][1] or item.a


def state() -> Any:
    """What people see: the incidents, their values and hits, who stands where."""
    shown = Incident.objects.order_by("slug").values_list(
        "slug", "shown_as__slug", "cause", "services", "hit", "started_at"
    )
    hits = Impact.objects.order_by("incident__slug", "organisation__slug").values_list(
        "incident__slug", "organisation__slug", "status"
    )
    homes = Account.objects.order_by("key").values_list("key", "incident__slug")
    return list(shown), list(hits), list(homes)


@EACH
def test_each_kind_waits_is_counted_and_handed_out(ada: User, kind: ItemKind) -> None:
    MAKERS[kind][0]()
    item = only(kind)
    assert counts("", 100)[kind] == 1
    assert next_item(ada, [kind]) == item


@EACH
def test_two_analysts_are_not_handed_the_same_item(ada: User, bob: User, kind: ItemKind) -> None:
    MAKERS[kind][0]()
    assert next_item(ada, [kind]) and next_item(bob, [kind]) is None


@EACH
def test_an_answer_settles_the_item_and_undo_restores_what_stood(ada: User, kind: ItemKind) -> None:
    MAKERS[kind][0]()
    item, before = only(kind), state()
    verdict = answer(ada, item, Answer(word_for(kind, item), "why"))
    assert verdict.person == ada and not list(waiting(kind))
    assert undo_last(ada) == verdict
    assert state() == before and only(kind) == item


@EACH
def test_an_answer_holds_through_relinking(ada: User, kind: ItemKind) -> None:
    MAKERS[kind][0]()
    item = only(kind)
    answer(ada, item, Answer(word_for(kind, item)))
    after = state()
    assert not relink(apply=True)
    assert state() == after and not list(waiting(kind))


@EACH
def test_who_answers_twice_answers_once_and_a_second_person_is_refused(
    ada: User, bob: User, kind: ItemKind
) -> None:
    MAKERS[kind][0]()
    item = only(kind)
    given = Answer(word_for(kind, item))
    first = answer(ada, item, given)
    assert answer(ada, item, given) == first
    with pytest.raises(VerdictRefused, match="ada has answered"):
        answer(bob, item, given)


@EACH
def test_a_page_asks_each_question_and_takes_its_answer(client: Client, ada: User, kind: ItemKind) -> None:
    MAKERS[kind][0]()
    client.force_login(ada)
    page = client.get(f"/review/?kind={kind}")
    card = page.context["card"]
    assert card.question in page.content.decode().replace("&quot;", '"')
    sent = {"kind": kind.value, "a": card.item.a, "b": card.item.b, "answer": word_for(kind, card.item)}
    done = client.post(f"/review/answer/?kind={kind}", sent)
    assert done["Location"] == f"/review/?kind={kind}"
    assert not list(waiting(kind))
    told = client.get("/review/decided/").content.decode()
    assert "ada" in told and "Undo" in told


@EACH
def test_what_is_no_answer_is_refused(client: Client, ada: User, kind: ItemKind) -> None:
    MAKERS[kind][0]()
    item = only(kind)
    if kind is ItemKind.SOURCE:
        item = Item(kind, item.a, "blocked")
    client.force_login(ada)
    sent = {"kind": kind.value, "a": item.a, "b": item.b, "answer": "perhaps"}
    verdicts = Verdict.objects.count()
    page = client.post("/review/answer/", sent, follow=True).content.decode()
    assert "Not taken" in page and Verdict.objects.count() == verdicts


@pytest.mark.parametrize(
    ("kind", "a", "b"),
    [
        ("collision", "one", ""),
        ("correction", "9" * 30, ""),
        ("value", "INC-2025-0001", "cause"),
        ("value", "INC-2025-0001", "incident title"),
        ("name", "galaxy:newex", "Newex"),
        ("code", "service:aws:newdb", ""),
        ("nonsense", "a", "b"),
    ],
)
def test_keys_that_no_item_can_have_are_refused(client: Client, ada: User, kind: str, a: str, b: str) -> None:
    client.force_login(ada)
    for word in ("yes", "1", "new", "skip"):
        sent = {"kind": kind, "a": a, "b": b, "answer": word}
        assert client.post("/review/answer/", sent).status_code == 400


def test_the_address_narrows_the_queue(client: Client, ada: User) -> None:
    make_pair()
    client.force_login(ada)
    assert client.get("/review/?owner=provider:aws").context["card"]
    assert client.get("/review/?owner=provider:gcp").context["card"] is None
    assert client.get("/review/?kind=hit").context["card"] is None
    assert client.get("/review/?kind=nonsense").status_code == 400


def test_a_hit_that_a_person_accepts_is_shown_as_fact(ada: User) -> None:
    make_candidate()
    answer(ada, only(ItemKind.HIT), Answer("yes"))
    assert Incident.objects.get(owner="provider:aws").hit == ["kraken"]


def test_the_value_that_a_person_accepts_is_shown_with_who_says_otherwise(ada: User) -> None:
    make_dispute()
    answer(ada, only(ItemKind.VALUE), Answer("dns"))
    assert Incident.objects.get().cause == "dns"


def test_the_newer_of_two_words_on_one_value_holds(ada: User, bob: User) -> None:
    make_dispute()
    correct_value(Incident.objects.get(), Field.CAUSE, "network", key="network", person=ada, reason="seen")
    assert Incident.objects.get().cause == "network"
    judge_value(Incident.objects.get(), Field.CAUSE, "dns", accepts=True, person=bob)
    assert Incident.objects.get().cause == "dns"


def test_an_undated_account_joins_the_incident_that_a_person_names(ada: User) -> None:
    make_undated()
    answer(ada, only(ItemKind.ACCOUNT), Answer("inc-2025-0001"))
    assert Account.objects.get(key="web:1#aws").incident.slug == "INC-2025-0001"


def test_a_code_is_mapped_to_what_it_stands_for_each_time_its_report_is_kept(ada: User) -> None:
    make_unknown()
    Service.objects.create(slug="aws:dynamodb", name="DynamoDB", provider=make_provider("aws"))
    answer(ada, only(ItemKind.CODE), Answer("aws:dynamodb"))
    code = NewName(EntityKind.SERVICE, "aws:newdb", "newdb")
    fact = make_fact(Field.SERVICE, "aws:newdb", rule=UNKNOWN_NAME)
    link(keep(make_report("aws-rss:1", fact, unknown_names=(code,), title="Told again")))
    assert Account.objects.get(key="aws-rss:1").incident.services == ["aws:dynamodb"]


def test_a_new_organisation_is_listed(ada: User) -> None:
    make_unknown()
    answer(ada, only(ItemKind.NAME), Answer("new", detail="wallet"))
    assert Organisation.objects.get(slug="newex").kind == "wallet"


def test_a_source_stands_in_the_queue_again_when_its_state_changes(ada: User) -> None:
    make_blind()
    answer(ada, only(ItemKind.SOURCE), Answer("seen"))
    Source.objects.update(state="blocked")
    assert only(ItemKind.SOURCE).b == "blocked"


def test_of_two_words_that_collide_the_newer_can_go_as_well(ada: User) -> None:
    make_collision()
    newer = Verdict.objects.order_by("-pk").first()
    assert newer
    answer(ada, only(ItemKind.COLLISION), Answer(str(newer.pk)))
    assert len(set(Account.objects.values_list("incident", flat=True))) == 1


def test_a_statement_is_not_accepted_without_a_speaker(ada: User) -> None:
    make_correction()
    Correction.objects.update(statement="We were not hit.")
    with pytest.raises(VerdictRefused, match="whose statement"):
        answer(ada, only(ItemKind.CORRECTION), Answer("yes"))
    answer(ada, only(ItemKind.CORRECTION), Answer("yes", detail="Coinbase"))
    assert Correction.objects.get().speaker == "Coinbase"


def test_a_reading_that_a_person_amended_stays_so_and_can_be_undone(ada: User) -> None:
    make_organisation("coinbase")
    report = make_report("aws-rss:1", make_impact("coinbase"), make_fact(Field.CAUSE, "power"))
    before = (link(keep(report)), state())[1]
    said = [
        amend_fact("aws-rss:1", ada, Field.CAUSE, "power", accepts=False),
        amend_fact("aws-rss:1", ada, Field.CAUSE, "dns", accepts=True),
        amend_fact(
            *("aws-rss:1", ada, Field.IMPACT, "affected"), subject="organisation:coinbase", accepts=False
        ),
    ]
    link(keep(report))
    found = Incident.objects.get()
    assert (found.cause, found.hit) == ("dns", [])
    said.append(leave_out("aws-rss:1", "aws-rss:1", person=ada))
    link(keep(report))
    assert not Account.objects.exists() and Incident.objects.get().is_withdrawn
    for verdict in reversed(said):
        undo(verdict, person=ada)
    link(keep(report))
    assert state() == before
    amend_reading(VerdictKind.OWNER, "aws-rss:1", "aws-rss:1", ada, value_key="organisation:coinbase")
    amend_reading(VerdictKind.RELEVANCE, "aws-rss:1", "aws-rss:1", ada, value_key=Relevance.EXCHANGE_INCIDENT)
    link(keep(report))
    account = Account.objects.get()
    assert (account.owner, account.is_strong, account.relevance) == (
        "organisation:coinbase",
        False,
        "exchange-incident",
    )
