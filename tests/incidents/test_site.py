"""What robots and researchers ask for, pages of errors, and the style guide that readers do not see."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.test.utils import override_settings

from tests.factories import make_hit, make_incident, make_organisation, make_provider, make_user

pytestmark = pytest.mark.django_db
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def places(client: Client, address: str) -> list[str]:
    response = client.get(address)
    assert response["Content-Type"].startswith("application/xml")
    found = ElementTree.fromstring(response.content).iter(f"{MAP}loc")
    return [(place.text or "").removeprefix("http://127.0.0.1:8000") for place in found]


def test_every_page_that_lasts_stands_in_a_map(client: Client) -> None:
    make_provider("aws")
    make_organisation("coinbase")
    make_incident("INC-2021-0007")
    make_incident("INC-2025-0001")
    maps = places(client, "/sitemap.xml")
    assert maps == ["/sitemap-pages.xml", "/sitemap-2025.xml", "/sitemap-2021.xml"]
    listed = [place for address in maps for place in places(client, address)]
    for address in (
        "/",
        "/timeline/",
        "/providers/aws/",
        "/organisations/coinbase/",
        "/incidents/INC-2021-0007/",
    ):
        assert address in listed
    assert [client.get(place).status_code for place in listed] == [200] * len(listed)


def test_merged_numbers_stand_in_no_map(client: Client) -> None:
    make_incident("INC-2025-0002", shown_as=make_incident("INC-2025-0001"))
    assert places(client, "/sitemap-2025.xml") == ["/incidents/INC-2025-0001/"]
    assert client.get("/sitemap-1999.xml").status_code == 404


def test_robots_are_led_to_the_map_and_kept_from_filters(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /*?" in text
    assert text.rstrip().endswith("/sitemap.xml")


@override_settings(SECURITY_CONTACT="mailto:security@faultline.example")
def test_whoever_finds_a_weakness_learns_whom_to_tell(client: Client) -> None:
    text = client.get("/.well-known/security.txt").content.decode()
    assert "Contact: mailto:security@faultline.example" in text
    assert re.search(r"^Expires: \d{4}-\d\d-\d\dT00:00:00Z$", text, re.MULTILINE)


def test_style_guide_is_for_development_only(client: Client) -> None:
    assert client.get("/styleguide/").status_code == 404
    with override_settings(DEBUG=True):
        page = client.get("/styleguide/").content.decode()
    for word in ("severity critical", "figures", "chip", "empty", "alarm", "ledger"):
        assert word in page


def test_a_page_that_is_not_there_helps_on(client: Client) -> None:
    response = client.get("/nothing/here/")
    assert response.status_code == 404
    assert b"Look for it" in response.content


def test_a_form_from_an_old_page_says_what_became_of_it() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("ada"))
    response = client.post("/review/answer/", {"answer": "same"})
    assert response.status_code == 403
    assert b"Nothing was changed" in response.content


def shared(client: Client, address: str) -> dict[str, str]:
    page = client.get(address).content.decode()
    return dict(re.findall(r'<meta property="og:(\w+)" content="([^"]+)">', page))


def test_pages_carry_what_others_show_of_them(client: Client) -> None:
    told = shared(client, "/about/")
    assert told["url"] == "http://127.0.0.1:8000/about/"
    assert told["image"].startswith("http://127.0.0.1:8000/static/")
    assert told["title"] == "Definitions and method"
    assert told["description"].startswith("What is counted and how")


def test_a_link_to_an_incident_tells_what_it_was_and_whom_it_reached(client: Client) -> None:
    make_hit(make_incident(title="Names & numbers lost"), "coinbase")
    told = shared(client, "/incidents/INC-2025-0001/")
    assert told["title"] == "INC-2025-0001 Names &amp; numbers lost"
    assert "2025-10-20 12:00 UTC, 2 h, major" in told["description"]
    assert told["description"].endswith("Reached Coinbase.")


def test_each_page_is_called_by_its_own_name_elsewhere(client: Client) -> None:
    listed = (
        "/timeline/",
        "/incidents/",
        "/exchanges/",
        "/regions/",
        "/insights/",
        "/graph/",
        "/search/",
        "/sources/",
    )
    told = [shared(client, address) for address in listed]
    assert len({one["title"] for one in told}) == len({one["description"] for one in told}) == len(listed)
