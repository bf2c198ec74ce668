"""`predict`: texts in, predictions out, in memory."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from ingest.predictions import BadLine, read_lines

ROOT = Path(__file__).resolve().parents[2]
AWS_NEWS = {
    "id": "news-1",
    "kind": "news",
    "title": "AWS outage takes down Coinbase",
    "text": "<p>Amazon Web Services went down on May 3, 2025 at 14:00 UTC. The outage in US-EAST-1 hit "
    "<b>Coinbase</b> and Robinhood. Kraken continued to operate.</p>",
    "published_at": "2025-05-04T08:00:00Z",
    "source_url": "https://news.example/aws",
}
AWS_STATUS = {
    "id": "status-1",
    "kind": "provider-status",
    "title": "Amazon Elastic Compute Cloud (N. Virginia): Connectivity Issues",
    "text": "Between 7:01 AM and 9:20 AM PDT on May 3, 2025 we experienced connectivity issues in the "
    "US-EAST-1 Region. The issue has been resolved and the service is operating normally.",
    "published_at": "2025-05-03T16:30:00+00:00",
    "source_url": "https://status.aws.amazon.com/",
}
COINBASE = {
    "id": "coinbase-1",
    "kind": "exchange-status",
    "title": "Coinbase is unavailable",
    "text": "From 14:10 UTC on May 3, 2025 Coinbase users were unable to log in due to an outage at AWS. "
    "This incident has been resolved.",
    "published_at": "2025-05-03T17:00:00Z",
    "source_url": "https://status.coinbase.com/incidents/abc",
}
KRAKEN = {
    "id": "kraken-1",
    "kind": "exchange-status",
    "title": "Kraken: trading suspended",
    "text": "From 14:20 UTC on May 3, 2025 trading on Kraken was suspended because of a bug in our engine.",
    "published_at": "2025-05-03T17:00:00Z",
    "source_url": "https://status.kraken.com/incidents/abc",
}
SHARES = {
    "id": "none-1",
    "kind": "news",
    "title": "Coinbase shares slide",
    "text": "Shares of Coinbase were down 9% on Tuesday.",
    "published_at": "2025-05-06T17:00:00Z",
    "source_url": "https://news.example/shares",
}
TEXTS = [AWS_NEWS, AWS_STATUS, COINBASE, KRAKEN, SHARES]


def predict(folder: Path, *rows: dict[str, Any]) -> dict[str, dict[str, Any]]:
    given, answers = folder / "in.jsonl", folder / "out.jsonl"
    given.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    call_command("predict", str(given), str(answers))
    return {row["id"]: row for row in map(json.loads, answers.read_text(encoding="utf-8").splitlines())}


def test_reads_names_times_and_roles_out_of_markup(tmp_path: Path) -> None:
    found = predict(tmp_path, AWS_NEWS)["news-1"]
    assert found["relevance"] == "provider-incident"
    assert found["providers"] == ["aws"]
    assert found["regions"] == ["aws:us-east-1"]
    assert found["exchanges"] == ["Coinbase", "Robinhood"]
    assert found["start"] == "2025-05-03T14:00Z"
    assert found["phase"] is None


def test_two_texts_of_one_outage_share_an_incident(tmp_path: Path) -> None:
    found = predict(tmp_path, *TEXTS)
    assert found["news-1"]["incident_id"] == found["status-1"]["incident_id"]
    assert found["coinbase-1"]["incident_id"] != found["news-1"]["incident_id"]


def test_an_exchange_that_names_the_provider_is_linked_upstream(tmp_path: Path) -> None:
    found = predict(tmp_path, *TEXTS)
    assert found["coinbase-1"]["upstream_incident_id"] == found["news-1"]["incident_id"]


def test_an_exchange_with_a_fault_of_its_own_is_not_linked_upstream(tmp_path: Path) -> None:
    found = predict(tmp_path, *TEXTS)
    assert found["kraken-1"]["upstream_incident_id"] is None
    assert found["kraken-1"]["root_cause"] == "software-bug"


def test_what_is_no_outage_has_no_incident(tmp_path: Path) -> None:
    found = predict(tmp_path, SHARES)["none-1"]
    assert found["relevance"] == "not-an-outage"
    assert found["incident_id"] is None
    assert (found["exchanges"], found["start"], found["root_cause"]) == ([], None, "unknown")


def test_the_order_of_lines_does_not_matter(tmp_path: Path) -> None:
    shuffled = random.Random(7).sample(TEXTS, len(TEXTS))
    assert predict(tmp_path, *TEXTS) == predict(tmp_path, *shuffled)


def test_a_round_up_names_its_other_incidents(tmp_path: Path) -> None:
    text = AWS_NEWS | {
        "text": AWS_NEWS["text"] + "<p>Two months earlier, on March 1, Azure suffered a similar outage.</p>"
    }
    found = predict(tmp_path, text)["news-1"]
    assert found["other_incidents"] == [{"start": "2025-03-01", "providers": ["azure"]}]
    assert found["providers"] == ["aws"]


def test_a_record_that_says_it_is_over_ends_at_its_last_post(tmp_path: Path) -> None:
    text = (
        "7:01 AM PDT We are investigating increased error rates in the US-EAST-1 Region. "
        "9:20 AM PDT The issue has been resolved and the service is operating normally."
    )
    found = predict(tmp_path, AWS_STATUS | {"text": text})["status-1"]
    assert (found["start"], found["end"]) == ("2025-05-03T14:01Z", "2025-05-03T16:20Z")


def test_bad_lines_are_named_and_the_others_are_answered(tmp_path: Path) -> None:
    given, answers = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    given.write_text(f"{{\n\n{json.dumps(AWS_NEWS)}\n[]\n{json.dumps(AWS_NEWS)}\n", encoding="utf-8")
    with pytest.raises(CommandError) as raised:
        call_command("predict", str(given), str(answers))
    assert "1 texts read, 3 lines could not be used" in str(raised.value)
    for number in (1, 4, 5):
        assert f"line {number}:" in str(raised.value)
    assert [json.loads(line)["id"] for line in answers.read_text().splitlines()] == ["news-1"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"id": ""}, "'id' or 'text' is missing"),
        ({"id": 7}, "'id' is no text"),
        ({"kind": "rumour"}, "unknown kind 'rumour'"),
        ({"published_at": "yesterday"}, "'published_at' is no time: 'yesterday'"),
        ({"published_at": 12}, "'published_at' is no time: 12"),
        ({"text": ["a"]}, "'text' is no text"),
    ],
)
def test_says_what_is_wrong_with_a_line(change: dict[str, Any], reason: str) -> None:
    (bad,) = read_lines([json.dumps(AWS_NEWS | change)])
    assert isinstance(bad, BadLine)
    assert bad.reason.startswith(reason)
    assert str(bad).startswith("line 1: ")


def test_a_line_needs_no_more_than_an_id_and_a_text() -> None:
    (given,) = read_lines(['{"id": "a", "text": null, "published_at": null}'])
    assert not isinstance(given, BadLine)
    assert (given.text, given.title, given.published_at, given.kind) == ("", "", None, "news")


def test_a_time_without_zone_is_utc() -> None:
    (given,) = read_lines(['{"id": "a", "text": "x", "published_at": "2025-05-04T08:00:00"}'])
    assert not isinstance(given, BadLine)
    assert given.published_at == datetime(2025, 5, 4, 8, tzinfo=UTC)


@pytest.mark.parametrize("name", ["missing.jsonl", "."])
def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("predict", str(tmp_path / name), str(tmp_path / "out.jsonl"))


def test_needs_no_server_and_leaves_nothing_but_its_output(tmp_path: Path) -> None:
    given, data = tmp_path / "in.jsonl", tmp_path / "data"
    given.write_text(json.dumps(AWS_NEWS), encoding="utf-8")
    clean = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "predict", str(given), str(tmp_path / "out.jsonl")],
        env=clean | {"FAULTLINE_DATA_DIR": str(data), "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]
