"""Every address of the site, asked by everybody: tests/permissions.txt says what each of them gets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from incidents.models import (
    AccountLink,
    ActionItem,
    Dependency,
    Invitation,
    Region,
    Service,
    Team,
    TimelineEntry,
    User,
    Watch,
)
from incidents.postmortems.saving import add
from incidents.querysets import hashed
from ingest.models import Feed, Payload
from tests.factories import (
    make_incident,
    make_organisation,
    make_postmortem,
    make_provider,
    make_published,
    make_source,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db
ROLES = ("stranger", "signed", "analyst", "member", "reviewer", "lead", "other", "admin")
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    method: str
    address: str
    expected: tuple[int, ...]


def table() -> list[Row]:
    lines = Path(__file__).with_name("permissions.txt").read_text().splitlines()
    return [row(line.split()) for line in lines if line.strip() and not line.startswith("#")]


def row(words: list[str]) -> Row:
    name, method, address, *statuses = words
    expected = tuple(int(status) for status in statuses)
    return Row(name, method, address, expected * len(ROLES) if len(expected) == 1 else expected)


@pytest.fixture
def world() -> dict[str, str]:
    """One of everything, and a person of each role, called by it."""
    team = make_team("matching", member="member", reviewer="reviewer", lead="lead", colleague="member")
    make_team("elsewhere", other="lead")
    make_user("signed", is_analyst=False)
    make_user("analyst")
    make_user("admin", is_analyst=False, is_superuser=True, is_staff=True)
    lead, colleague = (User.objects.get(username=name) for name in ("lead", "colleague"))
    soon = timezone.now() + DAY
    invitation = Invitation.objects.create(
        team=team, email="new@b.example", invited_by=lead, token_hash=hashed("token"), expires_at=soon
    )
    AccountLink.objects.create(person=colleague, token_hash=hashed("link"), expires_at=soon)
    make_incident()
    aws = make_provider("aws")
    Region.objects.create(slug="aws:us-east-1", name="Virginia", provider=aws)
    Service.objects.create(slug="aws:dynamodb", name="DynamoDB", provider=aws)
    make_organisation("coinbase")
    feed = Feed.objects.create(source=make_source("aws-status"), kind="aws-rss", url="https://a.example/rss")
    payload = Payload(feed=feed, body_hash="1", size=2, captured_at=timezone.now())
    payload.keep(b"{}")
    payload.save()
    watch = Watch.objects.create(person=User.objects.get(username="member"), name="Mine", channel="email")
    on = {"target": "region:aws:us-east-1", "on_region": Region.objects.get()}
    Dependency.objects.create(organisation=make_organisation("coinbase"), relation="hosted-on", **on)
    return {
        "watch": str(watch.pk),
        **postmortems(team),
        "token": "token",
        "link": "link",
        "invitation": str(invitation.pk),
        "membership": str(team.memberships.get(user=colleague).pk),
        "person": str(colleague.pk),
        "payload": str(payload.pk),
    }


def postmortems(team: Team) -> dict[str, str]:
    """A draft of the member, one that is published for everybody, and one that the team keeps."""
    member = User.objects.get(username="member")
    draft = make_postmortem(team=team, author=member)
    entry = TimelineEntry(text="Seen")
    action = ActionItem(text="Look", due=timezone.now().date())
    for part in (entry, action):
        add(draft, part, person=member)
    comment = draft.comments.create(text="Why?", person=member)
    draft.images.create(token="k3x9", data=b"RIFF", width=1, height=1, person=member)
    return {
        "draft": draft.slug,
        "public": make_published(team=team, author=member).slug,
        "private": make_published("private", team=team, author=member).slug,
        "section": str(draft.sections.first().pk),
        "entry": str(entry.pk),
        "action": str(action.pk),
        "comment": str(comment.pk),
        "revision": str(draft.revisions.first().pk),
    }


def client_of(role: str) -> Client:
    client = Client(raise_request_exception=False)
    if role != "stranger":
        client.force_login(User.objects.get(username=role))
    return client


def asked(client: Client, method: str, address: str) -> int:
    """The status; whatever the request changed is undone, also that it signed out."""
    kept = client.cookies.copy()
    with transaction.atomic():
        status = client.generic(method, address).status_code
        transaction.set_rollback(True)
    client.cookies = kept
    return status


def test_everybody_gets_from_every_address_what_the_table_says(world: dict[str, str]) -> None:
    clients = [client_of(role) for role in ROLES]
    wrong = []
    for row in table():
        address = row.address.format(**world)
        got = tuple(asked(client, row.method, address) for client in clients)
        if got != row.expected:
            wrong.append(f"{row.name} {row.method} {row.address} {' '.join(map(str, got))}")
    assert not wrong, "not as the table says:\n" + "\n".join(wrong)


def test_the_table_names_every_address() -> None:
    names = {name for name in addresses(get_resolver()) if not name.startswith("admin:")}
    assert {row.name for row in table()} == names


def test_the_tables_of_operators_are_shown_to_admins_alone(world: dict[str, str]) -> None:
    """The addresses of the admin that need no row: each table, and each form for a new one."""
    clients = {role: client_of(role) for role in ROLES}
    paths = [path for path in admin_addresses() if "logout" not in path and "login" not in path]
    assert len(paths) > 20
    for role, client in clients.items():
        allowed = {200, 302, 403} if role == "admin" else {302}
        wrong = [path for path in paths if asked(client, "GET", path) not in allowed]
        assert not wrong, role


def addresses(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for one in resolver.url_patterns:
        if isinstance(one, URLPattern):
            yield f"{namespace}{one.name}"
        else:
            yield from addresses(one, f"{namespace}{one.namespace}:" if one.namespace else namespace)


def admin_addresses() -> list[str]:
    found = []
    for name in addresses(get_resolver()):
        if name.startswith("admin:") and name != "admin:None":
            try:
                found.append(reverse(name))
            except NoReverseMatch:
                continue
    return found
