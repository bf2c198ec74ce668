"""Redis of a data folder: the queue, and never the only place of anything (with the start lock)."""

from __future__ import annotations

import os
import socket
import time
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import psutil

from config.binaries import Binaries
from config.errors import ServerTrouble
from config.server_processes import first_number, last_lines, wait_until, working_in
from config.server_user import ServerUser

START_SECONDS = 60
STOP_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Redis:
    binaries: Binaries
    user: ServerUser
    folder: Path
    sockets: Path

    @property
    def url(self) -> str:
        return f"unix://{self.address}?db=0"

    @property
    def address(self) -> Path:
        return self.sockets / "redis.sock"

    @property
    def log(self) -> Path:
        return self.folder.with_name("redis.log")

    def process(self) -> psutil.Process | None:
        pid = first_number(self.folder / "redis.pid")
        return working_in(self.folder, "redis-server", pid) if pid else None

    def ensure_up(self) -> None:
        if self.answers():
            return
        self.folder.mkdir(mode=0o700, exist_ok=True)
        if self.folder.stat().st_uid != self.user.uid:
            self.user.own(self.folder)
        if not self.address.exists():
            self.stop()  # its socket was swept out of /tmp: nobody can reach it
        wait_until(lambda: self.answers() or self.process() is None, START_SECONDS)
        if not self.answers():
            self.launch()

    def answers(self) -> bool:
        """Ready for commands: while it still reads its file it says LOADING."""
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(5)
                line.connect(os.fspath(self.address))
                line.sendall(b"PING\r\n")
                return line.recv(5) == b"+PONG"
        except OSError:
            return False

    def launch(self) -> None:
        if self.start_once():
            return
        # A file cut short is repaired by Redis itself; one broken in the middle is set aside, for PostgreSQL
        # remembers what remains to be done.
        journal = self.folder / "appendonly.aof"
        if journal.exists():
            journal.replace(journal.with_name(f"appendonly.aof.damaged-{int(time.time())}"))
            if self.start_once():
                return
        raise ServerTrouble(f"Redis does not start; the end of {self.log}:\n{last_lines(self.log)}")

    def start_once(self) -> bool:
        with self.log.open("wb") as log:
            server = self.user.spawn(self.command(), log)
        wait_until(lambda: self.answers() or server.poll() is not None, START_SECONDS)
        return server.poll() is None

    def command(self) -> list[str | Path]:
        options: dict[str, str | Path] = {
            "port": "0",
            "unixsocket": self.address,
            "unixsocketperm": "700",
            "dir": self.folder,
            "pidfile": self.folder / "redis.pid",
            "appendonly": "yes",
            "appendfsync": "everysec",
            "aof-load-truncated": "yes",
            "save": "",
            "maxmemory-policy": "noeviction",
        }
        arguments = chain.from_iterable((f"--{name}", value) for name, value in options.items())
        return [self.binaries.redis_server, *arguments]

    def stop(self) -> None:
        server = self.process()
        if server is None:
            return
        server.terminate()
        if not wait_until(lambda: self.process() is None, STOP_SECONDS):
            server.kill()
