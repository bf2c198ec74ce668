"""/graph/ and what is told from it: part of the pages of `incidents`, in their namespace."""

from django.urls import path

from incidents.views.graph import concentration, edges, explorer, report_card, what_if

urlpatterns = [
    path("graph/", explorer.explorer, name="graph"),
    path("graph/panel/", explorer.panel, name="graph-panel"),
    path("graph/export/<slug:format>/", explorer.export, name="graph-export"),
    path("graph/what-if/", what_if.what_if_page, name="what-if"),
    path("graph/what-if/export/<slug:format>/", what_if.export, name="what-if-export"),
    path("graph/edges/", edges.index, name="graph-edges"),
    path("graph/edges/new/", edges.new, name="graph-edge-new"),
    path("graph/edges/undo/<int:pk>/", edges.undo_one, name="graph-edge-undo"),
    path("graph/edges/<str:source>/<slug:relation>/<str:target>/", edges.edge, name="graph-edge"),
    path(
        "graph/edges/<str:source>/<slug:relation>/<str:target>/decide/",
        edges.decide_one,
        name="graph-edge-decide",
    ),
    path("insights/concentration/", concentration.concentration, name="concentration"),
    path("organisations/<slug:slug>/report-card/", report_card.report_card, name="report-card"),
]
