from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from config import health, preparing
from ingest.models import Heartbeat


def test_healthz_asks_nobody(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"alive\n")
    assert "no-cache" in answer["Cache-Control"]


def test_only_reading_is_allowed(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
    assert client.post("/readyz").status_code == 405


def test_readyz_names_each_check_that_fails_and_no_secret(client: Client, settings: Settings) -> None:
    settings.DATABASE_URL = "postgresql://someone:hunter2@127.0.0.1:1/record"
    settings.REDIS_URL = "redis://:hunter2@127.0.0.1:1/0"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert set(answer.json()["checks"]) == {"database", "migrations", "broker", "heartbeat"}
    assert "ok" not in answer.json()["checks"].values()
    assert b"hunter2" not in answer.content


@pytest.fixture
def test_database(transactional_db: None, servers: None, settings: Settings) -> None:
    """The checks have sessions of their own, which must see what the test commits."""
    parts = settings.DATABASES["default"]
    host = parts["HOST"].replace("/", "%2F")
    settings.DATABASE_URL = (
        f"postgresql://{parts['USER']}:{parts['PASSWORD']}@/{parts['NAME']}?host={host}&port={parts['PORT']}"
    )


def test_ready_when_all_four_are_well(client: Client, test_database: None) -> None:
    Heartbeat.objects.create(name="worker", at=timezone.now())
    answer = client.get("/readyz")
    assert answer.json() == {"ready": True, "checks": dict.fromkeys(health.CHECKS, "ok")}


def test_old_heartbeat_is_told_with_its_age(client: Client, test_database: None) -> None:
    Heartbeat.objects.create(name="worker", at=timezone.now() - timedelta(seconds=400))
    checks = client.get("/readyz").json()["checks"]
    assert checks["heartbeat"].startswith("the last heartbeat is 40")
    assert checks["database"] == "ok"


def test_missing_heartbeat_is_told(client: Client, test_database: None) -> None:
    assert "no heartbeat yet" in client.get("/readyz").json()["checks"]["heartbeat"]


def test_migration_that_is_not_applied_is_counted(
    client: Client, test_database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = preparing.on_disk()
    monkeypatch.setattr(preparing, "on_disk", lambda: {*known, "ingest.0999_later"})
    assert client.get("/readyz").json()["checks"]["migrations"] == "1 migrations are not applied"
