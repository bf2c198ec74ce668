"""The pages of the graph: what they show at a date, hide and count, and that each edge opens its proof."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from incidents.models import Dependency, EdgeVerdict, Incident, Proof, Provider, Region, Service
from tests.factories import HOUR, NOON, make_hit, make_incident, make_organisation, make_provider, make_user

pytestmark = pytest.mark.django_db
EVE = "as_of=2025-10-19"
EAST = "region:aws:us-east-1"


def make_edge(
    slug: str, target: str, day: str = "2021-12-31", relation: str = "hosted-on", **fields: Any
) -> None:
    """An edge with one proof of that day; without a day, undated."""
    kind, _, name = target.partition(":")
    things: dict[str, Any] = {
        "region": lambda: Region.objects.get(slug=name),
        "service": lambda: Service.objects.get(slug=name),
        "provider": lambda: Provider.objects.get(slug=name),
        "organisation": lambda: make_organisation(name),
    }
    edge = Dependency.objects.create(
        organisation=make_organisation(slug),
        relation=relation,
        target=target,
        **{f"on_{kind}": things[kind]()},
        **fields,
    )
    about = date.fromisoformat(day) if day else None
    known = datetime.fromisoformat(f"{day}T23:59:59+00:00") if day else None
    Proof.objects.create(
        dependency=edge,
        publisher=slug,
        about="page",
        grade="own-statement",
        sentence=f"{slug} runs there.",
        url="https://proof.example/",
        about_from=about,
        about_to=about,
        precision="day" if day else "",
        known_at=known,
    )


@pytest.fixture(autouse=True)
def record(db: None) -> None:
    """Coinbase and Robinhood were known to stand on us-east-1, CoinMarketCap was learned later."""
    aws = make_provider("aws", name="Amazon Web Services")
    for code in ("us-east-1", "us-west-2"):
        Region.objects.create(slug=f"aws:{code}", provider=aws, code=code, name=code)
    Service.objects.create(slug="aws:dynamodb", provider=aws, name="DynamoDB")
    make_edge("coinbase", EAST)
    make_edge("robinhood", EAST, "2021-12-07")
    make_edge("coinmarketcap", EAST, "2025-10-31")
    make_edge("kraken", "provider:aws")
    make_edge("alpaca", "service:aws:dynamodb", "")
    make_edge("infura", EAST, "2020-11-30")
    make_edge("metamask", "organisation:infura", "2020-11-30", "calls")
    make_edge("twice", EAST, redundancy_group="regions")
    make_edge("twice", "region:aws:us-west-2", redundancy_group="regions")
    make_organisation("lonely")


def outage(slug: str, at: datetime = NOON, **fields: Any) -> Incident:
    """Of two hours, in us-east-1."""
    return make_incident(slug, **{"started_at": at, "ended_at": at + 2 * HOUR} | fields)


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def told_of(page: str, name: str = "graph-picture") -> Any:
    found = re.search(rf'<script id="{name}" type="application/json">(.*?)</script>', page)
    assert found
    return json.loads(found[1])


def nodes_of(page: str, name: str = "graph-picture") -> set[str]:
    return set(told_of(page, name)["figure"]["data"][-1]["ids"])


def rows_of(page: str, heading: str) -> str:
    """The part of the page beneath a heading."""
    return page.split(f">{heading}</h2>")[1].split("<h2")[0]


def test_explorer_shows_what_is_in_focus_and_counts_the_rest(client: Client) -> None:
    page = text_of(client, "/graph/?focus=organisation:coinbase")
    assert nodes_of(page) == {"organisation:coinbase", EAST}
    assert "<b>2</b> of 13 nodes and <b>1</b> of 12 edges are shown" in page
    assert "11 nodes, 11 edges <b>show</b>" in page


@pytest.mark.parametrize(
    "query",
    [
        *(
            "",
            "?depth=all",
            "?focus=provider:aws&depth=2",
            "?hide=region&depth=all",
            "?relation=calls&depth=all",
        ),
        *("?sure=proven&depth=all", f"?{EVE}&depth=all", "?undated=0&depth=all", f"?{EVE}&later=1&depth=3"),
        *(
            "?focus=organisation:lonely",
            "?focus=organisation:coinbase&open=region:aws:us-east-1",
            "?layout=radial",
        ),
    ],
)
def test_shown_and_hidden_add_up_and_every_edge_opens_its_proof(client: Client, query: str) -> None:
    response = client.get(f"/graph/{query}")
    page = " ".join(response.content.decode().split())
    seen = response.context["seen"]
    assert (seen.total_nodes, seen.total_edges) == (13, 12)
    hidden_nodes = sum(row.nodes for row in response.context["hidden"])
    hidden_edges = sum(row.edges for row in response.context["hidden"])
    assert len(seen.nodes) + hidden_nodes == 13
    assert len(seen.edges) + hidden_edges == 12
    addresses = {row.url for row in response.context["edges"]}
    assert len(addresses) == len(seen.edges)
    for address in addresses:
        assert address in page
        opened = text_of(client, address)
        assert "runs there." in opened or "By its name" in opened


def test_the_graph_as_of_a_date_knows_nothing_later(client: Client) -> None:
    page = text_of(client, f"/graph/?focus={EAST}&{EVE}")
    assert "organisation:coinmarketcap" not in nodes_of(page)
    assert "not known then:" in page
    page = text_of(client, f"/graph/?focus={EAST}&{EVE}&later=1")
    assert "organisation:coinmarketcap" in nodes_of(page)
    assert "learned later" in page


def test_undated_edges_are_dashed_today_and_left_out_of_the_past(client: Client) -> None:
    today = told_of(text_of(client, "/graph/?focus=organisation:alpaca"))["figure"]["data"]
    assert today[0]["line"]["dash"] == "6px,4px"
    assert nodes_of(text_of(client, f"/graph/?focus=organisation:alpaca&{EVE}")) == {"organisation:alpaca"}


def test_a_hidden_kind_leaves_contracted_edges_that_open_their_proofs(client: Client) -> None:
    page = text_of(client, "/graph/?focus=organisation:coinbase&hide=region")
    assert nodes_of(page) == {"organisation:coinbase", "provider:aws"}
    assert "1 dashed edge stands for hidden ones" in page
    assert "coinbase runs there." in page


def test_a_lone_node_is_shown(client: Client) -> None:
    page = text_of(client, "/graph/?focus=organisation:lonely")
    assert nodes_of(page) == {"organisation:lonely"}
    assert "Nothing is known of what it stands on." in page


def test_a_region_that_nobody_stands_on_can_be_in_focus(client: Client) -> None:
    Region.objects.create(slug="aws:sa-east-1", provider=make_provider("aws"), code="sa-east-1", name="x")
    assert nodes_of(text_of(client, "/graph/?focus=region:aws:sa-east-1")) == {"region:aws:sa-east-1"}
    assert nodes_of(text_of(client, "/graph/?focus=region:aws:nowhere")) == set()


@pytest.mark.parametrize("words", ["Coinbase", "coinbase", "organisation:coinbase", "coinb"])
def test_search_goes_to_what_is_called_so(client: Client, words: str) -> None:
    response = client.get(f"/graph/?find={words}&{EVE}")
    assert response.status_code == 302
    assert response["Location"] == f"/graph/?focus=organisation:coinbase&{EVE}"


def test_search_says_what_is_not_found(client: Client) -> None:
    assert "Nothing in the record is called “zzz”" in text_of(client, "/graph/?find=zzz")


def test_htmx_gets_the_view_alone_and_its_address(client: Client) -> None:
    response = client.get(f"/graph/?find=&focus={EAST}&depth=1&hide=", headers={"HX-Request": "true"})
    assert response["HX-Push-Url"] == f"/graph/?focus={EAST}&depth=1"
    assert "<html" not in response.content.decode()


def test_panel_tells_of_a_node_and_of_an_edge(client: Client) -> None:
    page = text_of(client, "/graph/panel/?pick=organisation:coinbase")
    assert "Fail this" in page and "coinbase runs there." in page
    page = text_of(client, "/graph/panel/?pick=organisation:coinbase hosted-on region:aws:us-east-1")
    assert "One edge" in page and "coinbase runs there." in page
    assert "Pick a node" in text_of(client, "/graph/panel/?pick=nonsense")


def test_broken_questions_are_told_and_left_out(client: Client) -> None:
    page = text_of(client, "/graph/?as_of=yesterday&depth=999")
    assert "As of: Write a year" in page
    assert "Depth: Select a valid choice" in page


@pytest.mark.parametrize("node", ["provider:", "provider:%00", ":aws", "aws"])
def test_what_names_no_thing_is_left_out(client: Client, node: str) -> None:
    for page in ("/graph/what-if/?fail=", "/graph/what-if/?versus=", "/graph/?focus=", "/graph/?open="):
        assert client.get(page + node).status_code == 200
    assert client.get(f"/api/v1/what-if?fail={node}").status_code == 422


def test_exports_hold_what_is_in_sight(client: Client) -> None:
    response = client.get(f"/graph/export/csv/?focus={EAST}")
    rows = list(csv.reader(io.StringIO(response.content.decode())))
    assert {row[0] for row in rows[1:]} >= {"organisation:coinbase", EAST}
    assert client.get("/graph/export/graphml/").content.startswith(b"<?xml")
    assert client.get("/graph/export/mermaid/").content.startswith(b"graph LR")
    assert client.get("/graph/export/exe/").status_code == 404


def test_the_eve_of_october_reaches_coinbase_and_robinhood_and_learns_of_coinmarketcap_later(
    client: Client,
) -> None:
    page = text_of(client, f"/graph/what-if/?fail={EAST}&{EVE}")
    who = rows_of(page, "Who, through what, on which proof")
    assert "Coinbase" in who and "Robinhood" in who
    assert "Coinmarketcap" not in page
    page = text_of(client, f"/graph/what-if/?fail={EAST}&{EVE}&later=1")
    assert "Coinmarketcap" not in rows_of(page, "Who, through what, on which proof")
    assert "Coinmarketcap" in rows_of(page, "Only by what we learned later")
    assert "<b>1</b> more by what nobody could know then" in page


def test_what_if_tells_fates_chains_and_whom_it_cannot_tell_of(client: Client) -> None:
    response = client.get(f"/graph/what-if/?fail={EAST}&{EVE}")
    fates = {
        row.node.partition(":")[2]: (row.fate_word, row.at_worst) for row in response.context["first"].rows
    }
    assert fates == {
        "coinbase": ("falls", ""),
        "robinhood": ("falls", ""),
        "infura": ("falls", ""),
        "metamask": ("falls", ""),
        "twice": ("degrades", ""),
        "kraken": ("cannot be told", "falls"),
    }
    told = response.context["first"]
    assert sum(count for *_, count in told.counts) + told.standing + told.unheard == told.served
    chains = {row.node: [edge.target.name for edge in row.chain] for row in told.rows}
    assert chains["organisation:metamask"] == ["Infura", "us-east-1"]


def test_today_an_undated_edge_leaves_it_open(client: Client) -> None:
    page = text_of(client, "/graph/what-if/?fail=service:aws:dynamodb")
    assert "its proof is undated" in page


def test_several_things_fail_together(client: Client) -> None:
    response = client.get(f"/graph/what-if/?fail={EAST}&fail=region:aws:us-west-2&{EVE}")
    fates = {row.node: row.fate_word for row in response.context["first"].rows}
    assert fates["organisation:twice"] == "falls"


def test_slugs_without_their_kind_are_understood(client: Client) -> None:
    response = client.get(f"/graph/what-if/?fail=aws:us-east-1&{EVE}")
    assert [link.name for link in response.context["first"].failed] == ["us-east-1"]


def test_history_gives_no_figure_under_five_known_cases(client: Client) -> None:
    for number in range(4):
        past = outage(f"INC-2024-000{number}", at=NOON - timedelta(days=400 + number))
        make_hit(past, "coinbase")
    page = text_of(client, f"/graph/what-if/?fail={EAST}&{EVE}")
    assert "reached in 4 of 4 outages where its state is known: too few for a figure" in page
    make_hit(outage("INC-2024-0005", at=NOON - timedelta(days=300)), "coinbase")
    outage("INC-2024-0006", at=NOON - timedelta(days=200))
    page = text_of(client, f"/graph/what-if/?fail={EAST}&{EVE}")
    assert "83% to 100%: reached in 5 of 5 outages where its state is known; 1 of 6 say nothing of it" in page


def test_precedents_are_the_major_outages_there_before_the_date(client: Client) -> None:
    outage("INC-2024-0001", title="A precedent", at=NOON - timedelta(days=400))
    outage("INC-2024-0002", title="A small one", severity="minor", at=NOON - timedelta(days=300))
    outage("INC-2025-0003", title="A later one", at=NOON + timedelta(days=30))
    page = rows_of(text_of(client, f"/graph/what-if/?fail={EAST}&{EVE}"), "How it was before")
    assert "A precedent" in page
    assert "A small one" not in page and "A later one" not in page


def test_a_prediction_is_set_beside_what_happened(client: Client) -> None:
    day = make_incident("INC-2025-0001", title="The day itself")
    for slug in ("coinbase", "coinmarketcap", "kraken", "surprise"):
        make_hit(day, slug)
    make_hit(day, "infura", grade="stated-not-affected")
    response = client.get(f"/graph/what-if/?fail={EAST}&against=INC-2025-0001")
    told = response.context["outlook"]
    names = {
        field: {link.name for link in getattr(told, field)} for field in ("right", "wrong", "silent", "open")
    }
    assert names == {
        "right": {"Coinbase"},
        "wrong": {"Infura"},
        "silent": {"Robinhood", "Metamask", "Twice"},
        "open": {"Kraken"},
    }
    assert {link.name for link in told.missed} == {"Surprise"}
    assert {link.name for link in told.later} == {"Coinmarketcap"}
    assert "The day itself" in response.content.decode()


def test_two_scenarios_stand_side_by_side(client: Client) -> None:
    page = text_of(client, f"/graph/what-if/?fail={EAST}&versus=region:aws:us-west-2&{EVE}")
    table = rows_of(page, "Side by side")
    assert "Coinbase" in table and "stands, as far as known" in table


def test_every_edge_of_a_failure_opens_its_proof(client: Client) -> None:
    response = client.get(f"/graph/what-if/?fail={EAST}&later=1&{EVE}")
    told = response.context["first"]
    addresses = {edge.url for row in (*told.rows, *told.later) for edge in row.chain}
    assert len(addresses) > 5
    for address in addresses:
        assert "runs there." in text_of(client, address)


def test_what_if_can_be_taken_along(client: Client) -> None:
    response = client.get(f"/graph/what-if/export/csv/?fail={EAST}&{EVE}")
    rows = list(csv.reader(io.StringIO(response.content.decode())))
    assert ["organisation:twice", EAST] in [row[:2] for row in rows]
    assert {row[-1] for row in rows[1:]} == {"falls", "degrades", "cannot be told"}
    assert client.get("/graph/what-if/export/csv/").status_code == 404


def test_concentration_ranks_by_whom_nothing_else_serves(client: Client) -> None:
    response = client.get(f"/insights/concentration/?{EVE}")
    first, second, *_ = response.context["points"]
    assert (first.link.name, first.alone) == ("Amazon Web Services", 6)
    assert (second.link.name, second.alone, second.degraded, second.unknown) == ("us-east-1", 4, 1, 1)
    page = " ".join(response.content.decode().split())
    assert "Of <b>4 of 9</b>" in page or "Of <b>" in page
    assert response.context["unknown"] + response.context["layers"][0].known == response.context["served"]


def test_concentration_as_of_an_early_date_knows_less(client: Client) -> None:
    early = client.get("/insights/concentration/?as_of=2020-12-31").context["points"]
    assert {point.link.name for point in early} == {"Amazon Web Services", "us-east-1", "Infura"}


def test_report_card_adds_up_what_was_lost_and_what_would_have_saved_it(client: Client) -> None:
    regional = outage("INC-2024-0001", at=NOON)
    make_hit(regional, "coinbase", started_at=NOON, ended_at=NOON + timedelta(hours=2))
    wide = outage("INC-2024-0002", regions=["aws:global"], at=NOON + timedelta(days=9))
    make_hit(
        wide, "coinbase", started_at=NOON + timedelta(days=9), ended_at=NOON + timedelta(days=9, hours=3)
    )
    outage("INC-2024-0003", organisation="coinbase", at=NOON + timedelta(days=20), regions=[])
    outage("INC-2024-0004", title="It was spared", at=NOON - timedelta(days=20))
    response = client.get("/organisations/coinbase/report-card/")
    sums = response.context["sums"]
    assert sums["lost"].measured == "5 h"
    assert sums["second_region"].measured == "2 h"
    assert sums["second_cloud"].measured == "5 h"
    assert sums["by_itself"].measured == "2 h"
    page = response.content.decode()
    assert "It was spared" in page
    assert "Assumptions." in page
    assert "No alternative is stated" in page


def test_report_card_of_one_of_whom_nothing_is_known_says_so(client: Client) -> None:
    page = text_of(client, "/organisations/lonely/report-card/")
    assert "That is no sign of safety." in page
    assert text_of(client, "/organisations/nobody/report-card/", 404)


def test_organisation_page_leads_to_its_report_card(client: Client) -> None:
    assert "/organisations/coinbase/report-card/" in text_of(client, "/organisations/coinbase/")


def test_page_of_a_provider_tells_who_stands_on_it_by_way_of_others(client: Client) -> None:
    page = text_of(client, "/providers/aws/")
    assert "Who is known to stand on it" in page
    assert "calls Infura" in page


def edge_address(slug: str = "coinbase", act: str = "graph-edge") -> str:
    return reverse(f"incidents:{act}", args=[f"organisation:{slug}", "hosted-on", EAST])


@pytest.mark.parametrize(
    "address", [reverse("incidents:graph-edge-new"), edge_address(act="graph-edge-decide")]
)
def test_strangers_sign_in_first_and_others_find_nothing(client: Client, address: str) -> None:
    assert client.get(address).status_code == 302
    client.force_login(make_user("eve", is_analyst=False))
    assert client.get(address).status_code == 404
    client.force_login(make_user("ada"))
    assert client.get(address).status_code == 200


def test_an_analyst_adds_an_edge_and_its_proof_stands_on_its_page(client: Client) -> None:
    client.force_login(make_user())
    given = {
        "organisation": "Kraken",
        "relation": "hosted-on",
        "target": "us-west-2",
        "group": "",
        "publisher": "Kraken",
        "url": "https://kraken.example/",
        "sentence": "We moved west.",
        "grade": "own-statement",
        "about": "2023-05",
        "published_on": "2023-06-02",
        "reason": "their own page",
    }
    response = client.post("/graph/edges/new/", given, follow=True)
    page = unescape(response.content.decode())
    assert "We moved west." in page
    assert "their own page" in page
    proof = Proof.objects.get(publisher="Kraken")
    assert (proof.about_to, proof.known_at) == (
        date(2023, 5, 31),
        datetime(2023, 6, 2, 23, 59, 59, 999999, tzinfo=UTC),
    )


def test_an_analyst_rejects_an_edge_and_takes_that_back(client: Client) -> None:
    client.force_login(make_user())
    decide = edge_address(act="graph-edge-decide")
    client.post(decide, {"kind": "reject", "reject-reason": "another company"})
    assert "took this edge out" in text_of(client, edge_address(), 410)
    assert "organisation:coinbase" not in nodes_of(text_of(client, f"/graph/?focus={EAST}"))
    client.post(reverse("incidents:graph-edge-undo", args=[EdgeVerdict.objects.get().pk]))
    page = text_of(client, edge_address())
    assert "coinbase runs there." in page and "taken back by ada" in page


def test_a_decision_without_a_reason_is_refused_on_the_form(client: Client) -> None:
    client.force_login(make_user())
    response = client.post(edge_address(act="graph-edge-decide"), {"kind": "reject"})
    assert response.status_code == 400
    assert not EdgeVerdict.objects.exists()
    assert client.post(edge_address(act="graph-edge-decide"), {"kind": "else"}).status_code == 400


@pytest.mark.parametrize(
    "address",
    [
        "/graph/edges/organisation:nobody/hosted-on/region:aws:us-east-1/",
        "/graph/edges/x/hosted-on/y/",
        "/graph/edges/organisation:coinbase/calls/region:aws:us-east-1/",
    ],
)
def test_an_edge_that_the_record_lacks_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_all_edges_are_listed_and_can_be_searched(client: Client) -> None:
    assert "9 of 9 edges" in text_of(client, "/graph/edges/")
    page = text_of(client, "/graph/edges/?find=infura")
    assert "2 of 9 edges" in page and "Coinbase" not in page


@pytest.mark.django_db(transaction=True)
def test_pages_answer_304_until_an_edge_changes(client: Client) -> None:
    etag = client.get("/graph/")["ETag"]
    assert client.get("/graph/", headers={"If-None-Match": etag}).status_code == 304
    Proof.objects.filter(publisher="coinbase").update(sentence="Changed by a bare update.")
    assert client.get("/graph/", headers={"If-None-Match": etag}).status_code == 200
    assert "Changed by a bare update." in text_of(client, edge_address())


@pytest.mark.parametrize(
    "address", ["/graph/", "/graph/what-if/", "/insights/concentration/", "/graph/edges/"]
)
def test_only_reading_is_allowed(client: Client, address: str) -> None:
    assert client.post(address).status_code == 405


def test_queries_do_not_grow_with_the_graph(client: Client, django_assert_max_num_queries: Any) -> None:
    addresses = ("/graph/?depth=all", f"/graph/what-if/?fail={EAST}", "/insights/concentration/")
    for address in addresses:
        client.get(address)
        with django_assert_max_num_queries(16) as few:
            client.get(address)
        most = len(few)
        for number in range(15):
            make_edge(f"more-{address[-4:-1].strip('=/')}-{number}".lower().replace("?", ""), EAST)
        client.get(address)
        with django_assert_max_num_queries(most):
            client.get(address)


def test_api_answers_what_if_with_chains_and_without_hindsight(client: Client) -> None:
    told = client.get(f"/api/v1/what-if?fail={EAST}&{EVE}").json()
    fates = {row["organisation"]: row["fate"] for row in told["reached"]}
    assert fates["coinbase"] == "falls" and "coinmarketcap" not in fates
    (step,) = next(row["chain"] for row in told["reached"] if row["organisation"] == "coinbase")
    assert (step["target"], step["proofs"]) == (EAST, edge_address())
    assert client.get("/api/v1/what-if").status_code == 422


def test_api_tells_the_dependencies_known_at_a_date(client: Client) -> None:
    told = client.get(f"/api/v1/dependencies?target={EAST}&{EVE}").json()
    assert {row["organisation"] for row in told["items"]} == {"coinbase", "robinhood", "infura", "twice"}
    assert client.get("/api/v1/dependencies?as_of=yesterday").status_code == 422
