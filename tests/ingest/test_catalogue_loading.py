"""The catalogue in the record: names, edges, sources, reports and the incidents drawn from them."""

import pytest

from incidents.models import Dependency, Impact, Incident, Proof, Report, Source
from incidents.vocabulary_loading import load_vocabulary
from ingest import catalogue
from ingest.catalogue.loading import load, load_dependencies, load_names, load_sources
from ingest.models import Feed

pytestmark = pytest.mark.django_db


def counts() -> dict[str, int]:
    return {
        model.__name__: model._default_manager.count()
        for model in (Dependency, Feed, Impact, Incident, Proof, Report, Source)
    }


def test_catalogue_becomes_incidents_and_a_second_load_changes_nothing() -> None:
    load_vocabulary()
    loaded = load()
    outages = catalogue.outages()
    accounts = sum(len(outage.organisations) or 1 for outage in outages)
    assert Incident.objects.live().count() == accounts
    assert Report.objects.stubs().count() == loaded.pages

    tokyo = Incident.objects.live().get(regions=["aws:ap-northeast-1"], started_at__date="2025-04-15")
    assert {"binance", "kucoin"} <= set(tokyo.hit)
    assert tokyo.end_state == "known"

    controls = [outage for outage in outages if outage.is_control]
    owned = Incident.objects.filter(organisation__isnull=False)
    assert owned.filter(title__in=[outage.title for outage in controls]).exists()
    assert not Impact.objects.filter(incident__in=owned, incident__cause="capacity-overload").exists()

    before = counts()
    shown = list(Incident.objects.order_by("slug").values_list("slug", "title", "started_at", "hit"))
    assert load() == loaded
    assert counts() == before
    assert list(Incident.objects.order_by("slug").values_list("slug", "title", "started_at", "hit")) == shown


def test_what_an_operator_changed_of_a_default_feed_stays() -> None:
    load_vocabulary()
    load_names()
    load_sources()
    feed = Feed.objects.get(source__slug="gcp-incidents")
    feed.url, feed.is_enabled = "https://mirror.example/incidents.json", False
    feed.save()
    load_sources()
    feed.refresh_from_db()
    assert (feed.url, feed.is_enabled) == ("https://mirror.example/incidents.json", False)


def test_every_edge_has_a_proof_and_an_undated_one_is_never_known() -> None:
    load_vocabulary()
    load_names()
    load_dependencies()
    assert not Dependency.objects.filter(proofs=None).exists()
    assert not Proof.objects.filter(about="undated").exclude(known_at=None).exists()
