"""A page of the graph: one that also changes with the edges."""

from __future__ import annotations

import time
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest

from incidents.graphing.loading import Record, graph_version, load
from incidents.http import P, View, reader, versioned_page

VERSION = "faultline.graph"


def graph_page(view: View[P]) -> View[P]:
    return versioned_page(view, seen_version)


def seen_version(request: HttpRequest) -> str:
    """The version of the graph, asked once a request: the page is drawn from what its tag tells of.

    As with the record's, strangers are told of a change up to a second late; it takes a scan of all edges.
    """
    seconds = settings.RECORD_VERSION_SECONDS
    is_kept = seconds and not reader(request)
    version = version_within(int(time.monotonic() / seconds)) if is_kept else graph_version()
    request.META[VERSION] = version
    return version


@lru_cache(maxsize=1)
def version_within(span: int) -> str:
    return graph_version()


def record_of(request: HttpRequest) -> Record:
    return load(request.META[VERSION])
