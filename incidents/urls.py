from django.urls import path, register_converter
from django.urls.converters import StringConverter

from incidents.views import about, entities, home, incidents, timeline
from incidents.views.filtering import options


class OwnedSlug(StringConverter):
    """`aws:us-east-1`: a slug that carries its owner. PostgreSQL takes no NUL, not even to find nothing."""

    regex = r"[^/\x00]+"


register_converter(OwnedSlug, "owned")

app_name = "incidents"
urlpatterns = [
    path("", home.home, name="home"),
    path("timeline/", timeline.timeline, name="timeline"),
    path("incidents/", incidents.index, name="index"),
    path("incidents/<slug:slug>/", incidents.detail, name="detail"),
    path("exchanges/", entities.exchanges, name="exchanges"),
    path("organisations/<slug:slug>/", entities.organisation, name="organisation"),
    path("providers/<slug:slug>/", entities.provider, name="provider"),
    path("regions/<owned:slug>/", entities.region, name="region"),
    path("services/<owned:slug>/", entities.service, name="service"),
    path("options/<slug:field>/", options, name="options"),
    path("about/", about.about, name="about"),
]
