"""The graph at 5,000 nodes and 20,000 edges: what-if against bare reachability, a page against its template.

The last row needs a Chromium, and Playwright of the development environment; without them it is left out.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

import rustworkx
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from incidents.graph import Graph
from incidents.graphing.asking import GraphForm
from incidents.graphing.edges import Edge, part_of
from incidents.graphing.loading import record_graph
from incidents.models import Dependency, Organisation, Proof, Provider, Region, Service
from incidents.models.choices import OrganisationKind, ProofGrade, Relation
from incidents.views.graph.seeing import explored
from ingest.bench import Row
from ingest.bench.drawing import drawn_row
from ingest.bench.floors import uncollected_files
from nlp.document import EntityKind

PROVIDERS, REGIONS, SERVICES, ORGANISATIONS = 40, 460, 500, 4_000
EDGES = 20_000
VENDORS = 400
"""Organisations that others stand on: only those come first, so that nothing stands on itself by a chain."""
CHUNK = 2_000
KNOWN = datetime(2024, 6, 30, 23, 59, tzinfo=UTC)
SEED = 20251020
FOCUS = "provider:p0"
PAGE = f"/graph/?focus={FOCUS}&depth=2"
Thing = tuple[EntityKind, Any]
"""A row that can be stood on, with its kind."""


def rows() -> Iterator[Row]:
    with uncollected_files():
        fill(random.Random(SEED))
        yield from measured()
        clear()


def measured() -> Iterator[Row]:
    record = record_graph()
    edges = record.proven
    at = datetime.now(UTC)
    failed = [FOCUS]
    ready = Graph(edges)
    bare, index = reachability(edges)
    yield Row(
        f"what-if over {len(edges):,} edges",
        "bare reachability over the same",
        lambda: Graph(edges).fall(failed, at),
        lambda: reach(*reachability(edges), FOCUS),
        least=1 / 3,
    )
    yield Row(
        "what-if, the graph being ready",
        "bare reachability, the graph being ready",
        lambda: ready.fall(failed, at),
        lambda: reach(bare, index, FOCUS),
        least=1 / 3,
    )
    client = Client()
    client.get(PAGE)
    request = RequestFactory().get(PAGE)
    request.user = client.get(PAGE).wsgi_request.user
    context = explored(GraphForm(request.GET), record)
    yield Row(
        "explorer, one provider, two steps",
        "its template with constant rows, and reachability",
        partial(client.get, PAGE),
        lambda: (render_to_string("graph/explorer.html", context, request), reach(bare, index, FOCUS)),
        least=1 / 1.5,
    )
    yield from drawn_row(PAGE)


def reachability(edges: list[Edge]) -> tuple[rustworkx.PyDiGraph[str, None], dict[str, int]]:
    """The graph that rustworkx needs, from named edges: those of containment belong to it."""
    index: dict[str, int] = {}
    pairs = []
    for edge in edges:
        for node in (edge.source, edge.target):
            if node not in index:
                index[node] = len(index)
        pairs.append((index[edge.target], index[edge.source]))
    for node in list(index):
        if part := part_of(node):
            pairs.append((index.setdefault(part.target, len(index)), index[node]))
    graph: rustworkx.PyDiGraph[str, None] = rustworkx.PyDiGraph()
    graph.add_nodes_from(list(index))
    graph.add_edges_from_no_data(pairs)
    return graph, index


def reach(graph: rustworkx.PyDiGraph[str, None], index: dict[str, int], node: str) -> set[int]:
    return set(rustworkx.descendants(graph, index[node]))


def fill(chance: random.Random) -> None:
    """Organisations on clouds and on vendors before them; a fifth of the edges stand in for one another."""
    clouds = make_clouds()
    prove(make_edges(chance, make_organisations(), clouds))


def make_clouds() -> list[Thing]:
    """Providers with their regions and services."""
    Provider.objects.bulk_create(Provider(slug=f"p{i}", name=f"Provider {i}") for i in range(PROVIDERS))
    providers = list(Provider.objects.filter(slug__startswith="p"))
    Region.objects.bulk_create(
        Region(slug=f"{p.slug}:r{i}", provider=p, code=f"r{i}", name=f"Region {i}")
        for i, p in spread(providers, REGIONS)
    )
    Service.objects.bulk_create(
        Service(slug=f"{p.slug}:s{i}", provider=p, name=f"Service {i}")
        for i, p in spread(providers, SERVICES)
    )
    return [
        *((EntityKind.PROVIDER, one) for one in providers),
        *((EntityKind.REGION, one) for one in Region.objects.filter(provider__in=providers)),
        *((EntityKind.SERVICE, one) for one in Service.objects.filter(provider__in=providers)),
    ]


def spread(providers: list[Provider], count: int) -> Iterator[tuple[int, Provider]]:
    return ((i, providers[i % len(providers)]) for i in range(count))


def make_organisations() -> list[Organisation]:
    kinds = [kind for kind in OrganisationKind.values if kind != OrganisationKind.OTHER]
    Organisation.objects.bulk_create(
        Organisation(slug=f"o{i:04d}", name=f"Organisation {i}", kind=kinds[i % len(kinds)])
        for i in range(ORGANISATIONS)
    )
    return list(Organisation.objects.filter(slug__startswith="o").order_by("slug"))


def make_edges(
    chance: random.Random, organisations: list[Organisation], clouds: list[Thing]
) -> list[Dependency]:
    edges: dict[tuple[int, str], Dependency] = {}
    while len(edges) < EDGES:
        number = chance.randrange(ORGANISATIONS)
        kind, thing = below(chance, number, organisations, clouds)
        target = f"{kind}:{thing.slug}"
        edges[number, target] = Dependency(
            organisation=organisations[number],
            relation=Relation.HOSTED_ON,
            target=target,
            redundancy_group="any" if chance.random() < 0.2 else "",
            **{f"on_{kind}": thing},
        )
    return Dependency.objects.bulk_create(edges.values(), batch_size=CHUNK)


def below(
    chance: random.Random, number: int, organisations: list[Organisation], clouds: list[Thing]
) -> Thing:
    """What the organisation of that number stands on: a vendor before it, else something of a cloud."""
    if number and chance.random() < 0.3:
        return EntityKind.ORGANISATION, organisations[chance.randrange(min(number, VENDORS))]
    return chance.choice(clouds)


def prove(edges: list[Dependency]) -> None:
    """A proof of its own for each."""
    Proof.objects.bulk_create(
        (
            Proof(
                dependency=edge,
                publisher="bench",
                about="page",
                grade=ProofGrade.OWN_STATEMENT,
                about_from=KNOWN.date(),
                about_to=KNOWN.date(),
                known_at=KNOWN,
                url="https://bench.example/",
            )
            for edge in edges
        ),
        batch_size=CHUNK,
    )


def clear() -> None:
    """Nothing of it is in the way of what is measured next."""
    for model in (Dependency, Organisation, Service, Region, Provider):
        model._default_manager.all().delete()
