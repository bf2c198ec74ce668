"""Own PostgreSQL and Redis of a data folder: lent to each command, stopped by the last one out."""

from __future__ import annotations

import os
import shutil
import tempfile
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


@dataclass(frozen=True)
class Servers:
    """The servers of one data folder that exists."""

    folder: Path
    user: server_user.ServerUser

    @cached_property
    def programs(self) -> binaries.Binaries:
        return binaries.usable_by(self.user, places.elsewhere)

    @cached_property
    def sockets(self) -> Path:
        return places.sockets_folder(self.folder, self.user)

    @cached_property
    def postgres(self) -> Postgres:
        return Postgres(self.programs, self.user, self.folder / "postgres", self.sockets)

    @cached_property
    def redis(self) -> Redis:
        return Redis(self.programs, self.user, self.folder / "redis", self.sockets)

    def ensure_up(self) -> None:
        """Start what is wanted and does not run; what a crash left running is simply used."""
        with leases.alone(self.folder):
            self.start()

    def start(self) -> None:
        for server in self.wanted():
            server.ensure_up()

    def wanted(self) -> list[Postgres | Redis]:
        """Those that no address of the environment stands in for."""
        postgres = [] if env.text("DATABASE_URL") else [self.postgres]
        redis = [] if env.text("REDIS_URL") else [self.redis]
        return [*postgres, *redis]

    def lend(self) -> Lease:
        with leases.alone(self.folder):
            lease = leases.take(self.folder)
            with ExitStack() as undo:
                undo.callback(self.end_lease, lease)
                self.start()
                undo.pop_all()
        return lease

    def take_back(self, lease: Lease) -> bool:
        """Stop the servers if this was the last lease."""
        with leases.alone(self.folder):
            return self.end_lease(lease)

    def end_lease(self, lease: Lease) -> bool:
        is_last = lease.give_back()
        if is_last:
            self.stop()
        return is_last

    def stop(self) -> None:
        for server in (self.postgres, self.redis):
            server.stop()


def data_folder() -> Path:
    return env.folder("FAULTLINE_DATA_DIR", PROJECT / "var")


def servers_of(data: Path) -> Servers:
    """The servers of a data folder, which is made when it is missing."""
    places.data_folder(data)
    with leases.alone(data):
        user = server_user.choose(data / "servers" / "postgres")
        return Servers(places.servers_folder(data, user), user)


@contextmanager
def lent(data: Path) -> Iterator[Servers]:
    """The servers run inside; the environment tells their addresses to us and to what we start."""
    servers = servers_of(data)
    wanted = servers.wanted()
    lease = servers.lend()
    names = {"postgres": "DATABASE_URL", "redis": "REDIS_URL"}
    addresses = {names[server.folder.name]: server.url for server in wanted}
    os.environ.update(addresses)
    try:
        yield servers
    finally:
        for name in addresses:
            os.environ.pop(name, None)
        servers.take_back(lease)


@contextmanager
def scratch() -> Iterator[Path]:
    """A data folder that is gone afterwards: for tests and measurements."""
    data = Path(tempfile.mkdtemp(prefix="faultline-scratch-"))
    data.chmod(0o711 if os.geteuid() == 0 else 0o700)
    try:
        yield data
    finally:
        for link in (data / "servers" / "sockets", data / "servers"):
            if link.is_symlink():
                shutil.rmtree(link.resolve(), ignore_errors=True)
        shutil.rmtree(data, ignore_errors=True)
