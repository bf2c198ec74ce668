"""Small graphs as hypothesis draws them, and the few makers of edges that the tests of graphing share."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import settings
from hypothesis import strategies as st

from incidents.graphing.edges import Edge, EdgeProof, end_of

NOW = datetime(2025, 10, 19, 12, tzinfo=UTC)
EAST, WEST, AWS = "region:aws:us-east-1", "region:aws:us-west-2", "provider:aws"
DYNAMO = "service:aws:dynamodb"


def proof(day: str = "2024-06-30", weight: float = 0.8, publisher: str = "a") -> EdgeProof:
    """A proof of one day; without a day, undated."""
    about = date.fromisoformat(day) if day else None
    return EdgeProof(weight, publisher, about, end_of(about) if about else None)


def edge(source: str, target: str, group: str = "", *proofs: EdgeProof) -> Edge:
    return Edge(f"organisation:{source}", target, group=group, proofs=proofs or (proof(),))


def undated(source: str, target: str) -> Edge:
    return edge(source, target, "", proof(""))


unhurried = settings(deadline=None)
"""A machine that builds and tests at once is slow now and then: that is no failure."""

names = st.sampled_from("abcdef")
organisations = names.map(lambda name: f"organisation:{name}")
clouds = st.sampled_from([EAST, WEST, AWS, DYNAMO, "region:gcp:us-east1", "provider:gcp"])
nodes = st.one_of(clouds, organisations)
days = st.sampled_from(["2024-06-30", "2025-10-31", ""])
drawn_edges = st.builds(
    lambda source, target, group, day: edge(source, target, group, proof(day)),
    names,
    nodes,
    st.sampled_from(["", "", "g", "h"]),
    days,
)
graphs = st.lists(drawn_edges, max_size=14, unique_by=lambda edge: edge.key)
failures = st.sets(nodes, max_size=3)
