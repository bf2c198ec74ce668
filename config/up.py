"""Everything in one foreground: servers, a prepared record, then web, worker and beat."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from config import embedded, env, first_admin, leftovers, places, providing, staticfiles
from config.errors import ServerTrouble
from config.programs import PROGRAMS, Program, port
from config.supervising import Supervisor

MANAGE = [sys.executable, "manage.py"]
SERVER_CHECK_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where the web listens, and the address that people use."""

    host: str
    port: int
    url: str


def supervised(data: Path) -> list[Program]:
    """Web, worker and beat, known by their environment as ours whatever becomes of us."""
    shared = {leftovers.MARK: str(data), "PYTHONUNBUFFERED": "1"}
    if sys.stdout.isatty():
        shared["FAULTLINE_LOG_FORMAT"] = env.text("FAULTLINE_LOG_FORMAT", "lines")
    return [marked(make(), shared) for make in PROGRAMS.values()]


def marked(program: Program, shared: dict[str, str]) -> Program:
    known = {**program.environment, **shared, leftovers.PART: program.name}
    return replace(program, environment=known)


def up(url: str) -> None:
    began = time.monotonic()
    providing.end_in_order()
    data = places.data_folder(embedded.data_folder())
    place = Place(env.text("FAULTLINE_BIND", "127.0.0.1"), port(), url)
    with ExitStack() as stack:
        stack.enter_context(only_one(data, place))
        if ended := leftovers.end_programs(data):
            tell(f"Ended {len(ended)} processes that an earlier start left behind")
        check_port(place)
        tell(f"Faultline: {place.url}/", f"Data: {data}")
        servers = stack.enter_context(providing.servers(data))
        if servers is not None and not servers.folder.is_relative_to(data):
            tell(f"Data of the servers: {servers.folder}")
        prepare()
        first_admin.offer_link(os.environ["DATABASE_URL"])
        watch = Watch(servers, place, began)
        Supervisor(supervised(data), folder=embedded.PROJECT, watch=watch.look).run()


def tell(*lines: str) -> None:
    # Our reader may be gone (`make up | head`); what we run goes on.
    with suppress(BrokenPipeError):
        print(*lines, sep="\n", flush=True)


@contextmanager
def only_one(data: Path, place: Place) -> Iterator[None]:
    """Hold the folder's `up` lock, and say in it who we are."""
    with leftovers.up_lock(data).open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            pid, address = (*lock.read().split("\n"), "", "")[:2]
            raise ServerTrouble(f"`make up` runs already for {data}: process {pid}, {address}") from error
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n{place.url}/\n")
        lock.flush()
        yield


def check_port(place: Place) -> None:
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((place.host, place.port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise ServerTrouble(f"{place.host}, port {place.port}: {error.strerror}") from error
            other = f"another program: choose another, as in `PORT={place.port + 1} make up`"
            raise ServerTrouble(f"port {place.port} is in use by {other}") from error


def prepare() -> None:
    """The record and the static files, side by side; both are quick when nothing changed."""
    commands = [[*MANAGE, "prepare", "--verbosity", "0"]]
    if not staticfiles.are_collected():
        commands.append([*MANAGE, "collectstatic", "--no-input", "--verbosity", "0"])
    if any(finished(commands)):
        raise ServerTrouble("the record could not be prepared; the reason stands above")
    if len(commands) > 1:
        staticfiles.mark_collected()


def finished(commands: list[list[str]]) -> list[int]:
    """The statuses of programs run side by side. When we are told to end, they end first."""
    with ExitStack() as stack:
        running = [subprocess.Popen(command, cwd=embedded.PROJECT) for command in commands]
        for process in running:
            stack.callback(process.wait)
            stack.callback(process.terminate)
        return [process.wait() for process in running]


@dataclass
class Watch:
    """Between the programs' lines: brings the servers back, and tells when the pages are there."""

    servers: embedded.Servers | None
    place: Place
    began: float
    is_served: bool = False
    next_check: float = field(default=0.0)

    def look(self) -> None:
        now = time.monotonic()
        if not self.is_served and self.answers():
            self.is_served = True
            tell(f"Ready after {now - self.began:.1f} s: {self.place.url}/")
        if now >= self.next_check:
            self.next_check = now + SERVER_CHECK_SECONDS
            self.keep_servers()

    def answers(self) -> bool:
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.place.host, self.place.host)
        try:
            socket.create_connection((host, self.place.port), timeout=0.2).close()
        except OSError:
            return False
        return True

    def keep_servers(self) -> None:
        if self.servers is None or self.servers.are_running():
            return
        tell("A server is gone: starting it again")
        try:
            self.servers.ensure_up()
        except ServerTrouble as trouble:
            tell(str(trouble))
