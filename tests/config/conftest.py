"""Data folders with embedded servers of their own, whatever the environment names."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config import embedded, places, server_user
from config.scratch import scratch


@pytest.fixture
def unnamed(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that names no server."""
    for variable in embedded.ADDRESSES.values():
        # Set first, so that what a lease puts there is taken away again at the end.
        monkeypatch.setenv(variable, "")


@pytest.fixture
def empty(unnamed: None) -> Iterator[Path]:
    """A data folder in which nothing has run."""
    with scratch() as folder:
        yield folder


@pytest.fixture(scope="session")
def cluster() -> Iterator[Path]:
    """What a first start makes, to copy: initdb waits for the disk, and most tests are about later starts."""
    with scratch() as folder:
        with pytest.MonkeyPatch.context() as patch:
            for variable in embedded.ADDRESSES.values():
                patch.setenv(variable, "")
            with embedded.lent(folder):
                pass
        yield folder / "servers" / "postgres"


@pytest.fixture
def data(empty: Path, cluster: Path) -> Path:
    """A data folder whose servers have run before."""
    servers = places.servers_folder(empty, server_user.choose(empty))
    subprocess.run(["cp", "-a", cluster, servers / "postgres"], check=True)
    return empty


@pytest.fixture
def as_stranger() -> Callable[[Callable[[], None]], int]:
    """Run a function in a process of an ordinary user that is not us; its exit status."""
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
    stranger = server_user.named("nobody")

    def run(act: Callable[[], None]) -> int:
        child = os.fork()
        if child == 0:
            status = 1
            try:
                os.setgroups([])
                os.setgid(stranger.gid)
                os.setuid(stranger.uid)
                act()
                status = 0
            finally:
                os._exit(status)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    return run
