from django.urls import path

from incidents.views import about, entities, home, incidents, timeline
from incidents.views.filtering import options

app_name = "incidents"
urlpatterns = [
    path("", home.home, name="home"),
    path("timeline/", timeline.timeline, name="timeline"),
    path("incidents/", incidents.index, name="index"),
    path("incidents/<str:slug>/", incidents.detail, name="detail"),
    path("exchanges/", entities.exchanges, name="exchanges"),
    path("organisations/<slug:slug>/", entities.organisation, name="organisation"),
    path("providers/<slug:slug>/", entities.provider, name="provider"),
    path("regions/<str:slug>/", entities.region, name="region"),
    path("services/<str:slug>/", entities.service, name="service"),
    path("options/<slug:field>/", options, name="options"),
    path("about/", about.about, name="about"),
]
