"""`accuracy`: figures of annotated texts, what changed, and the page."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from ingest.accuracy import MARK, Run, Table, as_json, as_page, changed, fingerprints


def run(version: str = "2", value: str = "0.900") -> Run:
    return Run(version, (Table("Texts", {"all": {"regions F1": value}}),), {"dev:1": "aabb"})


ANSWER = {
    "id": "1",
    **dict.fromkeys(["relevance", "start", "end", "duration_minutes", "root_cause", "phase"], "x"),
    **dict.fromkeys(["providers", "regions", "services", "exchanges", "organisations"], "y"),
    **dict.fromkeys(["symptoms", "other_incidents", "incident_id", "upstream_incident_id"], "z"),
}


def test_tells_which_fields_of_which_text_changed() -> None:
    before = fingerprints("dev", [ANSWER, ANSWER | {"id": "2"}])
    now = fingerprints("dev", [ANSWER | {"start": "other", "phase": "another"}, ANSWER | {"id": "2"}])
    assert list(changed(before, now)) == ["dev:1: start, phase"]


def test_a_text_that_is_new_has_not_changed() -> None:
    assert list(changed({}, fingerprints("dev", [ANSWER]))) == []


def test_a_fingerprint_is_short() -> None:
    assert len(fingerprints("dev", [ANSWER])["dev:1"]) == 15 * MARK


def test_the_page_shows_the_last_versions_figures_beside() -> None:
    kept = as_json(run("2"), as_json(run("1", "0.800"), {}))
    page = as_page(run("2"), kept["before"], "## Notes\n")
    assert "| regions F1 | 0.900 (0.800) |" in page
    assert "version 1" in page
    assert page.endswith("## Notes\n")


def test_a_second_run_of_a_version_keeps_the_version_before_it() -> None:
    first = as_json(run("2"), as_json(run("1", "0.800"), {}))
    again = as_json(run("2", "0.950"), first)
    assert again["before"]["version"] == "1"
    assert again["tables"][0]["columns"]["all"]["regions F1"] == "0.950"


def test_says_so_where_there_are_no_annotated_texts(tmp_path: Path) -> None:
    told = StringIO()
    call_command("accuracy", gold=tmp_path / "none", docs=tmp_path, stdout=told)
    assert "nothing measured" in told.getvalue()
    assert list(tmp_path.iterdir()) == []


def test_names_the_sets_that_are_missing(tmp_path: Path) -> None:
    told = StringIO()
    (tmp_path / "gold").mkdir()
    call_command("accuracy", gold=tmp_path / "gold", docs=tmp_path, stdout=told)
    for name in ("dev.jsonl", "silver-dev.jsonl", "score_reports.py"):
        assert f"it is missing: {name}" in told.getvalue()


@pytest.mark.shared
def test_measures_the_annotated_texts_by_kind(shared: Path, tmp_path: Path) -> None:
    gold = tmp_path / "gold"
    gold.mkdir()
    for name in ("dev.jsonl", "score.py"):
        (gold / name).symlink_to(shared / "gold" / name)
    call_command("accuracy", gold=gold, docs=tmp_path, stdout=StringIO())
    kept = json.loads((tmp_path / "accuracy.json").read_text())
    (table,) = kept["tables"]
    assert list(table["columns"]) == ["all", "provider-status", "pir", "exchange-status", "news"]
    assert float(table["columns"]["all"]["regions F1"]) >= 0.95
    assert float(table["columns"]["all"]["root cause, lenient"]) >= 0.9
    assert "| providers F1 |" in (tmp_path / "accuracy.md").read_text()
