"""A record of its own on real servers, with worker, beat and web as processes that a test may kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import redis
from celery import Celery
from django.conf import settings
from django.db import connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper

from config import embedded
from config.celery import broker_url
from config.databases import database
from config.programs import PROGRAMS
from config.server_processes import wait_until


class Lab:
    def __init__(self, data: Path, servers: embedded.Servers) -> None:
        self.data = data
        self.servers = servers
        self.running: list[subprocess.Popen[bytes]] = []
        self.environment = {
            **os.environ,
            **servers.addresses(),
            "FAULTLINE_DATA_DIR": str(data),
            "FAULTLINE_ALLOW_PRIVATE_SOURCES": "1",
            "FAULTLINE_LOG_LEVEL": "WARNING",
        }

    @property
    def url(self) -> str:
        return self.servers.addresses()["DATABASE_URL"]

    @property
    def broker(self) -> redis.Redis:
        return redis.Redis.from_url(self.servers.addresses()["REDIS_URL"])

    def manage(self, *arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        ran = subprocess.run(
            command, cwd=embedded.PROJECT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    @contextmanager
    def as_default(self) -> Iterator[None]:
        """Inside, our models are those of this record."""
        ours = connections.configure_settings({"default": database(self.url)})["default"]
        before, url = connections["default"], settings.DATABASE_URL
        connections["default"] = DatabaseWrapper(ours, "default")
        settings.DATABASE_URL = self.url
        try:
            yield
        finally:
            connections["default"].close()
            connections["default"], settings.DATABASE_URL = before, url

    def empty(self) -> None:
        """An empty record and an empty queue."""
        with connection.cursor() as cursor:
            tables = [
                name for name in connection.introspection.table_names() if name.startswith(("ing", "inc"))
            ]
            cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        self.broker.flushall()

    def start(self, name: str, *options: str, app: str = "config.celery") -> subprocess.Popen[bytes]:
        """One of the programs as `make up` starts it, in a process group of its own."""
        program = PROGRAMS[name]()
        command = [*(app if word == "config.celery" else word for word in program.command), *options]
        log = self.data / f"{name}-{len(self.running)}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=embedded.PROJECT,
                env={**self.environment, **program.environment},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.running.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """kill -9 of a program and of all that it started, at once."""
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def kill_server(self, name: str) -> None:
        """kill -9 of PostgreSQL's first process, or of Redis; started again at once, as `up` does."""
        server = self.servers.all[name].process()
        assert server is not None
        server.kill()
        wait_until(lambda: self.servers.all[name].process() is None, 30)
        self.servers.ensure_up()

    def end(self) -> None:
        for process in self.running:
            self.kill(process)
        self.running.clear()


def children(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """The processes of a worker's pool."""
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(process.pid).children()
    return []


def wait_for(condition: Callable[[], object], seconds: float = 60.0) -> None:
    assert wait_until(lambda: bool(condition()), seconds), "it did not come to pass in time"


def lend(data: Path) -> embedded.Servers:
    return embedded.servers_of(data, tuple(embedded.ADDRESSES))


def app_of(lab: Lab) -> Celery:
    """Sends tasks to the lab's broker as the product's own app would."""
    app = Celery("lab", broker=broker_url(lab.servers.addresses()["REDIS_URL"]))
    app.conf.update(task_default_queue="faultline", task_serializer="json", task_ignore_result=True)
    return app
