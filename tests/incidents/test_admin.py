"""The admin: an operator sees the whole record, and may change only what is not drawn from reports."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.test import Client

from incidents.linking import link
from incidents.models import Account, Claim, Impact, Incident, Pair, Report, Verdict
from nlp.document import Field
from tests.factories import keep, make_fact, make_impact, make_organisation, make_report, make_user

pytestmark = pytest.mark.django_db
TABLES = [model for model in admin.site._registry if model._meta.app_label == "incidents"]
DRAWN = [Report, Account, Claim, Incident, Impact, Pair, Verdict]


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(make_user("root", is_staff=True, is_superuser=True))
    return client


def record() -> None:
    make_organisation("coinbase")
    ec2 = make_fact(Field.SERVICE, "aws:ec2")
    link(keep(make_report("aws-rss:1", ec2, make_impact("coinbase")), make_report("aws-rss:2", ec2)))


@pytest.mark.parametrize("model", TABLES)
def test_lists_and_searches_every_table(operator: Client, model: type) -> None:
    record()
    address = f"/admin/incidents/{model._meta.model_name}/"
    assert operator.get(address).status_code == 200
    assert operator.get(address, {"q": "aws"}).status_code == 200


@pytest.mark.parametrize("model", DRAWN)
def test_what_is_drawn_is_changed_nowhere(operator: Client, model: type) -> None:
    address = f"/admin/incidents/{model._meta.model_name}/add/"
    assert operator.get(address).status_code == 403


def test_a_report_is_shown_with_its_posts(operator: Client) -> None:
    record()
    page = operator.get(f"/admin/incidents/report/{Report.objects.first().pk}/change/")
    assert "We are looking into errors." in page.content.decode()
    assert 'name="_save"' not in page.content.decode()
