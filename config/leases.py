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
    descriptor = open_leases(folder)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return Lease(descriptor, os.getpid())


def is_anybody_in(folder: Path) -> bool:
    descriptor = open_leases(folder)
    try:
        return not locked_now(descriptor)
    finally:
        os.close(descriptor)


def open_leases(folder: Path) -> int:
    return os.open(folder / "leases.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def locked_now(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def holders(lock: Path) -> set[int]:
    """The processes that hold or once took a lock on this file, as Linux tells them; elsewhere none."""
    table = Path("/proc/locks")
    if not lock.exists() or not table.exists():
        return set()
    found = lock.stat()
    name = f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}:{found.st_ino}"
    fields = [line.split() for line in table.read_text().splitlines()]
    return {int(pid) for _, _, _, _, pid, file, *_ in (f for f in fields if "->" not in f) if file == name}
