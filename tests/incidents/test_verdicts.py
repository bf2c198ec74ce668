"""What analysts decide holds through every later report and re-linking, and undo restores what stood."""

from __future__ import annotations

from typing import Any

import pytest

from incidents.linking import link
from incidents.models import Account, Impact, Incident, Organisation, User, Verdict
from incidents.relinking import relink
from incidents.reports import NewReport
from incidents.undoing import undo, withdraw_value
from incidents.verdicts import (
    VerdictRefused,
    collisions,
    correct_value,
    judge_hit,
    judge_pair,
    judge_value,
    merge,
    split,
)
from nlp.document import Field
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    keep,
    make_account,
    make_fact,
    make_impact,
    make_organisation,
    make_report,
    make_time,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return make_user("ada")


def tell(*reports: NewReport) -> None:
    link(keep(*reports))


def ec2(key: str, days: int = 0, **fields: Any) -> NewReport:
    return make_report(key, make_fact(Field.SERVICE, "aws:ec2"), said_at=NOON + days * DAY, **fields)


def homes() -> dict[str, str]:
    return dict(Account.objects.values_list("key", "incident__slug"))


def incident(slug: str) -> Incident:
    return Incident.objects.get(slug=slug)


def two() -> tuple[Incident, Incident]:
    tell(ec2("aws-rss:1"), ec2("aws-rss:2", days=8))
    return incident("INC-2025-0001"), incident("INC-2025-0002")


def test_merged_incidents_are_shown_under_the_lower_number(ada: User) -> None:
    first, second = two()
    merge(second, first, person=ada, reason="one event")
    second.refresh_from_db()
    assert (second.shown_as, set(homes().values())) == (first, {"INC-2025-0001"})


def test_a_merger_outlives_later_reports_and_re_linking(ada: User) -> None:
    first, second = two()
    merge(first, second, person=ada)
    tell(ec2("aws-rss:3", days=8))
    assert not relink(apply=True)
    assert set(homes().values()) == {"INC-2025-0001"}


def test_undoing_a_merger_returns_both_numbers(ada: User) -> None:
    first, second = two()
    before = homes()
    verdict = merge(first, second, person=ada)
    undo(verdict, person=ada)
    assert homes() == before
    undo(verdict, person=ada)
    assert Verdict.objects.get().retracted_by == ada


def test_accounts_split_off_get_a_number_of_their_own_and_undo_brings_them_back(ada: User) -> None:
    tell(ec2("aws-rss:1"), ec2("aws-rss:2"), ec2("aws-rss:3"))
    verdicts = split(incident("INC-2025-0001"), {"aws-rss:2"}, person=ada)
    assert homes() == {
        "aws-rss:1": "INC-2025-0001",
        "aws-rss:2": "INC-2025-0002",
        "aws-rss:3": "INC-2025-0001",
    }
    for verdict in verdicts:
        undo(verdict, person=ada)
    assert set(homes().values()) == {"INC-2025-0001"}
    assert incident("INC-2025-0002").shown_as == incident("INC-2025-0001")


def test_the_anchor_itself_can_be_split_off(ada: User) -> None:
    tell(ec2("aws-rss:1"), ec2("aws-rss:2"), ec2("aws-rss:3"))
    split(incident("INC-2025-0001"), {"aws-rss:1"}, person=ada)
    assert homes() == {
        "aws-rss:1": "INC-2025-0001",
        "aws-rss:2": "INC-2025-0002",
        "aws-rss:3": "INC-2025-0002",
    }


def test_not_the_same_keeps_apart_what_a_later_report_would_tie(ada: User) -> None:
    tell(ec2("aws-rss:1"), ec2("aws-rss:2"))
    judge_pair("aws-rss:2", "aws-rss:1", same=False, person=ada)
    tell(ec2("aws-rss:3"))
    assert homes()["aws-rss:1"] != homes()["aws-rss:2"]


def test_of_two_words_on_one_pair_the_newer_holds_and_both_stand_in_the_queue(ada: User) -> None:
    tell(ec2("aws-rss:1"), ec2("aws-rss:2"))
    older = judge_pair("aws-rss:1", "aws-rss:2", same=False, person=ada)
    assert not collisions()
    newer = judge_pair("aws-rss:1", "aws-rss:2", same=True, person=make_user("ben"))
    assert len(set(homes().values())) == 1
    assert list(collisions()) == [older]
    undo(newer, person=ada)
    assert len(set(homes().values())) == 2


def test_a_word_that_others_keep_from_holding_stands_in_the_queue(ada: User) -> None:
    tell(*(ec2(f"aws-rss:{n}", days=8 * n) for n in range(3)))
    judge_pair("aws-rss:0", "aws-rss:1", same=True, person=ada)
    judge_pair("aws-rss:0", "aws-rss:2", same=False, person=ada)
    gave_way = judge_pair("aws-rss:1", "aws-rss:2", same=True, person=ada)
    assert Verdict.objects.filter(kind="same").exclude(pk=gave_way.pk).get() in collisions()
    assert homes()["aws-rss:0"] != homes()["aws-rss:2"]


@pytest.mark.parametrize("keys", [set(), {"aws-rss:1", "aws-rss:2"}, {"aws-rss:9"}])
def test_a_split_names_some_accounts_of_the_incident(ada: User, keys: set[str]) -> None:
    tell(ec2("aws-rss:1"), ec2("aws-rss:2"))
    with pytest.raises(VerdictRefused, match="name some accounts"):
        split(incident("INC-2025-0001"), keys, person=ada)


def test_incidents_of_two_owners_are_never_merged(ada: User) -> None:
    make_organisation("coinbase")
    tell(ec2("aws-rss:1"), make_report("web:1", accounts=(make_account(organisation="coinbase"),)))
    with pytest.raises(VerdictRefused, match=r"one is provider:aws's"):
        merge(*Incident.objects.order_by("slug"), person=ada)


def test_a_number_that_redirects_is_not_merged_again(ada: User) -> None:
    first, second = two()
    merge(first, second, person=ada)
    second.refresh_from_db()
    with pytest.raises(VerdictRefused, match="not shown under its own number"):
        merge(first, second, person=ada)


def test_only_an_analyst_decides() -> None:
    reader = make_user("rita", is_analyst=False)
    first, second = two()
    with pytest.raises(VerdictRefused, match="rita is no analyst"):
        merge(first, second, person=reader)
    assert not Verdict.objects.exists()


def hit() -> tuple[Incident, Organisation]:
    coinbase = make_organisation("coinbase")
    tell(
        ec2("aws-rss:1"),
        make_report("aws-rss:2", make_fact(Field.SERVICE, "aws:ec2"), make_impact("coinbase")),
    )
    return incident("INC-2025-0001"), coinbase


def test_a_rejected_hit_stays_rejected_whatever_is_said_again(ada: User) -> None:
    found, coinbase = hit()
    verdict = judge_hit(found, coinbase, accepts=False, person=ada)
    relink(apply=True)
    tell(make_report("aws-rss:3", make_fact(Field.SERVICE, "aws:ec2"), make_impact("coinbase")))
    assert Impact.objects.get().status == "rejected"
    assert incident("INC-2025-0001").hit == []
    undo(verdict, person=ada)
    assert Impact.objects.get().status == "shown"
    assert incident("INC-2025-0001").hit == ["coinbase"]


def test_a_word_on_a_number_holds_where_the_number_leads(ada: User) -> None:
    first, second = two()
    coinbase = make_organisation("coinbase")
    judge_hit(second, coinbase, accepts=True, person=ada)
    merge(first, second, person=ada)
    impact = Impact.objects.get()
    assert (impact.incident, impact.status) == (first, "accepted")


def test_an_accepted_value_holds_through_re_linking_until_undone(ada: User) -> None:
    tell(
        ec2("aws-rss:1", days=0),
        make_report("aws-rss:2", make_fact(Field.SERVICE, "aws:ec2"), make_fact(Field.CAUSE, "dns")),
    )
    found = incident("INC-2025-0001")
    verdict = judge_value(found, Field.CAUSE, "dns", accepts=False, person=ada)
    relink(apply=True)
    found.refresh_from_db()
    assert found.cause == "unknown"
    undo(verdict, person=ada)
    found.refresh_from_db()
    assert found.cause == "dns"


def test_a_corrected_value_is_the_person_s_own_claim_with_its_reason(ada: User) -> None:
    tell(ec2("aws-rss:1"))
    found = incident("INC-2025-0001")
    claim = correct_value(found, Field.CAUSE, "power", key="power", person=ada, reason="said on stage")
    found.refresh_from_db()
    assert found.cause == "power"
    chosen = next(value for value in found.shown["values"] if value["field"] == "cause")
    assert (chosen["rule"], chosen["publishers_for"]) == ("a person", ["ada"])
    withdraw_value(claim, person=ada)
    found.refresh_from_db()
    assert found.cause == "unknown"


def test_a_correction_without_a_reason_is_refused(ada: User) -> None:
    tell(ec2("aws-rss:1"))
    with pytest.raises(VerdictRefused, match="say why"):
        correct_value(incident("INC-2025-0001"), Field.CAUSE, "power", key="power", person=ada, reason="")


def test_an_accepted_time_keeps_the_row_in_order(ada: User) -> None:
    tell(make_report("aws-rss:1", make_time(Field.STARTED_AT, NOON), make_time(Field.ENDED_AT, NOON + HOUR)))
    found = incident("INC-2025-0001")
    judge_value(found, Field.STARTED_AT, "2025-10-20T15:00", accepts=True, person=ada)
    found.refresh_from_db()
    assert (found.started_at, found.ended_at, found.end_state) == (NOON + 3 * HOUR, None, "unknown")
