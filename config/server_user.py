"""Who runs the embedded servers: ourselves; for root somebody without rights, as PostgreSQL refuses root."""

from __future__ import annotations

import atexit
import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from config import env
from config.errors import ServerTrouble

# What the caller's environment holds of PGPORT, PGDATA or LC_ALL must not reach a server.
CLEAN_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


# Servers may outlive us, so nobody waits for them here; those that ended are collected.
started: list[subprocess.Popen[bytes]] = []


def collect_ended() -> None:
    started[:] = [process for process in started if process.poll() is None]


@atexit.register
def let_live() -> None:
    """Those that go on without us are no oversight: Python need not warn of them."""
    for process in started:
        process.returncode = 0


@dataclass(frozen=True, slots=True)
class ServerUser:
    uid: int
    gid: int

    @property
    def is_other(self) -> bool:
        return self.uid != os.geteuid()

    def spawn(self, command: Sequence[str | Path], output: IO[bytes] | int) -> subprocess.Popen[bytes]:
        """Start a command as this user, out of reach of our terminal's Ctrl-C, with nothing of ours open."""
        collect_ended()
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                env=CLEAN_ENVIRONMENT,
                start_new_session=True,
                user=self.uid if self.is_other else None,
                group=self.gid if self.is_other else None,
                extra_groups=[] if self.is_other else None,
            )
        except OSError as error:
            raise ServerTrouble(f"{command[0]} cannot be run as user {self.uid}: {error}") from error
        started.append(process)
        return process

    def reaches(self, *paths: Path) -> bool:
        """May this user run, or pass through, all of these? Asked of the kernel, as that user."""
        if not self.is_other:
            return all(os.access(path, os.X_OK) for path in paths)
        question = 'for path; do test -x "$path" || exit 1; done'
        asked = self.spawn(["/bin/sh", "-c", question, "sh", *paths], subprocess.DEVNULL)
        return asked.wait() == 0

    def own(self, folder: Path) -> None:
        """Give a folder of the servers, with all in it, to this user."""
        if self.is_other:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, self.uid, self.gid, follow_symlinks=False)


def choose(data: Path) -> ServerUser:
    """The servers' user: ourselves; as root the owner of what is there, else the one named or `nobody`."""
    if os.geteuid() != 0:
        return ServerUser(os.geteuid(), os.getegid())
    if data.is_dir() and (found := data.stat()).st_uid:
        return ServerUser(found.st_uid, found.st_gid)
    return named(env.text("FAULTLINE_SERVER_USER", "nobody"))


def named(name: str) -> ServerUser:
    """A user without rights that the machine knows."""
    try:
        entry = pwd.getpwnam(name)
    except KeyError as error:
        raise ServerTrouble(
            f"PostgreSQL does not run as root, and this machine has no user {name!r} to run it: "
            "name another in FAULTLINE_SERVER_USER, or a server in DATABASE_URL"
        ) from error
    if entry.pw_uid == 0:
        raise ServerTrouble("FAULTLINE_SERVER_USER is root: PostgreSQL does not run as root")
    return ServerUser(entry.pw_uid, entry.pw_gid)
