"""Which process is the server of a folder: told by its name and where it works, never by pid alone."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path

import psutil

Gone = (psutil.NoSuchProcess, psutil.AccessDenied)


def working_in(folder: Path, name: str, pid: int) -> psutil.Process | None:
    """The process of this pid, if it is a server of this name that works in this folder."""
    with contextlib.suppress(*Gone):
        process = psutil.Process(pid)
        if process.status() != psutil.STATUS_ZOMBIE and is_server(process, name, folder):
            return process
    return None


def all_working_in(folder: Path, name: str) -> list[psutil.Process]:
    """Also those whose pid no file tells: what is left of a server whose first process was killed."""
    return [process for process in psutil.process_iter() if is_server(process, name, folder)]


def is_server(process: psutil.Process, name: str, folder: Path) -> bool:
    with contextlib.suppress(*Gone):
        return process.name() == name and Path(process.cwd()) == folder
    return False


def first_number(file: Path) -> int | None:
    """The pid in the first line of a pid file."""
    try:
        line = file.read_text().split("\n", 1)[0].strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return int(line) if line.isdigit() else None


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Look again and again, slower with time; False when the seconds are over."""
    pause, until = 0.01, time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(pause)
        pause = min(pause * 1.5, 0.2)
    return True


def last_lines(log: Path, count: int = 12) -> str:
    """The end of a server's log, for a message that says why it did not start."""
    if not log.exists():
        return "(no log)"
    return "\n".join(f"    {line}" for line in log.read_text(errors="replace").splitlines()[-count:])
