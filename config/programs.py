"""The commands of web, worker and beat: the same under `make up` and in a container of their own."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from config import env

WEB_PROCESSES, WEB_THREADS = "2", "4"
# The name under which prometheus_client looks for the folder that the processes of the web count in.
COUNTERS = "PROMETHEUS_MULTIPROC_DIR"


@dataclass(frozen=True, slots=True)
class Program:
    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)


def web() -> Program:
    where = ["--host", env.text("FAULTLINE_BIND", "127.0.0.1"), "--port", str(port())]
    size = ["--workers", WEB_PROCESSES, "--blocking-threads", WEB_THREADS]
    ends = ["--workers-kill-timeout", "10", "--respawn-failed-workers"]
    granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--log-level", "warning"]
    return Program("web", [*granian, *where, *size, *ends, "config.wsgi:application"], counters())


def counters() -> dict[str, str]:
    """A folder for the web's counters, without those of an earlier start."""
    folder = Path(settings.DATA_DIR) / "metrics"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        for file in folder.glob("*.db"):
            file.unlink()
    except OSError:  # a container has no data folder, and its file system is read-only but for /tmp
        folder = Path(tempfile.mkdtemp(prefix="faultline-metrics-"))
    return {COUNTERS: str(folder)}


def worker() -> Program:
    size = ["--concurrency", str(env.number("FAULTLINE_WORKERS", 2, least=1))]
    # A name of its own each: any number may run on one machine.
    name = ["--hostname", f"faultline-{os.getpid()}@%h"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    # SIGTERM then means: finish within ten seconds, give back the rest.
    return Program("worker", celery("worker", *size, *name, *quiet), {"REMAP_SIGTERM": "SIGQUIT"})


def beat() -> Program:
    return Program("beat", celery("beat", "--pidfile="))


def celery(*arguments: str) -> list[str]:
    # Its warning of root is five lines long, and `make up` has no other user to offer.
    hush = ["-W", "ignore:You're running the worker"]
    return [sys.executable, *hush, "-m", "celery", "-A", "config.celery", "--quiet", *arguments]


def port() -> int:
    return env.number("PORT", 8000, least=1)


PROGRAMS: dict[str, Callable[[], Program]] = {"web": web, "worker": worker, "beat": beat}
