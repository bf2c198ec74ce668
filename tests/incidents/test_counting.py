"""Figures are those of the record, whatever stood there before, and cost pages nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.management import call_command

from incidents.counting import count_all, count_if_due
from incidents.linking import link
from incidents.models import Counting, DayCount, Figures, Incident, Service
from tests.factories import DAY, HOUR, NOON, keep, make_hit, make_incident, make_provider, make_report

pytestmark = pytest.mark.django_db


def figures(scope: str) -> Figures:
    return Figures.objects.get(scope=scope)


def test_only_lengths_whose_both_ends_are_known_are_measured() -> None:
    for number, end in enumerate(("known", "known", "known", "bounded", "unknown", "ongoing")):
        make_incident(f"INC-2025-{number:04d}", ended_at=NOON + (number + 1) * HOUR, end_state=end)
    make_incident("INC-2025-0010", start_is_bound=True)
    make_incident("INC-2025-0011", start_precision="day")
    count_all()
    told = figures("all")
    assert (told.total, told.measured, told.median) == (8, 3, 2 * HOUR)
    assert (told.bounded, told.unknown, told.ongoing, told.rough) == (1, 1, 1, 2)
    assert told.p90 == timedelta(hours=2, minutes=48)


def test_an_incident_counts_in_every_scope_that_a_filter_names() -> None:
    incident = make_incident(
        severity="major", cause="dns", regions=["aws:us-east-1", "aws:us-west-2"], services=["aws:dynamodb"]
    )
    make_hit(incident, "coinbase")
    make_incident("INC-2025-0002", organisation="kraken", regions=[], severity="minor")
    count_all()
    told = {row.scope: row.total for row in Figures.objects.all()}
    assert told == {
        **{"all": 2, "provider:aws": 1, "own": 1, "organisation:kraken": 1},
        **{"region:aws:us-east-1": 1, "region:aws:us-west-2": 1, "service:aws:dynamodb": 1},
        **{"hit:coinbase": 1, "exchange:coinbase": 1, "exchange:kraken": 1, "hits:yes": 1, "hits:no": 1},
        **{"severity:major": 1, "severity:minor": 1, "cause:dns": 1, "cause:unknown": 1},
        **{"status:resolved": 2, "end:known": 2},
    }


def test_merged_and_withdrawn_numbers_count_nowhere() -> None:
    shown = make_incident()
    make_incident("INC-2025-0002", shown_as=shown)
    make_incident("INC-2025-0003", is_withdrawn=True)
    count_all()
    assert figures("all").total == 1


def test_admission_delay_runs_from_the_start_to_the_first_public_post() -> None:
    for number, minutes in enumerate((10, 20, 90)):
        said = NOON + timedelta(minutes=minutes)
        make_incident(f"INC-2025-{number:04d}", first_public_at=said)
    make_incident("INC-2025-0010", first_public_at=NOON - HOUR)
    make_incident("INC-2025-0011", first_public_at=NOON + HOUR, start_is_bound=True)
    count_all()
    told = figures("provider:aws")
    assert (told.delayed, told.delay_median) == (3, timedelta(minutes=20))


def test_what_is_named_with_a_region_stands_beside_it_the_most_frequent_first() -> None:
    Service.objects.create(slug="aws:s3", provider=make_provider("aws"), name="Amazon S3")
    make_incident(services=["aws:s3", "aws:dynamodb"])
    make_hit(make_incident("INC-2025-0002", services=["aws:s3"]), "coinbase")
    count_all()
    told = figures("region:aws:us-east-1")
    assert told.beside["service"] == [["aws:s3", 2, "Amazon S3"], ["aws:dynamodb", 1, "aws:dynamodb"]]
    assert told.beside["exchange"] == [["coinbase", 1, "Coinbase"]]
    assert told.beside["widest"] == [["INC-2025-0002", 1, "Increased error rates"]]
    assert "region" not in told.beside, "a region does not stand beside itself"
    assert told.facets["severity"] == [["major", 2]]
    assert told.years == [[2025, "major", 2]]


def test_a_thing_with_a_page_has_its_pictures_drawn() -> None:
    for number, year in enumerate((2023, 2025, 2025)):
        start = NOON.replace(year=year)
        make_incident(
            f"INC-{year}-{number:04d}", started_at=start, ended_at=start + HOUR, cause="dns", severity="major"
        )
    count_all()
    drawn = figures("region:aws:us-east-1").pictures
    strip = {line["year"]: line["total"] for line in drawn["heat"]["lines"]}
    assert (strip[2023], strip[2024], strip[2025]) == (1, 0, 2)
    assert drawn["years"]["data"][0]["y"] == [1, 2]
    assert drawn["causes"]["data"][0]["y"] == ["dns"]
    assert len(drawn["dots"]["data"][0]["customdata"]) == 3
    assert figures("severity:major").pictures == {}, "only things have pages"


def test_months_add_up_the_days() -> None:
    for number, at in enumerate((NOON, NOON + DAY, NOON + 40 * DAY)):
        make_incident(f"INC-2025-{number:04d}", started_at=at, ended_at=at + HOUR)
    make_incident("INC-2025-0010", organisation="kraken")
    count_all()
    assert figures("all").months == [["2025-10", "aws", 2], ["2025-10", "own", 1], ["2025-11", "aws", 1]]


def test_days_are_those_of_utc_with_the_lane_and_how_many_reached_somebody() -> None:
    make_hit(make_incident(started_at=NOON - 12 * HOUR), "coinbase")
    make_incident("INC-2025-0002", started_at=NOON - 12 * HOUR - timedelta(minutes=1))
    make_incident("INC-2025-0003", started_at=None, end_state="unknown")
    count_all()
    told = DayCount.objects.filter(scope="all").order_by("day").values_list("day", "lane", "count", "reached")
    assert list(told) == [(date(2025, 10, 19), "aws", 1, 0), (date(2025, 10, 20), "aws", 1, 1)]


def test_counted_again_after_a_change_equals_counted_from_nothing() -> None:
    def drawn() -> tuple[list[object], list[object]]:
        lists = ("years", "facets", "beside", "months", "pictures")
        scopes = Figures.objects.order_by("scope").values_list("scope", "total", *lists)
        days = DayCount.objects.order_by("scope", "day", "lane", "severity")
        return list(scopes), list(days.values_list("scope", "day", "lane", "severity", "count", "reached"))

    incident = make_incident(services=["aws:s3"])
    make_incident("INC-2025-0002", started_at=NOON - 3 * DAY)
    count_all()
    Incident.objects.filter(pk=incident.pk).update(
        regions=["aws:eu-west-1"],
        services=[],
        severity="minor",
        started_at=NOON + DAY,
        ended_at=NOON + 2 * DAY,
    )
    count_all()
    incremental = drawn()
    Figures.objects.all().delete()
    DayCount.objects.all().delete()
    count_all()
    assert drawn() == incremental
    assert not Figures.objects.filter(scope="service:aws:s3").exists()


def test_a_worker_counts_after_a_change_and_otherwise_rests() -> None:
    link(keep(make_report()))
    assert count_if_due()
    Counting.objects.update(as_of=NOON)
    Incident.objects.update(changed_at=NOON - DAY)
    assert not count_if_due(), "nothing changed"
    Incident.objects.update(changed_at=NOON + DAY)
    assert count_if_due()
    Incident.objects.update(changed_at=NOON + 9999 * DAY)
    assert not count_if_due(), "it has just counted"


def test_an_empty_record_is_counted_as_such() -> None:
    assert not count_if_due() or not Figures.objects.exists()
    call_command("count", verbosity=0)
    assert Figures.objects.count() == 0
