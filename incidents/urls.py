from django.urls import path, register_converter
from django.urls.converters import StringConverter

from incidents.views import about, corrections, entities, home, incidents, review, timeline
from incidents.views.filtering import options
from incidents.views.signing_in import sign_in, sign_out


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
    path("incidents/<slug:slug>/correct/", corrections.correct, name="correct"),
    path("incidents/<slug:slug>/correct/sent/", corrections.sent, name="correction-sent"),
    path("exchanges/", entities.exchanges, name="exchanges"),
    path("organisations/<slug:slug>/", entities.organisation, name="organisation"),
    path("providers/<slug:slug>/", entities.provider, name="provider"),
    path("regions/<owned:slug>/", entities.region, name="region"),
    path("services/<owned:slug>/", entities.service, name="service"),
    path("options/<slug:field>/", options, name="options"),
    path("accounts/login/", sign_in, name="sign-in"),
    path("accounts/logout/", sign_out, name="sign-out"),
    path("review/", review.queue, name="review"),
    path("review/answer/", review.answer_pair, name="answer-pair"),
    path("review/undo/", review.undo_answer, name="undo-answer"),
    path("review/corrections/", corrections.index, name="corrections"),
    path("review/corrections/<int:pk>/", corrections.decide_one, name="decide-correction"),
    path("review/incidents/<slug:slug>/", review.judge, name="judge"),
    path("review/incidents/<slug:slug>/merge/", review.merge_incident, name="merge"),
    path("review/incidents/<slug:slug>/split/", review.split_incident, name="split"),
    path("review/incidents/<slug:slug>/hit/", review.judge_incident_hit, name="judge-hit"),
    path("review/incidents/<slug:slug>/undo/<int:pk>/", review.undo_verdict, name="undo-verdict"),
    path("about/", about.about, name="about"),
]
