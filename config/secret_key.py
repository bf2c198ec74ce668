"""The key that signs sessions: made on the first start, kept in the data folder for its owner alone."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path


def file_of(data: Path) -> Path:
    return data / "secret_key"


def kept(data: Path) -> str | None:
    try:
        return file_of(data).read_text().strip()
    except FileNotFoundError:
        return None


def ensure(data: Path) -> None:
    """Make the key if there is none. Of two first starts at once, one key remains."""
    if kept(data):
        return
    descriptor, draft = tempfile.mkstemp(prefix=".secret_key-", dir=data)  # of mode 0600
    with os.fdopen(descriptor, "w") as file:
        file.write(unkept())
        file.flush()
        os.fsync(descriptor)
    try:
        file_of(data).hardlink_to(draft)
    except FileExistsError:
        pass  # the other start was quicker
    finally:
        Path(draft).unlink()


def unkept() -> str:
    """A key for a process that signs nothing anybody keeps, as `check` and `predict`."""
    return secrets.token_urlsafe(50)
