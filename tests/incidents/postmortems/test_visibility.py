"""Who learns of which post-mortem, everywhere: pages, counts, search, API, files, pictures, history."""

from __future__ import annotations

import pytest
from django.test import Client

from incidents.models import Incident, Postmortem, Publication, User
from incidents.postmortems.moving import move
from incidents.postmortems.transitions import Act
from tests.factories import make_incident, make_postmortem, make_published, make_team, make_user

pytestmark = pytest.mark.django_db
TITLES = {
    "draft": "Secret kestrel",
    "private": "Hidden osprey",
    "internal": "Inner harrier",
    "public": "Open buzzard",
}
SEES = {
    "stranger": {"public"},
    "signed": {"public", "internal"},
    "analyst": {"public", "internal"},
    "other": {"public", "internal"},
    "ada": {"public", "internal", "private"},
    "reader": {"public", "internal", "private"},
    "admin": {"public", "internal", "private"},
}
"""What each finds among what is published; drafts are in no list."""
ADDRESSES = ("", "amendments/", "publications/1/", "export.md", "export.json")
TEAM_ADDRESSES = ("edit/", "review/", "history/")


@pytest.fixture
def incident() -> Incident:
    return make_incident()


@pytest.fixture
def world(incident: Incident) -> dict[str, Postmortem]:
    make_team("matching", ada="member", reader="member")
    make_team("elsewhere", other="lead")
    make_user("signed", is_analyst=False)
    make_user("analyst")
    make_user("admin", is_superuser=True)
    made = {
        name: make_published(name, title=title, incident=incident)
        for name, title in TITLES.items()
        if name != "draft"
    }
    made["draft"] = make_postmortem(TITLES["draft"], visibility="public", incident=incident)
    return made


def client_of(name: str) -> Client:
    client = Client()
    if name != "stranger":
        client.force_login(User.objects.get(username=name))
    return client


@pytest.mark.parametrize("reader", SEES)
def test_a_list_a_search_and_a_page_tell_of_what_one_may_read_and_of_nothing_else(
    reader: str, world: dict[str, Postmortem]
) -> None:
    client = client_of(reader)
    hidden = {title for name, title in TITLES.items() if name not in SEES[reader]}
    addresses = [
        "/postmortems/",
        "/postmortems/?q=traded",
        "/postmortems/of/INC-2025-0001/",
        "/incidents/INC-2025-0001/",
    ]
    for address in addresses:
        page = client.get(address).content.decode()
        shown = {title for title in TITLES.values() if title in page}
        assert shown == (set() if address.startswith("/incidents/") else set(TITLES.values()) - hidden), (
            address
        )


@pytest.mark.parametrize("reader", SEES)
def test_counts_of_facets_count_what_one_may_read(reader: str, world: dict[str, Postmortem]) -> None:
    response = client_of(reader).get("/postmortems/?severity=unknown")
    (facet,) = [facet for facet in response.context["facets"] if facet.label == "Severity"]
    assert [choice.count for choice in facet.choices] == [len(SEES[reader])]


@pytest.mark.parametrize("reader", SEES)
def test_every_address_of_what_one_may_not_read_is_one_that_does_not_exist(
    reader: str, world: dict[str, Postmortem]
) -> None:
    client = client_of(reader)
    team = reader in {"ada", "reader", "admin"}
    for name, postmortem in world.items():
        for part in ADDRESSES:
            status = client.get(f"{postmortem.get_absolute_url()}{part}", follow=True).status_code
            may_read = (
                name in SEES[reader] if name != "draft" else team and not part.startswith(("am", "pub"))
            )
            assert (status == 200) == may_read, (name, part, status)
            assert status in (200, 404)
        for part in TEAM_ADDRESSES:
            status = client.get(f"{postmortem.get_absolute_url()}{part}").status_code
            assert (status != 404) == team, (name, part)


def test_an_address_that_is_hidden_answers_like_one_that_never_was(world: dict[str, Postmortem]) -> None:
    client = client_of("stranger")
    never = client.get("/postmortems/never-was-abc234/")
    for name in ("draft", "private", "internal"):
        slug = world[name].slug
        hidden = client.get(world[name].get_absolute_url())
        assert hidden.content.replace(slug.encode(), b"never-was-abc234") == never.content
        assert hidden.status_code == 404


@pytest.mark.parametrize("reader", SEES)
def test_the_api_tells_everybody_of_the_public_ones_only(reader: str, world: dict[str, Postmortem]) -> None:
    client = client_of(reader)
    listed = client.get("/api/v1/postmortems").json()["items"]
    assert [item["title"] for item in listed] == [TITLES["public"]]
    statuses = {
        name: client.get(f"/api/v1/postmortems/{row.slug}").status_code for name, row in world.items()
    }
    assert statuses == {"public": 200, "internal": 404, "private": 404, "draft": 404}


def test_a_words_search_finds_only_published_words(world: dict[str, Postmortem]) -> None:
    found = Publication.objects.current().visible_to(User.objects.get(username="ada")).matching("kestrel")
    assert list(found) == []
    found = Publication.objects.public().matching("buzzard OR osprey")
    assert [one.title for one in found] == [TITLES["public"]]


def test_what_is_withdrawn_is_a_tombstone_for_those_who_could_read_it(world: dict[str, Postmortem]) -> None:
    make_team("matching", lea="lead")
    lea = User.objects.get(username="lea")
    for name in ("public", "private"):
        move(world[name], Act.WITHDRAW, person=lea, reason="It named a client.")
    stranger = client_of("stranger")
    tombstone = stranger.get(world["public"].get_absolute_url())
    assert tombstone.status_code == 410
    assert b"It named a client." in tombstone.content
    assert b"Nothing could be traded" not in tombstone.content
    for part in ("export.md", "export.json", "publications/1/", "amendments/"):
        assert stranger.get(f"{world['public'].get_absolute_url()}{part}").status_code == 404
    assert stranger.get(world["private"].get_absolute_url()).status_code == 404
    assert stranger.get("/api/v1/postmortems").json()["items"] == []


def test_a_picture_is_shown_to_others_once_the_published_text_holds_it(world: dict[str, Postmortem]) -> None:
    postmortem = world["public"]
    ada = User.objects.get(username="ada")
    postmortem.images.create(token="k3x9", data=b"RIFF", width=1, height=1, person=ada)
    address = f"{postmortem.get_absolute_url()}images/k3x9/"
    assert client_of("stranger").get(address).status_code == 404
    assert client_of("ada").get(address)["Content-Type"] == "image/webp"
    postmortem.publication.words += f"![x]({address})"
    postmortem.publication.save()
    shown = client_of("stranger").get(address)
    assert shown.status_code == 200
    assert shown["Content-Security-Policy"] == "default-src 'none'; sandbox"
