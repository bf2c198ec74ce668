"""No network but loopback and Unix sockets, servers and folders of our own; fixtures used everywhere."""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from playwright.sync_api import Browser, sync_playwright

from config import embedded
from config.celery import app, broker_url
from config.databases import database
from config.scratch import scratch

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

SHARED = Path(__file__).resolve().parents[2] / "shared"

# Pages name their files as they stand in the tree; the collected, hashed ones are tests/config's subject.
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
# A password takes no time, and what brakes count stays in this process and with its test.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# What a test changes is seen by its next request.
settings.RECORD_VERSION_SECONDS = 0
# A task that is sent stays in this process, unless the test asks for the broker.
app.conf.broker_url = "memory://"


class NetworkUsed(AssertionError):
    """A test reached for another host."""


def refuse_other_hosts(address: Any) -> None:
    if isinstance(address, tuple) and address:
        try:
            if ipaddress.ip_address(str(address[0]).split("%")[0]).is_loopback:
                return
        except ValueError:
            if address[0] == "localhost":
                return
        raise NetworkUsed(f"a test reached for {address[0]}: serve it on loopback")


@pytest.fixture(autouse=True, scope="session")
def loopback_only() -> Iterator[None]:
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX:
            refuse_other_hosts(address)
        connect(self, address)

    socket.socket.connect = guarded  # type: ignore[method-assign,assignment]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]


@pytest.fixture(autouse=True, scope="session")
def data_folder() -> Iterator[Path]:
    """A data folder of the tests' own, gone at the end; never ./var."""
    with scratch() as data:
        os.environ["FAULTLINE_DATA_DIR"] = str(data)
        settings.DATA_DIR = data
        settings.STATIC_ROOT = data / "static"
        settings.STATIC_ROOT.mkdir()
        yield data


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


@pytest.fixture(scope="session")
def servers(data_folder: Path) -> Iterator[None]:
    """PostgreSQL and Redis: those of the environment, else embedded, started when a test first asks."""
    given = bool(os.environ.get("DATABASE_URL"))
    with embedded.lent(data_folder):
        settings.REDIS_URL = os.environ["REDIS_URL"]
        if not given:
            use_database(os.environ["DATABASE_URL"])
        yield
        connections.close_all()


def use_database(url: str) -> None:
    settings.DATABASE_URL = url
    settings.DATABASES["default"] = database(url)
    connections.settings = connections.configure_settings(settings.DATABASES)
    for connection in connections.all(initialized_only=True):
        del connections[connection.alias]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(servers: None, django_db_modify_db_settings_parallel_suffix: None) -> None:
    """pytest-django's place to name the database; each worker of xdist has its own servers."""


@pytest.fixture
def broker(servers: None) -> Iterator[str]:
    """Tasks really go to Redis; its URL."""
    url = os.environ["REDIS_URL"]
    send_through(broker_url(url))
    yield url
    send_through("memory://")


def send_through(url: str) -> None:
    app.conf.broker_url = url
    app._after_fork()  # drops the connections that it keeps


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real feed copies and annotated texts; the test is skipped where it is missing."""
    if not SHARED.is_dir():
        pytest.skip("the shared test data is not here")
    return SHARED


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a process: Playwright bears no second one beside it."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("no Chromium is installed")
    # Playwright's own loop runs in this thread, where the tests set up rows.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The test database, which goes even while a page that a browser asked for still holds a session."""
    yield
    with django_db_blocker.unblock(), connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
