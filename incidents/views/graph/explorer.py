"""/graph/: the explorer, the panel beside its picture, and what other programs take of it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from incidents.graphing import exporting
from incidents.graphing.asking import GraphForm
from incidents.graphing.finding import find_node
from incidents.http import Request
from incidents.views.graph.pages import graph_page, record_of
from incidents.views.graph.panel import panel_of
from incidents.views.graph.seeing import explored, export_rows, selected, with_focus

Write = Callable[[list[exporting.NodeRow], list[exporting.EdgeRow]], str]
EXPORTS: dict[str, tuple[Write, str, str]] = {
    "graphml": (exporting.graphml, "application/graphml+xml", "graphml"),
    "mermaid": (exporting.mermaid, "text/plain; charset=utf-8", "mmd"),
    "csv": (exporting.as_csv, "text/csv; charset=utf-8", "csv"),
}


@graph_page
def explorer(request: Request) -> HttpResponse:
    form = GraphForm(request.GET)
    record = record_of(request)
    words = form.asked["find"] or ""
    if node := find_node(words, record):
        return redirect(f"{request.path}{form.query(find='', focus=node, open='', pick='')}")
    context = explored(form, record)
    context["missed"] = words
    if not request.htmx:
        return render(request, "graph/explorer.html", context)
    response = render(request, "graph/_view.html", context)
    response["HX-Push-Url"] = request.path + form.query(find="")
    return response


@graph_page
def panel(request: Request) -> HttpResponse:
    """What the side panel tells of a node or an edge that was picked."""
    form = GraphForm(request.GET)
    record = record_of(request)
    choice = form.choice(record.usual_focus)
    record = with_focus(record, choice)
    told = panel_of(form, record, choice, form.asked["pick"] or "")
    return render(request, "graph/_panel.html", {"panel": told, "is_beside": "fail" not in request.GET})


@graph_page
def export(request: Request, format: str) -> HttpResponse:
    if format not in EXPORTS:
        raise Http404(f"There is no export as {format}.")
    form = GraphForm(request.GET)
    record = record_of(request)
    choice = form.choice(record.usual_focus)
    record = with_focus(record, choice)
    seen = selected(record, choice)
    return download(format, *export_rows(record, seen, choice), "graph")


def download(
    format: str, nodes: list[exporting.NodeRow], edges: list[exporting.EdgeRow], name: str
) -> HttpResponse:
    write, content_type, suffix = EXPORTS[format]
    response = HttpResponse(write(nodes, edges), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="faultline-{name}.{suffix}"'
    return response
