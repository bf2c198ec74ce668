"""/healthz: the process is alive. /readyz: database, broker, migrations and heartbeat, with reasons."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import redis
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config import preparing
from ingest.models import Heartbeat

# Each check has a second: who asks often must not pile up.
LIMIT = "-c statement_timeout=1000 -c lock_timeout=1000"
LATE_SECONDS = 180


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
    """A session of its own: a pool that is empty would tell of the pool."""
    query("SELECT 1")


def check_migrations() -> None:
    applied = {str(name) for (name,) in query("SELECT app || '.' || name FROM django_migrations")}
    if missing := preparing.on_disk() - applied:
        raise NotReady(f"{len(missing)} migrations are not applied")


def check_broker() -> None:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1) as broker:
            broker.ping()
    except (redis.RedisError, OSError, ValueError) as error:
        raise NotReady(f"the broker does not answer ({type(error).__name__})") from error


def check_heartbeat() -> None:
    """Beat asks a worker to write it: it tells that tasks are given out and done."""
    table = Heartbeat._meta.db_table
    ((age,),) = query(f'SELECT extract(epoch FROM now() - max(at))::int FROM "{table}"')
    if age is None:
        raise NotReady("no heartbeat yet: no worker has done a task of beat's")
    if int(str(age)) > LATE_SECONDS:
        raise NotReady(f"the last heartbeat is {age} s old: beat or every worker stands still")


def query(statement: str) -> list[tuple[object, ...]]:
    try:
        with psycopg.connect(settings.DATABASE_URL, connect_timeout=1, options=LIMIT) as database:
            return database.execute(statement).fetchall()
    except psycopg.Error as error:
        raise NotReady(f"the database does not answer ({type(error).__name__})") from error


CHECKS = {
    "database": check_database,
    "migrations": check_migrations,
    "broker": check_broker,
    "heartbeat": check_heartbeat,
}
