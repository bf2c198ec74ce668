from django.urls import path

from ingest import views, views_by_hand, views_watches
from ingest.explaining.views import explain

app_name = "ingest"
urlpatterns = [
    path("explain/", explain, name="explain"),
    path("reports/new/", views_by_hand.new_report, name="new-report"),
    path("watches/", views_watches.index, name="watches"),
    path("watches/new/", views_watches.new, name="new-watch"),
    path("watches/<int:pk>/", views_watches.detail, name="watch"),
    path("watches/<int:pk>/<slug:act>/", views_watches.act, name="act-on-watch"),
    path("watches/stop/<str:token>/", views_watches.stop, name="stop-watch"),
    path("sources/", views.sources, name="sources"),
    path("sources/<slug:slug>/", views.source, name="source"),
    path("sources/<slug:slug>/read/", views.read_now, name="read-now"),
    path("sources/<slug:slug>/payloads/<int:pk>/", views.payload, name="payload"),
]
