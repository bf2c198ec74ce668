"""What organisations stand on, held against an outage."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from incidents.choices import HitGrade, HitStatus, PublisherKind
from incidents.hits import grade_hits
from incidents.reliance import Dependence, Outage, by_organisation, silent, way_in_words, way_to
from incidents.telling import Said, Teller, Told
from nlp.document import DocumentKind, Field
from tests.factories import DAY, NOON

INFURA = Dependence("infura", "provider:aws", known_at=NOON - 9 * DAY)
METAMASK = Dependence("metamask", "organisation:infura", known_at=NOON - 9 * DAY)
CIRCLE = Dependence("infura", "organisation:metamask", known_at=NOON - 9 * DAY)


def outage(**fields: Any) -> Outage:
    settings: dict[str, Any] = {
        "started_at": NOON,
        "regions": frozenset({"aws:us-east-1"}),
        "severity": "major",
    }
    return Outage(id=1, owner="provider:aws", **settings | fields)


def way(organisation: str, *edges: Dependence, **fields: Any) -> str:
    return way_in_words(way_to(organisation, outage(**fields), by_organisation(edges)))


def test_an_exchange_stands_on_the_cloud_by_way_of_its_vendor() -> None:
    found = way("metamask", METAMASK, CIRCLE, INFURA)
    assert found == "depends on organisation:infura, which depends on provider:aws"


def test_the_shortest_way_is_told() -> None:
    direct = Dependence("metamask", "region:aws:us-east-1")
    assert way("metamask", METAMASK, INFURA, direct) == "depends on region:aws:us-east-1"


def test_a_circle_of_organisations_without_a_cloud_leads_nowhere() -> None:
    assert way_to("metamask", outage(), by_organisation([METAMASK, CIRCLE])) == ()


def test_a_link_that_was_left_before_breaks_the_chain() -> None:
    left = Dependence("metamask", "organisation:infura", ended_at=NOON - DAY)
    assert way_to("metamask", outage(), by_organisation([left, INFURA])) == ()


def test_an_own_outage_beside_the_clouds_is_a_candidate_by_its_chain() -> None:
    own = Outage(id=2, owner="organisation:metamask", started_at=NOON + timedelta(minutes=5))
    (hit,) = grade_hits(outage(), Told("provider:aws", (), ()), own=[own], dependencies=[METAMASK, INFURA])
    assert (hit.grade, hit.status) == (HitGrade.DECLARED_AND_OVERLAP, HitStatus.CANDIDATE)
    assert hit.reasons[-1] == "depends on organisation:infura, which depends on provider:aws"


def test_a_hit_that_came_through_a_vendor_which_was_hit_as_well_names_it() -> None:
    press = Teller("web:1", "web:1", "gazette", PublisherKind.PRESS, DocumentKind.NEWS, NOON)
    claims = tuple(
        Said(press, Field.IMPACT, "affected", "affected", NOON, subject=f"organisation:{name}")
        for name in ("infura", "metamask")
    )
    told = Told("provider:aws", (press,), claims)
    through = {
        hit.organisation: hit.through for hit in grade_hits(outage(), told, dependencies=[METAMASK, INFURA])
    }
    assert through == {"infura": "", "metamask": "infura"}


def test_who_stands_on_what_failed_and_of_whom_nothing_is_said_is_expected_but_silent() -> None:
    here = Dependence("kraken", "region:aws:us-east-1", known_at=NOON - DAY)
    later = Dependence("gemini", "region:aws:us-east-1", known_at=NOON + DAY)
    undated = Dependence("okx", "region:aws:us-east-1")
    elsewhere = Dependence("kucoin", "region:aws:ap-northeast-1", known_at=NOON - DAY)
    spoken = Dependence("coinbase", "region:aws:us-east-1", known_at=NOON - DAY)
    edges = [here, later, undated, elsewhere, spoken, INFURA]
    assert silent(outage(), {"coinbase"}, edges) == ("kraken",)


def test_where_all_of_a_provider_failed_its_known_users_are_expected() -> None:
    everywhere = outage(regions=frozenset({"aws:global"}))
    assert silent(everywhere, (), [INFURA]) == ("infura",)
    assert silent(outage(is_maintenance=True), (), [INFURA]) == ()
