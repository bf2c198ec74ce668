"""A page of the graph: one that also changes with the edges."""

from __future__ import annotations

from incidents.graphing.loading import graph_version
from incidents.http import P, View, versioned_page


def graph_page(view: View[P]) -> View[P]:
    return versioned_page(view, graph_version)
