"""The graph as a reader meets it: by mouse and by keyboard, light and dark, wide and narrow, scriptless."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from incidents.models import Region
from tests.factories import make_hit, make_incident, make_organisation, make_provider
from tests.incidents.test_views_graph import EAST, make_edge

Open = Callable[..., Page]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EVE = f"/graph/what-if/?fail={EAST}&as_of=2025-10-19"
COINBASE = "/graph/?focus=organisation:coinbase"
PAGES = [
    "/graph/",
    f"{COINBASE}&depth=2&hide=region",
    "/graph/?depth=all&layout=radial",
    f"{EVE}&later=1",
    f"/graph/what-if/?fail={EAST}&versus=region:aws:us-west-2",
    f"/graph/what-if/?fail={EAST}&against=INC-2025-0001",
    "/insights/concentration/",
    "/organisations/coinbase/report-card/",
    "/graph/edges/",
    f"/graph/edges/organisation:coinbase/hosted-on/{EAST}/",
]


@pytest.fixture(autouse=True)
def record(transactional_db: None) -> None:
    aws = make_provider("aws", name="Amazon Web Services")
    for code in ("us-east-1", "us-west-2"):
        Region.objects.create(slug=f"aws:{code}", provider=aws, code=code, name=code)
    for slug in ("coinbase", "robinhood"):
        make_edge(slug, EAST)
    make_edge("coinmarketcap", EAST, "2025-10-31")
    make_edge("kraken", "provider:aws")
    make_edge("infura", EAST)
    make_edge("metamask", "organisation:infura", relation="calls")
    make_edge("twice", EAST, redundancy_group="regions")
    make_edge("twice", "region:aws:us-west-2", redundancy_group="regions")
    make_organisation("a-name-without-a-break", name="Name" * 20)
    outage = make_incident(title="The day itself")
    make_hit(outage, "coinbase")


def drawn(page: Page) -> None:
    expect(page.locator("[data-chart]:not([data-drawn])")).to_have_count(0)


def told(page: Page) -> str:
    return page.locator("[data-told]").inner_text()


@pytest.mark.parametrize("address", PAGES)
def test_every_page_fits_the_screen_and_draws_without_a_complaint(
    open_page: Open, pictures: Path | None, address: str
) -> None:
    page = open_page(address)
    assert page.locator("h1").count() == 1
    for theme, width in product(("light", "dark"), (1440, 390)):
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": width, "height": 900})
        drawn(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if pictures:
            name = re.sub(r"\W+", "-", address).strip("-")
            page.screenshot(path=pictures / f"{name}-{width}-{theme}.png", full_page=True)


def test_a_click_on_a_node_fills_the_panel_and_the_address(open_page: Open) -> None:
    page = open_page(COINBASE)
    drawn(page)
    page.locator(".scatterlayer .trace").last.locator(".point").last.click(force=True)
    expect(page.locator("#panel h2")).to_have_text("us-east-1")
    assert "pick=region:aws:us-east-1" in page.url
    page.reload()
    expect(page.locator("#panel h2")).to_have_text("us-east-1")


def test_a_click_on_an_edge_shows_what_proves_it(open_page: Open) -> None:
    page = open_page(COINBASE)
    drawn(page)
    page.locator(".scatterlayer .trace").nth(-2).locator(".point").first.click(force=True)
    expect(page.locator("#panel")).to_contain_text("coinbase runs there.")


def test_expanding_adds_the_neighbours_in_place_and_dims_the_rest(open_page: Open) -> None:
    page = open_page(f"{COINBASE}&pick={EAST}")
    drawn(page)
    page.locator('#panel [data-act="expand"]').click()
    expect(page).to_have_url(re.compile(r"open=region:aws:us-east-1"))
    expect(page.locator(".node-table tbody tr")).to_have_count(7)
    drawn(page)
    page.locator(".node-table tbody a", has_text="Robinhood").first.click()
    expect(page.locator("#panel h2")).to_have_text("Robinhood")
    drawn(page)
    assert page.locator(".point.faint").count() > 0


def test_the_graph_is_walked_by_keyboard_alone(open_page: Open) -> None:
    page = open_page(f"{COINBASE}&open={EAST}")
    drawn(page)
    page.locator("[data-graph] .canvas").focus()
    page.keyboard.press("ArrowRight")
    assert told(page).startswith("us-east-1, region")
    expect(page.locator("[data-graph] .hoverlayer")).to_contain_text("us-east-1, region")
    page.keyboard.press("Enter")
    expect(page.locator("#panel h2")).to_have_text("us-east-1")
    page.keyboard.press("f")
    expect(page).to_have_url(re.compile(r"\?focus=region:aws:us-east-1"))
    drawn(page)
    page.locator("[data-graph] .canvas").focus()
    page.keyboard.press("x")
    expect(page.locator("h1")).to_have_text("What if us-east-1 fails?")


def test_filters_change_the_view_in_place_and_keep_the_focus(open_page: Open) -> None:
    page = open_page(COINBASE)
    drawn(page)
    page.select_option("#id_depth", "2")
    expect(page).to_have_url(re.compile(r"focus=organisation:coinbase&depth=2"))
    expect(page.locator("[data-counts]")).to_contain_text("of 11 nodes")
    page.fill("#id_as_of", "2025-10-19")
    page.press("#id_as_of", "Enter")
    expect(page.locator("[data-counts]")).to_contain_text("as known on 2025-10-19")
    expect(page.locator(".edge-table")).not_to_contain_text("Coinmarketcap")
    page.fill("#id_find", "Kraken")
    page.press("#id_find", "Enter")
    expect(page.locator("#panel h2")).to_have_text("Kraken")


def test_a_failure_is_asked_for_and_shared_by_its_address(open_page: Open) -> None:
    page = open_page("/graph/what-if/")
    page.fill("#id_add", "us-east-1")
    page.fill("#id_as_of", "2025-10-19")
    page.press("#id_as_of", "Enter")
    expect(page.locator("h1")).to_have_text("What if us-east-1 fails?")
    expect(page.locator(".fall-table").first).to_contain_text("Coinbase")
    page.get_by_role("link", name="Show what we learned later").click()
    expect(page.locator("section", has=page.locator("#later"))).to_contain_text("Coinmarketcap")
    assert f"fail={EAST}" in page.url and "later=1" in page.url


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_the_picture_can_be_saved(open_page: Open, tmp_path: Path, kind: str) -> None:
    page = open_page(COINBASE, accept_downloads=True)
    drawn(page)
    with page.expect_download() as download:
        page.locator(f'[data-save="{kind}"]').click()
    assert download.value.suggested_filename == f"faultline-graph.{kind}"
    download.value.save_as(tmp_path / "picture")
    assert (tmp_path / "picture").stat().st_size > 1000


def test_without_a_script_the_tables_tell_all(open_page: Open) -> None:
    page = open_page(f"{COINBASE}&depth=2", java_script_enabled=False)
    assert page.locator(".edge-table tbody tr").count() > 3
    page.locator(".node-table a", has_text="us-east-1").first.click()
    assert page.locator("#panel h2").inner_text() == "us-east-1"
    page.locator("#id_find").fill("Kraken")
    page.locator(".filters button", has_text="Show").click()
    assert page.locator("#panel h2").inner_text() == "Kraken"


def test_names_for_the_ear_are_there(open_page: Open) -> None:
    page = open_page(f"{EVE}&later=1")
    drawn(page)
    canvas = page.locator("[data-graph] .canvas")
    assert canvas.get_attribute("aria-label")
    assert canvas.get_attribute("tabindex") == "0"
    unnamed = page.evaluate("""
        [...document.querySelectorAll("main a, main button, main input, main select")]
          .filter((one) => one.offsetParent)
          .filter((one) => !(one.textContent.trim() || one.ariaLabel || one.labels?.length))
          .map((one) => one.outerHTML)
    """)
    assert unnamed == []
    assert page.locator("table:not(:has(caption))").count() == 0
