"""Home, the list and the timeline: what they show, what they leave to links, how often they ask."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client

from incidents.counting import count_all
from incidents.views.home import on_this_day
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    make_hit,
    make_incident,
    make_organisation,
    make_provider,
    make_source,
)

pytestmark = pytest.mark.django_db
Counting = Callable[[int], AbstractContextManager[Any]]
FRAGMENT = {"HX-Request": "true"}


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def figure_of(client: Client, address: str) -> Any:
    found = re.search(r'<script id="timeline-chart"[^>]*>(.*?)</script>', text_of(client, address))
    assert found
    return json.loads(found[1])["figure"]


def test_list_tells_when_how_long_where_and_whom_it_reached(client: Client) -> None:
    make_hit(make_incident(title="Endpoint loses its records", severity_word="Disruption"))
    page = text_of(client, "/incidents/")
    assert "Endpoint loses its records" in page
    assert '<time datetime="2025-10-20T12:00Z">2025-10-20 12:00</time>' in page
    assert '<time datetime="PT120M">2 h</time>' in page
    assert 'href="/regions/aws:us-east-1/"' in page
    assert 'href="/organisations/coinbase/"' in page
    assert 'class="severity major"' in page
    assert "Disruption" in page


@pytest.mark.parametrize(
    ("end_state", "told"),
    [("ongoing", "ongoing"), ("unknown", "end unknown"), ("bounded", "over by 2025-10-20 14:00")],
)
def test_an_end_that_is_not_known_is_no_length(client: Client, end_state: str, told: str) -> None:
    make_incident(end_state=end_state)
    page = text_of(client, "/incidents/")
    assert told in page
    assert "PT120M" not in page


def test_a_start_that_is_only_bounded_is_marked_and_gives_no_length(client: Client) -> None:
    make_incident(start_is_bound=True)
    page = text_of(client, "/incidents/")
    assert 'class="bound"' in page
    assert "PT120M" not in page


def test_times_known_to_the_day_pretend_to_no_hour(client: Client) -> None:
    make_incident(start_precision="day", ended_at=NOON + 3 * DAY, end_precision="day")
    page = text_of(client, "/incidents/")
    assert ">2025-10-20<" in page
    assert "about 3 d" in page


def test_incidents_shown_elsewhere_or_withdrawn_are_not_listed(client: Client) -> None:
    live = make_incident("INC-2025-0001", title="Live one")
    make_incident("INC-2025-0002", title="Merged one", shown_as=live)
    make_incident("INC-2025-0003", title="Withdrawn one", is_withdrawn=True)
    page = text_of(client, "/incidents/")
    assert "Live one" in page
    assert "Merged one" not in page
    assert "Withdrawn one" not in page


def test_filters_stand_as_links_that_remove_them(client: Client) -> None:
    make_provider("aws", name="Amazon Web Services")
    page = text_of(client, "/incidents/?provider=aws&cause=dns")
    assert 'href="?cause=dns"' in page
    assert "<b>Amazon Web Services</b>" in page


def test_htmx_gets_the_part_that_changes_and_its_clean_address(client: Client) -> None:
    response = client.get("/incidents/?provider=aws&severity=&q=", headers=FRAGMENT)
    assert response.content.lstrip().startswith(b'<div id="view">')
    assert response["HX-Push-Url"] == "/incidents/?provider=aws"


def test_a_filter_in_error_is_told_and_the_rest_still_shown(client: Client) -> None:
    make_incident(title="Still here")
    page = text_of(client, "/incidents/?since=yesterday")
    assert "Write a year, month, day or minute in UTC" in page
    assert "Still here" in page


def test_markup_in_what_sources_say_is_shown_as_text(client: Client) -> None:
    make_incident(title="<script>alert(1)</script>")
    for address in ("/", "/incidents/", "/timeline/", "/incidents/INC-2025-0001/"):
        assert "<script>alert" not in text_of(client, address)


def test_the_next_page_begins_where_this_one_ends(client: Client) -> None:
    for number in range(51):
        make_incident(f"INC-2025-{number:04d}", title=f"Number {number:02d}", started_at=NOON - number * HOUR)
    first = text_of(client, "/incidents/?provider=aws")
    (after,) = re.findall(r'rel="next" href="([^"]+)"', first)
    second = text_of(client, "/incidents/" + after.replace("&amp;", "&"))
    assert "Number 50" not in first
    assert re.findall(r"Number \d\d", second) == ["Number 50"]


def test_home_leads_with_what_is_going_on(client: Client) -> None:
    make_source(state="answers")
    running = make_incident(title="Errors right now", end_state="ongoing")
    make_hit(running, "coinbase", grade="stated-by-organisation")
    make_hit(running, "kraken", grade="reported-by-press")
    page = text_of(client, "/")
    assert "Going on now" in page
    assert "2 organisations report trouble, 1 of them names this outage" in page


def test_home_says_nothing_of_the_present_while_no_source_is_read(client: Client) -> None:
    make_source(state="archive")
    assert "No live source is being read now" in text_of(client, "/")


def test_home_gives_no_all_clear_for_what_it_cannot_see(client: Client) -> None:
    make_source("one", state="answers")
    make_source("two", state="unreachable")
    page = text_of(client, "/")
    assert "No source that can be read lists an open outage now" in page
    assert "1 can be read now, 1 cannot" in page


def test_this_day_of_other_years_is_recalled_first_what_reached_somebody() -> None:
    for year, title in ((2024, "Last year"), (2023, "Two years ago"), (2022, "Three years ago")):
        began = NOON.replace(year=year)
        made = make_incident(f"INC-{year}-0001", title=title, started_at=began, ended_at=began + HOUR)
    make_hit(made, "coinbase")
    make_incident("INC-2024-0002", title="The day before", started_at=NOON.replace(year=2024) - DAY)
    recalled = [incident.title for incident in on_this_day(NOON.date())]
    assert recalled == ["Three years ago", "Last year", "Two years ago"]


def test_home_ranks_those_whose_trade_it_is(client: Client) -> None:
    make_organisation("coinbase", name="Coinbase", kind="exchange")
    make_organisation("snapchat", name="Snapchat", kind="other")
    for number in range(3):
        made = make_incident(f"INC-2025-{number:04d}", started_at=NOON - number * DAY)
        make_hit(made, "snapchat")
    make_hit(made, "coinbase")
    count_all()
    page = text_of(client, "/")
    ranked = page[page.index('id="most"') : page.index('id="day"')]
    assert "Coinbase" in ranked
    assert "Snapchat" not in ranked


def test_an_empty_record_has_a_home(client: Client) -> None:
    assert "The record is empty" in text_of(client, "/")


def test_timeline_draws_each_outage_and_the_same_as_a_table(client: Client) -> None:
    make_hit(make_incident(title="Endpoint loses its records"), "coinbase")
    page = text_of(client, "/timeline/")
    figure = figure_of(client, "/timeline/")
    drawn = {slug for trace in figure["data"] for slug in trace.get("customdata", ())}
    assert drawn == {"INC-2025-0001"}
    assert "Coinbase" in json.dumps(figure)
    assert "The same as a table" in page
    assert page.count("Endpoint loses its records") >= 2


def test_rejected_hits_and_those_stated_not_affected_are_not_drawn(client: Client) -> None:
    incident = make_incident()
    make_hit(incident, "kraken", status="rejected")
    make_hit(incident, "gemini", grade="stated-not-affected", status="rejected")
    assert "Kraken" not in json.dumps(figure_of(client, "/timeline/"))
    assert "Gemini" not in json.dumps(figure_of(client, "/timeline/"))


def test_seen_from_far_counts_stand_in_for_outages_that_reached_nobody(client: Client) -> None:
    for number in range(301):
        make_incident(f"INC-2024-{number:04d}", started_at=NOON - number * DAY, ended_at=NOON - number * DAY)
    make_hit(make_incident("INC-2025-0001", title="The one"), "coinbase")
    figure = figure_of(client, "/timeline/")
    told = [trace for trace in figure["data"] if "base" in trace and trace.get("orientation") != "h"]
    counted = sum(int(text.split()[0]) for text in told[0]["text"])
    drawn = {slug for trace in figure["data"] for slug in trace.get("customdata", ()) if "INC" in slug}
    assert counted == 302
    assert drawn == {"INC-2025-0001"}
    assert "302 incidents; drawn: 1 that reached a customer" in text_of(client, "/timeline/")


def test_timeline_shows_the_span_that_its_address_names(client: Client) -> None:
    make_incident()
    figure = figure_of(client, "/timeline/?since=2025-10-19&until=2025-10-30")
    assert figure["layout"]["xaxis"]["range"] == ["2025-10-19T00:00", "2025-10-31T00:00"]


@pytest.mark.parametrize(
    "edge", ["since=1990", "until=2099-12-31", "since=2025-10-20T12:30&until=2025-10-20T12:30"]
)
def test_timeline_bears_the_edges_of_time(client: Client, edge: str) -> None:
    make_incident()
    assert "INC-2025-0001" in json.dumps(figure_of(client, f"/timeline/?{edge}"))


def test_options_of_a_filter_are_fetched_by_name(client: Client) -> None:
    make_hit(make_incident())
    assert '<option value="coinbase">Coinbase</option>' in text_of(client, "/options/exchange/?exchange=coin")
    assert client.get("/options/password/").status_code == 404


@pytest.mark.parametrize("address", ["/", "/incidents/", "/timeline/", "/exchanges/", "/about/"])
def test_queries_are_few_and_do_not_grow_with_the_rows(
    client: Client, address: str, django_assert_max_num_queries: Counting
) -> None:
    for number in range(3):
        make_hit(make_incident(f"INC-2025-{number:04d}", end_state="ongoing"), f"exchange-{number}")
    with django_assert_max_num_queries(12) as few:
        client.get(address)
    for number in range(3, 40):
        make_hit(make_incident(f"INC-2025-{number:04d}", end_state="ongoing"), f"exchange-{number}")
    with django_assert_max_num_queries(len(few)):
        client.get(address)
