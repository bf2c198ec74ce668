from django.urls import path

from ingest import views, views_by_hand

app_name = "ingest"
urlpatterns = [
    path("reports/new/", views_by_hand.new_report, name="new-report"),
    path("sources/", views.sources, name="sources"),
    path("sources/<slug:slug>/", views.source, name="source"),
    path("sources/<slug:slug>/read/", views.read_now, name="read-now"),
    path("sources/<slug:slug>/payloads/<int:pk>/", views.payload, name="payload"),
]
