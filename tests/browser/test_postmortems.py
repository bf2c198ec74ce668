"""Post-mortems in a real browser: published by keyboard alone, and nothing that is written is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from incidents.linking import link
from incidents.models import Incident, Postmortem, Section, User
from incidents.postmortems.template_loading import load_templates
from nlp.document import Field
from tests.factories import (
    HOUR,
    NOON,
    keep,
    make_fact,
    make_hit,
    make_post,
    make_postmortem,
    make_report,
    make_team,
    make_time,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]
MOST_ACTIONS = 9


@pytest.fixture
def people() -> None:
    make_team("matching", ada="member", ben="reviewer")


@pytest.fixture
def sign_in(live_server: Any) -> Callable[[Page, str], None]:
    """Puts the session of a person into a page's browser."""

    def signed(page: Page, name: str) -> None:
        client = Client()
        client.force_login(User.objects.get(username=name))
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])

    return signed


def incident_of_the_record() -> Incident:
    posts = (
        make_post("We are looking into errors.", NOON + HOUR / 4, ref="1"),
        make_post("Names resolve again.", NOON + HOUR, ref="2"),
    )
    facts = (make_time(Field.ENDED_AT, NOON + 2 * HOUR), make_fact(Field.CAUSE, "dns"))
    start = make_time(Field.STARTED_AT, NOON)
    link(keep(make_report("aws-rss:1", start, *facts, posts=posts, said_at=NOON + HOUR / 4)))
    incident = Incident.objects.get()
    make_hit(incident, "coinbase", started_at=NOON + HOUR / 8)
    return incident


class Keyboard:
    """Counts what a person does: going to a control by the tabulator and pressing it is one action."""

    def __init__(self) -> None:
        self.actions = 0

    def press(self, page: Page, name: str, key: str = "Enter") -> None:
        """Walk to the control of that name and press it."""
        for _ in range(400):
            page.keyboard.press("Tab")
            focused = page.evaluate("document.activeElement.textContent.trim()")
            if focused.startswith(name):
                break
        else:
            pytest.fail(f"the keyboard does not reach {name!r}")
        with page.expect_navigation():
            page.keyboard.press(key)
        self.actions += 1

    def press_focused(self, page: Page) -> None:
        with page.expect_navigation():
            page.keyboard.press("Enter")
        self.actions += 1


def test_from_an_incident_to_a_published_post_mortem_by_keyboard_alone(
    people: None, open_page: Open, sign_in: Callable[[Page, str], None]
) -> None:
    load_templates()
    incident = incident_of_the_record()
    keyboard = Keyboard()
    ada, ben = open_page("/about/"), open_page("/about/")
    sign_in(ada, "ada")
    sign_in(ben, "ben")
    ada.goto(ada.url.replace("/about/", incident.get_absolute_url()))
    keyboard.press(ada, "File a post-mortem")
    keyboard.press_focused(ada)  # "Begin" has the focus: template and team stand
    assert "coinbase" in ada.content().lower()
    expect(ada.locator("[data-drawn]").first).to_be_visible()
    keyboard.press(ada, "Send to review")
    ben.goto(ben.url.replace("/about/", "/postmortems/mine/"))
    keyboard.press(ben, incident.title)
    keyboard.press(ben, "Approve these words")
    keyboard.press(ben, "Publish, readable by")
    postmortem = Postmortem.objects.get()
    assert ben.url.endswith(postmortem.get_absolute_url())
    expect(ben.get_by_role("heading", level=1)).to_have_text(incident.title)
    assert postmortem.state == "published"
    assert postmortem.publication.approved_by.username == "ben"
    assert keyboard.actions <= MOST_ACTIONS, keyboard.actions


def open_editor(page: Page, postmortem: Postmortem) -> None:
    page.goto(page.url.replace("/about/", f"{postmortem.get_absolute_url()}edit/"))


def area(page: Page, section: Section) -> Any:
    return page.locator(f"#{section.anchor} textarea")


def state(page: Page, section: Section) -> Any:
    return page.locator(f"#{section.anchor} [data-state]")


@pytest.fixture
def draft(people: None) -> Postmortem:
    return make_postmortem(sections={"impact": "one\ntwo\nthree", "lessons": "Few."})


@pytest.fixture
def two(
    draft: Postmortem, open_page: Open, sign_in: Callable[[Page, str], None]
) -> tuple[Page, Page, Section, Section]:
    """The same draft before two people, each in a browser of their own."""
    pages = []
    for name in ("ada", "ben"):
        page = open_page("/about/", may_fail=True)
        sign_in(page, name)
        open_editor(page, draft)
        pages.append(page)
    impact, lessons = draft.sections.order_by("position")
    return pages[0], pages[1], impact, lessons


def test_two_browsers_that_save_different_sections_lose_nothing(
    two: tuple[Page, Page, Section, Section],
) -> None:
    ada, ben, impact, lessons = two
    area(ada, impact).fill("All of it.")
    area(ben, lessons).fill("Many.")
    expect(state(ada, impact)).to_contain_text("Saved")
    expect(state(ben, lessons)).to_contain_text("Saved")
    impact.refresh_from_db()
    lessons.refresh_from_db()
    assert (impact.body, lessons.body) == ("All of it.", "Many.")


def test_two_browsers_that_change_different_lines_of_a_section_lose_nothing(
    two: tuple[Page, Page, Section, Section],
) -> None:
    ada, ben, impact, _ = two
    area(ada, impact).fill("1\ntwo\nthree")
    expect(state(ada, impact)).to_contain_text("Saved")
    area(ben, impact).fill("one\ntwo\n3")
    expect(state(ben, impact)).to_contain_text("with what somebody else had written")
    expect(area(ben, impact)).to_have_value("1\ntwo\n3")
    impact.refresh_from_db()
    assert impact.body == "1\ntwo\n3"


def test_two_browsers_that_change_the_same_line_are_shown_both_texts(
    two: tuple[Page, Page, Section, Section],
) -> None:
    ada, ben, impact, _ = two
    area(ada, impact).fill("one\nADA\nthree")
    expect(state(ada, impact)).to_contain_text("Saved")
    area(ben, impact).fill("one\nBEN\nthree")
    expect(state(ben, impact)).to_contain_text("changed the same words")
    with ben.expect_navigation():
        ben.get_by_role("button", name="See both").click()
    both = ben.locator("#both")
    assert {"ADA", "BEN"} <= set(both.input_value().split("\n"))
    both.fill("one\nADA and BEN\nthree")
    with ben.expect_navigation():
        ben.get_by_role("button", name="Save this").click()
    impact.refresh_from_db()
    assert impact.body == "one\nADA and BEN\nthree"


def test_a_browser_that_dies_before_it_could_save_offers_the_text_again(
    two: tuple[Page, Page, Section, Section],
) -> None:
    ada, _, impact, _ = two
    ada.context.set_offline(True)
    area(ada, impact).fill("An hour of work.")
    expect(state(ada, impact)).to_contain_text("kept in this browser")
    again = ada.context.new_page()
    address = ada.url
    ada.close(run_before_unload=False)
    again.context.set_offline(False)
    again.goto(address)
    again.get_by_role("button", name="Take it").click()
    expect(area(again, impact)).to_have_value("An hour of work.")
    expect(state(again, impact)).to_contain_text("Saved")
    impact.refresh_from_db()
    assert impact.body == "An hour of work."


@pytest.mark.parametrize("failure", ["gone", "broken"])
def test_a_server_that_fails_in_mid_save_is_asked_again_until_it_answers(
    two: tuple[Page, Page, Section, Section], failure: str
) -> None:
    ada, _, impact, _ = two
    failed = []

    def fail_twice(route: Any) -> None:
        failed.append(route.request.url)
        if len(failed) > 2:
            route.continue_()
        elif failure == "gone":
            route.abort()
        else:
            route.fulfill(status=503, body="the database is away")

    ada.route("**/sections/**", fail_twice)
    area(ada, impact).fill("Kept.")
    expect(state(ada, impact)).to_contain_text("kept in this browser")
    expect(state(ada, impact)).to_contain_text("Saved", timeout=15_000)
    impact.refresh_from_db()
    assert impact.body == "Kept."


def test_a_moment_of_the_record_goes_into_the_timeline_by_one_key(
    people: None, open_page: Open, sign_in: Callable[[Page, str], None]
) -> None:
    postmortem = make_postmortem(incident=incident_of_the_record())
    page = open_page("/about/")
    sign_in(page, "ada")
    open_editor(page, postmortem)
    page.keyboard.press("j")
    with page.expect_navigation():
        page.keyboard.press("i")
    entry = postmortem.entries.get()
    assert entry.report_key == "aws-rss:1"
    assert entry.url


def test_without_a_script_each_part_is_saved_by_its_button(
    draft: Postmortem, open_page: Open, sign_in: Callable[[Page, str], None]
) -> None:
    page = open_page("/about/", java_script_enabled=False)
    sign_in(page, "ada")
    open_editor(page, draft)
    impact = draft.sections.get(kind="impact")
    area(page, impact).fill("By hand.")
    page.locator(f"#{impact.anchor}").get_by_role("button", name="Save").click()
    impact.refresh_from_db()
    assert impact.body == "By hand."
