"""Keeps programs running in the foreground: their logs with a prefix, and back again when one dies."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from config.programs import Program

LIFELINE = Path(__file__).with_name("lifeline.py")
LOOK_SECONDS = 0.5
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
# Who lived so long before it died is started again at once.
SETTLED_SECONDS = 30.0
# More than a worker's soft shutdown and granian's patience with its own.
END_SECONDS = 25.0


class Child:
    """One program, in a session of its own: the terminal's Ctrl-C reaches us, and we end it in order."""

    def __init__(self, program: Program, folder: Path) -> None:
        self.program = program
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None
        self.pause = FIRST_PAUSE
        self.started_at = self.start_at = 0.0

    def start(self) -> int:
        """Returns the end of the pipe that carries its output."""
        reading, writing = os.pipe2(os.O_CLOEXEC)
        os.set_blocking(reading, False)
        self.process = subprocess.Popen(
            [sys.executable, "-IS", str(LIFELINE), str(os.getpid()), *self.program.command],
            cwd=self.folder,
            env={**os.environ, **self.program.environment},
            stdin=subprocess.DEVNULL,
            stdout=writing,
            stderr=writing,
            start_new_session=True,
        )
        os.close(writing)
        self.started_at = time.monotonic()
        return reading

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def bury(self) -> str:
        """After its death: end what it started, and set when it may come back; what to tell about it."""
        assert self.process is not None
        self.signal(signal.SIGKILL)
        code, self.process = self.process.returncode, None
        now = time.monotonic()
        self.pause = FIRST_PAUSE if now - self.started_at > SETTLED_SECONDS else self.pause * 2
        self.pause = min(self.pause, LONGEST_PAUSE)
        self.start_at = now + self.pause
        cause = signal.Signals(-code).name if code < 0 else f"status {code}"
        return f"ended with {cause}; starting again in {self.pause:.0f} s"

    def signal(self, number: signal.Signals) -> None:
        """To the program and to the processes it started."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)

    def ask_to_end(self) -> None:
        """To the program alone: granian and Celery end their own processes in order."""
        if self.is_running() and self.process is not None:
            self.process.terminate()


class Supervisor:
    """Runs until it is told to end. `watch` is called twice a second."""

    def __init__(self, programs: Sequence[Program], *, folder: Path, watch: Callable[[], None]) -> None:
        self.children = [Child(program, folder) for program in programs]
        self.watch = watch
        self.width = max(len(program.name) for program in programs)
        self.selector = selectors.DefaultSelector()
        self.unfinished: dict[int, bytes] = {}
        self.asked = 0

    def run(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.hear)
        while not self.asked:
            for child in self.children:
                self.see_to(child)
            self.watch()
            self.copy_output(LOOK_SECONDS)
        self.end()

    def hear(self, number: int, frame: FrameType | None) -> None:
        self.asked += 1

    def see_to(self, child: Child) -> None:
        if child.process is not None and not child.is_running():
            self.say(child.program.name, child.bury().encode())
        if child.process is None and time.monotonic() >= child.start_at:
            pipe = child.start()
            self.unfinished[pipe] = b""
            self.selector.register(pipe, selectors.EVENT_READ, child.program.name)

    def end(self) -> None:
        """In order: asked, waited for, and only then killed. A second Ctrl-C kills at once."""
        for child in self.children:
            child.ask_to_end()
        until = time.monotonic() + END_SECONDS
        while any(child.is_running() for child in self.children):
            if time.monotonic() > until or self.asked > 1:
                break
            self.copy_output(0.1)
        for child in self.children:
            child.signal(signal.SIGKILL)
            if child.process is not None:
                child.process.wait()
        self.copy_output(0)

    def copy_output(self, seconds: float) -> None:
        for key, _ in self.selector.select(seconds):
            self.copy_from(key.fd, key.data)

    def copy_from(self, pipe: int, name: str) -> None:
        chunk = os.read(pipe, 65536)
        *lines, self.unfinished[pipe] = (self.unfinished[pipe] + chunk).split(b"\n")
        if not chunk:
            self.selector.unregister(pipe)
            os.close(pipe)
            lines.append(self.unfinished.pop(pipe))
        for line in lines:
            if line.strip():
                self.say(name, line)

    def say(self, name: str, line: bytes) -> None:
        # The bytes as they came. Our reader may be gone (`make up | head`); what we run goes on.
        with contextlib.suppress(BrokenPipeError):
            sys.stdout.buffer.write(b"%s | %s\n" % (name.ljust(self.width).encode(), line))
            sys.stdout.buffer.flush()
