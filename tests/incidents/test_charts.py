"""Figures are plain dicts that Plotly takes, in colours that the style sheet knows, and small."""

from __future__ import annotations

import gzip
import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import pytest

from incidents import charts
from incidents.charts import PALETTE, Dot, chart
from incidents.timeline.bins import Bin, peaks_of
from incidents.timeline.figure import timeline_figure
from incidents.timeline.lanes import MARKS, NAMED, Outage, Scale, draw_lanes
from incidents.timeline.spans import Span
from tests.factories import DAY, HOUR, NOON
from tests.incidents.test_lanes import hit, outage

TOKENS = Path(charts.__file__).parent / "static" / "incidents" / "tokens.css"
WEEK = Span(NOON - 2 * DAY, NOON + 5 * DAY)
YEARS = Span(NOON - 5475 * DAY, NOON)


def draw(*outages: Outage, span: Span = WEEK, scale: Scale = NAMED, bins: tuple[Bin, ...] = ()) -> Any:
    lanes = draw_lanes([("aws", "Amazon <b>Web</b>")], outages, span, scale, peaks=peaks_of(bins))
    return timeline_figure(lanes, bins, span, scale, NOON + DAY)


def trace(figure: Any, text: str) -> list[dict[str, Any]]:
    return [trace for trace in figure["data"] if text in json.dumps(trace)]


FIGURES = {
    "timeline with names": draw(outage(hits=(hit(), hit("Base", start=NOON + HOUR, end=NOON + 3 * HOUR)))),
    "timeline with an open end": draw(outage(end=None, is_inferred=True)),
    "timeline of counts": draw(
        outage(), span=YEARS, scale=MARKS, bins=(Bin("aws", NOON - 60 * DAY, NOON - 30 * DAY, 12),)
    ),
    "timeline of nothing": draw(),
    "years": charts.years([(2020, "major", 3), (2021, "critical", 1)]),
    "causes": charts.causes([("dns", 4), ("unknown", 2), ("power", 1)]),
    "dots": charts.dots([Dot("INC-1", "Errors", "minor", NOON, HOUR)], HOUR),
}


@pytest.mark.parametrize("name", FIGURES)
def test_plotly_takes_the_figure_as_it_is(name: str) -> None:
    figure = FIGURES[name]
    assert go.Figure(figure).to_plotly_json()["data"] is not None
    json.dumps(figure)


@pytest.mark.parametrize("name", FIGURES)
def test_every_colour_of_a_figure_is_one_that_themes_can_replace(name: str) -> None:
    told = set(re.findall(r"#[0-9a-fA-F]{6}", json.dumps(FIGURES[name])))
    assert told <= set(PALETTE.values())


def test_palette_is_the_light_half_of_the_style_sheet() -> None:
    css = dict(re.findall(r"--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}),", TOKENS.read_text()))
    assert {name: css.get(name) for name in PALETTE} == PALETTE


def test_figure_comes_with_what_its_colours_stand_for() -> None:
    assert chart(FIGURES["years"])["palette"]["critical"] == PALETTE["critical"]


def test_windows_that_are_inferred_are_hatched_and_reported_ones_solid() -> None:
    figure = draw(outage("INC-1"), outage("INC-2", start=NOON + DAY, end=None, is_inferred=True))
    bars = next(trace for trace in figure["data"] if trace.get("orientation") == "h")
    shapes = dict(zip(bars["customdata"], bars["marker"]["pattern"]["shape"], strict=True))
    assert shapes == {"INC-1": "", "INC-2": "/"}


def test_each_hit_is_tied_to_the_outage_that_reached_it() -> None:
    figure = draw(outage(hits=(hit(), hit("Base", start=NOON + HOUR, end=NOON + 3 * HOUR))))
    ties = next(trace for trace in figure["data"] if trace.get("mode") == "lines")
    marks = [trace for trace in figure["data"] if trace.get("mode") == "markers"]
    outage_y, hit_ys = marks[0]["y"][0], marks[1]["y"]
    assert ties["y"][:2] == [outage_y, hit_ys[-1]], "a line from the outage down to the last it reached"
    assert [hit_ys[1], hit_ys[1]] == ties["y"][3:5], "a branch to the one that fell later"
    assert ties["x"][3:5] == ["2025-10-20T12:00", "2025-10-20T13:00"]


def test_hits_that_nobody_states_are_hollow() -> None:
    figure = draw(outage(hits=(hit(), hit("Base", is_stated=False))))
    symbols = next(t for t in figure["data"] if t.get("mode") == "markers" and len(t["x"]) == 2)["marker"]
    assert symbols["symbol"] == ["circle", "circle-open"]


def test_markup_in_titles_and_names_stays_text() -> None:
    figure = draw(outage(title='<a href="javascript:1">Errors</a>', hits=(hit("<b>Base</b>"),)))
    assert "<a" not in json.dumps(figure)
    assert "<b>" not in json.dumps(figure)
    assert "&lt;a href" in json.dumps(figure)


def test_now_is_marked_where_it_is_in_view() -> None:
    dashed = [
        shape for shape in FIGURES["timeline with names"]["layout"]["shapes"] if "dash" in shape["line"]
    ]
    assert dashed[0]["x0"] == "2025-10-21T12:00"


def test_days_are_parted_while_they_can_be_told_apart() -> None:
    days = draw(outage())["layout"]["xaxis"]
    assert (days["dtick"], days["ticklabelmode"]) == (86_400_000, "period")
    assert "dtick" not in draw(outage(), span=YEARS, scale=MARKS)["layout"]["xaxis"]


def test_a_length_of_nothing_still_has_a_place_on_the_logarithmic_scale() -> None:
    figure = charts.dots([Dot("INC-1", "Errors", "minor", NOON, timedelta())], timedelta())
    assert figure["data"][0]["y"] == [1]
    assert figure["layout"]["shapes"][0]["y0"] == 1


def test_fifteen_years_with_all_that_may_be_drawn_stay_small() -> None:
    hits = tuple(hit(f"Exchange number {n}") for n in range(8))
    title = "Increased error rates and latencies of several services"
    many = [
        outage(f"INC-2020-{n:04d}", title=f"{title} {n}", start=YEARS.start + n * 18 * DAY, hits=hits)
        for n in range(300)
    ]
    bins = tuple(
        Bin("aws", YEARS.start + n * 30 * DAY, YEARS.start + (n + 1) * 30 * DAY, n) for n in range(180)
    )
    figure = draw(*many, span=YEARS, scale=MARKS, bins=bins)
    assert len(gzip.compress(json.dumps(chart(figure)).encode())) < 150_000
