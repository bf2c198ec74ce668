"""An empty database becomes the record: migrations, vocabulary, catalogue; again only when one changes."""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from io import StringIO
from pathlib import Path

import django
import psycopg
from django.core.management import call_command, get_commands
from django.db import OperationalError, connection, connections
from psycopg import sql
from psycopg.errors import LockNotAvailable
from psycopg.rows import TupleRow

from config.embedded import PROJECT

# What a prepared record is made from, with the programs that load it.
MADE_FROM = (
    "incidents/migrations/*.py",
    "ingest/migrations/*.py",
    "nlp/vocabulary/*.jsonl",
    "ingest/catalogue/*.jsonl",
    "incidents/postmortems/templates.jsonl",
    "*/management/commands/load_*.py",
    "requirements.lock",  # the tables of the libraries
)
STEPS = ("migrate", "load_vocabulary", "load_catalogue", "load_templates")
# One preparation at a time on a database, whatever machine it is started from.
LOCK = 0x6661756C
# A migration waits this long for a lock, and pages behind it no longer; then they pass, and it tries again.
LOCK_TIMEOUT = "2s"
PATIENCE_SECONDS, PAUSE_SECONDS = 300.0, 3.0


def fingerprint() -> str:
    """Names the state of everything that a preparation loads."""
    digest = hashlib.sha256(django.__version__.encode())
    for file in sources():
        digest.update(f"\0{file.relative_to(PROJECT)}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def sources() -> Iterator[Path]:
    for pattern in MADE_FROM:
        yield from sorted(PROJECT.glob(pattern))


def prepare(url: str) -> bool:
    """Bring the database of this URL up to date; False when it was."""
    with psycopg.connect(url, autocommit=True) as database:
        if is_prepared(database):
            return False
        database.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        if is_prepared(database):
            return False
        print("Preparing the record", file=sys.stderr, flush=True)
        load()
        # Kept with the migrations' own table, the mark goes wherever the tables go, also into a backup.
        mark = sql.SQL("COMMENT ON TABLE django_migrations IS {}").format(fingerprint())
        database.execute(mark)
    return True


def is_prepared(database: psycopg.Connection[TupleRow]) -> bool:
    query = "SELECT obj_description(to_regclass('django_migrations'), 'pg_class')"
    row = database.execute(query).fetchone()
    return row is not None and row[0] == fingerprint() and not missing_migrations(database)


def missing_migrations(database: psycopg.Connection[TupleRow]) -> set[str]:
    """Migrations of ours that stand on disk and not in the database."""
    if database.execute("SELECT to_regclass('django_migrations') IS NULL").fetchone() == (True,):
        return on_disk()
    applied = database.execute("SELECT app || '.' || name FROM django_migrations").fetchall()
    return on_disk() - {name for (name,) in applied}


def on_disk() -> set[str]:
    files = (file for pattern in MADE_FROM[:2] for file in PROJECT.glob(pattern))
    return {f"{file.parent.parent.name}.{file.stem}" for file in files if file.stem != "__init__"}


def load() -> None:
    django.setup()
    for step in STEPS:
        if step in get_commands():
            began = time.monotonic()
            patiently(partial(call_command, step, verbosity=0, stdout=StringIO()))
            print(f"  {step}: {time.monotonic() - began:.1f} s", file=sys.stderr, flush=True)
    connections.close_all()


def patiently(act: Callable[[], object]) -> None:
    """Do it without making others wait for a lock: while somebody holds one for long, again and again.

    Each migration is a transaction of its own, so what was done before stays done.
    """
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
            act()
            return
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable) or time.monotonic() > until:
                raise
            print("  somebody holds a lock: trying again", file=sys.stderr, flush=True)
            time.sleep(PAUSE_SECONDS)
