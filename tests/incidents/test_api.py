"""The read API: the record as JSON, the filters of the pages, cursors, tags, and clear errors."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from incidents.linking import link
from incidents.models import Dependency, Incident, Proof
from nlp.document import DocumentKind
from tests.factories import (
    HOUR,
    NOON,
    keep,
    make_hit,
    make_incident,
    make_organisation,
    make_post,
    make_provider,
    make_report,
    make_source,
)

pytestmark = pytest.mark.django_db
API = "/api/v1"


def get(client: Client, address: str, status: int = 200) -> Any:
    response = client.get(API + address)
    assert response.status_code == status, response.content
    return response.json()


def test_incidents_come_newest_first_with_what_the_list_shows(client: Client) -> None:
    make_hit(make_incident("INC-2025-0001", title="First"))
    make_incident("INC-2025-0002", title="Second", started_at=NOON + HOUR, end_state="ongoing")
    second, first = get(client, "/incidents")["items"]
    assert (second["title"], second["duration_minutes"], second["end_state"]) == ("Second", None, "ongoing")
    assert (first["id"], first["provider"], first["hit"]) == ("INC-2025-0001", "aws", ["coinbase"])
    assert (first["started_at"], first["duration_minutes"]) == ("2025-10-20T12:00:00Z", 120)


def test_filters_are_those_of_the_pages(client: Client) -> None:
    make_incident("INC-2025-0001", severity="minor")
    make_incident("INC-2025-0002", severity="critical", provider="gcp")
    found = get(client, "/incidents?severity=critical&severity=major&provider=gcp")["items"]
    assert [incident["id"] for incident in found] == ["INC-2025-0002"]


def test_following_next_meets_every_incident_once(client: Client) -> None:
    for number in range(5):
        make_incident(f"INC-2025-{number:04d}", started_at=None if number < 2 else NOON, end_state="unknown")
    seen: list[str] = []
    after = ""
    while after is not None:
        page = get(client, f"/incidents?limit=2&after={after}")
        seen += [incident["id"] for incident in page["items"]]
        after = page["next"]
    assert sorted(seen) == [f"INC-2025-{number:04d}" for number in range(5)]


def test_what_changed_since_can_be_asked(client: Client) -> None:
    old, new = make_incident("INC-2025-0001"), make_incident("INC-2025-0002")
    Incident.objects.filter(pk=old.pk).update(changed_at=NOON)
    Incident.objects.filter(pk=new.pk).update(changed_at=NOON + 2 * HOUR)
    found = get(client, "/incidents?updated_since=2025-10-20T13:00:00Z")["items"]
    assert [incident["id"] for incident in found] == ["INC-2025-0002"]


def test_any_zone_may_tell_since_when(client: Client) -> None:
    make_incident()
    for kind in ("incidents", "postmortems"):
        get(client, f"/{kind}?updated_since=2025-10-20T13:00:00%2B20:00")


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("limit=101", "limit"),
        ("limit=0", "limit"),
        ("since=soon", "since"),
        ("after=x", "after"),
        ("updated_since=0001-01-01T00:00:00%2B23:59", "updated_since"),
        ("updated_since=9999-12-31T23:59:59-23:59", "updated_since"),
        ("cause=bad", "cause"),
        ("&".join(f"provider=p{number}" for number in range(51)), "provider"),
    ],
)
def test_an_error_names_what_is_wrong(client: Client, query: str, name: str) -> None:
    assert name in str(get(client, f"/incidents?{query}", 422)["detail"])


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/incidents/%00", "slug"),
        ("/organisations?kind=%00", "kind"),
        ("/organisations?after=%00", "after"),
        ("/dependencies?organisation=%00", "organisation"),
        ("/dependencies?target=%00", "target"),
        (f"/dependencies?after={'9' * 5000}", "after"),
    ],
)
def test_what_can_name_no_row_is_told(client: Client, address: str, name: str) -> None:
    assert name in str(get(client, address, 422)["detail"])


def test_one_incident_comes_with_hits_reports_posts_and_claims(client: Client) -> None:
    link(keep(make_report(posts=(make_post("We see errors."),))))
    make_hit(Incident.objects.get())
    told = get(client, f"/incidents/{Incident.objects.get().slug}")
    assert told["impacts"][0]["organisation"] == "coinbase"
    assert told["reports"][0]["posts"][0]["text"] == "We see errors."
    assert {claim["field"] for claim in told["claims"]} >= {"started_at", "region"}
    assert {value["field"] for value in told["values"]} >= {"started_at", "region"}


def test_news_is_told_without_its_text(client: Client) -> None:
    make_source("gazette", publisher_kind="press")
    post = make_post("Prose that is the paper's own.")
    press = make_report("web:1", source="gazette", kind=DocumentKind.NEWS, posts=(post,))
    link(keep(make_report(), press))
    response = client.get(f"{API}/incidents/{Incident.objects.live().get().slug}")
    posts = {report["key"]: len(report["posts"]) for report in response.json()["reports"]}
    assert posts == {"aws-rss:1": 1, "web:1": 0}
    assert b"Prose" not in response.content


def test_numbers_that_are_merged_withdrawn_or_unknown(client: Client) -> None:
    live = make_incident("INC-2025-0001")
    make_incident("INC-2025-0002", shown_as=live)
    make_incident("INC-2025-0003", is_withdrawn=True)
    assert client.get(f"{API}/incidents/INC-2025-0002")["Location"] == f"{API}/incidents/INC-2025-0001"
    assert "withdrawn" in get(client, "/incidents/INC-2025-0003", 410)["detail"]
    assert "INC-2025-0009" in get(client, "/incidents/INC-2025-0009", 404)["detail"]


def test_organisations_and_sources_are_paged_by_slug(client: Client) -> None:
    for slug in ("a", "b", "c"):
        make_organisation(slug)
        make_source(slug)
    for address in ("/organisations", "/sources"):
        first = get(client, f"{address}?limit=2")
        assert [row["slug"] for row in first["items"]] == ["a", "b"]
        rest = get(client, f"{address}?limit=2&after={first['next']}")
        assert [row["slug"] for row in rest["items"]] == ["c"]
        assert rest["next"] is None


def test_dependencies_come_with_their_proofs(client: Client) -> None:
    edge = Dependency.objects.create(
        organisation=make_organisation(),
        relation="hosted-on",
        target="provider:aws",
        on_provider=make_provider(),
    )
    Proof.objects.create(dependency=edge, publisher="Coinbase", about="page", grade="own-statement")
    (told,) = get(client, "/dependencies?organisation=coinbase&target=provider:aws")["items"]
    assert told["proofs"][0]["publisher"] == "Coinbase"
    assert get(client, "/dependencies?organisation=kraken")["items"] == []


def test_an_unchanged_answer_is_304(client: Client) -> None:
    make_incident()
    etag = client.get(f"{API}/incidents")["ETag"]
    assert client.get(f"{API}/incidents", headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize("address", ["/incidents", "/organisations", "/dependencies", "/sources"])
def test_any_page_on_the_web_may_read_and_nobody_may_write(client: Client, address: str) -> None:
    response = client.get(API + address)
    assert response["Access-Control-Allow-Origin"] == "*"
    assert not response.cookies
    assert client.head(API + address).status_code == 200
    assert client.post(API + address).status_code == 405


def test_openapi_tells_every_address_and_loads_nothing_from_elsewhere(client: Client) -> None:
    told = get(client, "/openapi.json")
    assert {f"{API}{path}" for path in ("/incidents", "/incidents/{slug}", "/organisations")} <= set(
        told["paths"]
    )
    assert client.get(f"{API}/docs").status_code == 404


def test_queries_do_not_grow_with_the_rows(client: Client, django_assert_max_num_queries: Any) -> None:
    make_hit(make_incident("INC-2025-0000"), "coinbase")
    with django_assert_max_num_queries(12) as few:
        client.get(f"{API}/incidents")
    for number in range(1, 30):
        make_hit(make_incident(f"INC-2025-{number:04d}"), f"exchange-{number}")
    with django_assert_max_num_queries(len(few)):
        client.get(f"{API}/incidents")
