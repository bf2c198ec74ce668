"""Filters: what a query string asks for, how it is told as chips, and what it lets through."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.http import QueryDict

from incidents.forms import IncidentFilter
from incidents.models import Incident
from tests.factories import DAY, NOON, make_hit, make_incident


def form(query: str) -> IncidentFilter:
    return IncidentFilter(QueryDict(query))


def found(query: str) -> set[str]:
    return set(form(query).narrow(Incident.objects.for_timeline()).values_list("title", flat=True))


@pytest.mark.parametrize(
    ("text", "first", "end"),
    [
        ("2021", (2021, 1, 1), (2022, 1, 1)),
        ("2021-12", (2021, 12, 1), (2022, 1, 1)),
        ("2024-02-29", (2024, 2, 29), (2024, 3, 1)),
        ("2021-12-07T15:30", (2021, 12, 7, 15, 30), (2021, 12, 7, 15, 31)),
        ("2021-12-07 15:30:20Z", (2021, 12, 7, 15, 30), (2021, 12, 7, 15, 31)),
    ],
)
def test_a_moment_means_all_of_what_it_names(text: str, first: tuple[int, ...], end: tuple[int, ...]) -> None:
    moment = form(f"since={text}").asked["since"]
    assert (moment.first, moment.end) == (datetime(*first, tzinfo=UTC), datetime(*end, tzinfo=UTC))  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    "text", ["yesterday", "2021-13", "2023-02-29", "0001", "9999", "2021-12-07T25:00", "%00"]
)
def test_what_is_no_moment_is_told_and_left_out(text: str) -> None:
    asked = form(f"since={text}")
    assert asked.errors["since"]
    assert asked.asked["since"] is None


def test_a_span_written_backwards_is_read_forwards() -> None:
    assert form("since=2022&until=2021").span == form("since=2021&until=2022").span


def test_each_filter_is_a_chip_that_takes_just_itself_away() -> None:
    chips = form("provider=aws&provider=gcp&cause=dns&after=x").chips({"provider:aws": "Amazon"})
    assert [(chip.label, chip.value) for chip in chips] == [
        ("Provider", "Amazon"),
        ("Provider", "gcp"),
        ("Cause", "dns"),
    ]
    assert chips[0].without == "?provider=gcp&cause=dns"
    assert chips[2].without == "?provider=aws&provider=gcp"


def test_a_slug_in_capitals_is_a_chip_that_can_be_taken_away() -> None:
    (chip,) = form("provider=AWS").chips({})
    assert (chip.value, chip.without) == ("aws", "?")


def test_more_slugs_than_a_person_picks_are_told_and_left_out() -> None:
    asked = form("&".join(f"region=aws:r{number}" for number in range(900)))
    assert asked.errors["region"]
    assert asked.chips({}) == []


def test_a_form_that_nobody_filled_in_asks_for_nothing() -> None:
    assert not any(IncidentFilter().asked.values())


def test_empty_controls_of_a_form_ask_for_nothing() -> None:
    asked = form("provider=&severity=&q=&since=&hits=")
    assert asked.is_valid()
    assert asked.chips({}) == []
    assert asked.query() == "?"


def test_an_empty_control_beside_a_filter_in_force_is_no_part_of_an_address() -> None:
    asked = form("severity=&severity=major&provider=aws&region=&after=2025~1")
    assert asked.query() == "?severity=major&provider=aws"
    assert asked.adding("cause", "dns") == "?severity=major&provider=aws&cause=dns"
    assert [chip.without for chip in asked.chips({})] == ["?severity=major", "?provider=aws"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", {"tokyo", "dynamo", "own"}),
        ("provider=aws", {"tokyo", "dynamo"}),
        ("region=aws:ap-northeast-1", {"tokyo"}),
        ("service=aws:dynamodb", {"dynamo"}),
        ("exchange=binance", {"tokyo"}),
        ("exchange=coinbase", {"own", "dynamo"}),
        ("severity=critical&severity=minor", {"dynamo", "own"}),
        ("severity=purple", {"tokyo", "dynamo", "own"}),
        ("cause=dns", {"dynamo"}),
        ("status=monitoring", {"own"}),
        ("end=unknown", {"own"}),
        ("hits=yes", {"tokyo", "dynamo"}),
        ("hits=no", {"own"}),
        ("q=DYNAMO", {"dynamo"}),
        ("q=inc-2025-0002", {"dynamo"}),
        ("q=us-east-1", {"dynamo"}),
        ("q=Binance", {"tokyo"}),
        ("since=2025-10-19&until=2025-10-21", {"dynamo"}),
        ("until=2025-04", {"tokyo"}),
        ("provider=aws%00", {"tokyo", "dynamo"}),
    ],
)
def test_filters_let_through_what_they_name(query: str, titles: set[str]) -> None:
    april = datetime(2025, 4, 15, 7, 40, tzinfo=UTC)
    tokyo = make_incident(
        "INC-2025-0001", title="tokyo", started_at=april, ended_at=april, regions=["aws:ap-northeast-1"]
    )
    make_hit(tokyo, "binance")
    dynamo = make_incident(
        "INC-2025-0002", title="dynamo", severity="critical", cause="dns", services=["aws:dynamodb"]
    )
    make_hit(dynamo, "coinbase")
    make_incident(
        "INC-2025-0003",
        title="own",
        organisation="coinbase",
        severity="minor",
        status="monitoring",
        started_at=NOON + 30 * DAY,
        end_state="unknown",
        regions=[],
    )
    assert found(query) == titles


@pytest.mark.parametrize(
    ("query", "scope"),
    [
        *(("", "all"), ("since=2020", "all"), ("provider=aws", "provider:aws"), ("hits=yes", "hits:yes")),
        *(("region=aws:us-east-1&since=2020", "region:aws:us-east-1"), ("provider=aws&provider=gcp", "")),
        *(
            ("provider=aws&cause=dns", ""),
            ("q=dns", ""),
            ("postmortem=yes", ""),
            ("compare=provider:aws", ""),
        ),
    ],
)
def test_scope_is_what_a_worker_counts_of_the_same(query: str, scope: str) -> None:
    assert IncidentFilter(QueryDict(query)).scope == scope


@pytest.mark.django_db
def test_compared_things_are_those_of_any() -> None:
    make_incident(regions=["aws:us-east-1"])
    make_incident("INC-2025-0002", regions=[], services=["aws:s3"])
    make_hit(make_incident("INC-2025-0003", provider="gcp", regions=[]), "coinbase")
    make_incident("INC-2025-0004", organisation="kraken", regions=[])
    query = "compare=region:aws:us-east-1&compare=service:aws:s3&compare=exchange:coinbase"
    found = IncidentFilter(QueryDict(query)).narrow(Incident.objects.all())
    assert {incident.slug for incident in found} == {"INC-2025-0001", "INC-2025-0002", "INC-2025-0003"}
