from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from config import health, metrics
from incidents.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("admin/", admin.site.urls),
    path("api/v1/", api.urls),
    path("postmortems/", include("incidents.postmortem_urls")),
    path("", include("ingest.urls")),
    path("", include("incidents.urls")),
]
handler500 = "config.overload.server_error"
