"""Every address of the site, asked by everybody: tests/permissions.txt says what each of them gets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from incidents.models import User
from tests.world import ROLES, make_world, table

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> dict[str, str]:
    return make_world()


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
