"""`manage.py backup FILE`: the whole record as it stood at one moment, while everybody works on."""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from config.backups.clients import Client
from config.backups.errors import BackupTrouble
from config.backups.manifest import Manifest, measure

DUMP, MANIFEST = "record.dump", "manifest.json"
# The dump is a third as large at level 1 as without, and takes no longer to write.
FORM = ("--format=custom", "--compress=gzip:1", "--no-owner", "--no-privileges", "--schema=public")


def back_up(url: str, file: Path) -> Manifest:
    """Write the database of this URL to the file; raises BackupTrouble, and then leaves what was there."""
    with psycopg.connect(url) as database:
        database.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        row = database.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        manifest = measure(database, datetime.now(UTC))
        with whole(file) as part, zipfile.ZipFile(part, "w") as archive:
            archive.writestr(MANIFEST, manifest.as_json())
            dump(url, str(row[0]), archive)
    return manifest


def dump(url: str, snapshot: str, archive: zipfile.ZipFile) -> None:
    with (
        Client(url, "pg_dump", *FORM, f"--snapshot={snapshot}") as program,
        archive.open(DUMP, "w", force_zip64=True) as member,
    ):
        shutil.copyfileobj(program.stdout, member, 1 << 20)
        program.end()


@contextmanager
def whole(file: Path) -> Iterator[Path]:
    """A file beside this one that takes its place once it is complete and on the disk; for its owner only."""
    if not file.parent.is_dir():
        raise BackupTrouble(f"{file.parent} is no folder: make it, or name another")
    descriptor, name = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
    os.close(descriptor)
    part = Path(name)
    try:
        yield part
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
