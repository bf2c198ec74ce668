"""`manage.py restore FILE`: a backup's record takes the place of the present one, once it is compared."""

from __future__ import annotations

import shutil
import threading
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow

from config import preparing
from config.backups.backing_up import DUMP, MANIFEST
from config.backups.clients import Client
from config.backups.errors import BackupTrouble
from config.backups.manifest import Manifest, differences, measure, tables
from config.server_processes import wait_until

ASIDE = "before_restore"
# What people and sources brought; an untouched record has none, only what the project itself ships with.
BROUGHT = ("incidents_user", "incidents_verdict", "ingest_payload")
# pg_restore writes this line for every server; those before 17 do not know the setting.
TOO_NEW = b"SET transaction_timeout = 0;\n"
HEADER_LINES = 40
PATIENCE = 3.0  # seconds


def restore(url: str, file: Path, *, replace: bool = False) -> Manifest:
    """Put the backup's record into the database of this URL, in one transaction; then bring it up to date.

    Raises BackupTrouble and leaves the present record as it was: where the file is damaged or from a later
    version, where others are connected, where the record is in use and is not to be replaced, and where
    what was restored differs from what was saved.
    """
    with opened(file) as archive:
        manifest = Manifest.from_json(archive.read(MANIFEST))
        refuse_unknown_migrations(manifest)
        with psycopg.connect(url, autocommit=True) as database:
            refuse_company(database)
            bring_back(database)
            if not replace:
                refuse_to_lose(database)
            with archive.open(DUMP) as dump:
                load(url, dump)
            compare_and_settle(database, manifest)
    preparing.prepare(url)
    return manifest


@contextmanager
def opened(file: Path) -> Iterator[zipfile.ZipFile]:
    """The archive, once every byte of it is known to be as it was written."""
    try:
        with zipfile.ZipFile(file) as archive:
            if archive.testzip() or {DUMP, MANIFEST} - set(archive.namelist()):
                raise BackupTrouble(f"{file} is damaged: take another backup")
            yield archive
    except FileNotFoundError as error:
        raise BackupTrouble(f"{file} is not there: name a file that `manage.py backup` wrote") from error
    except zipfile.BadZipFile as error:
        raise BackupTrouble(f"{file} is no backup, or cut short: name a file that `backup` wrote") from error


def refuse_unknown_migrations(manifest: Manifest) -> None:
    ours = {name.split(".")[0] for name in preparing.on_disk()}
    theirs = {name for name in manifest.migrations if name.split(".")[0] in ours}
    if later := sorted(theirs - preparing.on_disk()):
        raise BackupTrouble(f"the backup is of a later Faultline ({later[-1]}): update the program first")


def refuse_company(database: psycopg.Connection[TupleRow]) -> None:
    if not wait_until(lambda: not company(database), PATIENCE):
        raise BackupTrouble(
            f"{company(database)} other connections use the record:"
            " stop web, worker and beat (`make down`) first"
        )


def company(database: psycopg.Connection[TupleRow]) -> int:
    """How many others are connected; one that has just left counts until its server process is gone."""
    found = database.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    ).fetchone()
    return int(found[0]) if found else 0


def bring_back(database: psycopg.Connection[TupleRow]) -> None:
    """A restore that was killed before it compared has left the former record aside."""
    if database.execute("SELECT to_regnamespace(%s) IS NOT NULL", [ASIDE]).fetchone() == (True,):
        with database.transaction():
            database.execute("DROP SCHEMA IF EXISTS public CASCADE")
            database.execute(f"ALTER SCHEMA {ASIDE} RENAME TO public")


def refuse_to_lose(database: psycopg.Connection[TupleRow]) -> None:
    there = set(tables(database))
    for table in BROUGHT:
        if table not in there:
            continue
        query = sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier("public", table))
        if database.execute(query).fetchone() == (True,):
            raise BackupTrouble(
                f"the record is in use ({table} has rows): back it up, then restore with --replace"
            )


def load(url: str, dump: IO[bytes]) -> None:
    """The dump's tables in the schema `public`; those that were there wait in another, all or nothing."""
    prefix = f"ALTER SCHEMA public RENAME TO {ASIDE}; CREATE SCHEMA public"
    once = ("--single-transaction", "--set=ON_ERROR_STOP=1", "--quiet", "--no-psqlrc", "--output=/dev/null")
    with (
        Client(url, "psql", *once, f"--command={prefix}", "--file=-") as writer,
        Client(url, "pg_restore", "--no-owner", "--no-privileges", "--schema=public", "--file=-") as reader,
    ):
        feeder = threading.Thread(target=feed, args=(dump, reader.stdin))
        feeder.start()
        with ExitStack() as cut_off:
            cut_off.callback(writer.kill)  # at the mere end of its input it would commit the half that it has
            cut_off.callback(reader.kill)
            if copy_script(reader.stdout, writer.stdin):
                feeder.join()
                reader.end()
                writer.stdin.close()
            cut_off.pop_all()
        reader.kill()
        writer.end()


def feed(dump: IO[bytes], into: IO[bytes]) -> None:
    with suppress(BrokenPipeError), into:  # a reader that gave up says why itself
        shutil.copyfileobj(dump, into, 1 << 20)


def copy_script(source: IO[bytes], into: IO[bytes]) -> bool:
    """False when the other side stopped taking it."""
    try:
        for line in islice(source, HEADER_LINES):
            if line != TOO_NEW:
                into.write(line)
        shutil.copyfileobj(source, into, 1 << 20)
        into.flush()
    except BrokenPipeError:
        return False
    return True


def compare_and_settle(database: psycopg.Connection[TupleRow], manifest: Manifest) -> None:
    """Drop what was there before if the new tables are what was saved; else bring it back."""
    with database.transaction():
        if found := differences(manifest, measure(database, datetime.now(UTC))):
            bring_back(database)
        else:
            database.execute(f"DROP SCHEMA {ASIDE} CASCADE")
    if found:
        raise BackupTrouble(f"what was restored is not what was saved: {'; '.join(found[:5])}")
