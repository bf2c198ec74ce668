"""Three questions that people come with, each from the first page to its answer in four actions at most."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from incidents.linking import link
from incidents.models import Region
from incidents.refreshing import refresh
from incidents.searching.entities import known_names, own_names
from nlp.document import DocumentKind, Evidence, Field, Origin, Relevance
from tests.factories import (
    HOUR,
    keep,
    make_account,
    make_fact,
    make_impact,
    make_organisation,
    make_post,
    make_provider,
    make_report,
    make_source,
    make_time,
)

Open = Callable[..., Page]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST = 4
TABS = 40
TOKYO = datetime(2025, 4, 15, 7, 40, tzinfo=UTC)
DECEMBER = datetime(2021, 12, 7, 15, 31, tzinfo=UTC)
SAID = "Binance: withdrawals stood still for half an hour"
PAGES = {
    "web:https://gazette.example/tokyo": "gazette.example",
    "web:https://courier.example/a": "courier.example",
}


@pytest.fixture
def record(transactional_db: None) -> None:
    aws = make_provider("aws", name="Amazon Web Services")
    for code, name in (("us-east-1", "US East (N. Virginia)"), ("ap-northeast-1", "Asia Pacific (Tokyo)")):
        Region.objects.create(slug=f"aws:{code}", provider=aws, code=code, name=name)
    for slug, name in (("binance", "Binance"), ("coinbase", "Coinbase")):
        make_organisation(slug, name=name)
    make_source("catalogue", publisher="Faultline", publisher_kind="catalogue")
    make_source("aws-archive", publisher="Amazon Web Services", provider="aws")
    link(
        keep(
            tokyo(),
            *(page(key, host) for key, host in PAGES.items()),
            *years_of_virginia(),
            december(),
            hit(),
        )
    )
    refresh()
    for names in (known_names, own_names):
        names.cache_clear()


def tokyo() -> Any:
    """An entry of the catalogue: of whom it hit in its own words, naming the pages that tell so."""
    impact = make_impact(
        "binance",
        evidence=Evidence(passage=0, start=0, end=len(SAID)),
        origin=Origin.CATALOGUE,
        rule="catalogue:news",
    )
    cites = (make_fact(Field.LINK, key.removeprefix("web:"), subject="organisation:binance") for key in PAGES)
    links = (make_fact(Field.LINK, key.removeprefix("web:")) for key in PAGES)
    account = make_account(
        make_time(Field.STARTED_AT, TOKYO),
        make_time(Field.ENDED_AT, TOKYO + HOUR),
        make_fact(Field.REGION, "aws:ap-northeast-1"),
        impact,
        *cites,
        *links,
        is_strong=False,
        relevance=Relevance.PROVIDER_INCIDENT,
        provider="aws",
    )
    return make_report(
        "catalogue:tokyo",
        source="catalogue",
        kind=DocumentKind.PIR,
        url="",
        title="Power lost in a Tokyo zone",
        posts=(make_post(SAID, None),),
        accounts=(account,),
    )


def page(key: str, host: str) -> Any:
    source = f"page-{host.replace('.', '-')}"
    make_source(source, publisher=host, publisher_kind="press")
    url = key.removeprefix("web:")
    return make_report(key, source=source, url=url, title="A page", is_read=False, posts=(), accounts=())


def outage(key: str, title: str, start: datetime, length: timedelta, spoken: timedelta) -> Any:
    """As the archive of the status page holds one: when it began and ended, and when the posts were made."""
    posts = (
        make_post(
            "We are investigating increased error rates in the US-EAST-1 Region.", start + spoken, ref="1"
        ),
        make_post(
            "The issue has been resolved and the service is operating normally.", start + length, ref="2"
        ),
    )
    facts = (
        make_time(Field.STARTED_AT, start),
        make_time(Field.ENDED_AT, start + length),
        make_fact(Field.REGION, "aws:us-east-1"),
    )
    return make_report(key, *facts, source="aws-archive", title=title, posts=posts)


def years_of_virginia() -> list[Any]:
    """One outage a year from 2018 on, the first of seven hours, each an hour longer than the one before."""
    return [
        outage(f"aws-data:{year}", f"Increased API errors {year}", at, timedelta(hours=year - 2011), HOUR)
        for year in range(2018, 2025)
        if (at := datetime(year, 5, 5, 12, tzinfo=UTC))
    ]


def december() -> Any:
    return outage(
        "aws-data:december", "Congested network in Virginia", DECEMBER, 7 * HOUR, timedelta(minutes=51)
    )


def hit() -> Any:
    words = "Coinbase customers could not log in, for its cloud in Virginia was down."
    make_source("courier", publisher="The Courier", publisher_kind="press")
    account = make_account(
        make_time(Field.STARTED_AT, DECEMBER),
        make_fact(Field.REGION, "aws:us-east-1"),
        make_impact("coinbase", evidence=Evidence(passage=0, start=0, end=len(words)), origin=Origin.TEXT),
        is_strong=False,
        relevance=Relevance.PROVIDER_INCIDENT,
        provider="aws",
    )
    return make_report(
        "web:https://courier.example/december",
        source="courier",
        kind=DocumentKind.NEWS,
        url="https://courier.example/december",
        title="Cloud fails, traders wait",
        posts=(make_post(words, DECEMBER + HOUR),),
        accounts=(account,),
    )


@dataclass(slots=True)
class Walk:
    """A reader's way from the first page; each thing written, pressed or clicked is an action."""

    page: Page
    actions: int = 0

    def search(self, words: str) -> None:
        """Written into the box of the first page, and sent."""
        self.page.locator("[data-search]:visible").first.click()
        self.page.keyboard.type(words)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url("**/search/?q=*")
        self.actions += 2

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name).first.click()
        self.actions += 1


class Keys(Walk):
    """The same by keyboard alone: "/" leads to the box, the tab key or j to what is followed."""

    def search(self, words: str) -> None:
        self.page.keyboard.press("/")
        self.page.keyboard.type(words)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url("**/search/?q=*")
        self.actions += 2

    def follow(self, name: str) -> None:
        rows = self.page.locator("[data-row]", has_text=name).count()
        for _ in range(TABS):
            self.page.keyboard.press("j" if rows else "Tab")
            if name in self.page.evaluate("document.activeElement.textContent.trim()"):
                break
        self.page.keyboard.press("Enter")
        self.actions += 1


WALKS = pytest.mark.parametrize("walk", [Walk, Keys])


@pytest.mark.usefixtures("record")
@WALKS
def test_which_exchanges_tokyo_stopped_in_april_2025_and_who_says_so(
    open_page: Open, walk: type[Walk]
) -> None:
    way = walk(open_page("/"))
    way.search("aws tokyo april 2025")
    way.follow("Power lost in a Tokyo zone")
    way.page.wait_for_url("**/incidents/INC-2025-*/")
    told = way.page.locator(".hit")
    expect(told).to_have_count(1)
    expect(told).to_contain_text("Binance")
    expect(told).to_contain_text("withdrawals stood still")
    expect(told.get_by_role("link", name="gazette.example")).to_be_visible()
    expect(told.get_by_role("link", name="courier.example")).to_be_visible()
    assert way.actions <= MOST


@pytest.mark.usefixtures("record")
@WALKS
def test_how_long_outages_of_us_east_1_last_since_2020(open_page: Open, walk: type[Walk]) -> None:
    way = walk(open_page("/"))
    way.search("us-east-1")
    way.follow("US East (N. Virginia)")
    way.page.wait_for_url("**/regions/aws:us-east-1/")
    way.follow("How long, since 2020")
    way.page.wait_for_url("**/incidents/?*since=2020*")
    told = way.page.get_by_label("Of these")
    # 7 hours in December 2021, and 9, 10, 11, 12 and 13 hours in the years from 2020 on.
    expect(told.locator("dd").nth(0)).to_have_text("6")
    expect(told.locator("dd").nth(1)).to_have_text("10 h 30 min")
    expect(way.page.get_by_text("Lengths are drawn from the 6")).to_be_visible()
    assert way.actions <= MOST


@pytest.mark.usefixtures("record")
@WALKS
def test_who_was_hit_on_7_december_2021_and_how_late_aws_spoke(open_page: Open, walk: type[Walk]) -> None:
    way = walk(open_page("/"))
    way.search("7 December 2021")
    way.follow("Congested network in Virginia")
    way.page.wait_for_url("**/incidents/INC-2021-*/")
    expect(way.page.locator(".hit")).to_contain_text("Coinbase")
    first = way.page.locator(".figures > div", has_text="first public post")
    expect(first.locator("dd")).to_have_text("+51 min")
    assert way.actions <= MOST
