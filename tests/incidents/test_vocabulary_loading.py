"""The vocabulary's names in the tables."""

import pytest

from incidents.models import Alias, Organisation, Provider, Region, Service
from incidents.vocabulary_loading import load_vocabulary
from nlp.document import EntityKind

pytestmark = pytest.mark.django_db


def test_every_term_has_its_row_and_a_second_load_adds_none() -> None:
    counts = load_vocabulary()
    models = {"provider": Provider, "region": Region, "service": Service, "organisation": Organisation}
    assert {kind: model.objects.count() for kind, model in models.items()} == counts
    aliases = Alias.objects.count()
    assert load_vocabulary() == counts
    assert Alias.objects.count() == aliases > 0


def test_what_a_person_added_stays() -> None:
    load_vocabulary()
    Organisation.objects.create(slug="new-venue", name="New Venue", kind="exchange")
    Alias.objects.create(kind=EntityKind.ORGANISATION, slug="coinbase", name="CB", folded="cb")
    load_vocabulary()
    assert Organisation.objects.filter(slug="new-venue").exists()
    assert Alias.objects.filter(slug="coinbase", folded="cb").exists()


def test_a_name_that_was_corrected_in_the_vocabulary_is_corrected_in_the_record() -> None:
    load_vocabulary()
    Organisation.objects.filter(slug="coinbase").update(name="Coin Base")
    load_vocabulary()
    assert Organisation.objects.get(slug="coinbase").name == "Coinbase"
