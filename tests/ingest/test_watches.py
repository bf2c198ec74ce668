from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from incidents import linking
from incidents.models import Incident, Notice, User, Verdict, Watch
from incidents.watching.looking import begin, look
from ingest.delivering import STOPS_AFTER, WAITS, deliver
from nlp.document import Field
from tests.factories import HOUR, keep, make_fact, make_post, make_report, make_time, make_user

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC).replace(microsecond=0)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def hook(httpserver: HTTPServer, settings: Settings) -> list[Request]:
    """A webhook of ours that takes everything; what it was sent."""
    settings.ALLOW_PRIVATE_SOURCES = True
    sent: list[Request] = []

    def take(request: Request) -> Response:
        sent.append(request)
        return Response(status=204)

    httpserver.expect_request("/hook", method="POST").respond_with_handler(take)
    return sent


@pytest.fixture
def watch(httpserver: HTTPServer) -> Watch:
    return make_watch(url=httpserver.url_for("/hook"))


def make_watch(person: User | None = None, **fields: Any) -> Watch:
    secret = "whsec_" + base64.b64encode(b"k" * 32).decode()
    settings: dict[str, Any] = {
        "name": "Virginia",
        "query": "region=aws:us-east-1",
        "channel": "webhook",
        "secret": secret,
    }
    person = person or make_user(email="ada@desk.example")
    made = Watch.objects.create(person=person, **settings | {"url": "https://hook.example/"} | fields)
    begin(made, NOW - HOUR)
    return made


def outage(
    severity: str = "minor", *, key: str = "aws-rss:1", said_at: datetime = NOW, **fields: Any
) -> Incident:
    """An outage at AWS in us-east-1 which the source now calls that severe."""
    facts = (make_fact(Field.SEVERITY, severity), make_time(Field.STARTED_AT, said_at - 10 * MINUTE))
    post = make_post(f"It is {severity}.", said_at)
    linking.link(keep(make_report(key, *facts, said_at=said_at, posts=(post,), **fields)))
    return Incident.objects.live().get(accounts__report__key=key)


def messages_of(watch: Watch) -> list[str]:
    return [notice.message["severity"] for notice in watch.notices.filter(is_silent=False).order_by("pk")]


def test_appearing_outage_and_each_change_of_state_are_told_once(watch: Watch) -> None:
    outage("minor")
    assert look(NOW) == 1
    assert look(NOW + MINUTE) == 0
    outage("major")
    outage("major", regions=["aws:us-east-1", "aws:us-west-2"])  # more is known, the state is as it was
    assert look(NOW + 2 * MINUTE) == 1
    outage("minor")
    assert look(NOW + 3 * MINUTE) == 1
    assert messages_of(watch) == ["minor", "major", "minor"]


def test_what_the_filter_does_not_let_through_is_not_told(watch: Watch) -> None:
    outage(regions=["aws:eu-west-1"])
    assert look(NOW) == 0
    outage(regions=["aws:eu-west-1", "aws:us-east-1"])  # from now on it does
    assert look(NOW + MINUTE) == 1


def test_archive_that_is_read_tells_nobody(watch: Watch) -> None:
    outage(said_at=NOW - timedelta(days=900))
    assert look(NOW) == 0


def test_new_watch_tells_of_what_changes_and_not_of_what_is(watch: Watch) -> None:
    outage("minor")
    late = make_watch(watch.person)
    begin(late, NOW)
    look(NOW + MINUTE / 2)
    assert (messages_of(watch), messages_of(late)) == (["minor"], [])
    outage("critical")
    look(NOW + MINUTE)
    assert messages_of(late) == ["critical"]


def test_merged_and_withdrawn_outages_are_told_to_those_who_heard_of_them(watch: Watch) -> None:
    first, second = outage(key="aws-rss:1"), outage(key="aws-rss:2", said_at=NOW - 20 * HOUR)
    assert first != second
    look(NOW)
    Verdict.objects.create(
        kind="same", a="aws-rss:1", b="aws-rss:2", person=make_user("grace"), reason="one outage"
    )
    linking.link({"aws-rss:1", "aws-rss:2"})
    look(NOW + MINUTE)
    told = watch.notices.order_by("-pk").first()
    assert told is not None
    assert told.message["merged_into"] in {first.slug, second.slug}


def test_webhook_is_signed_over_id_time_and_body(watch: Watch, hook: list[Request]) -> None:
    incident = outage()
    look(NOW)
    assert deliver(timezone.now()) == 1
    (request,) = hook
    told = json.loads(request.data)
    assert told["type"] == "incident.changed"
    assert told["data"]["incident"] == incident.slug
    assert told["data"]["regions"] == ["aws:us-east-1"]
    assert told["data"]["url"] == f"http://127.0.0.1:8000/incidents/{incident.slug}/"
    ident, stamp = request.headers["webhook-id"], request.headers["webhook-timestamp"]
    signed = f"{ident}.{stamp}.".encode() + request.data
    digest = hmac.new(b"k" * 32, signed, hashlib.sha256).digest()
    assert request.headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
    assert abs(int(stamp) - timezone.now().timestamp()) < 60
    assert deliver(timezone.now() + HOUR) == 0, "what was sent is not sent again"


def test_both_secrets_sign_while_one_is_replaced(watch: Watch, hook: list[Request], client: Client) -> None:
    client.force_login(watch.person)
    client.post(f"/watches/{watch.pk}/rotate/")
    watch.refresh_from_db()
    assert watch.former_secret and watch.secret != watch.former_secret
    outage()
    look(NOW)
    deliver(timezone.now())
    assert len(hook[0].headers["webhook-signature"].split(" ")) == 2
    client.post(f"/watches/{watch.pk}/forget/")
    watch.refresh_from_db()
    assert watch.former_secret == ""


def answer_with(httpserver: HTTPServer, status: int, **headers: str) -> None:
    httpserver.expect_request("/hook", method="POST").respond_with_data("", status, headers)


def test_failed_message_is_tried_again_ever_later_and_then_given_up(
    watch: Watch, httpserver: HTTPServer, settings: Settings
) -> None:
    settings.ALLOW_PRIVATE_SOURCES = True
    answer_with(httpserver, 500)
    outage()
    look(NOW)
    now = timezone.now()
    for wait in WAITS:
        assert deliver(now) == 0
        notice = Notice.objects.get(is_silent=False)
        assert notice.due_at == now + wait
        assert notice.outcome == "waits for its next attempt"
        assert deliver(now + wait - MINUTE / 2) == 0
        now += wait
    deliver(now)
    notice.refresh_from_db()
    assert (notice.due_at, notice.outcome, notice.attempts) == (None, "given up", len(WAITS) + 1)
    assert "500" in notice.trouble
    assert len(httpserver.log) == len(WAITS) + 1


def test_watch_that_does_not_answer_is_asked_once_a_run(
    watch: Watch, httpserver: HTTPServer, settings: Settings
) -> None:
    settings.ALLOW_PRIVATE_SOURCES = True
    answer_with(httpserver, 500)
    for number in range(3):
        outage(key=f"aws-rss:{number}", said_at=NOW - 13 * number * HOUR)
    assert look(NOW) == 3
    now = timezone.now()
    deliver(now)
    assert len(httpserver.log) == 1
    deliver(now)
    assert len(httpserver.log) == 2, "what was left is due still"


@pytest.mark.parametrize(
    ("status", "location", "trouble"),
    [
        (302, "http://127.0.0.1/elsewhere", "redirects are not followed"),
        (302, "javascript:alert(1)", "redirects are not followed"),
        (404, "", "answered 404"),
        (429, "", "answered 429"),
    ],
)
def test_all_but_success_is_no_delivery(
    watch: Watch, httpserver: HTTPServer, settings: Settings, status: int, location: str, trouble: str
) -> None:
    settings.ALLOW_PRIVATE_SOURCES = True
    answer_with(httpserver, status, Location=location)
    outage()
    look(NOW)
    assert deliver(timezone.now()) == 0
    assert trouble in Notice.objects.get(is_silent=False).trouble
    assert len(httpserver.log) == 1


def test_address_that_is_gone_stops_the_watch(
    watch: Watch, httpserver: HTTPServer, settings: Settings
) -> None:
    settings.ALLOW_PRIVATE_SOURCES = True
    answer_with(httpserver, 410)
    outage()
    look(NOW)
    deliver(timezone.now())
    watch.refresh_from_db()
    assert watch.stopped_at and "410" in watch.stopped_because
    outage("critical")
    assert look(NOW + MINUTE) == 0


def test_watch_to_which_nothing_can_be_delivered_is_stopped(watch: Watch) -> None:
    incident = outage()
    for _ in range(STOPS_AFTER):
        Notice.objects.create(
            watch=watch, incident=incident, due_at=NOW, attempts=len(WAITS), message={"status": "x"}
        )
    for _ in range(STOPS_AFTER):
        deliver(timezone.now())
    watch.refresh_from_db()
    assert f"{STOPS_AFTER} messages in a row" in watch.stopped_because


def test_inner_address_is_dialled_by_no_webhook(watch: Watch, httpserver: HTTPServer) -> None:
    """Private addresses are refused when they are written down, and again on the address that is dialled."""
    outage()
    look(NOW)
    assert deliver(timezone.now()) == 0
    assert "refused" in Notice.objects.get(is_silent=False).trouble
    assert httpserver.log == []


def test_mail_tells_the_same_and_how_to_stop_it(
    settings: Settings, client: Client, mailoutbox: list[mail.EmailMessage]
) -> None:
    settings.EMAIL_HOST = "mail.example"
    watch = make_watch(channel="email", url="", secret="")
    outage("major", title="Errors\nBcc: everybody@example.com")
    look(NOW)
    assert deliver(timezone.now()) == 1
    (message,) = mailoutbox
    assert message.to == ["ada@desk.example"]
    assert message.subject.startswith("[Faultline] INC-")
    assert "\n" not in message.subject
    assert "major" in message.subject
    found = re.search(r"http://127\.0\.0\.1:8000(/watches/stop/\S+)", message.body)
    assert found is not None
    link = found.group(1)
    assert client.get(link).status_code == 200
    watch.refresh_from_db()
    assert watch.stopped_at is None, "a mail reader that looks at links stops nothing"
    assert "sends nothing any more" in client.post(link).content.decode()
    watch.refresh_from_db()
    assert watch.stopped_at
    assert client.get(link[:-4] + "abc/").status_code == 404


def test_watch_is_made_from_the_filter_of_a_list(client: Client) -> None:
    person = make_user()
    client.force_login(person)
    form = client.get("/watches/new/?region=aws:us-east-1&severity=critical&after=x&junk=1")
    assert "aws:us-east-1" in form.content.decode()
    answer = client.post(
        "/watches/new/",
        {
            "name": "Virginia",
            "channel": "webhook",
            "url": "https://hook.example/x",
            "query": "region=aws:us-east-1&severity=critical&after=x&junk=1",
        },
    )
    watch = person.watches.get()
    assert answer["Location"] == f"/watches/{watch.pk}/"
    assert watch.query == "region=aws%3Aus-east-1&severity=critical"
    assert watch.secret.startswith("whsec_")
    page = client.get(f"/watches/{watch.pk}/").content.decode()
    assert watch.secret in page
    assert "Virginia" in client.get("/watches/").content.decode()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"url": "ftp://hook.example/"}, "Name a public address"),
        ({"url": "https://ada:secret@hook.example/"}, "Name a public address"),
        ({"url": "https://hook.example:22/"}, "Name a public address"),
        ({"channel": "email"}, "This server sends no mail"),
        ({"query": "since=yesterday"}, "The filter has a mistake"),
        ({"name": ""}, "This field is required"),
    ],
)
def test_what_cannot_work_is_said_before_it_is_kept(client: Client, given: dict[str, str], told: str) -> None:
    client.force_login(make_user())
    whole = {"name": "x", "channel": "webhook", "url": "https://hook.example/", "query": ""}
    answer = client.post("/watches/new/", whole | given)
    assert answer.status_code == 400
    assert told in answer.content.decode()
    assert not Watch.objects.exists()


def test_test_button_sends_by_the_way_of_real_messages(
    watch: Watch, hook: list[Request], client: Client
) -> None:
    client.force_login(watch.person)
    client.post(f"/watches/{watch.pk}/test/")
    assert hook == []
    assert deliver(timezone.now()) == 1
    assert json.loads(hook[0].data)["type"] == "test"
    assert "sent" in client.get(f"/watches/{watch.pk}/").content.decode()


def test_tests_go_out_one_a_minute(watch: Watch, client: Client) -> None:
    """Else a person could have this server flood whatever address they like."""
    client.force_login(watch.person)
    for _ in range(3):
        client.post(f"/watches/{watch.pk}/test/")
    assert watch.notices.filter(incident=None).count() == 1
    watch.notices.update(made_at=timezone.now() - 2 * MINUTE)
    client.post(f"/watches/{watch.pk}/test/")
    assert watch.notices.filter(incident=None).count() == 2


def test_stopped_watch_starts_again_without_what_it_missed(watch: Watch, client: Client) -> None:
    client.force_login(watch.person)
    client.post(f"/watches/{watch.pk}/pause/")
    outage()
    assert look(NOW) == 0
    client.post(f"/watches/{watch.pk}/resume/")
    assert look(timezone.now()) == 0
    assert messages_of(watch) == []


PAGES: list[Callable[[Client, Watch], int]] = [
    lambda client, watch: client.get(f"/watches/{watch.pk}/").status_code,
    lambda client, watch: client.post(f"/watches/{watch.pk}/remove/").status_code,
    lambda client, watch: client.post(f"/watches/{watch.pk}/test/").status_code,
]


@pytest.mark.parametrize("page", PAGES)
def test_another_person_s_watch_does_not_exist(
    watch: Watch, client: Client, page: Callable[[Client, Watch], int]
) -> None:
    client.force_login(make_user("grace"))
    assert page(client, watch) == 404
    assert Watch.objects.filter(pk=watch.pk).exists()
    assert "Virginia" not in client.get("/watches/").content.decode()


def test_strangers_are_sent_to_sign_in_and_wrong_methods_refused(watch: Watch, client: Client) -> None:
    for address in ("/watches/", "/watches/new/", f"/watches/{watch.pk}/"):
        assert client.get(address)["Location"].startswith("/accounts/login/")
    client.force_login(watch.person)
    assert client.get(f"/watches/{watch.pk}/remove/").status_code == 405
    assert client.post(f"/watches/{watch.pk}/nonsense/").status_code == 404
