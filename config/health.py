"""/healthz: the process is alive. /readyz: database, disk, broker, migrations, heartbeat, with reasons."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import lru_cache
from threading import Lock

import psycopg
import redis
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from psycopg.rows import TupleRow

from config import preparing
from ingest.models import Heartbeat

# Each check has a second: who asks often must not pile up.
LIMIT = "-c statement_timeout=1000 -c lock_timeout=1000"
LATE_SECONDS, AHEAD_SECONDS = 180, 60
LEAST_SPACE = 64 * 2**20


class NotReady(Exception):
    """A check that fails; the message is public, so it tells no address and no secret."""


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("alive\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    found = reasons()
    is_ready = are_fine(found)
    return JsonResponse({"ready": is_ready, "checks": found}, status=200 if is_ready else 503)


def reasons() -> dict[str, str]:
    """By check: `ok`, or why it is not."""
    return {name: outcome(check) for name, check in CHECKS.items()}


def are_fine(found: dict[str, str]) -> bool:
    return set(found.values()) == {"ok"}


def outcome(check: Callable[[], None]) -> str:
    try:
        check()
    except NotReady as reason:
        return str(reason)
    return "ok"


def check_database() -> None:
    """It answers and it can write: with a full disk, or a copy that only reads, every reading is lost."""
    table = Heartbeat._meta.db_table
    SESSION.query(
        f"INSERT INTO {table} (name, at) VALUES ('web', now()) ON CONFLICT (name) DO UPDATE SET at = now()"
    )


def check_disk() -> None:
    """Room for the data folder, where there is one."""
    if not settings.DATA_DIR.exists():
        return
    found = os.statvfs(settings.DATA_DIR)
    if found.f_flag & os.ST_RDONLY:
        raise NotReady("the data folder can only be read")
    if found.f_bavail * found.f_frsize < LEAST_SPACE:
        raise NotReady(f"the disk of the data folder is full: less than {LEAST_SPACE >> 20} MiB are left")


def check_migrations() -> None:
    applied = {str(name) for (name,) in SESSION.query("SELECT app || '.' || name FROM django_migrations")}
    if missing := preparing.on_disk() - applied:
        raise NotReady(f"{len(missing)} migrations are not applied")


def check_broker() -> None:
    try:
        broker_at(settings.REDIS_URL).ping()
    except (redis.RedisError, OSError, ValueError) as error:
        raise NotReady(f"the broker does not answer ({type(error).__name__})") from error


@lru_cache(maxsize=1)
def broker_at(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)


def check_heartbeat() -> None:
    """Beat asks a worker to write it: it tells that tasks are given out and done."""
    table = Heartbeat._meta.db_table
    rows = SESSION.query(
        f"SELECT extract(epoch FROM clock_timestamp() - at)::int FROM \"{table}\" WHERE name = 'worker'"
    )
    if not rows:
        raise NotReady("no heartbeat yet: no worker has done a task of beat's")
    age = int(str(rows[0][0]))
    if age > LATE_SECONDS:
        raise NotReady(f"the last heartbeat is {age} s old: beat or every worker stands still")
    if age < -AHEAD_SECONDS:
        raise NotReady(f"the last heartbeat lies {-age} s ahead: the clock went back")


class Session:
    """One session a process, kept between questions and opened again when it is lost.

    Beside the pages' pool: an empty one would tell of the pool, and opening one each time costs more than all
    that is asked.
    """

    def __init__(self) -> None:
        self.lock = Lock()
        self.url = ""
        self.database: psycopg.Connection[TupleRow] | None = None

    def query(self, statement: str) -> list[TupleRow]:
        with self.lock:
            try:
                return self.ask(statement)
            except psycopg.Error as error:
                is_cut = self.database is not None and self.database.closed
                self.close()
                if not is_cut:
                    raise NotReady(why(error)) from error
            try:
                return self.ask(
                    statement
                )  # cut, as by a restart: a new one tells whether the server is there
            except psycopg.Error as error:
                self.close()
                raise NotReady(why(error)) from error

    def ask(self, statement: str) -> list[TupleRow]:
        if self.database is None or self.url != settings.DATABASE_URL:
            self.close()
            self.url = settings.DATABASE_URL
            self.database = psycopg.connect(self.url, connect_timeout=1, options=LIMIT, autocommit=True)
        found = self.database.execute(statement)
        return found.fetchall() if found.description else []

    def close(self) -> None:
        if self.database is not None:
            self.database.close()
            self.database = None


SESSION = Session()


def why(error: psycopg.Error) -> str:
    told = "cannot be used" if error.sqlstate else "does not answer"
    return f"the database {told} ({type(error).__name__})"


CHECKS = {
    "database": check_database,
    "disk": check_disk,
    "migrations": check_migrations,
    "broker": check_broker,
    "heartbeat": check_heartbeat,
}
