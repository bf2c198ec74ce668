"""Reading a stranger's text in a process of its own, which its deadline ends: a page must not wait longer.

One child a process, as for bodies of feeds. One more may wait while it reads, no longer than a reading may
take; the rest are told to come again, so that most threads of the web stay free for other pages.
"""

from __future__ import annotations

import atexit
from dataclasses import dataclass
from threading import BoundedSemaphore

from ingest import child_process
from ingest.child_process import Child, ChildLost
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


class Reader(Child[Extraction]):
    def __init__(self) -> None:
        super().__init__("from ingest.explaining.child import serve; serve()", Extraction)
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
            if not self.is_running():
                self.ask(Task(FIRST, task.given, START))
            return self.ask(task)
        except ChildLost as loss:
            raise TooLong(
                f"That took more than the {task.seconds:g} seconds that it may. A part of the text may do."
            ) from loss
        finally:
            self.lock.release()


READER = Reader()
atexit.register(READER.stop)


def extract_apart(document: Document, given: tuple[Term, ...], *, seconds: float) -> Extraction:
    """What `nlp.extraction.extract` says, or TooLong."""
    return READER.extract(Task(document, given, seconds))


def serve() -> None:
    child_process.serve(answer_to)


def answer_to(task: Task) -> Extraction:
    return extract(task.document, task.given)
