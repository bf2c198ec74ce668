"""Pages as a reader meets them: drawn, within the screen, by keyboard, light and dark, uncomplaining."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from incidents.linking import link
from incidents.models import Dependency, Incident, Proof, Region
from nlp.document import Field
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    keep,
    make_hit,
    make_incident,
    make_organisation,
    make_post,
    make_provider,
    make_report,
    make_source,
    make_time,
)

Open = Callable[..., Page]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WEEK = "?since=2025-10-18&until=2025-10-26"
PAGES = [
    "/",
    f"/timeline/{WEEK}",
    "/timeline/",
    "/incidents/",
    "/incidents/INC-2025-0001/",
    "/organisations/coinbase/",
    "/regions/aws:us-east-1/",
    "/providers/aws/",
    "/exchanges/",
    "/about/",
]
CHARTS = {
    f"/timeline/{WEEK}": 1,
    "/regions/aws:us-east-1/": 3,
    "/organisations/coinbase/": 3,
    "/incidents/INC-2025-0001/": 0,
}


@pytest.fixture(autouse=True)
def record(transactional_db: None) -> None:
    """A week with one large outage that reached two exchanges, years of smaller ones, and an own incident."""
    aws = make_provider("aws", name="Amazon Web Services")
    region = Region.objects.create(slug="aws:us-east-1", provider=aws, code="us-east-1", name="N. Virginia")
    make_source("aws-status", publisher="Amazon Web Services")
    posts = (make_post("We see errors.", NOON, ref="1"), make_post("All is well.", NOON + DAY, ref="2"))
    times = (make_time(Field.STARTED_AT, NOON - HOUR), make_time(Field.ENDED_AT, NOON + 9 * HOUR))
    link(keep(make_report("aws-rss:1", *times, title="Endpoint loses its records", posts=posts)))
    outage = Incident.objects.get()
    make_hit(outage, "coinbase", started_at=NOON, ended_at=NOON + 4 * HOUR)
    make_hit(outage, "kraken")
    for number in range(2, 9):
        start = NOON - number * 200 * DAY
        make_incident(
            f"INC-2024-{number:04d}",
            title="A name without a break " + "x" * 80,
            started_at=start,
            ended_at=start + timedelta(hours=number),
            cause="power",
            end_state="known" if number % 3 else "unknown",
        )
        make_incident(
            f"INC-2023-{number:04d}",
            organisation="coinbase",
            started_at=start,
            ended_at=start + timedelta(minutes=20 * number),
            severity="minor",
            cause="capacity-overload",
        )
    on = {"target": "region:aws:us-east-1", "on_region": region}
    edge = Dependency.objects.create(organisation=make_organisation(), relation="hosted-on", **on)
    Proof.objects.create(dependency=edge, publisher="Coinbase", about="page", grade="own-statement")


def drawn(page: Page) -> None:
    expect(page.locator("[data-chart]:not([data-drawn])")).to_have_count(0)


def background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


@pytest.mark.parametrize("address", PAGES)
def test_every_page_fits_the_screen_and_draws_without_a_complaint(
    open_page: Open, pictures: Path | None, address: str
) -> None:
    page = open_page(address)
    assert page.locator("h1").count() == 1
    assert page.locator("main").count() == 1
    for theme, width in product(("light", "dark"), (1440, 390)):
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": width, "height": 900})
        drawn(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if pictures:
            name = re.sub(r"\W+", "-", address).strip("-") or "home"
            page.screenshot(path=pictures / f"{name}-{width}-{theme}.png", full_page=True)


@pytest.mark.parametrize("address", CHARTS)
def test_charts_are_drawn(open_page: Open, address: str) -> None:
    page = open_page(address)
    drawn(page)
    assert page.locator("[data-drawn]").count() == CHARTS[address]
    assert page.locator("[data-drawn] .main-svg").count() >= CHARTS[address]


def test_an_outage_hangs_above_the_exchanges_that_it_reached(open_page: Open) -> None:
    page = open_page(f"/timeline/{WEEK}")
    drawn(page)
    places = {
        name: page.locator(".textpoint text", has_text=name).bounding_box()["y"]  # type: ignore[index]
        for name in ("Endpoint loses", "Coinbase", "Kraken")
    }
    assert places["Endpoint loses"] < min(places["Coinbase"], places["Kraken"])


def test_a_click_on_an_outage_opens_it(open_page: Open) -> None:
    page = open_page(f"/timeline/{WEEK}")
    drawn(page)
    box = page.locator(".scatterlayer .point:visible").first.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_url("**/incidents/INC-2025-0001/")


def test_dragging_across_the_timeline_looks_closer_and_back_returns(open_page: Open) -> None:
    page = open_page("/timeline/")
    drawn(page)
    box = page.locator("#timeline-chart").locator("xpath=..").locator(".nsewdrag").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + 22, steps=6)
    page.mouse.up()
    page.wait_for_url("**/timeline/?since=*&until=*")
    expect(page.locator(".chip", has_text="From")).to_be_visible()
    drawn(page)
    page.go_back()
    page.wait_for_url("**/timeline/")
    expect(page.locator(".chip", has_text="From")).to_have_count(0)


def test_a_filter_narrows_without_a_new_page_and_a_chip_takes_it_away(open_page: Open) -> None:
    page = open_page("/incidents/")
    page.evaluate("window.isSamePage = true")
    page.get_by_label("Severity").select_option("minor")
    page.wait_for_url("**/incidents/?severity=minor")
    expect(page.locator("[data-row]", has_text="Endpoint")).to_have_count(0)
    page.locator(".chip", has_text="minor").click()
    page.wait_for_url("**/incidents/")
    expect(page.locator("[data-row]", has_text="Endpoint")).to_have_count(1)
    assert page.evaluate("window.isSamePage")


def test_lists_and_filters_work_without_a_script(open_page: Open) -> None:
    page = open_page("/incidents/", java_script_enabled=False)
    page.get_by_label("Words").fill("endpoint")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.locator(".chip", has_text="endpoint").click()
    expect(page.locator("tbody tr")).to_have_count(15)


def test_keys_reach_content_search_and_rows(open_page: Open) -> None:
    page = open_page("/incidents/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_label("Words")).to_be_focused()
    page.get_by_label("Words").blur()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator("[data-row]").first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/incidents/INC-*/")


def test_a_sentence_is_opened_by_keyboard(open_page: Open) -> None:
    page = open_page("/incidents/INC-2025-0001/")
    fact = page.locator("details.fact").first
    fact.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(fact.locator(".said").first).to_be_visible()


def test_whatever_has_the_focus_shows_it(open_page: Open) -> None:
    page = open_page("/incidents/")
    for _ in range(12):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", page.evaluate("document.activeElement.outerHTML.slice(0, 120)")


def test_colours_follow_the_system_until_the_reader_chooses(open_page: Open) -> None:
    page = open_page(f"/timeline/{WEEK}", theme="dark")
    drawn(page)
    dark = background(page)
    ink = page.locator(".textpoint text").first.evaluate("(text) => getComputedStyle(text).fill")
    page.locator("[data-theme-switch]").click()
    assert background(page) != dark
    expect(page.locator(".textpoint text").first).not_to_have_css("fill", ink)
    light = background(page)
    page.reload()
    assert background(page) == light


def test_times_are_utc_and_on_demand_the_readers(open_page: Open) -> None:
    page = open_page("/incidents/", timezone_id="Asia/Tokyo")
    began = page.locator("tr", has_text="Endpoint").locator("time").first
    expect(began).to_have_text("2025-10-20 11:00")
    page.locator("[data-zone-switch]").click()
    expect(began).to_have_text("2025-10-20 20:00")
    page.locator("[data-zone-switch]").click()
    expect(began).to_have_text("2025-10-20 11:00")
