"""What the timeline has in view: counted from afar, drawn from near, in the lanes that were asked for."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from incidents.counting import count_all
from incidents.forms import IncidentFilter
from incidents.models import Incident, Provider
from incidents.timeline.bins import counted_bins, live_bins
from incidents.timeline.drawing import DRAWN, Drawing, draw
from incidents.timeline.overview import draw_overview
from incidents.timeline.spans import Span, next_bin, ticks
from incidents.views.moving import moves
from tests.factories import DAY, HOUR, NOON, make_hit, make_incident, make_organisation

YEARS = Span(NOON - 5475 * DAY, NOON)


def drawn(query: str = "") -> Drawing:
    form = IncidentFilter(QueryDict(query))
    found = form.narrow(Incident.objects.for_timeline())
    return draw(found, form, list(Provider.objects.all()), {}, NOON + 30 * DAY)


def slugs(drawing: Drawing) -> set[str]:
    traces = drawing.chart["figure"]["data"]
    return {slug for trace in traces for slug in trace.get("customdata", ()) if slug.startswith("INC")}


def lanes(drawing: Drawing) -> list[str]:
    return [
        note["text"] for note in drawing.chart["figure"]["layout"]["annotations"] if note["text"] != "now"
    ]


def many(count: int = DRAWN + 1, **fields: Any) -> None:
    for number in range(count):
        at = NOON - number * DAY
        make_incident(f"INC-2024-{number:04d}", **{"started_at": at, "ended_at": at + HOUR} | fields)


@pytest.mark.parametrize(
    ("length", "unit"), [(HOUR, "hour"), (11 * DAY, "day"), (401 * DAY, "week"), (5475 * DAY, "month")]
)
def test_the_wider_the_view_the_coarser_the_counts(length: timedelta, unit: str) -> None:
    assert Span(NOON, NOON + length).unit == unit


def test_a_month_ends_where_the_next_begins() -> None:
    assert next_bin(datetime(2024, 2, 1, tzinfo=UTC), "month") == datetime(2024, 3, 1, tzinfo=UTC)
    assert next_bin(datetime(2025, 12, 1, tzinfo=UTC), "month") == datetime(2026, 1, 1, tzinfo=UTC)


def test_midnights_part_the_days_as_long_as_they_can_be_told_apart() -> None:
    span = Span(NOON, NOON + 2 * DAY)
    assert [f"{at:%d %H:%M}" for at in span.midnights()] == ["21 00:00", "22 00:00"]
    assert YEARS.midnights() == []
    assert Span(NOON, NOON + HOUR).midnights() == []


def test_a_clock_on_the_axis_never_stands_without_its_day() -> None:
    span = Span(NOON, NOON + 3 * HOUR)
    assert ticks(span)["tickformat"] == "%H:%M<br>%a %-d %b"


@pytest.mark.django_db
def test_the_period_is_told_as_it_was_asked_for(client: Client) -> None:
    asked = {"since": "2025-10-20T12:00", "until": "2025-10-20T15:00"}
    page = client.get("/timeline/", asked).content.decode()
    assert "2025-10-20 12:00 to 2025-10-20 15:00" in page
    page = client.get("/timeline/", {"since": "2025-10-20", "until": "2025-10-30"}).content.decode()
    assert "2025-10-20 to 2025-10-30" in page


@pytest.mark.parametrize("hours", [1, 12, 48, 24 * 5, 24 * 14])
def test_ticks_are_few_enough_to_be_read(hours: int) -> None:
    span = Span(NOON, NOON + hours * HOUR)
    count = span.length.total_seconds() * 1000 / ticks(span)["dtick"]
    assert 4 <= count <= 18


@pytest.mark.django_db
@pytest.mark.parametrize(
    "span", [Span(NOON - 300 * DAY, NOON + DAY), YEARS, Span(NOON - 5475 * DAY, NOON + 60 * DAY)]
)
def test_counts_of_days_and_months_and_of_the_record_itself_say_the_same(span: Span) -> None:
    many(40)
    make_incident("INC-2025-0001", organisation="kraken", started_at=NOON - 3 * DAY)
    count_all()
    told = [
        sorted((one.lane, one.start, one.end, one.count) for one in found)
        for found in (
            counted_bins({"all": ""}, span),
            live_bins(Incident.objects.dated(), span),
        )
    ]
    assert told[0] == told[1]
    assert sum(count for *_, count in told[0]) == 41


@pytest.mark.django_db
def test_seen_from_afar_what_reached_somebody_is_drawn_and_the_rest_is_counted() -> None:
    many()
    make_hit(make_incident("INC-2025-0001", started_at=NOON - HOUR), "coinbase")
    live = drawn()
    count_all()
    counted = drawn()
    assert counted.is_binned and live.is_binned
    assert counted.total == live.total == DRAWN + 2
    assert slugs(counted) == slugs(live) == {"INC-2025-0001"}


@pytest.mark.django_db
def test_coming_near_shows_each() -> None:
    many()
    count_all()
    near = drawn("since=2025-10-18&until=2025-10-20")
    assert not near.is_binned
    assert slugs(near) == {"INC-2024-0000", "INC-2024-0001", "INC-2024-0002"}


@pytest.mark.django_db
def test_a_view_is_an_hour_at_least() -> None:
    make_incident()
    assert drawn("since=2025-10-20T12:30&until=2025-10-20T12:30").span.length == HOUR


@pytest.mark.django_db
def test_compared_things_have_a_lane_each_also_those_without_an_outage() -> None:
    make_organisation("kraken")
    make_hit(make_incident(regions=["aws:us-east-1"]), "coinbase")
    make_incident("INC-2025-0002", regions=["aws:us-west-2"])
    make_incident("INC-2025-0003", regions=["aws:eu-west-1"])
    told = drawn("compare=region:aws:us-east-1&compare=exchange:coinbase&compare=exchange:kraken")
    assert lanes(told) == ["region:aws:us-east-1", "exchange:coinbase", "exchange:kraken"]
    assert slugs(told) == {"INC-2025-0001"}
    bars = told.chart["figure"]["data"]
    starts = next(trace for trace in bars if trace.get("mode") == "markers" and len(trace["x"]) == 2)
    assert starts["customdata"] == ["INC-2025-0001"] * 2, "in the lane of each that it concerns"


@pytest.mark.django_db
def test_compared_things_are_counted_each_in_its_lane_when_there_are_many() -> None:
    many(regions=["aws:us-east-1"])
    count_all()
    told = drawn("compare=region:aws:us-east-1&compare=provider:aws")
    counts = next(
        trace
        for trace in told.chart["figure"]["data"]
        if trace.get("orientation") is None and "width" in trace
    )
    by_floor: dict[float, int] = {}
    for floor, text in zip(counts["base"], counts["text"], strict=True):
        by_floor[floor] = by_floor.get(floor, 0) + int(text.split()[0])
    assert list(by_floor.values()) == [DRAWN + 1, DRAWN + 1]


@pytest.mark.parametrize("named", ["region:", "planet:mars", "x", ":::", "region:%00"])
@pytest.mark.django_db
def test_what_cannot_be_compared_is_left_out(client: Client, named: str) -> None:
    make_incident()
    assert client.get(f"/timeline/?compare={named}").status_code == 200


@pytest.mark.django_db
def test_moves_keep_the_filters_and_stop_at_an_hour(client: Client) -> None:
    form = IncidentFilter(QueryDict("provider=aws&since=2025-10-20T12:00&until=2025-10-20T12:59"))
    told = moves(form, Span(NOON, NOON + HOUR))
    named = {move.name: move.url for move in told["pan"]}
    assert named["Closer"] == ""
    assert "provider=aws" in named["Earlier"] and "since=2025-10-20T11%3A30" in named["Earlier"]
    assert named["Everything"] == "?provider=aws"


def test_strip_of_the_record_marks_the_view() -> None:
    months = [(date(2020, 1, 1), 4), (date(2021, 12, 1), 8)]
    year = Span(datetime(2021, 1, 1, tzinfo=UTC), datetime(2022, 1, 1, tzinfo=UTC))
    strip = draw_overview(months, year)
    assert strip
    assert [(one.year, one.count) for one in strip.years] == [(2020, 4), (2021, 8)]
    assert strip.view_x == pytest.approx(strip.years[1].x, abs=0.2)
    assert strip.view_width == pytest.approx(strip.years[1].width, abs=0.2)
    assert strip.bars[1].height > strip.bars[0].height
    assert draw_overview([], year) is None


@pytest.mark.django_db
def test_a_view_outside_the_record_still_has_its_strip(client: Client) -> None:
    make_incident()
    count_all()
    for query in ("since=1995&until=1996", "since=2090"):
        page = client.get(f"/timeline/?{query}").content.decode()
        widths = re.findall(r'class="view" x="([-\d.]+)" y="0" width="([-\d.]+)"', page)
        assert widths and float(widths[0][1]) >= 0


@pytest.mark.django_db
def test_what_is_seen_can_be_taken_along(client: Client) -> None:
    make_incident()
    make_incident("INC-2025-0002", severity="minor")
    page = client.get("/timeline/?severity=minor").content.decode()
    (csv,) = re.findall(r'href="(/incidents/export.csv[^"]*)"', page)
    response: Any = client.get(csv)
    body = b"".join(response.streaming_content).decode()
    assert "INC-2025-0002" in body and "INC-2025-0001" not in body
    (api,) = re.findall(r'href="(/api/v1/incidents[^"]*)"', page)
    assert [row["id"] for row in json.loads(client.get(api).content)["items"]] == ["INC-2025-0002"]


@pytest.mark.django_db
def test_a_filter_that_is_added_keeps_those_in_force(client: Client) -> None:
    make_incident(cause="dns")
    page = client.get("/timeline/?provider=aws&cause=dns").content.decode()
    kept = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)">', page)
    assert kept == [("provider", "aws"), ("cause", "dns")]
