"""Own PostgreSQL and Redis of a data folder: lent to each command, stopped by the last one out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from config import binaries, env, leases, places, server_user
from config.leases import Lease
from config.postgres_server import Postgres
from config.redis_server import Redis

PROJECT = Path(__file__).resolve().parent.parent


# What stands in the environment for a server of one's own.
ADDRESSES = {"postgres": "DATABASE_URL", "redis": "REDIS_URL"}


@dataclass(frozen=True)
class Servers:
    """The servers of one data folder, and which of them are wanted."""

    folder: Path
    user: server_user.ServerUser
    names: tuple[str, ...]

    @cached_property
    def programs(self) -> binaries.Binaries:
        return binaries.usable_by(self.user, places.elsewhere)

    @cached_property
    def sockets(self) -> Path:
        return places.sockets_folder(self.folder, self.user)

    @cached_property
    def all(self) -> dict[str, Postgres | Redis]:
        kinds: dict[str, type[Postgres | Redis]] = {"postgres": Postgres, "redis": Redis}
        return {
            name: kind(self.programs, self.user, self.folder / name, self.sockets)
            for name, kind in kinds.items()
        }

    def ensure_up(self) -> None:
        """Start what is wanted and does not run; what a crash left running is simply used."""
        with leases.alone(self.folder):
            self.start()

    def start(self) -> None:
        for name in self.names:
            self.all[name].ensure_up()

    def are_running(self) -> bool:
        return all(self.all[name].process() for name in self.names)

    def addresses(self) -> dict[str, str]:
        return {ADDRESSES[name]: self.all[name].url for name in self.names}

    def lend(self) -> Lease:
        with leases.alone(self.folder):
            lease = leases.take(self.folder)
            with ExitStack() as undo:
                undo.callback(self.end_lease, lease)
                self.start()
                undo.pop_all()
        return lease

    def take_back(self, lease: Lease) -> None:
        with leases.alone(self.folder):
            self.end_lease(lease)

    def end_lease(self, lease: Lease) -> None:
        """Stop the servers if it was the last."""
        if lease.give_back():
            self.stop()

    def stop(self) -> None:
        for server in self.all.values():
            server.stop()
        server_user.collect_ended()
        places.remove_short_folder(self.folder)


def data_folder() -> Path:
    return env.folder("FAULTLINE_DATA_DIR", PROJECT / "var")


def wanted() -> tuple[str, ...]:
    """The servers that no address of the environment stands in for."""
    return tuple(name for name, variable in ADDRESSES.items() if not env.text(variable))


def servers_of(data: Path, names: tuple[str, ...] = ()) -> Servers:
    """The servers of a data folder, which is made when it is missing."""
    places.data_folder(data)
    with leases.alone(data):
        user = server_user.choose(data / "servers" / "postgres")
        return Servers(places.servers_folder(data, user), user, names)


@contextmanager
def lent(data: Path) -> Iterator[Servers | None]:
    """The servers run inside; the environment tells their addresses to us and to what we start.

    None when the environment names others for all of them: then nothing is started, and no folder made.
    """
    if not (names := wanted()):
        yield None
        return
    servers = servers_of(data, names)
    lease = servers.lend()
    os.environ.update(servers.addresses())
    try:
        yield servers
    finally:
        for name in servers.addresses():
            os.environ.pop(name, None)
        servers.take_back(lease)
