"""What runs for a data folder, and what of it a crash left behind: told by `doctor`, ended by `down`."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

import psutil

from config import embedded, leases
from config.server_processes import Gone, first_number, wait_until, working_in

# Stand in the environment of all that `up` starts, so it is known whatever became of its parent: the data
# folder, and which program it belongs to.
MARK, PART = "FAULTLINE_SUPERVISED", "FAULTLINE_PROGRAM"
# By title: the folder, the program's name, the file that tells its process.
SERVERS = {
    "PostgreSQL": ("postgres", "postgres", "postmaster.pid"),
    "Redis": ("redis", "redis-server", "redis.pid"),
}
END_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Running:
    name: str
    process: psutil.Process


def up_lock(data: Path) -> Path:
    """Held by `up` for its life; its first line is the process, its second the address."""
    return data / "up.lock"


def supervisor(data: Path) -> psutil.Process | None:
    """The `up` that runs for this folder; its number in the file counts only while the lock is held."""
    if leases.is_held(up_lock(data)) and (pid := first_number(up_lock(data))):
        with contextlib.suppress(*Gone):
            return psutil.Process(pid)
    return None


def programs(data: Path) -> list[Running]:
    """Web, worker and beat, with the processes that they started."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(*Gone):
            told = process.environ()
            if told.get(MARK) == str(data):
                found.append(Running(told.get(PART, process.name()), process))
    return found


def servers(data: Path) -> list[Running]:
    place = (data / "servers").resolve()
    found = []
    for title, (folder, name, pid_file) in SERVERS.items():
        pid = first_number(place / folder / pid_file)
        if pid and (process := working_in(place / folder, name, pid)):
            found.append(Running(title, process))
    return found


def are_used(data: Path) -> bool:
    return leases.is_held(leases.file_of((data / "servers").resolve()))


def users(data: Path) -> set[int]:
    """The commands that use the servers, where the system tells."""
    return leases.holders(leases.file_of((data / "servers").resolve()))


def left_behind(data: Path) -> list[Running]:
    """Programs whose `up` is gone, and servers that nobody uses."""
    alone = [] if supervisor(data) else programs(data)
    unused = [] if are_used(data) else servers(data)
    return [*alone, *unused]


def end_programs(data: Path) -> list[Running]:
    """End web, worker and beat of an `up` that is gone; those that were found."""
    found = programs(data)
    for each in found:
        with contextlib.suppress(*Gone):
            each.process.terminate()
    for process in psutil.wait_procs([each.process for each in found], timeout=END_SECONDS)[1]:
        with contextlib.suppress(*Gone):
            process.kill()
    return found


def end_supervisor(data: Path) -> bool:
    """Tell a running `up` to end, as Ctrl-C does, and wait for it."""
    running = supervisor(data)
    if running is None:
        return False
    running.terminate()
    return wait_until(lambda: not running.is_running() or supervisor(data) is None, 4 * END_SECONDS)


def end_servers(data: Path) -> list[Running]:
    """Stop servers that nobody uses; those that were found."""
    if not (data / "servers").exists():
        return []
    lender = embedded.servers_of(data)
    with leases.alone(lender.folder):
        if are_used(data):
            return []
        found = servers(data)
        if found:
            lender.stop()
    return found
