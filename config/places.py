"""Where the servers of a data folder live: in it, or apart from it where their user cannot get there."""

from __future__ import annotations

import os
import re
import shutil
import stat
import sys
import tempfile
from pathlib import Path

from config.errors import ServerTrouble
from config.server_user import ServerUser

# Only root comes here, so nobody else can have put a folder of that name first.
ELSEWHERE = Path("/var/lib/faultline")
SOCKET = ".s.PGSQL.5432"
# Linux cuts the address of a Unix socket at 107 bytes, others at 103.
LONGEST_ADDRESS = 100
# libpq splits a host at commas, PostgreSQL splits its socket folders, and URLs have signs of their own.
PLAIN_PATH = re.compile(r"[A-Za-z0-9._/-]+")


def data_folder(path: Path) -> Path:
    """The data folder, made when missing, refused when it belongs to somebody else."""
    if not path.exists():
        path.mkdir(parents=True, mode=0o700)
        if os.geteuid() == 0:
            path.chmod(0o711)  # the servers' user has to pass; it may not list
    if os.geteuid() != 0 and path.stat().st_uid != os.geteuid():
        raise ServerTrouble(f"{path} is another user's: name a folder of your own in FAULTLINE_DATA_DIR")
    if not os.access(path, os.W_OK | os.X_OK):
        raise ServerTrouble(f"{path} cannot be written")
    return path


def servers_folder(data: Path, user: ServerUser) -> Path:
    """The folder of the servers' own data and locks; once chosen it stays: a folder or a link to it."""
    place = data / "servers"
    if place.is_symlink() and not place.exists():
        raise ServerTrouble(
            f"{place} points to {place.readlink()}, which is gone: bring it back, "
            f"or remove {place} to begin with an empty record"
        )
    if not place.exists():
        choose_place(place, user)
    return checked(place.resolve(), {os.geteuid(), user.uid})


def choose_place(place: Path, user: ServerUser) -> None:
    place.mkdir(mode=0o711)
    place.chmod(0o711 if user.is_other else 0o700)
    if not user.reaches(place):
        place.rmdir()
        own = Path(tempfile.mkdtemp(prefix="servers-", dir=elsewhere()))
        own.chmod(0o711)
        place.symlink_to(own)
        say(f"User {user.uid}, who runs the servers, cannot reach {place.parent}: their data goes to {own}")


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def elsewhere() -> Path:
    """Root's folder for what the servers' user could not reach in the project."""
    if not ELSEWHERE.exists():
        ELSEWHERE.mkdir(parents=True)
        ELSEWHERE.chmod(0o755)
    return checked(ELSEWHERE, {os.geteuid()})


def sockets_folder(servers: Path, user: ServerUser) -> Path:
    """The folder of the sockets: its path is short and plain, and nobody but its owner enters it."""
    place = servers / "sockets"
    if place.is_symlink() and not place.exists():
        place.unlink()  # a link into /tmp, emptied since
    if not place.exists():
        if is_fit_for_sockets(place):
            place.mkdir(mode=0o700)
        else:
            place.symlink_to(tempfile.mkdtemp(prefix="faultline-", dir="/tmp"))
        user.own(place.resolve())
    return checked(place.resolve(), {user.uid}, private=True)


def remove_short_folder(servers: Path) -> None:
    """Once the servers are stopped nothing of theirs stays in /tmp."""
    place = servers / "sockets"
    if place.is_symlink():
        shutil.rmtree(place.resolve(), ignore_errors=True)
        place.unlink()


def is_fit_for_sockets(place: Path) -> bool:
    return len(os.fsencode(place / SOCKET)) <= LONGEST_ADDRESS and bool(PLAIN_PATH.fullmatch(str(place)))


def checked(folder: Path, owners: set[int], *, private: bool = False) -> Path:
    """The folder, when it is a real one of these owners that nobody else may write (or, private, enter)."""
    found = folder.lstat()
    forbidden = 0o077 if private else 0o022
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in owners or found.st_mode & forbidden:
        raise ServerTrouble(
            f"{folder} is not safe to use: it must be a folder of user {min(owners)} "
            f"that no other user can {'enter' if private else 'write'}"
        )
    return folder
