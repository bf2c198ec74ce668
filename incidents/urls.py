"""The pages of the record, and the analysts' desk."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from incidents.graphing.urls import urlpatterns as graph_pages
from incidents.views import (
    about,
    corrections,
    entities,
    entity_lists,
    exporting,
    feeds,
    home,
    incidents,
    insights,
    judging,
    listing,
    queue,
    searching,
    site,
    timeline,
    twins,
)
from incidents.views.filtering import options


class OwnedSlug(StringConverter):
    """`aws:us-east-1`: a slug that carries its owner. PostgreSQL takes no NUL, not even to find nothing."""

    regex = r"[^/\x00]+"


register_converter(OwnedSlug, "owned")

app_name = "incidents"
urlpatterns = [
    path("", home.home, name="home"),
    path("timeline/", timeline.timeline, name="timeline"),
    path("incidents/", listing.index, name="index"),
    path("incidents/feed.atom", feeds.atom, name="feed"),
    path("incidents/export.csv", exporting.incidents_csv, name="csv"),
    path("incidents/<slug:slug>/", incidents.detail, name="detail"),
    path("incidents/<slug:slug>.json", twins.as_json, name="json"),
    path("incidents/<slug:slug>.md", twins.as_markdown, name="markdown"),
    path("incidents/<slug:slug>.ics", twins.as_calendar, name="calendar"),
    path("incidents/<slug:slug>/correct/", corrections.correct, name="correct"),
    path("incidents/<slug:slug>/correct/sent/", corrections.sent, name="correction-sent"),
    *graph_pages,
    path("exchanges/", entity_lists.exchanges, name="exchanges"),
    path("organisations/<slug:slug>/", entities.organisation, name="organisation"),
    path("providers/", entity_lists.providers, name="providers"),
    path("regions/", entity_lists.regions, name="regions"),
    path("services/", entity_lists.services, name="services"),
    path("providers/<slug:slug>/", entities.provider, name="provider"),
    path("regions/<owned:slug>/", entities.region, name="region"),
    path("services/<owned:slug>/", entities.service, name="service"),
    path("options/<slug:field>/", options, name="options"),
    path("review/", queue.queue, name="review"),
    path("review/answer/", queue.answer_item, name="answer-item"),
    path("review/undo/", queue.undo_answer, name="undo-answer"),
    path("review/decided/", queue.decided, name="decided"),
    path("review/decided/<int:pk>/undo/", queue.undo_decision, name="undo-decision"),
    path("review/corrections/", corrections.index, name="corrections"),
    path("review/corrections/<int:pk>/", corrections.decide_one, name="decide-correction"),
    path("review/incidents/<slug:slug>/", judging.judge, name="judge"),
    path("review/incidents/<slug:slug>/merge/", judging.merge_incident, name="merge"),
    path("review/incidents/<slug:slug>/split/", judging.split_incident, name="split"),
    path("review/incidents/<slug:slug>/hit/", judging.judge_incident_hit, name="judge-hit"),
    path("review/incidents/<slug:slug>/value/", judging.correct_incident_value, name="correct-value"),
    path("review/incidents/<slug:slug>/value/<int:pk>/undo/", judging.undo_value, name="undo-value"),
    path("review/incidents/<slug:slug>/undo/<int:pk>/", judging.undo_verdict, name="undo-verdict"),
    path("search/", searching.search, name="search"),
    path("insights/", insights.insights, name="insights"),
    path("insights/<slug:name>.csv", insights.data, name="insight-data"),
    path("about/", about.about, name="about"),
    path("styleguide/", site.styleguide, name="styleguide"),
    path("sitemap.xml", site.sitemap, name="sitemap"),
    path("sitemap-pages.xml", site.sitemap_pages, name="sitemap-pages"),
    path("sitemap-<int:year>.xml", site.sitemap_year, name="sitemap-year"),
    path("robots.txt", site.robots, name="robots"),
    path(".well-known/security.txt", site.security, name="security"),
]
