"""Statements that are written once: what they yield is what their queryset yields."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.db.models import F, QuerySet, TextField
from django.test.utils import CaptureQueriesContext

from incidents.models import Incident
from incidents.prepared import Given, IsAnyOf, Prepared, given_list
from tests.factories import make_incident

pytestmark = pytest.mark.django_db


def titled() -> QuerySet[Any]:
    return Incident.objects.for_rows().filter(title=Given("title", TextField()))


def test_each_run_binds_its_own_values_to_one_statement() -> None:
    make_incident("INC-2025-0001", title="One")
    make_incident("INC-2025-0002", title="Two", regions=["aws:us-west-2"])
    asked = Prepared(titled)
    with CaptureQueriesContext(connection) as queries:
        assert [row.slug for row in asked.rows(title="One")] == ["INC-2025-0001"]
        assert [row.regions for row in asked.rows(title="Two")] == [["aws:us-west-2"]]
        assert asked.rows(title="'; --") == []
    assert len(queries) == 3


def test_rows_come_as_the_queryset_gives_them() -> None:
    incident = make_incident(shown={"values": [1]})
    [row] = Prepared(titled).rows(title=incident.title)
    with CaptureQueriesContext(connection) as queries:
        assert row.provider == incident.provider
    assert not queries
    plain = Prepared(lambda: titled().values_list("slug", flat=True))
    assert plain.rows(title=incident.title) == [incident.slug]
    assert Prepared(lambda: titled().values("shown")).rows(title=incident.title) == [
        {"shown": {"values": [1]}}
    ]
    assert Prepared(titled).first(title="no such") is None


def test_a_list_may_be_given_and_may_be_empty() -> None:
    slugs = [make_incident(f"INC-2025-000{number}").slug for number in range(1, 4)]
    told = IsAnyOf(F("slug"), given_list("slugs", TextField()))
    asked = Prepared(lambda: Incident.objects.filter(told).order_by("slug").values_list("slug", flat=True))
    assert asked.rows(slugs=slugs[1:]) == slugs[1:]
    assert asked.rows(slugs=[]) == []


def test_what_can_find_nothing_asks_nothing() -> None:
    with CaptureQueriesContext(connection) as queries:
        assert Prepared(Incident.objects.none).rows() == []
    assert not queries


@pytest.mark.django_db(transaction=True)
def test_every_thread_asks_over_its_own_connection() -> None:
    make_incident(title="One")
    asked = Prepared(titled)
    assert asked.first(title="One")

    def elsewhere() -> str:
        try:
            return str(asked.first(title="One").slug)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(elsewhere).result() == "INC-2025-0001"
    assert connection.connection is not None and not connection.connection.closed
