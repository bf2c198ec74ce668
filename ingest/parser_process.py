"""Reading what strangers wrote, in a process of its own that may die of it."""

from __future__ import annotations

import atexit
from dataclasses import dataclass

import psutil

from ingest import child_process
from ingest.child_process import MEMORY, Child, ChildLost
from ingest.entries import Reading
from ingest.errors import ParseError
from ingest.kinds import Context, all_kinds

DEADLINE = 5.0
ENOUGH = 192 * 1024 * 1024  # held after a body: the child makes room for a fresh one


@dataclass(frozen=True, slots=True)
class Request:
    kind: str
    body: bytes
    context: Context
    seconds: float


@dataclass(frozen=True, slots=True)
class Answer:
    """`refusal` is what was wrong with the body."""

    reading: Reading | None = None
    refusal: str = ""
    is_last: bool = False


class Parser(Child[Answer]):
    def __init__(self) -> None:
        super().__init__("from ingest.parser_process import serve; serve()", Answer)

    def read(self, request: Request) -> Reading:
        with self.lock:
            try:
                answer = self.ask(request)
            except ChildLost as loss:
                raise ParseError(f"{request.kind}: {loss}") from loss
            if answer.is_last:
                self.stop()
        if answer.reading is None:
            raise ParseError(answer.refusal)
        return answer.reading


PARSER = Parser()
atexit.register(PARSER.stop)


def read_in_parser(kind: str, body: bytes, context: Context, *, seconds: float = DEADLINE) -> Reading:
    """What `Kind.read` returns, or a ParseError: also where reading took too long or too much memory."""
    return PARSER.read(Request(kind, body, context, seconds))


def serve() -> None:
    child_process.serve(answer_to)


def answer_to(request: Request) -> Answer:
    try:
        reading = all_kinds()[request.kind].read(request.body, request.context)
    except ParseError as error:
        return Answer(refusal=str(error), is_last=is_full())
    except MemoryError:
        return Answer(refusal=f"{request.kind}: too large to read in {MEMORY >> 20} MiB", is_last=True)
    return Answer(reading, is_last=is_full())


def is_full() -> bool:
    # Not ru_maxrss: a child starts with the peak of the process that it was forked from.
    return psutil.Process().memory_info().rss > ENOUGH
