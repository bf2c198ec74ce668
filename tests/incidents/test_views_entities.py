"""Pages of providers, regions, services and organisations, and /about/: figures with what they leave out."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client

from incidents.choices import EndState, HitGrade
from incidents.counting import count_all
from incidents.figures import lengths
from incidents.graphing.loading import record_graph
from incidents.models import Alias, Dependency, Incident, Organisation, Proof, Region, Service
from ingest.kinds import gcp_incidents_json
from ingest.publishers import aws
from nlp.document import Cause, Severity
from tests.factories import HOUR, NOON, make_hit, make_incident, make_organisation, make_provider

pytestmark = pytest.mark.django_db
FEED = "/incidents/feed.atom?region=aws%3Aus-east-1"
"""A feed of posts: tests/incidents/test_atom.py."""
Counting = Callable[[int], AbstractContextManager[Any]]


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def make_region(slug: str = "aws:us-east-1") -> Region:
    provider, _, code = slug.partition(":")
    return Region.objects.create(slug=slug, provider=make_provider(provider), code=code, name="N. Virginia")


def make_edge(organisation: Organisation, **on: Any) -> Dependency:
    ((_, thing),) = on.items()
    edge = Dependency.objects.create(
        organisation=organisation, relation="hosted-on", target=f"{thing._meta.model_name}:{thing.slug}", **on
    )
    Proof.objects.create(
        dependency=edge, publisher="Coinbase", about="page", grade="own-statement", sentence="We run there."
    )
    return edge


def test_only_ends_that_are_known_enter_a_length() -> None:
    for number, hours in enumerate((1, 2, 3, 40)):
        make_incident(f"INC-2025-000{number}", ended_at=NOON + hours * HOUR)
    make_incident("INC-2025-0010", end_state="bounded", ended_at=NOON + 900 * HOUR)
    make_incident("INC-2025-0011", end_state="unknown")
    make_incident("INC-2025-0012", end_state="ongoing")
    make_incident("INC-2025-0013", start_is_bound=True, ended_at=NOON + 900 * HOUR)
    make_incident("INC-2025-0014", end_precision="day", ended_at=NOON + 900 * HOUR)
    found = lengths(Incident.objects.live())
    assert (found.total, found.measured) == (9, 4)
    assert found.median == timedelta(hours=2.5)
    assert found.p90 == timedelta(hours=3 + 0.7 * 37)
    assert (found.bounded, found.unknown, found.ongoing, found.rough) == (1, 1, 1, 2)


def test_no_incident_has_no_length() -> None:
    found = lengths(Incident.objects.live())
    assert (found.total, found.median, found.p90, found.first) == (0, None, None, None)


def test_region_tells_how_long_and_from_how_many(client: Client) -> None:
    make_region()
    for number, hours in enumerate((1, 2, 3)):
        make_incident(f"INC-2025-000{number}", ended_at=NOON + hours * HOUR)
    make_incident("INC-2025-0009", end_state="unknown")
    make_incident("INC-2025-0010", regions=["aws:us-west-2"], title="Elsewhere")
    count_all()
    page = text_of(client, "/regions/aws:us-east-1/")
    assert re.search(r"median length</dt><dd class=\"value\">2 h<", page)
    assert "drawn from the 3 whose both ends are known" in page
    assert "1 with an unknown end" in page
    assert "Elsewhere" not in page


def test_charts_are_loaded_only_where_one_is_drawn(client: Client) -> None:
    make_region()
    assert "plotly" not in text_of(client, "/regions/aws:us-east-1/")
    for number, hours in enumerate((1, 2, 3)):
        make_incident(f"INC-2025-000{number}", ended_at=NOON + hours * HOUR)
    count_all()
    assert "plotly" in text_of(client, "/regions/aws:us-east-1/")
    assert "plotly" not in text_of(client, "/incidents/")


def test_region_tells_who_stands_on_it_and_what_proves_that(client: Client) -> None:
    make_edge(make_organisation(), on_region=make_region())
    page = text_of(client, "/regions/aws:us-east-1/")
    assert '<a href="/organisations/coinbase/">Coinbase</a>' in page
    assert "hosted on us-east-1" in page
    assert "“We run there.”" in page


def test_organisation_tells_what_reached_it_and_what_it_stands_on(client: Client) -> None:
    make_hit(make_incident(title="Cloud down"), "coinbase", impairments=["login", "market-data"])
    make_hit(make_incident("INC-2025-0002", title="Maybe"), "coinbase", grade="overlap", status="candidate")
    make_edge(Organisation.objects.get(slug="coinbase"), on_provider=make_provider("aws"))
    page = text_of(client, "/organisations/coinbase/")
    reached, candidates = page.split("Candidates")
    assert "Cloud down" in reached
    assert "login, market data" in reached
    assert "stated by the organisation" in reached
    assert "Maybe" not in reached
    assert "Maybe" in candidates
    assert 'hosted on <a href="/providers/aws/">' in page


def test_rejected_hits_do_not_stand_on_the_page_of_an_organisation(client: Client) -> None:
    make_hit(make_incident(title="Coincidence"), "coinbase", grade="overlap", status="rejected")
    assert "Coincidence" not in text_of(client, "/organisations/coinbase/")


def test_an_organisation_of_which_nothing_is_known_says_so(client: Client) -> None:
    make_organisation("kraken")
    page = text_of(client, "/organisations/kraken/")
    assert "None found does not mean none" in page
    assert "Nothing is known of what it stands on" in page


def test_provider_service_and_aliases_have_their_pages(client: Client) -> None:
    aws = make_provider("aws", name="Amazon Web Services")
    Service.objects.create(slug="aws:dynamodb", provider=aws, name="Amazon DynamoDB")
    Alias.objects.create(kind="provider", slug="aws", name="Amazon cloud", folded="amazon cloud")
    make_incident(title="Table trouble", services=["aws:dynamodb"])
    assert "Amazon cloud" in text_of(client, "/providers/aws/")
    assert "Table trouble" in text_of(client, "/services/aws:dynamodb/")


@pytest.mark.parametrize(
    "address",
    [
        *("/providers/nimbus/", "/regions/aws:nowhere/", "/services/aws:x/", "/organisations/nobody/"),
        *("/providers/%00/", "/regions/%00/", "/services/aws:%00/", "/organisations/%00/", "/incidents/%00/"),
        "/incidents/%00/correct/",
    ],
)
def test_what_the_record_does_not_know_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_exchanges_lists_also_those_that_nothing_reached(client: Client) -> None:
    make_hit(make_incident(), "coinbase")
    make_organisation("kraken")
    make_edge(make_organisation("kraken"), on_provider=make_provider("gcp", name="Google Cloud"))
    count_all()
    page = text_of(client, "/exchanges/")
    assert re.search(r"Coinbase</a></td>.*?<td class=\"number\"[^>]*>1</td>", page)
    assert re.search(r"Kraken</a></td>.*?<td class=\"number\"[^>]*>0</td>.*?Google Cloud", page)


@pytest.mark.parametrize(
    "address",
    [
        *("/providers/aws/", "/regions/aws:us-east-1/", "/organisations/coinbase/"),
        *("/exchanges/", "/providers/", "/regions/", "/services/"),
    ],
)
def test_queries_are_few_and_do_not_grow_with_the_rows(
    client: Client, address: str, django_assert_max_num_queries: Counting
) -> None:
    region = make_region()
    make_hit(make_incident("INC-2025-0000"), "coinbase")
    make_edge(make_organisation("coinbase"), on_region=region)
    count_all()
    record_graph()  # loaded once after each change of it
    # One more than elsewhere: in a transaction that wrote, the edges are always looked through.
    with django_assert_max_num_queries(13) as few:
        client.get(address)
    for number in range(1, 30):
        make_hit(make_incident(f"INC-2025-{number:04d}"), "coinbase")
        make_edge(make_organisation(f"exchange-{number}"), on_region=region)
    count_all()
    record_graph()
    with django_assert_max_num_queries(len(few)):
        client.get(address)


def test_page_of_a_thing_tells_what_stands_out_among_its_incidents(client: Client) -> None:
    make_region()
    Service.objects.create(slug="aws:s3", provider=make_provider("aws"), name="Amazon S3")
    make_incident(title="The longest of all", ended_at=NOON + 90 * HOUR, services=["aws:s3"])
    make_hit(make_incident("INC-2025-0002", title="The widest of all"), "coinbase")
    make_incident("INC-2025-0003", first_public_at=NOON + timedelta(minutes=73))
    count_all()
    page = text_of(client, "/regions/aws:us-east-1/")
    assert re.search(r"The longest of all</a> <span class=\"number\">3 d 18 h<", page)
    assert re.search(r"The widest of all</a> <span class=\"number\">1<", page)
    assert re.search(r"Amazon S3</a> <span class=\"number\">1<", page)
    assert re.search(r"first public post, median of 1</dt><dd class=\"value\">1 h 13 min<", page)
    assert "2025, major at worst: 20 Oct" in page


def test_page_of_an_organisation_tells_its_incidents_by_role(client: Client) -> None:
    make_hit(make_incident(), "coinbase")
    for number in range(2, 4):
        make_incident(f"INC-2025-000{number}", organisation="coinbase")
    count_all()
    page = text_of(client, "/organisations/coinbase/")
    assert re.search(r"Reached by outages of others</a></th><td class=\"number\">1</td>", page)
    assert re.search(r"Its own incidents</a></th><td class=\"number\">2</td>", page)


def test_page_of_a_thing_says_what_goes_on_there(client: Client) -> None:
    make_region()
    make_incident(title="Errors right now", end_state="ongoing")
    assert re.search("Going on now.*?Errors right now", text_of(client, "/regions/aws:us-east-1/"))


def test_page_of_a_thing_leads_to_the_same_as_list_feed_and_file(client: Client) -> None:
    make_region()
    make_incident(title="Errors here")
    make_incident("INC-2025-0002", title="Elsewhere", regions=[])
    page = client.get("/regions/aws:us-east-1/").content.decode()
    for address in set(re.findall(r'href="([^"]+\?region=aws%3Aus-east-1[^"]*)"', page)) - {FEED}:
        answer = client.get(address.replace("&amp;", "&"))
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        assert b"Errors here" in body, address
        assert b"Elsewhere" not in body, address


def test_lists_of_things_are_narrowed_and_paged(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("incidents.views.entity_lists.LISTED", 3)
    for number in range(5):
        make_region(f"aws:region-{number}")
        make_incident(f"INC-2025-{number:04d}", regions=[f"aws:region-{n}" for n in range(number + 1)])
    make_region("gcp:elsewhere")
    count_all()
    seen: list[str] = []
    address = "/regions/"
    while address:
        page = client.get(address).content.decode()
        seen += re.findall(r"data-row>([^<]+)</a>", page)
        further = re.search(r'rel="next" href="([^"]+)"', page)
        address = "/regions/" + further[1].replace("&amp;", "&") if further else ""
    assert seen == [*(f"region-{n}" for n in range(5)), "elsewhere"]
    assert "region-1" not in text_of(client, "/regions/?provider=gcp")
    assert re.findall(r"data-row>([^<]+)</a>", text_of(client, "/regions/?q=on-4")) == ["region-4"]
    assert "knows nothing by that name" in text_of(client, "/services/?q=%00x")


def test_about_explains_every_word_that_pages_use(client: Client) -> None:
    page = text_of(client, "/about/")
    words = [*Severity, *EndState.labels, *HitGrade.labels, *(cause.replace("-", " ") for cause in Cause)]
    assert [word for word in words if str(word).lower() not in page.lower()] == []
    assert "CC BY 4.0" in page


def test_about_tells_the_severities_that_readers_of_feeds_use(client: Client) -> None:
    page = text_of(client, "/about/").lower()
    words = aws.STATES | gcp_incidents_json.SEVERITIES
    used = [(severity, word) for word, severity in words.items() if severity]
    used += [(severity, code) for code, (severity, _) in aws.SEVERITIES.items()]
    for severity, word in used:
        row = re.search(rf'class="severity {severity}">(.*?)</tr>', page)
        assert row and re.search(rf"\b{word}\b", row[1]), word


def test_page_of_an_error_needs_nothing_that_may_be_broken(client: Client) -> None:
    page = render_to_string("500.html")
    assert "Something broke here" in page
    assert "/static/" not in page
