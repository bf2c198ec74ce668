"""A process of its own for work that a stranger's bytes may make long, large or deadly.

One long-lived child a process does one task after another. It has a limit of memory, and for each task one
of processor time; a task that passes its deadline costs the child, and the next one gets a new child at once.
The child has no database, no secrets in its environment, and ends with its parent.
"""

from __future__ import annotations

import os
import pickle
import resource
import select
import struct
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import IO, Any, Generic, Protocol, TypeVar

from ingest.kinds import MISSHAPEN

MEMORY = 448 * 1024 * 1024
ROOT = Path(__file__).resolve().parents[1]
LENGTH = struct.Struct(">Q")
TIMES = frozenset({"datetime", "timedelta", "timezone"})
VALUES = frozenset({"ingest.entries", "nlp.document"})


class Task(Protocol):
    """What a child is given to do: a dataclass that says how many seconds it may take."""

    @property
    def seconds(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Bug:
    """What a child says when our own code failed it."""

    traceback: str


class ChildLost(Exception):
    """The child died or was too slow; the message says which."""


Answer = TypeVar("Answer")
Given = TypeVar("Given", bound=Task)


class Understanding(pickle.Unpickler):
    """Reads what a child says, which a body may have taken over: our own values, and nothing else.

    Whatever else a pickle can name is refused before it is looked up, so none of it is ever called.
    """

    def __init__(self, message: bytes, answers: type) -> None:
        super().__init__(BytesIO(message))
        self.said = {(kind.__module__, kind.__name__): kind for kind in (answers, Bug)}

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in self.said:
            return self.said[module, name]
        if module == "datetime" and name in TIMES:
            return super().find_class(module, name)
        if module in VALUES and "." not in name:
            found = super().find_class(module, name)
            # Defined there: a module holds what it imports as well.
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise ChildLost(f"the parser process said what it may not: {module}.{name}"[:200])


def understood(message: bytes, answers: type[Answer]) -> Answer | Bug:
    """A child's answer, or ChildLost where it is none."""
    try:
        answer: object = Understanding(message, answers).load()
    except (pickle.UnpicklingError, EOFError, *MISSHAPEN) as error:
        raise ChildLost(f"the parser process cannot be understood: {type(error).__name__}") from error
    if not isinstance(answer, (answers, Bug)):
        raise ChildLost("the parser process gave no answer")
    return answer


class Child(Generic[Answer]):
    """One child and the pipes to it. Started when it is first asked, and again after each loss.

    `program` is what it runs, a call of `serve`; `answers` is the type of what it may say.
    """

    def __init__(self, program: str, answers: type[Answer]) -> None:
        self.program, self.answers = program, answers
        self.process: subprocess.Popen[bytes] | None = None
        self.owner = 0
        self.lock = Lock()

    def ask(self, task: Task) -> Answer:
        """What the child makes of a task. ChildLost where it died of it or was too slow; it is ended then."""
        try:
            answer = self.exchange(task)
        except ChildLost:
            self.stop()
            raise
        if isinstance(answer, Bug):
            self.stop()
            raise RuntimeError(f"a bug in {self.answers.__module__}\n{answer.traceback}")
        return answer

    def exchange(self, task: Task) -> Answer | Bug:
        process = self.running()
        assert process.stdin and process.stdout  # both are pipes
        until = time.monotonic() + task.seconds
        try:
            send(process.stdin, task)
        except BrokenPipeError as error:
            raise ChildLost("the parser process died before it was asked") from error
        return understood(receive(reader_until(process.stdout.fileno(), until)), self.answers)

    def is_running(self) -> bool:
        """A process that a fork inherited belongs to the parent."""
        return self.process is not None and self.owner == os.getpid() and self.process.poll() is None

    def running(self) -> subprocess.Popen[bytes]:
        """The child of this very process, started where there is none."""
        if self.process is not None and self.is_running():
            return self.process
        self.stop()
        self.owner = os.getpid()
        self.process = subprocess.Popen(
            [sys.executable, "-c", self.program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"PYTHONPATH": str(ROOT)},
            bufsize=0,
        )
        return self.process

    def stop(self) -> None:
        if not self.process or self.owner != os.getpid():
            return
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()
        self.process = None


def send(pipe: IO[bytes], message: object) -> None:
    packed = memoryview(LENGTH.pack(len(data := pickle.dumps(message))) + data)
    while packed:
        packed = packed[pipe.write(packed) :]


def receive(read: Callable[[int], bytes]) -> bytes:
    """One whole message; `read` gives at most as many bytes as it is asked for."""
    (length,) = LENGTH.unpack(exactly(read, LENGTH.size))
    return exactly(read, length)


def exactly(read: Callable[[int], bytes], size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = read(min(size - len(parts), 1 << 20))
        if not part:
            raise ChildLost("the parser process died: too much memory, or a crash")
        parts += part
    return bytes(parts)


def reader_until(pipe: int, until: float) -> Callable[[int], bytes]:
    waiting = select.poll()
    waiting.register(pipe, select.POLLIN)

    def read(size: int) -> bytes:
        if not waiting.poll(max(until - time.monotonic(), 0) * 1000):
            raise ChildLost("reading took longer than it may")
        return os.read(pipe, size)

    return read


def serve(answer_to: Callable[[Given], object]) -> None:
    """The child: answer until the parent closes the pipe."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # a stray print must not garble an answer
    while True:
        try:
            task: Given = pickle.loads(receive(stdin.read))
        except ChildLost:
            return
        limit_processor_time(task.seconds)
        send(stdout, answer_or_bug(answer_to, task))
        stdout.flush()


def limit_processor_time(seconds: float) -> None:
    """A child whose parent was killed must not read on for ever."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(usage.ru_utime + usage.ru_stime + seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


def answer_or_bug(answer_to: Callable[[Given], object], task: Given) -> object:
    try:
        return answer_to(task)
    except Exception:  # whatever it is, it rises again where it can be seen: in the parent
        return Bug(traceback.format_exc())
