"""/healthz and /readyz: what is amiss is named, and no address or secret told."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace

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
    checks = answer.json()["checks"]
    assert set(checks) == {"database", "disk", "migrations", "broker", "heartbeat"}
    assert {name for name, told in checks.items() if told == "ok"} == {"disk"}
    assert b"hunter2" not in answer.content


@pytest.fixture
def test_database(transactional_db: None, servers: None, settings: Settings) -> Iterator[None]:
    """The checks have sessions of their own, which must see what the test commits."""
    parts = settings.DATABASES["default"]
    host = parts["HOST"].replace("/", "%2F")
    settings.DATABASE_URL = (
        f"postgresql://{parts['USER']}:{parts['PASSWORD']}@/{parts['NAME']}?host={host}&port={parts['PORT']}"
    )
    yield
    health.SESSION.close()


def test_ready_when_all_is_well(client: Client, test_database: None) -> None:
    Heartbeat.objects.create(name="worker", at=timezone.now())
    answer = client.get("/readyz")
    assert answer.json() == {"ready": True, "checks": dict.fromkeys(health.CHECKS, "ok")}


def test_old_heartbeat_is_told_with_its_age(client: Client, test_database: None) -> None:
    Heartbeat.objects.create(name="worker", at=timezone.now() - timedelta(seconds=400))
    checks = client.get("/readyz").json()["checks"]
    assert checks["heartbeat"].startswith("the last heartbeat is 40")
    assert checks["database"] == "ok"


def test_heartbeat_from_the_future_tells_that_the_clock_went_back(
    client: Client, test_database: None
) -> None:
    Heartbeat.objects.create(name="worker", at=timezone.now() + timedelta(hours=1))
    assert "the clock went back" in client.get("/readyz").json()["checks"]["heartbeat"]


def test_asking_again_opens_no_session(client: Client, test_database: None) -> None:
    client.get("/readyz")
    session = health.SESSION.database
    client.get("/readyz")
    assert health.SESSION.database is session is not None


def test_case_37_a_database_that_only_reads_is_not_ready_and_recovers(
    client: Client, test_database: None
) -> None:
    Heartbeat.objects.create(name="worker", at=timezone.now())
    client.get("/readyz")
    assert health.SESSION.database is not None
    health.SESSION.database.execute("SET default_transaction_read_only = on")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] == "the database cannot be used (ReadOnlySqlTransaction)"
    assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize(
    ("flag", "free", "told"),
    [(0, 10, "is full: less than 64 MiB"), (os.ST_RDONLY, 10**9, "can only be read"), (0, 10**9, "ok")],
)
def test_case_37_a_disk_that_is_full_or_read_only_is_told(
    client: Client, monkeypatch: pytest.MonkeyPatch, flag: int, free: int, told: str
) -> None:
    found = SimpleNamespace(f_flag=flag, f_bavail=free, f_frsize=4096)
    monkeypatch.setattr(health.os, "statvfs", lambda folder: found)
    assert told in client.get("/readyz").json()["checks"]["disk"]


def test_missing_heartbeat_is_told(client: Client, test_database: None) -> None:
    assert "no heartbeat yet" in client.get("/readyz").json()["checks"]["heartbeat"]


def test_migration_that_is_not_applied_is_counted(
    client: Client, test_database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = preparing.on_disk()
    monkeypatch.setattr(preparing, "on_disk", lambda: {*known, "ingest.0999_later"})
    assert client.get("/readyz").json()["checks"]["migrations"] == "1 migrations are not applied"
