"""The lab: servers of its own in a scratch folder, started once, emptied before each test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config.scratch import scratch
from tests.faults.lab import Lab, lend
from tests.ingest.hostile import Hostile

# These kill and wait for minutes: `make soak` runs them, the suite looks at the rest.
LONG = ("test_workers.py", "test_database.py", "test_soak.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if "FAULTS_SCALE" not in os.environ:
        skipped = pytest.mark.skip(reason="kills and waits for minutes: run by `make soak`")
        for item in items:
            if item.path.parent == Path(__file__).parent and item.path.name in LONG:
                item.add_marker(skipped)


@pytest.fixture
def server() -> Iterator[Hostile]:
    """On every loopback address, so that each source can have a host of its own."""
    server = Hostile("0.0.0.0")
    yield server
    server.close()


@pytest.fixture(scope="session")
def started() -> Iterator[Lab]:
    with scratch() as data:
        servers = lend(data)
        lease = servers.lend()
        try:
            lab = Lab(data, servers)
            lab.manage("migrate", "--verbosity", "0")
            yield lab
            lab.end()
        finally:
            servers.take_back(lease)


@pytest.fixture
def lab(started: Lab, django_db_blocker: Any) -> Iterator[Lab]:
    """An empty record; what a test started is gone afterwards, and the servers run."""
    started.servers.ensure_up()
    with django_db_blocker.unblock(), started.as_default():
        started.empty()
        yield started
        started.end()
