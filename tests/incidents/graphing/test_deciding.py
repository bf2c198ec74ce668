"""What analysts decide on edges: kept with reasons, undoable, and lasting through every loading."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from incidents.choices import ProofGrade
from incidents.graphing.deciding import Evidence, NamedEdge, end, prove, regroup, reject, undo
from incidents.graphing.edges import Edge
from incidents.graphing.loading import graph_at, record_graph
from incidents.models import Dependency, EdgeVerdict, Proof, Region, User
from incidents.verdicts import VerdictRefused
from incidents.vocabulary_loading import load_vocabulary
from ingest.catalogue.loading import load_dependencies, load_names
from nlp.document import Precision
from tests.factories import make_organisation, make_provider, make_user

pytestmark = pytest.mark.django_db
EAST = "region:aws:us-east-1"
LATE = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def region() -> Region:
    return Region.objects.create(
        slug="aws:us-east-1", provider=make_provider("aws"), code="us-east-1", name="N. Virginia"
    )


@pytest.fixture
def person() -> User:
    return make_user()


def named(slug: str = "robinhood") -> NamedEdge:
    return NamedEdge(make_organisation(slug), "hosted-on", EAST)


def evidence(about: tuple[date, date] | None = (date(2021, 12, 7), date(2021, 12, 7))) -> Evidence:
    return Evidence(
        publisher="Robinhood",
        url="https://robinhood.example/",
        sentence="We run in us-east-1.",
        grade=ProofGrade.OWN_STATEMENT,
        about=about,
        precision=Precision.DAY if about else None,
        published_on=date(2021, 12, 10) if about else None,
    )


def edges() -> list[Edge]:
    return record_graph().proven


def test_an_edge_begins_with_a_proof_and_counts_from_when_it_could_be_known(
    region: Region, person: User
) -> None:
    prove(named(), evidence(), person=person, reason="read it there")
    (edge,) = edges()
    assert edge.key == ("organisation:robinhood", "hosted-on", EAST)
    (proof,) = edge.proofs
    assert (proof.weight, proof.sentence) == (0.9, "We run in us-east-1.")
    assert proof.known_at is not None and proof.known_at.date() == date(2021, 12, 10)


def test_without_a_time_the_proof_is_undated(region: Region, person: User) -> None:
    prove(named(), evidence(about=None), person=person, reason="no date on it")
    assert edges()[0].is_undated


def test_taking_it_back_takes_proof_and_edge_away_and_keeps_the_verdict(region: Region, person: User) -> None:
    verdict = prove(named(), evidence(), person=person, reason="read it there")
    undo(verdict, person=person)
    undo(verdict, person=person)
    assert edges() == []
    assert not Dependency.objects.exists() and not Proof.objects.exists()
    assert EdgeVerdict.objects.get().retracted_by == person


def test_a_rejected_edge_is_no_more_and_returns_when_that_is_taken_back(region: Region, person: User) -> None:
    prove(named(), evidence(), person=person, reason="read it there")
    verdict = reject(named(), person=person, reason="another company of that name")
    assert edges() == []
    assert not Dependency.objects.not_rejected().exists()
    undo(verdict, person=person)
    assert len(edges()) == 1


def test_the_newest_end_and_group_hold(region: Region, person: User) -> None:
    prove(named(), evidence(), person=person, reason="read it there")
    end(named(), date(2023, 1, 31), Precision.MONTH, person=person, reason="they said so")
    later = end(named(), date(2024, 1, 31), Precision.MONTH, person=person, reason="they moved later")
    regroup(named(), "regions", person=person, reason="two regions")
    (edge,) = edges()
    assert (edge.ended_on, edge.group) == (date(2024, 1, 31), "regions")
    undo(later, person=person)
    assert edges()[0].ended_on == date(2023, 1, 31)


def test_an_ended_edge_does_not_stand_any_more(region: Region, person: User) -> None:
    prove(named(), evidence(), person=person, reason="read it there")
    end(named(), date(2023, 1, 31), Precision.MONTH, person=person, reason="they said so")
    record = record_graph()
    assert graph_at(record.version, LATE, with_later=False, with_undated=False).edges == []


def load_all() -> None:
    load_names()
    load_dependencies()


def test_decisions_outlive_loading_the_catalogue(person: User) -> None:
    load_vocabulary()
    load_all()
    edge = NamedEdge(make_organisation("coinbase"), "hosted-on", EAST)
    reject(edge, person=person, reason="to see whether it lasts")
    added = NamedEdge(make_organisation("kraken"), "hosted-on", EAST)
    prove(added, evidence(), person=person, reason="to see whether it lasts")
    before = {one.key: one for one in edges()}
    load_all()
    assert {one.key: one for one in edges()} == before
    assert ("organisation:coinbase", "hosted-on", EAST) not in before
    assert ("organisation:kraken", "hosted-on", EAST) in before


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_decision_needs_a_reason(region: Region, person: User, reason: str) -> None:
    with pytest.raises(VerdictRefused):
        prove(named(), evidence(), person=person, reason=reason)


def test_only_analysts_decide(region: Region) -> None:
    with pytest.raises(VerdictRefused):
        prove(named(), evidence(), person=make_user("eve", is_analyst=False), reason="because")


def test_there_is_nothing_to_reject_where_no_edge_is(region: Region, person: User) -> None:
    with pytest.raises(VerdictRefused):
        reject(named(), person=person, reason="because")


def test_nothing_stands_on_itself_or_on_what_the_record_lacks(person: User) -> None:
    organisation = make_organisation("infura")
    for target in ("organisation:infura", "region:aws:nowhere", "planet:mars"):
        with pytest.raises(VerdictRefused):
            prove(NamedEdge(organisation, "calls", target), evidence(), person=person, reason="because")
