"""What a command of manage.py needs before Django loads: nothing, the servers, or a prepared record."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from config import embedded, env, places, preparing, secret_key
from config.scratch import scratch

# These start no server and make no data folder. `up`, `down` and `doctor` see to the servers themselves.
WITHOUT_SERVERS = frozenset(
    {"accuracy", "check", "collectstatic", "diffsettings", "doctor", "down", "findstatic", "help"}
    | {"makemigrations", "predict", "ready", "run", "startapp", "startproject", "up", "version"}
)
# These look at or change the tables themselves, so nothing is loaded before them.
WITHOUT_RECORD = frozenset(
    {"dbshell", "flush", "migrate", "prepare", "restore", "showmigrations", "sqlflush", "sqlmigrate"}
)
# These measure, and must not do it in somebody's record.
IN_SCRATCH = frozenset({"bench"})


def command_of(arguments: Sequence[str]) -> str:
    """The command of a command line; `help` where only help or a version is asked for."""
    words = list(arguments[1:])
    if not words or {"-h", "--help", "--version"} & set(words):
        return "help"
    return words[0]


@contextmanager
def provided(arguments: Sequence[str]) -> Iterator[None]:
    """Inside, the command finds in the environment what it needs."""
    command = command_of(arguments)
    if command in WITHOUT_SERVERS:
        yield
        return
    end_in_order()
    with ExitStack() as stack:
        if command in IN_SCRATCH:
            os.environ["FAULTLINE_DATA_DIR"] = str(stack.enter_context(scratch()))
        is_own = not env.text("DATABASE_URL")
        stack.enter_context(servers(embedded.data_folder()))
        if is_own and command not in WITHOUT_RECORD:
            preparing.prepare(os.environ["DATABASE_URL"])
        yield


@contextmanager
def servers(data: Path) -> Iterator[embedded.Servers | None]:
    """Inside, the environment names both servers, and the data folder holds a secret key."""
    if not env.text("FAULTLINE_SECRET_KEY"):
        secret_key.ensure(places.data_folder(data))
    with embedded.lent(data) as lent:
        yield lent


def end_in_order() -> None:
    """Told to end, a program still gives its servers back."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
