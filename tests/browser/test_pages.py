"""Pages as a reader meets them: drawn, within the screen, by keyboard, light and dark, uncomplaining."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import drawn
from tests.factories import make_incident

Open = Callable[..., Page]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("record"),
]
WEEK = "?since=2025-10-18&until=2025-10-26"
CHARTS = {
    f"/timeline/{WEEK}": 1,
    "/regions/aws:us-east-1/": 3,
    "/organisations/coinbase/": 3,
    "/incidents/INC-2025-0001/": 0,
}


def background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


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


def test_on_a_phone_the_picture_opens_where_there_is_something_to_see(open_page: Open) -> None:
    page = open_page("/timeline/?since=2025-09-20&until=2025-10-22", width=390)
    drawn(page)
    assert page.locator(".chart.wide").evaluate("(box) => box.scrollLeft") > 0
    outage = page.locator(".chart .barlayer .point").first
    expect(outage).to_be_in_viewport()
    expect(page.locator(".chart .annotation").first).to_be_in_viewport()


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
    page.locator("#id_severity").select_option("minor")
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


def test_dragging_across_the_strip_of_the_record_chooses_what_is_seen(open_page: Open) -> None:
    page = open_page("/timeline/")
    drawn(page)
    box = page.locator("[data-overview]").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + 10, steps=4)
    page.mouse.up()
    page.wait_for_url("**/timeline/?since=*&until=*")
    drawn(page)
    page.get_by_role("link", name="Everything").click()
    page.wait_for_url("**/timeline/")


def test_a_copied_address_shows_the_same_view_elsewhere_and_back_returns_to_the_place(
    open_page: Open,
) -> None:
    page = open_page("/timeline/?severity=major")
    drawn(page)
    page.get_by_role("link", name="Closer").click()
    page.wait_for_url("**/timeline/?severity=major&since=*")
    drawn(page)
    title = page.locator("#drawn").inner_text()
    elsewhere = open_page(page.url[page.url.index("/timeline/") :])
    assert elsewhere.locator("#drawn").inner_text() == title
    page.evaluate("window.scrollTo(0, 300)")
    page.wait_for_timeout(200)
    page.locator("[data-row]").first.click()
    page.wait_for_url("**/incidents/INC-*/")
    page.go_back()
    drawn(page)
    assert page.locator("#drawn").inner_text() == title
    expect(page.locator(".chip", has_text="major")).to_be_visible()
    page.wait_for_function("window.scrollY > 200")


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_what_is_seen_is_saved_as_a_picture(open_page: Open, kind: str) -> None:
    page = open_page(f"/timeline/{WEEK}")
    drawn(page)
    with page.expect_download() as saved:
        page.locator(f"[data-picture={kind}]").click()
    body = saved.value.path().read_bytes()
    assert body.startswith({"svg": b"<svg", "png": b"\x89PNG"}[kind])
    assert len(body) > 4000


def test_menu_opens_without_a_script_and_closes_by_escape(open_page: Open) -> None:
    page = open_page("/about/", width=390, java_script_enabled=False)
    page.locator("[data-menu] summary").click()
    page.locator("[data-menu]").get_by_role("link", name="Exchanges").click()
    page.wait_for_url("**/exchanges/")
    page = open_page("/about/", width=390)
    page.keyboard.press("/")
    expect(page.locator("[data-menu] [data-search]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("[data-menu] summary")).to_be_focused()


def test_what_goes_on_updates_by_itself_and_leaves_focus_and_scroll_alone(open_page: Open) -> None:
    page = open_page("/")
    going = make_incident("INC-2025-0900", title="Errors right now", end_state="ongoing")
    page.evaluate("window.scrollTo(0, 250)")
    page.locator("#all-latest").focus()
    at = page.evaluate("window.scrollY")
    page.evaluate("htmx.ajax('GET', '/', {target: '#live', swap: 'outerHTML'})")
    expect(page.get_by_role("heading", name="Going on now")).to_be_visible()
    expect(page.get_by_role("link", name=going.title).first).to_be_visible()
    expect(page.locator("#all-latest")).to_be_focused()
    assert page.evaluate("window.scrollY") >= at


def test_on_paper_an_incident_shows_its_proofs_and_nothing_to_press(open_page: Open) -> None:
    page = open_page("/incidents/INC-2025-0001/")
    page.emulate_media(media="print")
    expect(page.locator("details.fact .said").first).to_be_visible()
    for control in page.locator("button, input, nav").all():
        expect(control).to_be_hidden()
