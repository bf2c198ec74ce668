"""What docker-compose.yml and the Dockerfile say, and their very commands on real servers by TCP."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from config import embedded
from config.server_processes import wait_until

COMPOSE: dict[str, Any] = yaml.safe_load((embedded.PROJECT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ["prepare", "web", "worker", "beat"]
DOCKERFILE = (embedded.PROJECT / "Dockerfile").read_text()
SECRETS = {"POSTGRES_PASSWORD": "hunter2", "FAULTLINE_SECRET_KEY": "x" * 60}


def filled(text: str, given: dict[str, str]) -> str:
    """A value of the compose file with its ${NAME}, ${NAME:-default} and ${NAME:?message} replaced."""

    def value(match: re.Match[str]) -> str:
        name, kind, rest = match.groups()
        if kind == ":?" and name not in given:
            raise KeyError(name)
        return given.get(name) or (rest if kind == ":-" else "")

    return re.sub(r"\$\{(\w+)(?:(:-|:\?)([^}]*))?\}", value, str(text))


def test_secrets_come_from_the_environment_and_have_no_default() -> None:
    environment = SERVICES["web"]["environment"]
    for name in ("DATABASE_URL", "FAULTLINE_SECRET_KEY"):
        with pytest.raises(KeyError):
            filled(environment[name], {})
    with pytest.raises(KeyError):
        filled(SERVICES["db"]["environment"]["POSTGRES_PASSWORD"], {})


def test_every_service_that_stays_is_watched_and_restarted() -> None:
    for name, service in SERVICES.items():
        if name != "prepare":
            assert service["healthcheck"]["test"], name
            assert service["restart"] == "unless-stopped", name


def test_what_must_last_stands_on_volumes() -> None:
    volumes = {volume.split(":")[0] for name in ("db", "broker") for volume in SERVICES[name]["volumes"]}
    assert volumes == set(COMPOSE["volumes"])
    assert {"--appendonly", "yes", "--maxmemory-policy", "noeviction"} <= set(SERVICES["broker"]["command"])


def test_only_the_web_is_published_and_only_on_loopback() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["web"]
    assert filled(SERVICES["web"]["ports"][0], {}) == "127.0.0.1:8000:8000"


def test_image_is_installed_by_hashes_and_runs_without_rights() -> None:
    assert "--require-hashes --requirement requirements.lock" in DOCKERFILE
    stages = DOCKERFILE.split("FROM ")[1:]
    assert all(stage.startswith("python:3.11-slim") for stage in stages)
    assert re.findall(r"^USER (\w+)$", stages[-1], re.MULTILINE) == ["faultline"]
    assert stages[-1].index("collectstatic") < stages[-1].index("USER faultline")


def test_image_leaves_out_what_is_of_this_machine() -> None:
    ignored = (embedded.PROJECT / ".dockerignore").read_text().split()
    assert {".git", ".venv", ".env", "var"} <= set(ignored)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@dataclass(frozen=True)
class Containers:
    """The services' own commands, as processes beside each other."""

    environment: dict[str, str]
    log: Path

    def start(self, service: str) -> subprocess.Popen[bytes]:
        return self.run(SERVICES[service]["command"])

    def check(self, service: str) -> bool:
        return self.run(SERVICES[service]["healthcheck"]["test"][1:]).wait() == 0

    def run(self, command: list[str]) -> subprocess.Popen[bytes]:
        assert command[0] == "python"
        here = [part.replace(":8000", f":{self.environment['PORT']}") for part in command[1:]]
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *here],
                cwd=embedded.PROJECT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )


@pytest.fixture
def containers(data: Path, tmp_path: Path) -> Iterator[Containers]:
    servers = embedded.servers_of(data)
    database, broker, web = free_port(), free_port(), free_port()
    user, programs, folder = servers.user, servers.programs, servers.folder
    redis_folder = folder / "redis"
    redis_folder.mkdir()
    user.own(folder / "postgres")
    user.own(redis_folder)
    postgres = [programs.postgres, "-D", folder / "postgres", "-k", servers.sockets, "-p", str(database)]
    journal = [*SERVICES["broker"]["command"][1:], "--port", str(broker), "--bind", "127.0.0.1"]
    with (tmp_path / "servers.log").open("ab") as log, ExitStack() as stack:
        for command in (
            [*postgres, "-c", "listen_addresses=127.0.0.1"],
            [programs.redis_server, *journal, "--dir", redis_folder],
        ):
            server = user.spawn(command, log)
            stack.callback(server.wait)
            stack.callback(server.terminate)
        assert wait_until(lambda: listens(database) and listens(broker), 60)
        given = {name: filled(text, SECRETS) for name, text in SERVICES["web"]["environment"].items()}
        given["DATABASE_URL"] = given["DATABASE_URL"].replace("@db:5432", f"@127.0.0.1:{database}")
        given["REDIS_URL"] = given["REDIS_URL"].replace("broker:6379", f"127.0.0.1:{broker}")
        given |= {"PORT": str(web), "FAULTLINE_DATA_DIR": str(tmp_path / "never"), "FAULTLINE_WORKERS": "1"}
        given["FAULTLINE_STATIC_DIR"] = str(tmp_path / "static")
        yield Containers({**os.environ, **given}, tmp_path / "containers.log")


def listens(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


def get(port: str, path: str) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
        return int(answer.status)


def test_their_commands_make_a_service_that_is_ready(containers: Containers, tmp_path: Path) -> None:
    (collect,) = re.findall(r"^RUN (python manage\.py collectstatic.*)$", DOCKERFILE, re.MULTILINE)
    assert containers.run(collect.split()).wait() == 0
    assert containers.start("prepare").wait() == 0, containers.log.read_text()
    assert not containers.check("worker")
    programs = [containers.start(name) for name in ("web", "worker", "beat")]
    try:
        for name in ("worker", "web", "beat"):
            assert wait_until(lambda name=name: containers.check(name), 90), containers.log.read_text()
        port = containers.environment["PORT"]
        assert get(port, "/readyz") == get(port, "/") == 200
    finally:
        for program in programs:
            program.terminate()
        endings = [program.wait(timeout=60) for program in programs]
    # Told to end, each ends by itself; and nothing was written outside the servers.
    assert all(ending in {0, -15} for ending in endings), endings
    assert not (tmp_path / "never").exists()
