"""grade_hits: with what evidence an incident hit an organisation, and what stands of it."""

from __future__ import annotations

from typing import Any

import pytest

from incidents.choices import HitGrade, HitStatus, PublisherKind
from incidents.hits import Hit, HitRuling, grade_hits
from incidents.linking import link, redraw
from incidents.models import Impact, Incident
from incidents.reliance import Dependence, Outage
from incidents.telling import Said, Teller, Told
from nlp.document import DocumentKind, Field, Impairment, Origin
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
    make_source,
    make_time,
)

AWS, COINBASE = "provider:aws", "organisation:coinbase"
VIRGINIA = frozenset({"aws:us-east-1"})
OUTAGE = Outage(1, AWS, started_at=NOON, ended_at=NOON + 6 * HOUR, regions=VIRGINIA, severity="major")
SPEAKERS = {
    "press": ("The Block", PublisherKind.PRESS, ""),
    "provider": ("AWS", PublisherKind.PROVIDER, AWS),
    "itself": ("Coinbase", PublisherKind.ORGANISATION, COINBASE),
    "another": ("Kraken", PublisherKind.ORGANISATION, "organisation:kraken"),
    "catalogue": ("Faultline", PublisherKind.CATALOGUE, ""),
}


def said(who: str, field: Field = Field.IMPACT, value: str = "affected", **fields: Any) -> Said:
    publisher, kind, speaker = SPEAKERS[who]
    teller = Teller(f"web:{who}", f"web:{who}", publisher, kind, DocumentKind.NEWS, NOON, speaker)
    return Said(teller, field, value, value, NOON, **{"subject": COINBASE} | fields)


def own(**fields: Any) -> Outage:
    return Outage(**{"id": 2, "owner": COINBASE, "started_at": NOON + HOUR} | fields)


def grade(*claims: Said, **fields: Any) -> Hit | None:
    found = grade_hits(fields.pop("outage", OUTAGE), Told(AWS, (), claims), **fields)
    assert len(found) <= 1
    return found[0] if found else None


def standing(hit: Hit | None) -> tuple[str, str] | None:
    return (hit.grade.value, hit.status.value) if hit else None


def by_catalogue(rule: str, confidence: float) -> Said:
    return said("catalogue", origin=Origin.CATALOGUE, rule=rule, confidence=confidence)


LEANS = [Dependence("coinbase", "region:aws:us-east-1")]
CASES: dict[str, tuple[list[Said], dict[str, Any], tuple[str, str] | None]] = {
    "the organisation says so": ([said("itself")], {}, ("stated-by-organisation", "shown")),
    "the provider says so": ([said("provider")], {}, ("stated-by-provider", "shown")),
    "press says so": ([said("press")], {}, ("reported-by-press", "shown")),
    "another organisation says so": ([said("another")], {}, ("reported-by-press", "shown")),
    "press half says so": ([said("press", confidence=0.3)], {}, ("reported-by-press", "candidate")),
    "the catalogue by the exchange's page": (
        [by_catalogue("catalogue:exchange-status", 0.8)],
        {},
        ("stated-by-organisation", "shown"),
    ),
    "the catalogue by the provider's review": (
        [by_catalogue("catalogue:provider-pir", 0.5)],
        {},
        ("stated-by-provider", "shown"),
    ),
    "the catalogue by news": ([by_catalogue("catalogue:news", 0.5)], {}, ("reported-by-press", "shown")),
    "the catalogue, unsure": ([by_catalogue("catalogue:news", 0.2)], {}, ("reported-by-press", "candidate")),
    "it denies what press says": (
        [said("press"), said("itself", value="not-affected")],
        {},
        ("stated-not-affected", "shown"),
    ),
    "it names another cause": (
        [said("press"), said("itself", Field.OTHER_CAUSE, "maintenance")],
        {},
        ("reported-by-press", "rejected"),
    ),
    "its own outage names the provider": (
        [],
        {"own": [own(blames={"aws"}, is_own_word=True)]},
        ("stated-by-organisation", "shown"),
    ),
    "press says that its own outage was the provider's": (
        [],
        {"own": [own(blames={"aws"})]},
        ("reported-by-press", "shown"),
    ),
    "its own outage names another provider": ([], {"own": [own(blames={"azure"}, other_cause="dns")]}, None),
    "its own outage was elsewhere": (
        [],
        {"own": [own(blames={"aws"}, regions=frozenset({"aws:eu-west-1"}), started_at=NOON + 5 * HOUR)]},
        None,
    ),
    "it depends on the region and fell too": (
        [],
        {"own": [own()], "dependencies": LEANS},
        ("declared-and-overlap", "candidate"),
    ),
    "it depended on the region once": (
        [],
        {"own": [own(started_at=NOON + 5 * HOUR)], "dependencies": [Dependence("coinbase", AWS, NOON - DAY)]},
        None,
    ),
    "it depends on it, but names another cause": (
        [],
        {"own": [own(other_cause="listing rush")], "dependencies": LEANS},
        ("declared-and-overlap", "rejected"),
    ),
    "it fell soon after": ([], {"own": [own()]}, ("overlap", "candidate")),
    "it fell soon after, for another cause": ([], {"own": [own(other_cause="price crash")]}, None),
    "it fell hours after": ([], {"own": [own(started_at=NOON + 4 * HOUR)]}, None),
    "it fell before": ([], {"own": [own(started_at=NOON - HOUR)], "dependencies": LEANS}, None),
    "it fell after the end": ([], {"own": [own(started_at=NOON + 7 * HOUR)], "dependencies": LEANS}, None),
    "it was under maintenance": ([], {"own": [own(is_maintenance=True)], "dependencies": LEANS}, None),
    "a person accepts": (
        [],
        {"own": [own()], "rulings": [HitRuling("coinbase", True)]},
        ("overlap", "accepted"),
    ),
    "a person rejects": (
        [said("press")],
        {"rulings": [HitRuling("coinbase", False)]},
        ("reported-by-press", "rejected"),
    ),
    "a person changes their mind": (
        [said("press")],
        {"rulings": [HitRuling("coinbase", True, 2), HitRuling("coinbase", False, 1)]},
        ("reported-by-press", "accepted"),
    ),
    "a person says so without evidence": (
        [],
        {"rulings": [HitRuling("coinbase", True)]},
        ("overlap", "accepted"),
    ),
}


@pytest.mark.parametrize(("claims", "fields", "expected"), CASES.values(), ids=CASES)
def test_grades(claims: list[Said], fields: dict[str, Any], expected: tuple[str, str] | None) -> None:
    hit = grade(*claims, **fields)
    assert standing(hit) == expected
    assert hit is None or hit.reasons


def test_what_explains_it_no_better_than_another_incident_stays_a_candidate() -> None:
    blaming = own(blames={"aws"}, is_own_word=True)
    rival = Outage(3, AWS, started_at=NOON + HOUR, severity="major")
    assert standing(grade(own=[blaming], rivals=[rival])) == ("stated-by-organisation", "candidate")
    named = own(blames={"aws"}, is_own_word=True, regions=VIRGINIA)
    assert standing(grade(own=[named], rivals=[rival])) == ("stated-by-organisation", "shown")


def test_two_kinds_of_evidence_keep_the_better_grade_and_both_reasons() -> None:
    hit = grade(said("press"), own=[own(impairments={"login"})], dependencies=LEANS)
    assert standing(hit) == ("reported-by-press", "shown")
    assert (hit.own_incident, hit.impairments, hit.started_at) == (2, ("login",), NOON + HOUR)
    assert "depends on region:aws:us-east-1" in hit.reasons


def test_what_is_stated_as_of_then_is_graded_as_of_then() -> None:
    told = Told(AWS, (), (said("press"),))
    assert len(grade_hits(OUTAGE, told, at=NOON)) == 1
    assert grade_hits(OUTAGE, told, at=NOON - HOUR) == ()


def test_nobody_hits_themselves() -> None:
    outage = Outage(1, COINBASE, started_at=NOON)
    assert grade_hits(outage, Told(COINBASE, (), (said("itself"),))) == ()


@pytest.mark.django_db
def test_an_impact_row_tells_what_was_impaired_when_and_by_whose_word() -> None:
    make_organisation("coinbase")
    subject = {"subject": COINBASE}
    facts = [
        make_impact("coinbase"),
        make_fact(Field.IMPAIRMENT, Impairment.LOGIN, **subject),
        make_time(Field.STARTED_AT, NOON + HOUR, **subject),
    ]
    start = make_time(Field.STARTED_AT, NOON)
    link(keep(make_report("aws-rss:1", *facts, start)))
    impact = Impact.objects.get()
    assert (impact.organisation.slug, impact.grade, impact.status) == (
        "coinbase",
        "stated-by-provider",
        "shown",
    )
    assert (impact.impairments, impact.started_at) == (["login"], NOON + HOUR)
    assert impact.shown["values"][0]["publishers_for"] == ["aws-status"]
    assert Incident.objects.get().hit == ["coinbase"]
    assert redraw({impact.incident_id}) == set()


@pytest.mark.django_db
@pytest.mark.parametrize("is_first", [True, False], ids=["its own first", "the provider's first"])
def test_an_organisation_s_own_outage_meets_the_provider_s(is_first: bool) -> None:
    make_source("coinbase-status", publisher_kind=PublisherKind.ORGANISATION, organisation="coinbase")
    blaming = (make_fact(Field.PROVIDER, "aws", origin=Origin.TEXT), make_time(Field.STARTED_AT, NOON + HOUR))
    theirs = make_report(
        "statuspage:coinbase:1",
        source="coinbase-status",
        accounts=(make_account(*blaming, organisation="coinbase"),),
        kind=DocumentKind.EXCHANGE_STATUS,
    )
    span = [make_time(Field.STARTED_AT, NOON), make_time(Field.ENDED_AT, NOON + 6 * HOUR)]
    aws = make_report("aws-rss:1", *span)
    for report in (theirs, aws) if is_first else (aws, theirs):
        link(keep(report))
    impact = Impact.objects.get()
    assert (impact.grade, impact.status) == (HitGrade.STATED_BY_ORGANISATION, HitStatus.SHOWN)
    assert impact.own_incident.organisation.slug == "coinbase"
    assert impact.incident.provider.slug == "aws"


@pytest.mark.django_db
def test_an_organisation_that_the_catalogue_lacks_makes_no_row() -> None:
    link(keep(make_report("aws-rss:1", make_impact("nobody"))))
    assert not Impact.objects.exists()
