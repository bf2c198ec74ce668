"""/insights/concentration/: what many stand on and nothing stands in for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from incidents.graphing.asking import ConcentrationForm
from incidents.graphing.concentrating import Layer, Point, layers, points
from incidents.graphing.loading import Record, graph_at, load
from incidents.http import Request
from incidents.views.graph.failing import is_served
from incidents.views.graph.pages import graph_page, record_of
from incidents.views.graph.rows import node_link
from incidents.views.rows import Link

RANKED, SHARES, NAMED = 30, 6, 12
RESULTS_KEPT = 8


@dataclass(frozen=True, slots=True)
class PointRow:
    rank: int
    link: Link
    kind: str
    alone: int
    degraded: int
    unknown: int
    named: tuple[Link, ...]
    more: int
    is_joint: bool
    fail: str

    @property
    def hurt(self) -> int:
        return self.alone + self.degraded

    @property
    def touched(self) -> int:
        return self.hurt + self.unknown


@dataclass(frozen=True, slots=True)
class LayerRow:
    kind: str
    index: str
    equal: str
    shares: tuple[tuple[Link, str], ...]
    known: int
    unknown: int
    unknown_share: str


@graph_page
def concentration(request: Request) -> HttpResponse:
    form = ConcentrationForm(request.GET)
    record = record_of(request)
    at = form.moment
    ranked, spread = measured(record.version, at, with_undated=not form.is_past)
    served = sum(is_served(one) for one in record.named.values())
    known = spread[0].known
    hurting = [point for point in ranked if point.alone or point.degraded or point.unknown]
    context = {
        "form": form,
        "at": at,
        "is_past": form.is_past,
        "points": [point_row(record, n, p, form) for n, p in enumerate(hurting[:RANKED], start=1)],
        "widest": max((len(p.alone) + len(p.degraded) + len(p.unknown) for p in hurting), default=1),
        "more": max(0, len(hurting) - RANKED),
        "joints": sum(point.is_joint for point in ranked),
        "layers": [layer_row(record, layer) for layer in spread],
        "served": served,
        "unknown": served - known,
        "unknown_share": f"{(served - known) / served:.0%}" if served else "",
    }
    return render(request, "graph/concentration.html", context)


@lru_cache(maxsize=RESULTS_KEPT)
def measured(version: str, at: datetime, *, with_undated: bool) -> tuple[list[Point], list[Layer]]:
    """Kept as long as the edges stand still: it asks the graph once for each node."""
    record = load(version)
    graph = graph_at(version, at, with_later=False, with_undated=with_undated)
    counted = frozenset(node for node, named in record.named.items() if is_served(named))
    dated = [edge for edge in graph.edges if not edge.is_undated]
    return points(graph, at, counted), layers(dated, counted)


def point_row(record: Record, rank: int, point: Point, form: ConcentrationForm) -> PointRow:
    named = sorted((node_link(record, node) for node in point.alone), key=lambda link: link.name.lower())
    query = form.query()
    joined = f"?fail={point.node}&{query.removeprefix('?')}".rstrip("&")
    return PointRow(
        rank=rank,
        link=node_link(record, point.node),
        kind=record.kinds.get(point.node, ""),
        alone=len(point.alone),
        degraded=len(point.degraded),
        unknown=len(point.unknown),
        named=tuple(named[:NAMED]),
        more=max(0, len(named) - NAMED),
        is_joint=point.is_joint,
        fail=reverse("incidents:what-if") + joined,
    )


def layer_row(record: Record, layer: Layer) -> LayerRow:
    total = layer.known + layer.unknown
    return LayerRow(
        kind=layer.kind,
        index=f"{layer.index:.2f}" if layer.index is not None else "",
        equal=f"{1 / layer.index:.1f}" if layer.index else "",
        shares=tuple((node_link(record, node), f"{share:.0%}") for node, share in layer.shares[:SHARES]),
        known=layer.known,
        unknown=layer.unknown,
        unknown_share=f"{layer.unknown / total:.0%}" if total else "",
    )
