"""The feed of post-mortems: public ones only, narrowed as the list is, under ids that an amendment keeps."""

from __future__ import annotations

from typing import Any

import feedparser
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from incidents.models import Membership, Postmortem, Section, User
from incidents.postmortems.moving import move
from incidents.postmortems.transitions import Act
from tests.factories import approve, make_incident, make_published

FEED = "/postmortems/feed.atom"
pytestmark = pytest.mark.django_db


def read(client: Client, query: str = "") -> Any:
    answer = client.get(FEED + query)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/atom+xml")
    told = feedparser.parse(answer.content)
    assert not told.bozo
    return told


def amend(postmortem: Postmortem, note: str) -> None:
    Section.objects.filter(postmortem=postmortem, kind="summary").update(body="Nothing could be sold.")
    approve(postmortem, User.objects.get(username="ben"))
    move(postmortem, Act.AMEND, person=User.objects.get(username="ada"), reason=note)


def test_a_published_one_is_an_entry_that_leads_to_its_page(client: Client) -> None:
    told = make_published(title="Orders stood still", incident=make_incident())
    (entry,) = read(client).entries
    assert entry.title == "Orders stood still"
    assert entry.link == f"http://127.0.0.1:8000/postmortems/{told.slug}/"
    assert entry.author == told.team.name
    assert "Nothing could be traded." in entry.summary
    assert {tag.term for tag in entry.tags} == {"INC-2025-0001"}


def test_an_amendment_keeps_the_id_moves_the_date_and_tells_why(client: Client) -> None:
    told = make_published()
    (before,) = read(client).entries
    amend(told, "The books were wrong.")
    (after,) = read(client).entries
    assert after.id == before.id and after.published == before.published
    assert told.publications.get(number=2).published_at.isoformat() == after.updated
    assert "The books were wrong." in after.summary and "could be sold" in after.summary


@pytest.mark.parametrize("person", ["", "ada"])
def test_only_what_everybody_may_read_is_in_it(client: Client, person: str) -> None:
    for visibility in ("public", "internal", "private"):
        make_published(visibility, title=visibility)
    gone = make_published(title="withdrawn")
    Membership.objects.filter(user__username="ben").update(role="lead")
    move(gone, Act.WITHDRAW, person=User.objects.get(username="ben"), reason="It was another outage.")
    if person:
        client.force_login(User.objects.get(username=person))
    assert [entry.title for entry in read(client).entries] == ["public"]


def test_what_was_published_last_comes_first_and_filters_narrow(client: Client) -> None:
    make_published(title="Kestrel", severity="major")
    make_published(title="Osprey", severity="minor")
    assert [entry.title for entry in read(client).entries] == ["Osprey", "Kestrel"]
    told = read(client, "?severity=major")
    assert [entry.title for entry in told.entries] == ["Kestrel"]
    assert told.feed.title == "Faultline: post-mortems, severity major"
    assert told.feed.link == "http://127.0.0.1:8000/postmortems/?severity=major"
    assert [entry.title for entry in read(client, "?q=osprey").entries] == ["Osprey"]


def test_characters_that_xml_cannot_hold_break_nothing(client: Client) -> None:
    make_published(title="Bell \x07", sections={"summary": "It rang \x0b twice."})
    assert [entry.title for entry in read(client).entries] == ["Bell"]
    assert read(client, "?q=%07").entries == []


def test_the_list_leads_to_the_feed_of_its_filters(client: Client) -> None:
    make_published()
    page = client.get("/postmortems/?severity=unknown").content.decode()
    assert page.count('href="/postmortems/feed.atom?severity=unknown"') == 2


def test_it_costs_the_same_however_many_there_are(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        make_published()
    with django_assert_max_num_queries(4):
        assert len(read(client).entries) == 3
