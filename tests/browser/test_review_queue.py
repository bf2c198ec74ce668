"""The review queue by keyboard alone: two analysts at once, no answer lost or given twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from incidents.linking import link
from incidents.models import Account, Correction, Incident, User, Verdict
from nlp.document import Field
from tests.factories import HOUR, NOON, keep, make_fact, make_report, make_source, make_time, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SERVICES = ("ec2", "s3", "sqs", "sns", "rds", "ecs", "eks", "emr", "ebs", "efs", "vpc")
PAIRS = len(SERVICES) * (len(SERVICES) - 1) // 2
Open = Callable[..., Page]


@pytest.fixture(autouse=True)
def record(transactional_db: None) -> None:
    """Outages of other services in one region that overlap: each pair is a question; and others besides."""
    make_source("aws-status", state="unreadable")
    reports = [
        make_report(
            f"aws-rss:{number:02}",
            make_fact(Field.SERVICE, f"aws:{service}"),
            make_time(Field.STARTED_AT, NOON + number * timedelta(minutes=40)),
            make_time(Field.ENDED_AT, NOON + 10 * HOUR),
            title=f"Trouble with {service}",
            said_at=NOON + number * timedelta(minutes=40),
        )
        for number, service in enumerate(SERVICES)
    ]
    link(keep(*reports))
    Correction.objects.create(incident=Incident.objects.earliest("pk"), text="It began at nine.", origin="x")


def sign_in(page: Page, live_server: Any, person: User) -> None:
    client = Client()
    client.force_login(person)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    page.goto(live_server.url + "/review/")


def key_of(page: Page) -> str:
    """What an analyst presses: the key of the first answer that the page offers."""
    first = page.locator(".options button[data-key]").first
    return first.get_attribute("data-key") or ""


def test_two_analysts_answer_everything_by_keyboard_and_nothing_twice(
    open_page: Open, live_server: Any, pictures: Path | None
) -> None:
    people = [make_user("ada"), make_user("bob")]
    pages = [open_page("/accounts/login/", width=width) for width in (1440, 390)]
    for page, person in zip(pages, people, strict=True):
        sign_in(page, live_server, person)
    if pictures:
        for page in pages:
            page.screenshot(path=pictures / f"review-{page.viewport_size['width']}.png", full_page=True)  # type: ignore[index]
    answered = 0
    while asking := [page for page in pages if page.locator(".options").count()]:
        for page in asking:  # at once: neither waits for the other's page
            key = "n" if page.locator("button[data-key=n]").count() else key_of(page)
            page.evaluate("window.isOld = true")
            page.keyboard.press(key)
        for page in asking:
            page.wait_for_function("!window.isOld && document.readyState === 'complete'", timeout=60_000)
            expect(page.locator("main .note")).to_have_count(0)
        answered += len(asking)
    assert answered == PAIRS + 2, "each pair, the source and the correction"
    said = Verdict.objects.standing()
    assert Counter(said.values_list("kind", flat=True)) == {"not-same": PAIRS, "source": 1, "correction": 1}
    assert said.values("a", "b", "kind").distinct().count() == answered
    assert all(said.filter(person=person).count() > answered / 4 for person in people)
    assert Account.objects.values("incident").distinct().count() == len(SERVICES)


def test_undo_is_one_key_and_shows_the_question_again(open_page: Open, live_server: Any) -> None:
    page = open_page("/accounts/login/")
    sign_in(page, live_server, make_user("ada"))
    page.goto(live_server.url + "/review/?kind=pair")
    a, b = page.locator("input[name=a]"), page.locator("input[name=b]")
    question = a.input_value(), b.input_value()
    page.keyboard.press("n")
    expect(b).not_to_have_value(question[1], timeout=30_000)
    page.keyboard.press("u")
    expect(page.locator("main .note")).to_have_text("Your last answer is taken back.", timeout=30_000)
    assert (a.input_value(), b.input_value()) == question
    assert not Verdict.objects.standing().exists()
    assert page.url.endswith("/review/?kind=pair")
