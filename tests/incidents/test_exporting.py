"""The list of incidents for machines: the same rows as the page, safe in a spreadsheet."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client

from tests.factories import make_hit, make_incident

pytestmark = pytest.mark.django_db


def rows_of(client: Client, query: str = "") -> list[dict[str, str]]:
    response: Any = client.get(f"/incidents/export.csv{query}")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))


def test_csv_holds_what_the_filters_let_through(client: Client) -> None:
    make_hit(make_incident(severity="major"), "coinbase")
    make_incident("INC-2025-0002", severity="minor", end_state="unknown")
    (told,) = rows_of(client, "?severity=major")
    assert (told["id"], told["hit"], told["duration_minutes"]) == ("INC-2025-0001", "coinbase", "120")
    assert rows_of(client, "?severity=minor")[0]["duration_minutes"] == ""


@pytest.mark.parametrize(
    "title", ["=HYPERLINK(1)", "+1", "-2", "@SUM(A1)", " =1+1", "\n=1", "\uff1d1+1", "|cmd"]
)
def test_no_text_of_a_source_becomes_a_formula(client: Client, title: str) -> None:
    make_incident(title=title)
    assert rows_of(client)[0]["title"] == f"'{title}"
