"""PostgreSQL's own programs for a database URL: pg_dump, pg_restore and psql."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from psycopg.conninfo import conninfo_to_dict

from config import binaries, env
from config.backups.errors import BackupTrouble

# libpq's variables for what a URL may say: a password on a command line would stand in every process list.
VARIABLES: Mapping[str, str] = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "dbname": "PGDATABASE",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "passfile": "PGPASSFILE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "options": "PGOPTIONS",
    "channel_binding": "PGCHANNELBINDING",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
}


def path_of(name: str) -> str:
    """The path of a client program: from FAULTLINE_POSTGRES_BIN, else those that came with the server."""
    folder = env.text("FAULTLINE_POSTGRES_BIN")
    path = Path(folder) / name if folder else binaries.installed().postgres.with_name(name)
    if not os.access(path, os.X_OK):
        raise BackupTrouble(f"{path} is missing: set FAULTLINE_POSTGRES_BIN to a folder that has {name}")
    return str(path)


def environment(url: str) -> dict[str, str]:
    """The environment in which a client connects to this database and no other."""
    parts = conninfo_to_dict(url)
    if unknown := parts.keys() - VARIABLES.keys():
        raise BackupTrouble(f"DATABASE_URL sets {', '.join(sorted(unknown))}, which backups cannot pass on")
    kept = {name: text for name, text in os.environ.items() if not name.startswith("PG")}
    return kept | {VARIABLES[name]: str(value) for name, value in parts.items()}


class Client(subprocess.Popen[bytes]):
    """One of the programs, running, with a pipe at each end."""

    stdin: IO[bytes]
    stdout: IO[bytes]
    stderr: IO[bytes]

    def __init__(self, url: str, name: str, *arguments: str) -> None:
        self.name = name
        pipe = subprocess.PIPE
        command = [path_of(name), *arguments]
        super().__init__(command, env=environment(url), stdin=pipe, stdout=pipe, stderr=pipe)

    def end(self) -> None:
        """Wait for it; raises BackupTrouble with its own words where it failed."""
        words = self.stderr.read().decode(errors="replace").split("\n")
        if not self.wait():
            return
        hint = ""
        if any("server version mismatch" in line for line in words):
            hint = "; set FAULTLINE_POSTGRES_BIN to the folder of a PostgreSQL as new as the server"
        raise BackupTrouble(f"{self.name} failed: {' '.join(words[:3]).strip() or 'without a word'}{hint}")
