"""The tables behind /insights/: what enters them, and what their page shows."""

from __future__ import annotations

import csv
import io

import plotly.graph_objects as go
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from incidents.insights.drawing import draw_insights
from incidents.insights.pictures import bars, causes_by_year, curves, shares
from incidents.insights.tables import STEPS, TABLES
from incidents.models import Insight
from incidents.refreshing import refresh
from tests.factories import DAY, HOUR, NOON, make_hit, make_incident, make_organisation

pytestmark = pytest.mark.django_db
ROWS = list[list[object]]


def rows(name: str) -> ROWS:
    draw_insights()
    found: ROWS = Insight.objects.get(name=name).rows
    return found


def outages(count: int, **fields: object) -> None:
    """So many, the first an hour long, the second two, each a day after the one before."""
    for number in range(count):
        start = NOON + number * DAY
        slug = f"INC-2025-{number + 1:04d}"
        make_incident(slug, **{"started_at": start, "ended_at": start + (number + 1) * HOUR} | fields)


def test_durations_are_quantiles_in_minutes_by_provider_and_in_all() -> None:
    outages(5)
    told = {row[0]: row[1:] for row in rows("durations")}
    assert set(told) == {"all", "aws"}
    count, quantiles = told["aws"]
    assert count == 5
    assert isinstance(quantiles, list)
    assert len(quantiles) == STEPS + 1
    assert (quantiles[0], quantiles[STEPS // 2], quantiles[-1]) == (60, 180, 300)


def test_what_is_rough_bounded_or_planned_enters_no_duration() -> None:
    outages(1)
    for number, fields in enumerate(
        (
            {"start_is_bound": True},
            {"start_precision": "day"},
            {"end_state": "bounded"},
            {"end_state": "ongoing", "ended_at": None},
            {"is_maintenance": True},
            {"is_withdrawn": True},
        )
    ):
        make_incident(f"INC-2025-1{number:03d}", **fields)
    assert [row[:2] for row in rows("durations")] == [["all", 1], ["aws", 1]]


def test_first_words_tell_who_spoke_first() -> None:
    incident = make_incident(first_public_at=NOON + HOUR)
    own = make_incident("INC-2025-0002", organisation="kraken", first_public_at=NOON + HOUR / 2)
    make_hit(incident, "kraken", own_incident=own)
    assert rows("first-words") == [["aws", 1, 1, 30.0]]


def test_dependence_counts_those_of_which_nothing_is_known() -> None:
    make_organisation("kraken")
    assert rows("dependence") == [["unknown", 1, 0]]


def test_page_shows_each_table_with_definition_and_data(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    outages(6, cause="dns")
    refresh()
    with django_assert_max_num_queries(12):
        page = client.get("/insights/").content.decode()
    assert "How long outages last" in page
    assert "under-report" in page
    assert "/insights/durations.csv" in page
    assert "2 h 30 min" not in page
    assert "3 h 30 min" in page, "the median of one to six hours"


def test_data_comes_as_csv(client: Client) -> None:
    outages(5)
    draw_insights()
    answer = client.get("/insights/durations.csv")
    assert answer["Content-Type"].startswith("text/csv")
    head, first, *_ = csv.reader(io.StringIO(answer.content.decode()))
    assert head[:3] == ["lane", "count", "q0"]
    assert len(head) == len(first) == STEPS + 3
    assert client.get("/insights/nothing.csv").status_code == 404


def test_before_anything_is_counted_the_page_says_so(client: Client) -> None:
    assert "Nothing is counted yet" in client.get("/insights/").content.decode()


def test_table_that_is_no_more_is_forgotten() -> None:
    draw_insights()
    Insight.objects.update_or_create(name="former", defaults={"rows": [], "as_of": NOON})
    draw_insights()
    assert set(Insight.objects.values_list("name", flat=True)) == {table.name for table in TABLES}


def test_pictures_are_figures_that_plotly_takes() -> None:
    names = {"aws": "Amazon <b>Web</b> Services"}
    quantiles = [float(step) for step in range(STEPS + 1)]
    for figure in (
        curves([["all", 9, quantiles], ["aws", 9, quantiles], ["own", 2, quantiles]], names),
        causes_by_year([[2020, "dns", 3], [2021, "power", 1], [2021, "unknown", 5]]),
        bars(["us-east-1", "unknown"], [3, 1], grey="unknown", unit="outages"),
        shares(["aws", "gcp"], [(0, 1), (2, 3)]),
    ):
        go.Figure(figure)
    assert shares(["aws", "gcp"], [(0, 1), (2, 3)])["data"][0]["text"] == ["2 of 3", "0 of 1"]
    told = curves([["aws", 9, quantiles], ["own", 2, quantiles]], names)["data"]
    assert [trace["name"] for trace in told] == ["Amazon &lt;b&gt;Web&lt;/b&gt; Services (9)"]
