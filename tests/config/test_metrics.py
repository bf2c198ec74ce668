"""/metrics: what is told, where it comes from, and that operators can read it up."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django.fixtures import Settings

from config import programs
from config.metrics import GAUGES
from incidents.choices import SourceState
from ingest.models import Heartbeat, Item, ItemState
from tests.ingest.bodies import make_feed


def figures(client: Client) -> dict[tuple[str, str], float]:
    """By name and label (of several, the page), what /metrics tells."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    return {
        (sample.name, sample.labels.get("page") or "".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


def test_tells_how_sources_items_and_heartbeat_stand(client: Client, broker: str, db: None) -> None:
    now = timezone.now()
    feed = make_feed("aws-status", url="https://status.example/", provider="aws")
    feed.failures, feed.item_count = 3, 7
    feed.save()
    feed.source.state = SourceState.UNREACHABLE
    feed.source.last_read_at = now - timedelta(hours=1)
    feed.source.save()
    Item.objects.create(key="a", waiting_since=now - timedelta(minutes=5))
    Item.objects.create(key="b", waiting_since=now, state=ItemState.SET_ASIDE)
    Heartbeat.objects.create(name="worker", at=now - timedelta(seconds=90))
    told = figures(client)
    assert told["faultline_sources", "unreachable"] == 1
    assert told["faultline_source_failures", "aws-status"] == 3
    assert told["faultline_source_items", "aws-status"] == 7
    age = now.timestamp() - told["faultline_source_read_timestamp_seconds", "aws-status"]
    assert age == pytest.approx(3600, abs=1)
    assert told["faultline_items", "waiting"] == told["faultline_items", "set-aside"] == 1
    assert told["faultline_item_waiting_seconds", ""] == pytest.approx(300, abs=60)
    assert told["faultline_heartbeat_age_seconds", ""] == pytest.approx(90, abs=60)
    assert told["faultline_queue_tasks", ""] == 0
    assert told["faultline_database_bytes", ""] > 1e6


def test_broker_that_is_away_leaves_its_figure_out(client: Client, settings: Settings, db: None) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert ("faultline_queue_tasks", "") not in figures(client)


def test_counts_requests_by_the_page_s_name_whatever_strangers_ask_for(client: Client, db: None) -> None:
    client.get("/healthz")
    client.get("/no/such/page")
    client.generic("BREW", "/healthz")
    pages = {page for name, page in figures(client) if name == "faultline_request_seconds_count"}
    assert {"healthz", "none"} <= pages
    assert not any("/" in page for page in pages)
    assert "BREW" not in client.get("/metrics").content.decode()


def test_only_reading_is_allowed(client: Client) -> None:
    assert client.post("/metrics").status_code == 405


def test_each_start_of_the_web_counts_from_nothing(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    folder = Path(programs.web().environment[programs.COUNTERS])
    (folder / "histogram_1.db").write_bytes(b"former")
    assert Path(programs.web().environment[programs.COUNTERS]) == folder
    assert list(folder.iterdir()) == []


def test_read_only_data_folder_has_its_counters_elsewhere(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "file"
    settings.DATA_DIR.write_text("not a folder")
    folder = Path(programs.web().environment[programs.COUNTERS])
    assert folder.is_dir() and not folder.is_relative_to(tmp_path)
    folder.rmdir()


@pytest.mark.parametrize("name", GAUGES)
def test_figure_is_explained_for_operators(name: str) -> None:
    text = (Path(__file__).resolve().parents[2] / "docs/operations.md").read_text()
    assert re.search(rf"`faultline_{name}`", text)
