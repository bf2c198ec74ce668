"""Who still uses the servers of a data folder: locks that the kernel releases, also after kill -9."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Lease:
    """A share of the servers. It ends with the process that took it; forked children do not end it."""

    descriptor: int
    taken_by: int

    def give_back(self) -> bool:
        """End it; True when nobody else holds one. Call with the start lock held."""
        if os.getpid() != self.taken_by:
            return False
        is_last = locked_now(self.descriptor)
        os.close(self.descriptor)
        return is_last


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the start lock: one process at a time starts or stops the servers."""
    with (folder / "start.lock").open("a") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        yield


def take(folder: Path) -> Lease:
    """Call with the start lock held, so that no last one is just going out."""
    descriptor = opened(file_of(folder))
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return Lease(descriptor, os.getpid())


def file_of(folder: Path) -> Path:
    return folder / "leases.lock"


def is_held(lock: Path) -> bool:
    """Does some process hold a lock on this file?"""
    if not lock.exists():
        return False
    descriptor = opened(lock)
    try:
        return not locked_now(descriptor)
    finally:
        os.close(descriptor)


def opened(lock: Path) -> int:
    return os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def locked_now(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def holders(lock: Path) -> set[int]:
    """Which processes took it, for a message: Linux tells, other systems and some file systems do not."""
    table = Path("/proc/locks")
    if not lock.exists() or not table.exists():
        return set()
    found = lock.stat()
    name = f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}:{found.st_ino}"
    lines = [line.split() for line in table.read_text().splitlines()]
    return {int(line[4]) for line in lines if line[5] == name}
