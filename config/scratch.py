"""Data folders that are gone afterwards, for tests and measurements; also when their owner was killed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config import leases, leftovers

PREFIX = "faultline-scratch-"


@contextmanager
def scratch() -> Iterator[Path]:
    """A new data folder, held by us until the end."""
    sweep()
    data = Path(tempfile.mkdtemp(prefix=PREFIX))
    data.chmod(0o711 if os.geteuid() == 0 else 0o700)
    hold = leases.opened(data / "lock.part")
    try:
        leases.locked_now(hold)
        (data / "lock.part").rename(lock_of(data))  # under its name it was never free
        yield data
    finally:
        remove(data)
        os.close(hold)


def lock_of(data: Path) -> Path:
    return data / "scratch.lock"


def sweep() -> None:
    """Remove the folders of ours whose owner was killed, and end the servers that it left there."""
    for data in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        # One without a lock is just being made.
        if (
            data.lstat().st_uid == os.geteuid()
            and lock_of(data).exists()
            and not leases.is_held(lock_of(data))
        ):
            leftovers.end_programs(data)
            leftovers.end_servers(data)
            remove(data)


def remove(data: Path) -> None:
    if (data / "servers").is_symlink():
        shutil.rmtree((data / "servers").resolve(), ignore_errors=True)
    shutil.rmtree(data, ignore_errors=True)
