"""A page of the graph: one that also changes with the edges."""

from __future__ import annotations

from django.http import HttpRequest

from incidents.graphing.loading import Record, graph_version, load
from incidents.http import P, View, versioned_page


def graph_page(view: View[P]) -> View[P]:
    return versioned_page(view, seen_version)


def seen_version(request: HttpRequest) -> str:
    """The version of the graph, asked once a request: the page is drawn from what its tag tells of."""
    version = graph_version()
    request.META[VERSION] = version
    return version


VERSION = "faultline.graph"


def record_of(request: HttpRequest) -> Record:
    return load(request.META[VERSION])
