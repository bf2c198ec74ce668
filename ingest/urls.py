"""Sources, reports by hand, watches, and how a text is read."""

from django.urls import path

from ingest.explaining.views import explain
from ingest.views import by_hand, sources, watches

app_name = "ingest"
urlpatterns = [
    path("explain/", explain, name="explain"),
    path("reports/new/", by_hand.new_report, name="new-report"),
    path("watches/", watches.index, name="watches"),
    path("watches/new/", watches.new, name="new-watch"),
    path("watches/<int:pk>/", watches.detail, name="watch"),
    path("watches/<int:pk>/<slug:act>/", watches.act, name="act-on-watch"),
    path("watches/stop/<str:token>/", watches.stop, name="stop-watch"),
    path("sources/", sources.sources, name="sources"),
    path("sources/<slug:slug>/", sources.source, name="source"),
    path("sources/<slug:slug>/read/", sources.read_now, name="read-now"),
    path("sources/<slug:slug>/payloads/<int:pk>/", sources.payload, name="payload"),
]
