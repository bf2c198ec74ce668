"""Reading a stranger's text in a process of its own, which its deadline ends: a page must not wait longer.

One child a process, as for bodies of feeds. One more may wait while it reads, no longer than a reading may
take; the rest are told to come again, so that most threads of the web stay free for other pages.
"""

from __future__ import annotations

import atexit
import pickle
import resource
import sys
import traceback
from dataclasses import dataclass
from threading import BoundedSemaphore

from ingest.parser_process import MEMORY, ChildLost, Parser, limit_processor_time, receive, send
from nlp.document import Document, DocumentKind, Extraction, Passage
from nlp.extraction import extract
from nlp.vocabulary import Term

AT_ONCE = 2
"""Readers in one web process: who is read, and who waits."""
START = 30.0
"""Seconds for a new child to get its vocabulary ready."""
FIRST = Document("ready", DocumentKind.NEWS, (Passage("AWS is down."),))


BUSY = "Others are having their texts read just now. Try again in a few seconds."


class TooLong(Exception):
    """No answer in time; the message is for whoever asked."""


@dataclass(frozen=True, slots=True)
class Task:
    document: Document
    given: tuple[Term, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Answer:
    extraction: Extraction | None = None
    bug: str = ""


class Reader(Parser):
    program = "from ingest.explaining.child import serve; serve()"
    answers = Answer

    def __init__(self) -> None:
        super().__init__()
        self.places = BoundedSemaphore(AT_ONCE)

    def extract(self, task: Task) -> Extraction:
        if not self.places.acquire(blocking=False):
            raise TooLong(BUSY)
        try:
            return self.extract_in_turn(task)
        finally:
            self.places.release()

    def extract_in_turn(self, task: Task) -> Extraction:
        if not self.lock.acquire(timeout=task.seconds):
            raise TooLong(BUSY)
        try:
            answer = self.answer(task)
        except ChildLost as loss:
            self.stop()
            raise TooLong(
                f"That took more than the {task.seconds:g} seconds that it may. A part of the text may do."
            ) from loss
        finally:
            self.lock.release()
        if answer.extraction is None:
            raise RuntimeError(f"a bug in the extraction\n{answer.bug}")
        return answer.extraction

    def answer(self, task: Task) -> Answer:
        if self.child is None or self.running() is not self.child:
            self.exchange(Task(FIRST, task.given, START), START)
        found = self.exchange(task, task.seconds)
        assert isinstance(found, Answer)
        return found


READER = Reader()
atexit.register(READER.stop)


def extract_apart(document: Document, given: tuple[Term, ...], *, seconds: float) -> Extraction:
    """What `nlp.extraction.extract` says, or TooLong."""
    return READER.extract(Task(document, given, seconds))


def serve() -> None:
    """The child: answer until the parent closes the pipe."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # a stray print must not garble an answer
    while True:
        try:
            task = pickle.loads(receive(stdin.read))
        except ChildLost:
            return
        limit_processor_time(task.seconds)
        send(stdout, answer_to(task))
        stdout.flush()


def answer_to(task: Task) -> Answer:
    try:
        return Answer(extract(task.document, task.given))
    except Exception:  # whatever it is, the parent is told, and raises it there
        return Answer(bug=traceback.format_exc())
