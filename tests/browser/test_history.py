"""Back and forward keep filters, zoom and place, and an address shows the same to somebody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from incidents.linking import link
from incidents.models import Incident
from incidents.searching.indexing import index_changed
from nlp.document import Field
from tests.browser.looking import drawn
from tests.factories import HOUR, NOON, keep, make_incident, make_post, make_report, make_time

Open = Callable[..., Page]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("record"),
]
CHOOSE = """(select, value) => {
    select.value = value;
    select.dispatchEvent(new Event("change", {bubbles: true}));
}"""


def stand(page: Page, at: int) -> None:
    """Scroll there, as a reader does who stays for a while."""
    page.evaluate(f"window.scrollTo(0, {at})")
    page.wait_for_timeout(250)


def stands(page: Page, at: int) -> None:
    page.wait_for_function(f"() => Math.abs(window.scrollY - {at}) < 3")


def address(page: Page) -> str:
    return "/" + page.url.split("/", 3)[3]


def test_a_list_goes_back_and_forward_through_filters_and_places(open_page: Open) -> None:
    page = open_page("/incidents/")
    page.set_viewport_size({"width": 1440, "height": 400})
    stand(page, 120)
    page.locator(".facets a", has_text="minor").evaluate("(link) => link.click()")
    page.wait_for_url("**/incidents/?severity=minor")
    stands(page, 120)
    stand(page, 200)
    page.locator("#id_cause").evaluate(CHOOSE, "capacity-overload")
    page.wait_for_url("**/incidents/?*cause=capacity-overload*")
    assert sorted(address(page).partition("?")[2].split("&")) == ["cause=capacity-overload", "severity=minor"]
    page.go_back()
    page.wait_for_url("**/incidents/?severity=minor")
    stands(page, 200)
    expect(page.locator(".chip b")).to_have_text(["minor"])
    page.go_back()
    page.wait_for_url("**/incidents/")
    stands(page, 120)
    expect(page.locator(".chip")).to_have_count(0)
    page.go_forward()
    page.wait_for_url("**/incidents/?severity=minor")
    stands(page, 200)
    page.locator("[data-row]").last.evaluate("(link) => link.click()")
    page.wait_for_url("**/incidents/INC-*/")
    page.go_back()
    page.wait_for_url("**/incidents/?severity=minor")
    stands(page, 200)


def test_a_zoomed_timeline_goes_back_and_forward_to_its_places(open_page: Open) -> None:
    page = open_page("/timeline/")
    drawn(page)
    stand(page, 150)
    page.locator("#move-3").evaluate("(link) => link.click()")
    page.wait_for_url("**/timeline/?since=*")
    drawn(page)
    seen = page.locator("#drawn").inner_text()
    stand(page, 260)
    page.go_back()
    page.wait_for_url("**/timeline/")
    drawn(page)
    stands(page, 150)
    page.go_forward()
    page.wait_for_url("**/timeline/?since=*")
    drawn(page)
    expect(page.locator("#drawn")).to_have_text(seen)
    stands(page, 260)


def test_a_search_goes_back_to_its_words_its_filter_and_its_place(open_page: Open) -> None:
    for number in range(30):
        make_incident(
            f"INC-2022-{number:04d}", title="Endpoints fail", severity="minor" if number % 2 else "major"
        )
    index_changed()
    page = open_page("/search/?q=endpoints")
    page.locator(".facets a", has_text="minor").click()
    page.wait_for_url("**/search/?q=endpoints+severity%3Aminor")
    stand(page, 180)
    page.locator("[data-row]").last.evaluate("(link) => link.click()")
    page.wait_for_url("**/incidents/INC-2022-*/")
    page.go_back()
    page.wait_for_url("**/search/?q=endpoints+severity%3Aminor")
    stands(page, 180)
    words = page.get_by_role("main").get_by_role("searchbox")
    expect(words).to_have_value("endpoints severity:minor")
    page.go_back()
    expect(words).to_have_value("endpoints")


def test_insights_are_left_and_found_again_at_the_same_place(open_page: Open) -> None:
    page = open_page("/insights/")
    drawn(page)
    stand(page, 240)
    page.get_by_role("link", name="Amazon Web Services").first.evaluate("(link) => link.click()")
    page.wait_for_url("**/providers/aws/")
    page.go_back()
    drawn(page)
    stands(page, 240)


def test_the_graph_goes_back_to_the_depth_and_the_pick_before(open_page: Open) -> None:
    page = open_page("/graph/?focus=organisation:coinbase")
    drawn(page)
    page.select_option("#id_depth", "2")
    page.wait_for_url("**depth=2*")
    picked = address(page)
    page.locator(".node-table tbody a", has_text="us-east-1").first.click()
    expect(page.locator("#panel h2")).to_have_text("us-east-1")
    assert address(page) != picked
    drawn(page)
    elsewhere = open_page(address(page))
    expect(elsewhere.locator("#panel h2")).to_have_text("us-east-1")
    expect(elsewhere.locator("#id_depth")).to_have_value("2")
    drawn(elsewhere)
    page.go_back()
    page.wait_for_url(f"**{picked}")
    drawn(page)
    expect(page.locator("#id_depth")).to_have_value("2")


def test_the_slider_of_an_incident_stands_where_its_address_says(open_page: Open) -> None:
    posts = [make_post(f"Word {number}.", NOON + number * HOUR, ref=str(number)) for number in range(4)]
    keys = keep(make_report("aws-rss:7", make_time(Field.STARTED_AT, NOON), title="Slow", posts=tuple(posts)))
    link(keys)
    page = open_page(Incident.objects.get(title="Slow").get_absolute_url())
    slider, told = page.locator("#moment"), page.locator("[data-slide-text]")
    newest = slider.input_value()
    slider.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?at=*")
    then, moment = slider.input_value(), told.inner_text()
    assert then != newest
    elsewhere = open_page(address(page))
    expect(elsewhere.locator("[data-slide-text]")).to_have_text(moment)
    expect(elsewhere.locator("#moment")).to_have_value(then)
    page.go_back()
    expect(told).to_have_text("now")
    expect(slider).to_have_value(newest)
    page.go_forward()
    expect(told).to_have_text(moment)
    expect(slider).to_have_value(then)


def test_who_takes_a_filter_away_by_keyboard_goes_on_from_what_is_told_now(open_page: Open) -> None:
    page = open_page("/incidents/?severity=minor")
    page.locator(".chip", has_text="minor").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/incidents/")
    expect(page.locator("[data-told]")).to_be_focused()


def test_what_updates_by_itself_does_not_move_who_reads_it(open_page: Open) -> None:
    page = open_page("/", width=390)
    stand(page, 400)
    page.evaluate("() => htmx.ajax('GET', '/', {target: '#live', swap: 'outerHTML'})")
    page.wait_for_timeout(500)
    stands(page, 400)
