"""The version of the stored edges: another after every write, for its writer before the others."""

from __future__ import annotations

import pytest
from django.db import transaction

from incidents.graphing.loading import graph_version
from incidents.models import Dependency
from tests.factories import make_provider
from tests.incidents.test_views_graph import make_edge


@pytest.mark.django_db(transaction=True)
def test_a_write_changes_the_version_for_its_writer_at_once() -> None:
    make_provider("aws")
    make_edge("coinbase", "provider:aws")
    first = graph_version()
    with transaction.atomic():
        Dependency.objects.update(redundancy_group="regions")
        inside = graph_version()
    assert first != inside == graph_version()
    Dependency.objects.all().delete()
    assert graph_version() not in (first, inside)
