"""The edges and names of the record as plain rows, and ready to be asked.

What is loaded stays in memory until a row of it changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any

from django.db import connection

from incidents.choices import Confidence, EdgeVerdictKind, ProofGrade
from incidents.graph import Graph
from incidents.graphing.edges import Edge, EdgeProof, has_ended, part_of, standing
from incidents.models import Dependency, EdgeVerdict, Organisation, Proof, Provider, Region, Service
from nlp.document import EntityKind

WEIGHTS = {
    ProofGrade.OWN_STATEMENT: 0.9,
    ProofGrade.PROVIDER: 0.8,
    ProofGrade.ACCEPTED_HIT: 0.8,
    ProofGrade.CATALOGUE: 0.8,
    ProofGrade.PRESS: 0.5,
}
CATALOGUE_WEIGHTS = {Confidence.HIGH: 0.8, Confidence.MEDIUM: 0.5, Confidence.LOW: 0.2}
TABLES = (Dependency, Proof, EdgeVerdict, Organisation)
GRAPHS_KEPT = 32


@dataclass(frozen=True, slots=True)
class Named:
    """A node as pages name it. `kind` of an organisation is what sort it is: exchange, broker, wallet ..."""

    node: str
    name: str
    kind: str

    @property
    def slug(self) -> str:
        return self.node.partition(":")[2]

    @property
    def is_organisation(self) -> bool:
        return self.node.startswith("organisation:")


@dataclass(frozen=True)
class Record:
    """All edges of the record, those of containment too, and every node that they touch, or that might fall.

    Organisations of which nothing is known are among the nodes: they are not safe, they are unknown.
    """

    edges: tuple[Edge, ...]
    named: Mapping[str, Named]
    version: str

    @cached_property
    def proven(self) -> list[Edge]:
        return [edge for edge in self.edges if edge.proofs]

    @cached_property
    def kinds(self) -> Mapping[str, str]:
        return {node: named.kind for node, named in self.named.items()}

    @cached_property
    def touching(self) -> Mapping[str, list[Edge]]:
        """Of each node the edges that begin or end there."""
        found: dict[str, list[Edge]] = defaultdict(list)
        for edge in self.edges:
            found[edge.source].append(edge)
            found[edge.target].append(edge)
        return found

    @cached_property
    def usual_focus(self) -> str:
        """Where a reader begins who asks for nothing: the region, else the thing, that most edges touch."""
        counted = {node: len(edges) for node, edges in self.touching.items()}
        return min(counted, key=lambda n: (not n.startswith("region:"), -counted[n], n), default="")

    @cached_property
    def known_names(self) -> list[str]:
        """Of all that an edge touches: what a reader may go to."""
        return sorted({self.name_of(node) for node in self.touching})

    @cached_property
    def carrying_names(self) -> list[str]:
        """Of all that something stands on: whose failure may be supposed."""
        return sorted({self.name_of(edge.target) for edge in self.edges})

    def name_of(self, node: str) -> str:
        found = self.named.get(node)
        return found.name if found else node.partition(":")[2]


def record_graph() -> Record:
    return load(graph_version())


@lru_cache(maxsize=GRAPHS_KEPT)
def graph_at(record_version: str, at: datetime, *, with_later: bool, with_undated: bool) -> Graph:
    """The edges that stood then, ready to be asked; with what became known later, where it is asked for."""
    edges = load(record_version).proven
    known = standing(edges, at)
    if with_later:
        known = [*known, *learned_later(edges, at)]
    if with_undated:
        known += [
            edge for edge in edges if edge.is_undated and not (edge.ended_on and edge.ended_on < at.date())
        ]
    return Graph(known)


def learned_later(edges: Iterable[Edge], at: datetime) -> list[Edge]:
    """Edges that nobody could know then, and that had not ended: what hindsight adds."""
    then = {edge.key for edge in standing(edges, at)}
    return [
        edge for edge in edges if edge.key not in then and not edge.is_undated and not has_ended(edge, at)
    ]


def graph_version() -> str:
    """Changes with every row that the graph is made of, by whatever way it was written.

    While PostgreSQL's snapshot is the same, no transaction has ended and nothing can have changed; only what
    this very transaction writes does not show in it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text, pg_current_xact_id_if_assigned()::text")
        snapshot, is_writing = cursor.fetchone()
    name = str(connection.settings_dict["NAME"])
    return counted(name) if is_writing else counted_in(name, snapshot)


@lru_cache(maxsize=2)
def counted_in(name: str, snapshot: str) -> str:
    return counted(name)


def counted(name: str) -> str:
    """From a scan of all rows."""
    counts = " UNION ALL ".join(
        f"SELECT count(*), bit_xor(hashtextextended(xmin::text, id)) FROM {model._meta.db_table}"
        for model in TABLES
    )
    with connection.cursor() as cursor:
        cursor.execute(counts)
        return f"{name} {cursor.fetchall()}"


@lru_cache(maxsize=2)
def load(version: str) -> Record:
    proven = stored_edges()
    targets = {edge.target for edge in proven}
    parts = [edge for target in sorted(targets) if (edge := part_of(target))]
    return Record((*proven, *parts), names(targets | {edge.target for edge in parts}), version)


def stored_edges() -> list[Edge]:
    """Every edge with its proofs, as analysts left them: three queries."""
    verdicts = standing_verdicts()
    proofs = stored_proofs()
    rows = Dependency.objects.order_by("organisation__slug", "relation", "target").values_list(
        "pk", "organisation__slug", "relation", "target", "redundancy_group", "ended_on"
    )
    edges = (
        Edge(f"organisation:{slug}", target, relation, group, proofs[pk], ended)
        for pk, slug, relation, target, group, ended in rows.iterator(chunk_size=5000)
        if pk in proofs
    )
    ruled_edges = (ruled(edge, verdicts.get(edge.key, {})) for edge in edges)
    return [edge for edge in ruled_edges if edge]


Verdicts = dict[EdgeVerdictKind, tuple[date | None, str]]


def ruled(edge: Edge, verdicts: Verdicts) -> Edge | None:
    """The edge under what analysts decided on it; None where they say that there is none."""
    if EdgeVerdictKind.REJECT in verdicts:
        return None
    if EdgeVerdictKind.ENDED in verdicts:
        edge = replace(edge, ended_on=verdicts[EdgeVerdictKind.ENDED][0])
    if EdgeVerdictKind.GROUP in verdicts:
        edge = replace(edge, group=verdicts[EdgeVerdictKind.GROUP][1])
    return edge


def standing_verdicts() -> dict[tuple[str, str, str], Verdicts]:
    """By edge and kind; the newest holds."""
    found: dict[tuple[str, str, str], Verdicts] = defaultdict(dict)
    rows = EdgeVerdict.objects.standing().order_by("made_at", "pk")
    for kind, slug, relation, target, ended, group in rows.values_list(
        "kind", "organisation__slug", "relation", "target", "ended_on", "redundancy_group"
    ):
        found[f"organisation:{slug}", relation, target][EdgeVerdictKind(kind)] = (ended, group)
    return found


def stored_proofs() -> dict[int, tuple[EdgeProof, ...]]:
    found: dict[int, list[EdgeProof]] = defaultdict(list)
    told = ("publisher", "about_to", "known_at", "url", "sentence", "grade", "about_from", "precision")
    rows = Proof.objects.order_by("about_to", "pk").values_list("dependency_id", "confidence", *told)
    for pk, sure, *columns in rows.iterator(chunk_size=5000):
        grade = columns[told.index("grade")]
        found[pk].append(EdgeProof(weight_of(grade, sure), *columns))
    return {pk: tuple(proofs) for pk, proofs in found.items()}


def weight_of(grade: str, sure: str) -> float:
    if grade == ProofGrade.CATALOGUE and sure:
        return CATALOGUE_WEIGHTS[Confidence(sure)]
    return WEIGHTS[ProofGrade(grade)]


def names(nodes: Iterable[str]) -> dict[str, Named]:
    """All organisations, and those of the nodes that are providers, regions or services."""
    found = {
        f"organisation:{slug}": Named(f"organisation:{slug}", name, kind)
        for slug, name, kind in Organisation.objects.values_list("slug", "name", "kind")
    }
    return found | named_clouds(nodes)


def named_clouds(nodes: Iterable[str]) -> dict[str, Named]:
    """Those of the nodes that are providers, regions or services of the record."""
    found: dict[str, Named] = {}
    slugs: dict[str, set[str]] = defaultdict(set)
    for node in nodes:
        kind, _, slug = node.partition(":")
        slugs[kind].add(slug)
    listed: tuple[tuple[EntityKind, Any], ...] = (
        (EntityKind.PROVIDER, Provider.objects.values_list("slug", "name")),
        (EntityKind.REGION, Region.objects.values_list("slug", "code")),
        (EntityKind.SERVICE, Service.objects.values_list("slug", "name")),
    )
    for kind, rows in listed:
        if kind in slugs:
            found |= named(kind, rows, slugs[kind])
    return found


def named(kind: EntityKind, rows: Any, slugs: set[str]) -> dict[str, Named]:
    nodes = ((f"{kind}:{slug}", name) for slug, name in rows.filter(slug__in=slugs))
    return {node: Named(node, name, str(kind)) for node, name in nodes}
