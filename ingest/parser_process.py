"""Reading what strangers wrote, in a process of its own that may die of it.

One long-lived child a process reads body after body. It has a limit of memory, and for each body one of
processor time; a body that passes its deadline costs the child, and the next one gets a new child at once.
The child has no database, no secrets in its environment, and ends with its parent.
"""

from __future__ import annotations

import atexit
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
from typing import IO, Any

import psutil

from ingest.entries import Reading
from ingest.errors import ParseError
from ingest.kinds import MISSHAPEN, Context, all_kinds

DEADLINE = 5.0
MEMORY = 448 * 1024 * 1024
ENOUGH = 192 * 1024 * 1024  # held after a body: the child makes room for a fresh one
ROOT = Path(__file__).resolve().parents[1]
LENGTH = struct.Struct(">Q")
TIMES = frozenset({"datetime", "timedelta", "timezone"})
VALUES = frozenset({"ingest.entries", "nlp.document"})


@dataclass(frozen=True, slots=True)
class Request:
    kind: str
    body: bytes
    context: Context
    seconds: float


@dataclass(frozen=True, slots=True)
class Answer:
    """`refusal` is what was wrong with the body, `bug` the traceback of what was wrong with us."""

    reading: Reading | None = None
    refusal: str = ""
    bug: str = ""
    is_last: bool = False


class ChildLost(Exception):
    """The child died or was too slow; the message says which."""


class Understanding(pickle.Unpickler):
    """Reads what a child says, which a body may have taken over: our own values, and nothing else.

    Whatever else a pickle can name is refused before it is looked up, so none of it is ever called.
    """

    def __init__(self, message: bytes, answers: type) -> None:
        super().__init__(BytesIO(message))
        self.answers = answers

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == (self.answers.__module__, self.answers.__name__):
            return self.answers
        if module == "datetime" and name in TIMES:
            return super().find_class(module, name)
        if module in VALUES and "." not in name:
            found = super().find_class(module, name)
            # Defined there: a module holds what it imports as well.
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise ChildLost(f"the parser process said what it may not: {module}.{name}"[:200])


def understood(message: bytes, answers: type) -> object:
    """A child's answer, or ChildLost where it is none."""
    try:
        answer: object = Understanding(message, answers).load()
    except (pickle.UnpicklingError, EOFError, *MISSHAPEN) as error:
        raise ChildLost(f"the parser process cannot be understood: {type(error).__name__}") from error
    if not isinstance(answer, answers):
        raise ChildLost("the parser process gave no answer")
    return answer


class Parser:
    """One child and the pipes to it. Started when it is first asked, and again after each loss."""

    program = "from ingest.parser_process import serve; serve()"
    answers: type = Answer

    def __init__(self) -> None:
        self.child: subprocess.Popen[bytes] | None = None
        self.owner = 0
        self.lock = Lock()

    def read(self, request: Request) -> Reading:
        with self.lock:
            try:
                answer = self.ask(request)
            except ChildLost as loss:
                self.stop()
                raise ParseError(f"{request.kind}: {loss}") from loss
            if answer.is_last:
                self.stop()
        if answer.bug:
            raise RuntimeError(f"{request.kind}: a bug in the parser\n{answer.bug}")
        if answer.reading is None:
            raise ParseError(answer.refusal)
        return answer.reading

    def ask(self, request: Request) -> Answer:
        answer = self.exchange(request, request.seconds)
        assert isinstance(answer, Answer)
        return answer

    def exchange(self, message: object, seconds: float) -> object:
        """What the child answers within so many seconds."""
        child = self.running()
        assert child.stdin and child.stdout  # both are pipes
        until = time.monotonic() + seconds
        try:
            send(child.stdin, message)
        except BrokenPipeError as error:
            raise ChildLost("the parser process died before it was asked") from error
        return understood(receive(reader_until(child.stdout.fileno(), until)), self.answers)

    def running(self) -> subprocess.Popen[bytes]:
        """The child of this very process: one that a fork inherited belongs to the parent."""
        if self.child and self.owner == os.getpid() and self.child.poll() is None:
            return self.child
        if self.child and self.owner == os.getpid():
            self.stop()
        self.owner = os.getpid()
        self.child = subprocess.Popen(
            [sys.executable, "-c", self.program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"PYTHONPATH": str(ROOT)},
            bufsize=0,
        )
        return self.child

    def stop(self) -> None:
        if not self.child or self.owner != os.getpid():
            return
        self.child.kill()
        self.child.wait()
        for pipe in (self.child.stdin, self.child.stdout):
            if pipe:
                pipe.close()
        self.child = None


PARSER = Parser()
atexit.register(PARSER.stop)


def read_in_parser(kind: str, body: bytes, context: Context, *, seconds: float = DEADLINE) -> Reading:
    """What `Kind.read` returns, or a ParseError: also where reading took too long or too much memory."""
    return PARSER.read(Request(kind, body, context, seconds))


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


def serve() -> None:
    """The child: answer until the parent closes the pipe."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # a stray print must not garble an answer
    while True:
        try:
            request = pickle.loads(receive(stdin.read))
        except ChildLost:
            return
        limit_processor_time(request.seconds)
        send(stdout, answer_to(request))
        stdout.flush()


def limit_processor_time(seconds: float) -> None:
    """A child whose parent was killed must not read on for ever."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(usage.ru_utime + usage.ru_stime + seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


def answer_to(request: Request) -> Answer:
    try:
        reading = all_kinds()[request.kind].read(request.body, request.context)
    except ParseError as error:
        return Answer(refusal=str(error), is_last=is_full())
    except MemoryError:
        return Answer(refusal=f"{request.kind}: too large to read in {MEMORY >> 20} MiB", is_last=True)
    except Exception:  # whatever it is, the parent is told, and raises it there
        return Answer(bug=traceback.format_exc(), is_last=True)
    return Answer(reading, is_last=is_full())


def is_full() -> bool:
    # Not ru_maxrss: a child starts with the peak of the process that it was forked from.
    return psutil.Process().memory_info().rss > ENOUGH
