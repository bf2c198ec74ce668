"""The product's worker with a reader that chokes on some titles: raises, loops, crashes, eats memory."""

from __future__ import annotations

import ctypes
import itertools
from importlib import import_module

import django

from config.celery import app
from nlp.document import Document, Extraction
from nlp.pipeline import load_pipeline

django.setup()
processing = import_module("ingest.processing")  # its models want Django set up
app.conf.update(task_soft_time_limit=None, task_time_limit=5)
load_pipeline()  # before the children are made: the short limit is for what chokes
extract = processing.extract


def choke(document: Document) -> Extraction:
    match document.title:
        case "raise":
            raise RuntimeError("cannot be digested")
        case "loop":
            for _ in itertools.count():
                pass
        case "crash":
            ctypes.string_at(0)
        case "eat":
            hoard = [bytearray(1 << 20) for _ in range(1 << 14)]
            del hoard
    return extract(document)


processing.extract = choke
