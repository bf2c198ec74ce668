"""export: a line an incident, equal for equal records."""

from __future__ import annotations

import csv
import io
import json
from random import Random

import pytest
from django.core.management import call_command

from incidents.export import cell
from incidents.linking import link
from incidents.models import Account, Incident, Report
from incidents.reports import NewReport
from incidents.verdicts import correct_value
from nlp.document import Evidence, Field, Origin
from tests.factories import (
    DAY,
    NOON,
    keep,
    make_fact,
    make_impact,
    make_organisation,
    make_post,
    make_report,
    make_user,
)

pytestmark = pytest.mark.django_db


def exported(capsys: pytest.CaptureFixture[str], kind: str = "jsonl") -> str:
    capsys.readouterr()
    call_command("export", "--format", kind)
    return capsys.readouterr().out


def reports() -> list[NewReport]:
    proof = Evidence(passage=0, start=0, end=6)
    found = make_fact(Field.REGION, "aws:us-east-2", evidence=proof, origin=Origin.TEXT)
    facts = [make_fact(Field.SERVICE, "aws:ec2"), make_impact("coinbase"), found]
    return [
        make_report(
            f"aws-rss:{n}", *facts, said_at=NOON + (n // 3) * 8 * DAY, posts=(make_post(f"Errors {n}."),)
        )
        for n in range(6)
    ]


def test_a_line_holds_the_incident_with_all_that_it_rests_on(capsys: pytest.CaptureFixture[str]) -> None:
    make_organisation("coinbase")
    link(keep(*reports()))
    correct_value(
        Incident.objects.get(slug="INC-2025-0001"),
        Field.CAUSE,
        "dns",
        key="dns",
        person=make_user("ada"),
        reason="said on stage",
    )
    first, second = map(json.loads, exported(capsys).splitlines())
    assert (first["slug"], first["cause"], second["slug"]) == ("INC-2025-0001", "dns", "INC-2025-0002")
    assert first["regions"] == ["aws:us-east-1", "aws:us-east-2"]
    assert [report["key"] for report in first["reports"]] == ["aws-rss:0", "aws-rss:1", "aws-rss:2"]
    assert [impact["organisation"] for impact in first["impacts"]] == ["coinbase"]
    region = next(claim for claim in first["claims"] if claim.get("start") == 0)
    assert (region["post"], region["revision"], region["end"]) == ("1", 1, 6)
    assert {claim.get("person") for claim in first["claims"]} == {None, "ada"}


def test_a_record_rebuilt_from_nothing_in_any_order_gives_equal_lines(
    capsys: pytest.CaptureFixture[str],
) -> None:
    make_organisation("coinbase")
    link(keep(*reports()))
    expected = exported(capsys)
    for seed in range(3):
        Account.objects.all().delete()
        Report.objects.all().delete()
        Incident.objects.all().delete()
        shuffled = reports()
        Random(seed).shuffle(shuffled)
        for report in shuffled:
            keep(report)
        link(set(Account.objects.values_list("key", flat=True)))
        assert exported(capsys) == expected


def test_the_table_has_a_row_an_incident(capsys: pytest.CaptureFixture[str]) -> None:
    link(keep(*reports()))
    rows = list(csv.DictReader(io.StringIO(exported(capsys, "csv"))))
    assert [row["slug"] for row in rows] == ["INC-2025-0001", "INC-2025-0002"]
    assert rows[0]["regions"] == "aws:us-east-1;aws:us-east-2"
    assert rows[0]["reports"] == "aws-rss:0;aws-rss:1;aws-rss:2"


def test_no_cell_is_taken_for_a_formula() -> None:
    assert cell('=HYPERLINK("x")') == '\'=HYPERLINK("x")'
    assert (cell(None), cell(["a", "b"]), cell(3)) == ("", "a;b", "3")
