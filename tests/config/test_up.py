"""`manage.py up` for real: each of its processes killed, then all at once, and started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from config import embedded, leftovers
from config.server_processes import wait_until

START_SECONDS = 170


class Up:
    """One run of `up` on a data folder."""

    def __init__(self, data: Path, port: int) -> None:
        self.data, self.port = data, port
        self.log = data.parent / f"up-{time.monotonic_ns()}.log"
        environment = {
            **os.environ,
            "FAULTLINE_DATA_DIR": str(data),
            "PORT": str(port),
            "FAULTLINE_WORKERS": "1",
            # Polling the catalogue's sources is not this test's subject, and there is no network.
            "FAULTLINE_LOG_LEVEL": "ERROR",
        }
        with self.log.open("w") as log:
            command = [sys.executable, "manage.py", "up"]
            self.process = subprocess.Popen(
                command, cwd=embedded.PROJECT, env=environment, stdout=log, stderr=subprocess.STDOUT
            )

    def wait_for(self, *words: str) -> str:
        wait_until(
            lambda: all(word in self.said() for word in words) or self.process.poll() is not None,
            START_SECONDS,
        )
        assert all(word in self.said() for word in words), self.said()
        return self.said()

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def get(self, path: str) -> tuple[int, bytes]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
            return answer.status, answer.read()

    def answers(self) -> bool:
        try:
            return self.get("/healthz")[0] == 200
        except OSError:
            return False

    def program(self, name: str) -> psutil.Process:
        """The first process of web, worker or beat."""
        mine = [each for each in leftovers.programs(self.data) if each.process.ppid() == self.process.pid]
        (found,) = [each.process for each in mine if each.name == name]
        return found

    def has(self, name: str) -> bool:
        return name in {each.name for each in leftovers.programs(self.data)}

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=60)


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def folder(empty: Path) -> Iterator[Path]:
    place = empty / "a folder"
    yield place
    for each in leftovers.programs(place):
        each.process.kill()
    leftovers.end_servers(place)


def test_up_serves_survives_kills_and_leaves_nothing(folder: Path, port: int) -> None:
    up = Up(folder, port)
    try:
        said = up.wait_for("Ready after")
        assert said.count("/accounts/link/") == 1, "a new site tells how its admin comes in"
        assert said.startswith(f"Faultline: http://127.0.0.1:{port}/\n")
        assert up.get("/timeline/")[0] == 200

        # A second one says where the first is, and does no harm.
        second = Up(folder, port)
        assert second.process.wait(timeout=30) == 1
        assert f"http://127.0.0.1:{port}/" in second.said()

        # One by one.
        for name in ("web", "worker", "beat"):
            killed = up.program(name)
            killed.kill()
            up.wait_for(f"{name:<6} | ended with SIGKILL")
            assert wait_until(lambda name=name: up.has(name), 30)
        assert wait_until(up.answers, 60)
        insert(folder)
        for server in leftovers.servers(folder):
            server.process.kill()
            assert wait_until(lambda: len(leftovers.servers(folder)) == 2, 60)
        assert wait_until(up.answers, 60)
        assert wait_until(lambda: up.get("/sources/")[0] == 200, 60)

        # Everything at once, then the next start.
        everything = [*leftovers.programs(folder), *leftovers.servers(folder)]
        up.process.kill()
        for each in everything:
            each.process.kill()
    finally:
        up.process.kill()
        up.process.wait()
    began = time.monotonic()
    up = Up(folder, port)
    try:
        up.wait_for("Ready after")
        assert time.monotonic() - began < START_SECONDS / 2
        assert rows(folder) == 1
        assert up.end() == 0
    finally:
        up.process.kill()
        up.process.wait()
    assert not leftovers.programs(folder)
    assert not leftovers.servers(folder)


def insert(folder: Path) -> None:
    with embedded.lent(folder), psycopg.connect(os.environ["DATABASE_URL"]) as database:
        database.execute("CREATE TABLE kept (word text)")
        database.execute("INSERT INTO kept VALUES ('committed')")


def rows(folder: Path) -> int:
    with embedded.lent(folder), psycopg.connect(os.environ["DATABASE_URL"]) as database:
        return len(database.execute("SELECT * FROM kept").fetchall())


def test_port_in_use_is_said_before_anything_starts(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        up = Up(folder, taken.getsockname()[1])
        assert up.process.wait(timeout=60) == 1
    assert "is in use by another program" in up.said()
    assert not (folder / "servers").exists()
