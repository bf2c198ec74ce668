"""PostgreSQL of a data folder: made, started, found again after a crash, stopped (with the start lock)."""

from __future__ import annotations

import shutil
import signal
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping
from psycopg.rows import TupleRow

from config.binaries import Binaries
from config.errors import ServerTrouble
from config.places import SOCKET
from config.server_processes import all_working_in, first_number, last_lines, wait_until, working_in
from config.server_user import ServerUser

MAJOR = "18"
NAME = "faultline"
PORT = SOCKET.rsplit(".", 1)[1]
START_SECONDS = 300  # a long recovery after a crash is no failure
STOP_SECONDS = 60
LARGEST_LOG = 5_000_000


@dataclass(frozen=True, slots=True)
class Postgres:
    binaries: Binaries
    user: ServerUser
    folder: Path
    sockets: Path

    @property
    def url(self) -> str:
        return f"postgresql://{NAME}@/{NAME}?host={quote(str(self.sockets))}&port={PORT}"

    @property
    def log(self) -> Path:
        return self.folder.with_name("postgres.log")

    def process(self) -> psutil.Process | None:
        pid = first_number(self.folder / "postmaster.pid")
        return working_in(self.folder, "postgres", pid) if pid else None

    def ensure_up(self) -> None:
        if self.answers():
            return
        self.prepare_folder()
        if not (self.sockets / SOCKET).exists():
            self.stop()  # its socket was swept out of /tmp: nobody can reach it
        if not wait_until(lambda: self.answers() or self.process() is None, START_SECONDS):
            raise self.trouble("PostgreSQL runs but does not answer")
        if not self.answers():
            self.clear_after_a_crash()
            self.launch()
        self.ensure_database()

    def answers(self) -> bool:
        """Open for sessions; also when all of them are taken."""
        host = str(self.sockets)
        question = make_conninfo(host=host, port=PORT, user=NAME, dbname="postgres", connect_timeout=10)
        return PGconn.ping(question.encode()) == Ping.OK

    def connect(self, database: str) -> psycopg.Connection[TupleRow]:
        return psycopg.connect(
            host=str(self.sockets),
            port=PORT,
            user=NAME,
            dbname=database,
            autocommit=True,
            connect_timeout=10,
        )

    def prepare_folder(self) -> None:
        """Make the cluster when there is none; refuse one that this version cannot open."""
        version = self.folder / "PG_VERSION"
        if version.is_file():
            found = version.read_text().strip()
            if found != MAJOR:
                raise ServerTrouble(
                    f"{self.folder} was written by PostgreSQL {found}, and this is PostgreSQL {MAJOR}: "
                    "restore a backup into an empty folder, or start the version of Faultline that wrote it"
                )
            if not (self.folder / "global" / "pg_control").is_file():
                raise ServerTrouble(f"{self.folder} is damaged (no global/pg_control): restore a backup")
            if self.folder.stat().st_uid != self.user.uid:
                self.user.own(self.folder)  # copied by root
        elif self.folder.exists() and any(self.folder.iterdir()):
            raise ServerTrouble(
                f"{self.folder} is damaged: it holds no PG_VERSION, yet it is not empty. "
                "Restore a backup, or move the folder away to begin with an empty record"
            )
        else:
            self.make_cluster()

    def make_cluster(self) -> None:
        part = self.folder.with_name("postgres.part")  # an interrupted initdb leaves no half a cluster
        if part.exists():
            shutil.rmtree(part)
        part.mkdir(mode=0o700)
        self.user.own(part)
        command: list[str | Path] = [
            self.binaries.initdb,
            "-D",
            part,
            "-U",
            NAME,
            "-E",
            "UTF8",
            "-A",
            "trust",
        ]
        # The built-in provider: an upgrade of the system's C library reorders no index.
        command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        with self.log.open("ab") as log:
            if self.user.spawn(command, log).wait():
                raise self.trouble(f"PostgreSQL could not make {self.folder}")
        part.rename(self.folder)

    def clear_after_a_crash(self) -> None:
        """Remove lock files whose pid another program has now, once no process of the old server is left."""

        def is_empty() -> bool:
            return not all_working_in(self.folder, "postgres")

        if not wait_until(is_empty, STOP_SECONDS):
            for process in all_working_in(self.folder, "postgres"):
                process.send_signal(signal.SIGQUIT)
            if not wait_until(is_empty, STOP_SECONDS):
                raise ServerTrouble(f"an earlier PostgreSQL still works in {self.folder}: end its processes")
        for left in (self.folder / "postmaster.pid", self.sockets / SOCKET, self.sockets / f"{SOCKET}.lock"):
            left.unlink(missing_ok=True)

    def launch(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        settings = ["listen_addresses=", "unix_socket_permissions=0700", "timezone=UTC", "log_timezone=UTC"]
        command: list[str | Path] = [
            self.binaries.postgres,
            "-D",
            self.folder,
            "-k",
            self.sockets,
            "-p",
            PORT,
        ]
        command += [part for setting in settings for part in ("-c", setting)]
        with self.log.open("ab") as log:
            server = self.user.spawn(command, log)
        if not wait_until(lambda: self.answers() or server.poll() is not None, START_SECONDS):
            raise self.trouble("PostgreSQL does not answer")
        if server.poll() is not None:
            raise self.trouble("PostgreSQL does not start")

    def trouble(self, what: str) -> ServerTrouble:
        return ServerTrouble(f"{what}; the end of {self.log}:\n{last_lines(self.log)}")

    def ensure_database(self) -> None:
        with self.connect("postgres") as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                connection.execute(f"CREATE DATABASE {NAME}")

    def stop(self) -> None:
        """Fast shutdown: sessions are ended, everything committed is on disk."""
        server = self.process()
        if server is None:
            return
        for ending in (signal.SIGINT, signal.SIGQUIT):
            server.send_signal(ending)
            if wait_until(lambda: self.process() is None, STOP_SECONDS):
                return
        raise ServerTrouble(f"PostgreSQL (process {server.pid}) does not stop")
