"""Edges that the record itself shows: dated proofs that come and go with what they rest on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from incidents.choices import ProofGrade, PublisherKind
from incidents.linking import link
from incidents.models import Dependency, Incident, Organisation, Proof, Region
from incidents.reports import NewReport
from incidents.verdicts import judge_hit
from nlp.document import DocumentKind, Evidence, Fact, Field, Origin, Relevance
from tests.factories import (
    DAY,
    NOON,
    keep,
    make_account,
    make_fact,
    make_impact,
    make_organisation,
    make_post,
    make_provider,
    make_report,
    make_source,
    make_time,
    make_user,
)

pytestmark = pytest.mark.django_db
WORDS = "Coinbase runs on AWS, in us-east-1."


def says(field: Field, value: str, organisation: str = "coinbase", **fields: Any) -> Fact:
    settings: dict[str, Any] = {
        "subject": f"organisation:{organisation}",
        "origin": Origin.TEXT,
        "evidence": Evidence(passage=0, start=0, end=len(WORDS)),
        "confidence": 0.6,
    }
    return make_fact(field, value, **settings | fields)


def interview(*facts: Fact, **fields: Any) -> NewReport:
    """A newspaper's text, published at noon, that tells of no outage."""
    settings: dict[str, Any] = {
        "source": "gazette",
        "kind": DocumentKind.NEWS,
        "url": "https://gazette.example/interview",
        "posts": (make_post(WORDS),),
        "accounts": (make_account(*facts, provider="", relevance=Relevance.NOT_AN_OUTAGE, is_strong=False),),
    }
    return make_report("web:interview", **settings | fields)


@pytest.fixture(autouse=True)
def names() -> None:
    aws = make_provider("aws")
    make_provider("gcp")
    Region.objects.create(slug="aws:us-east-1", provider=aws, code="us-east-1", name="N. Virginia")
    make_organisation("coinbase")
    make_source("gazette", publisher_kind=PublisherKind.PRESS, publisher="The Gazette")


def edges() -> set[tuple[str, str]]:
    return {
        (edge.organisation.slug, edge.target) for edge in Dependency.objects.select_related("organisation")
    }


def test_a_sentence_adds_a_dated_proof_to_an_edge() -> None:
    link(keep(interview(says(Field.DEPENDS_ON, "aws:us-east-1"))))
    (proof,) = Proof.objects.select_related("dependency__organisation")
    assert (proof.dependency.organisation.slug, proof.dependency.target) == (
        "coinbase",
        "region:aws:us-east-1",
    )
    assert (proof.publisher, proof.grade, proof.sentence) == ("The Gazette", ProofGrade.PRESS, WORDS)
    assert (proof.about_from, proof.known_at) == (NOON.date(), NOON)


def test_an_organisations_own_sentence_weighs_as_its_own() -> None:
    make_source("coinbase-blog", publisher_kind=PublisherKind.ORGANISATION, organisation="coinbase")
    link(keep(interview(says(Field.DEPENDS_ON, "aws"), source="coinbase-blog")))
    assert Proof.objects.get().grade == ProofGrade.OWN_STATEMENT


def test_a_report_that_no_longer_says_so_takes_its_proof_and_its_edge_along() -> None:
    link(keep(interview(says(Field.DEPENDS_ON, "aws"))))
    link(keep(interview(make_fact(Field.TITLE, "An interview"), captured_at=NOON + DAY)))
    assert (edges(), Proof.objects.count()) == (set(), 0)


def test_an_edge_with_another_proof_outlives_the_sentence() -> None:
    edge = Dependency.objects.create(
        organisation=Organisation.objects.get(),
        relation="hosted-on",
        target="provider:aws",
        on_provider=make_provider("aws"),
    )
    Proof.objects.create(dependency=edge, publisher="aws", about="undated", grade=ProofGrade.CATALOGUE)
    link(keep(interview(says(Field.DEPENDS_ON, "aws"))))
    assert edge.proofs.count() == 2
    link(keep(interview(make_fact(Field.TITLE, "An interview"), captured_at=NOON + DAY)))
    assert [proof.about for proof in edge.proofs.all()] == ["undated"]


def test_read_twice_is_proven_once() -> None:
    keys = keep(interview(says(Field.DEPENDS_ON, "aws")))
    link(keys)
    before = list(Proof.objects.values_list("pk", flat=True))
    link(keys)
    assert list(Proof.objects.values_list("pk", flat=True)) == before


def test_names_that_the_record_lacks_and_doubtful_sentences_prove_nothing() -> None:
    unsure = says(Field.DEPENDS_ON, "aws", confidence=0.3)
    link(keep(interview(unsure, says(Field.DEPENDS_ON, "nobody"), says(Field.DEPENDS_ON, "aws", "unheard"))))
    assert edges() == set()


def test_a_statement_of_leaving_ends_the_edges_on_that_provider() -> None:
    link(keep(interview(says(Field.DEPENDS_ON, "aws:us-east-1"))))
    leaves = interview(
        says(Field.NO_LONGER_DEPENDS_ON, "aws"),
        says(Field.DEPENDS_ON, "gcp"),
        url="https://gazette.example/move",
        captured_at=NOON + DAY,
        published_at=NOON + DAY,
        posts=(make_post(WORDS, NOON + DAY),),
    )
    link(keep(make_move(leaves)))
    ended = {edge.target: edge.ended_on for edge in Dependency.objects.all()}
    assert ended == {"region:aws:us-east-1": (NOON + DAY).date(), "provider:gcp": None}
    link(keep(make_move(interview(make_fact(Field.TITLE, "x"), captured_at=NOON + 2 * DAY))))
    assert Dependency.objects.get(target="region:aws:us-east-1").ended_on is None


def make_move(report: NewReport) -> NewReport:
    """The same text as another report."""
    values = {name: getattr(report, name) for name in report.__dataclass_fields__ if name != "key"}
    return NewReport(key="web:move", **values)


def outage() -> Incident:
    """An outage in us-east-1 that press, unsure, says to have reached Coinbase."""
    told = make_account(
        make_time(Field.STARTED_AT, NOON),
        make_fact(Field.REGION, "aws:us-east-1"),
        make_impact("coinbase", confidence=0.3, origin=Origin.TEXT),
        is_strong=False,
    )
    report = make_report("web:outage", source="gazette", kind=DocumentKind.NEWS, accounts=(told,))
    link(keep(report))
    return Incident.objects.live().get()


def test_an_accepted_hit_proves_what_the_organisation_stands_on_and_undone_no_longer() -> None:
    incident, ada = outage(), make_user()
    assert edges() == set()
    verdict = judge_hit(incident, Organisation.objects.get(slug="coinbase"), accepts=True, person=ada)
    (proof,) = Proof.objects.select_related("dependency")
    assert (proof.dependency.target, proof.grade) == ("region:aws:us-east-1", ProofGrade.ACCEPTED_HIT)
    assert (proof.about, proof.about_from) == (f"hit:{incident.slug}", NOON.date())
    assert proof.known_at == verdict.made_at
    judge_hit(incident, Organisation.objects.get(slug="coinbase"), accepts=False, person=ada)
    assert edges() == set()


def test_an_accepted_hit_through_a_vendor_proves_the_edge_to_the_vendor() -> None:
    infura, aws = make_organisation("infura"), make_provider("aws")
    known = {
        "publisher": "x",
        "about": "undated",
        "grade": ProofGrade.CATALOGUE,
        "known_at": NOON - timedelta(9),
    }
    for who, target, column, thing in (
        (make_organisation("coinbase"), "organisation:infura", "on_organisation", infura),
        (infura, "provider:aws", "on_provider", aws),
    ):
        edge = Dependency.objects.create(organisation=who, relation="calls", target=target, **{column: thing})
        Proof.objects.create(dependency=edge, **known)
    judge_hit(outage(), make_organisation("coinbase"), accepts=True, person=make_user())
    proof = Proof.objects.get(grade=ProofGrade.ACCEPTED_HIT)
    assert proof.dependency.target == "organisation:infura"
