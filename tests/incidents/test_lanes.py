"""Packing the timeline: nothing drawn covers anything else, and each hit hangs below its outage."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import combinations, pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.charts import stamp
from incidents.timeline.figure import opens_at
from incidents.timeline.lanes import (
    HITS_DRAWN,
    HITS_IN_ALL,
    MARKS,
    NAMED,
    Hit,
    Outage,
    Scale,
    draw_lanes,
    extent,
    marks_for,
    scale_for,
)
from incidents.timeline.spans import Span
from tests.factories import DAY, HOUR, NOON

WEEK = Span(NOON - 2 * DAY, NOON + 5 * DAY)


def outage(slug: str = "INC-1", **fields: Any) -> Outage:
    settings: dict[str, Any] = {
        "title": "Errors",
        "place": "us-east-1",
        "lane": "aws",
        "severity": "major",
        "start": NOON,
        "end": NOON + HOUR,
        "is_inferred": False,
        "length": "1 h",
    }
    return Outage(slug, **settings | fields)


def hit(name: str = "Coinbase", **fields: Any) -> Hit:
    settings: dict[str, Any] = {"start": None, "end": None, "is_stated": True, "grade": "stated"}
    return Hit(name.lower(), name, **settings | fields)


def opened(found: list[Outage]) -> str | None:
    (lane,) = draw_lanes([("aws", "AWS")], found, WEEK, NAMED, peaks={})
    return opens_at(lane.placed, WEEK)


@st.composite
def outages(draw: st.DrawFn) -> list[Outage]:
    drawn = []
    for number in range(draw(st.integers(1, 12))):
        start = WEEK.start + timedelta(minutes=draw(st.integers(0, 7 * 24 * 60 - 1)))
        length = draw(st.none() | st.integers(0, 4000))
        hits = tuple(hit(f"Exchange {n}") for n in range(draw(st.integers(0, 5))))
        end = None if length is None else start + timedelta(minutes=length)
        drawn.append(outage(f"INC-{number}", start=start, end=end, hits=hits))
    return drawn


@settings(max_examples=60, deadline=None)
@given(outages(), st.sampled_from([NAMED, MARKS]))
def test_outages_of_one_lane_never_cover_each_other(found: list[Outage], scale: Scale) -> None:
    (lane,) = draw_lanes([("aws", "AWS")], found, WEEK, scale, peaks={})
    assert {placed.outage.slug for placed in lane.placed} == {one.slug for one in found}
    for one, other in combinations(lane.placed, 2):
        (a, b), (c, d) = extent(one.outage, WEEK, scale), extent(other.outage, WEEK, scale)
        if a < d and c < b:
            upper, lower = sorted((one, other), key=lambda placed: placed.y)
            assert upper.y + scale.height(upper.outage) <= lower.y


def test_hits_hang_in_rows_of_their_own_below_the_outage() -> None:
    found = [outage(hits=(hit("Coinbase"), hit("Robinhood"), hit("Base")))]
    (lane,) = draw_lanes([("aws", "AWS")], found, WEEK, NAMED, peaks={})
    (placed,) = lane.placed
    rows = [placed.y, *(one.y for one in placed.hits)]
    assert all(upper < lower for upper, lower in pairwise(rows))
    assert rows[-1] < lane.bottom


def test_lanes_follow_one_another_in_the_order_of_their_names() -> None:
    found = [outage(lane="gcp"), outage("INC-2", lane="aws")]
    lanes = draw_lanes([("aws", "AWS"), ("gcp", "Google")], found, WEEK, NAMED, peaks={"aws": 100, "gcp": 2})
    assert [lane.slug for lane in lanes] == ["aws", "gcp"]
    assert lanes[0].bottom == lanes[1].top


def test_counts_take_room_by_how_many_they_are() -> None:
    peaks = {"aws": 100, "gcp": 50, "ovh": 1}
    names = [(slug, slug) for slug in (*peaks, "azure")]
    rooms = [lane.density for lane in draw_lanes(names, [], WEEK, MARKS, peaks=peaks)]
    assert rooms[0] == 2 * rooms[1]
    assert rooms[2] == rooms[3] < rooms[1]
    assert [lane.density for lane in draw_lanes(names, [], WEEK, MARKS, peaks={})] == [0, 0, 0, 0]


def test_hits_beyond_the_room_are_counted_not_dropped_silently() -> None:
    many = tuple(hit(f"Exchange {n}") for n in range(HITS_DRAWN + 7))
    (lane,) = draw_lanes([("aws", "AWS")], [outage(hits=many)], WEEK, MARKS, peaks={})
    assert len(lane.placed[0].hits) == HITS_DRAWN
    assert lane.placed[0].hidden == 7


def test_names_stand_beside_bars_only_while_they_can_be_read() -> None:
    few = [outage(f"INC-{n}") for n in range(5)]
    assert scale_for(few, WEEK) is NAMED
    assert scale_for(few * 40, WEEK) is MARKS
    assert scale_for(few, Span(NOON, NOON + 4000 * DAY)) is MARKS


def test_where_all_hits_would_be_too_many_each_outage_shows_fewer() -> None:
    many = [outage(hits=tuple(hit(f"Exchange {n}") for n in range(HITS_DRAWN)))] * 100
    scale = marks_for(many)
    (lane,) = draw_lanes([("aws", "AWS")], many, WEEK, scale, peaks={})
    drawn = [len(placed.hits) for placed in lane.placed]
    assert 0 < sum(drawn) <= HITS_IN_ALL and len(set(drawn)) == 1
    assert lane.placed[0].hidden == HITS_DRAWN - drawn[0]
    assert marks_for(many[:2]) is MARKS, "there is room for all"


def test_narrow_screen_opens_where_most_were_reached_of_equals_at_the_worst_then_at_the_latest() -> None:
    stated, candidate = hit(), hit(is_stated=False)
    first = outage("first", start=NOON + HOUR, severity="critical", hits=(candidate, candidate))
    second = outage("second", start=NOON + 2 * HOUR, severity="minor", hits=(stated,))
    assert opened([first, second]) == stamp(NOON + 2 * HOUR)
    unreached = [replace(one, hits=()) for one in (first, second)]
    assert opened(unreached) == stamp(NOON + HOUR)
    assert opened([replace(one, severity="minor") for one in unreached]) == stamp(NOON + 2 * HOUR)


def test_narrow_screen_does_not_open_before_what_is_in_view() -> None:
    assert opened([outage("running", start=WEEK.start - HOUR)]) is None
    assert opened([]) is None
