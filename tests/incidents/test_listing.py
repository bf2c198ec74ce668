"""What a list may be narrowed by: the same counts whether a worker counted them or the page just did."""

from __future__ import annotations

import re

import pytest
from django.http import QueryDict
from django.test import Client

from incidents.counting import count_all
from incidents.facets import OFFERED, Facet, counted_facets, facets, live_facets
from incidents.figures import counted
from incidents.forms import IncidentFilter
from incidents.models import Incident, Region
from incidents.views import listing
from tests.factories import DAY, HOUR, NOON, make_hit, make_incident, make_provider

pytestmark = pytest.mark.django_db
LIVE = ("provider", "severity", "cause", "status", "end", "hits")


@pytest.fixture
def record() -> None:
    make_hit(make_incident(severity="major", cause="dns"), "coinbase")
    make_incident("INC-2025-0002", severity="minor", cause="dns", end_state="unknown")
    make_incident("INC-2025-0003", severity="minor", provider="gcp", regions=["gcp:us-east1"])
    make_incident("INC-2025-0004", organisation="kraken", regions=[], severity="minor")


def live(query: str) -> dict[str, Facet]:
    form = IncidentFilter(QueryDict(query))
    incidents = form.narrow(Incident.objects.for_timeline())
    found = facets(form, live_facets(incidents), {}, incidents.count())
    return {facet.field: facet for facet in found}


def counts(facet: Facet) -> dict[str, int]:
    return {option.value: option.count for option in facet.options}


def test_counts_of_a_worker_and_of_the_page_are_the_same(record: None) -> None:
    count_all()
    told, _ = counted_facets(counted("all")["all"])
    mine = live_facets(Incident.objects.live())
    assert {field: list(told[field]) for field in LIVE} == {field: list(mine[field]) for field in LIVE}


def test_each_choice_says_how_many_it_leaves(client: Client, record: None) -> None:
    for facet in live("since=2025").values():
        for option in facet.options:
            form = IncidentFilter(QueryDict(option.url.lstrip("?")))
            assert form.narrow(Incident.objects.live()).count() == option.count, option


def test_what_is_in_force_is_no_choice_any_more(record: None) -> None:
    told = live("severity=minor&hits=no")
    assert "severity" not in told, "nothing else is left"
    assert "hits" not in told
    assert counts(told["provider"]) == {"aws": 1, "gcp": 1}


def test_a_choice_keeps_the_other_filters_and_leaves_the_page(record: None) -> None:
    (option,) = (one for one in live("cause=dns&after=x")["severity"].options if one.value == "major")
    assert option.url == "?cause=dns&severity=major"


def test_choices_without_room_are_counted(record: None) -> None:
    for number in range(OFFERED + 3):
        make_incident(f"INC-2024-{number:04d}", provider=f"cloud-{number}")
    told = live("")["provider"]
    assert (len(told.options), told.hidden) == (OFFERED, 5)


def test_things_are_told_by_name(client: Client, record: None) -> None:
    Region.objects.create(
        slug="aws:us-east-1", provider=make_provider("aws"), code="us-east-1", name="N. Virginia"
    )
    count_all()
    page = client.get("/incidents/").content.decode()
    assert re.search(r">N. Virginia</a> <span class=\"number\">2<", page)
    assert re.search(r">Coinbase</a> <span class=\"number\">1<", page)


def test_list_tells_how_long_its_incidents_lasted(client: Client) -> None:
    for number, hours in enumerate((1, 2, 9)):
        make_incident(f"INC-2025-000{number}", ended_at=NOON + hours * HOUR)
    make_incident("INC-2019-0001", started_at=NOON - 2190 * DAY, ended_at=NOON - 2180 * DAY)
    page = re.sub(r"\s+", " ", client.get("/incidents/?region=aws:us-east-1&since=2020").content.decode())
    assert re.search(r"median length</dt><dd class=\"value\">2 h<", page)
    assert "drawn from the 3 whose both ends are known" in page
    assert "Counted as of" not in page
    count_all()
    assert "Counted as of" in client.get("/incidents/?region=aws:us-east-1").content.decode()


def test_list_says_when_more_match_than_it_counts(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MOST_COUNTED", 2)
    make_incident("INC-2025-0001")
    make_incident("INC-2025-0002")
    assert "More match" not in client.get("/incidents/?since=2020").content.decode()
    make_incident("INC-2025-0003")
    page = client.get("/incidents/?since=2020").content.decode()
    assert "the newest 2." in page and "over 2<" in page
    count_all()
    assert "More match" not in client.get("/incidents/").content.decode(), "a worker counts all"
