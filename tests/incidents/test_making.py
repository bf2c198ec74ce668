"""A large record made of a small one: copies with all that their model has."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from incidents import linking
from incidents.making import APART, make_record
from incidents.models import Account, Claim, Impact, Incident, Post
from tests.factories import HOUR, NOON, keep, make_hit, make_post, make_report

pytestmark = pytest.mark.django_db


@pytest.fixture
def model() -> Incident:
    """An outage of two posts that reached Coinbase."""
    posts = (make_post("It began."), make_post("It ended.", NOON + HOUR, ref="2"))
    linking.link(keep(make_report(posts=posts)))
    incident = Incident.objects.get()
    make_hit(incident, "coinbase")
    return incident


def test_copies_have_all_that_their_model_has_at_other_times(model: Incident) -> None:
    made = make_record(5, 10)
    assert (made.incidents, made.posts) == (5, 10)
    copies = Incident.objects.exclude(pk=model.pk)
    assert {copy.title for copy in copies} == {model.title}
    assert len({copy.started_at for copy in copies} | {model.started_at}) == 5
    assert len({copy.slug for copy in copies}) == 4
    for copy in copies:
        account = Account.objects.get(incident=copy)
        assert account.report.posts.count() == 2
        assert account.claims.count() == Claim.objects.filter(account__incident=model).count()
        keys = Claim.objects.filter(account=account).values_list("key", flat=True)
        assert set(keys) == set(Claim.objects.filter(account__incident=model).values_list("key", flat=True))
        assert Impact.objects.get(incident=copy).organisation.slug == "coinbase"
        assert copy.started_at is not None and copy.window.lower == copy.started_at


def test_posts_are_topped_up_and_a_second_run_goes_on(model: Incident) -> None:
    assert make_record(3, 12).posts == 12
    assert {text for (text,) in Post.objects.values_list("text")} == {"It began.", "It ended."}
    again = make_record(6, 24)
    assert again.incidents == 6
    assert again.posts >= 24
    assert make_record(6, 24) == again


def test_ids_of_copies_outgrow_an_integer(model: Incident) -> None:
    Incident.objects.create(slug="INC-2025-9999", pk=214 * APART + 1, is_withdrawn=True)
    assert make_record(216, 0).incidents == 2
    assert Incident.objects.filter(pk=model.pk + 215 * APART).exists()


def test_command_wants_the_name_of_the_database(model: Incident) -> None:
    with pytest.raises(CommandError, match=r"not another: .* outages that never were"):
        call_command("make_record", into="another")
    name = connection.settings_dict["NAME"]
    call_command("make_record", incidents=2, posts=4, into=name)
    assert Incident.objects.count() == 2


def test_without_a_model_nothing_is_made() -> None:
    name = connection.settings_dict["NAME"]
    with pytest.raises(CommandError, match="no incident to copy: prepare the record first"):
        call_command("make_record", into=name)
