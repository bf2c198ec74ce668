"""The small picture of an outage: the provider, what of it failed, and whom that reached by which edge.

Drawn by the server as SVG: it needs no script, prints, and its nodes are links.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from incidents.addresses import address_of
from incidents.models import Incident
from incidents.reliance import Dependence, by_organisation
from incidents.views.hits import HitRow
from incidents.views.rows import owner_link

ROW, WIDTH, BOX, GAP = 30, 760, 190, 95
MOST_PARTS, MOST_HIT, LONGEST = 8, 14, 24


@dataclass(frozen=True, slots=True)
class Node:
    name: str
    label: str
    url: str
    kind: str
    x: int
    y: int

    @property
    def text_x(self) -> int:
        return self.x + 12

    @property
    def text_y(self) -> int:
        return self.y + 16


@dataclass(frozen=True, slots=True)
class Line:
    """`is_known` where a declared edge proves it; else only the hit itself does."""

    path: str
    is_known: bool


@dataclass(frozen=True, slots=True)
class Picture:
    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]
    width: int
    height: int
    more_parts: int
    more_hit: int
    box: int = BOX
    tall: int = ROW - 6


def picture(
    incident: Incident, hits: Sequence[HitRow], edges: Iterable[Dependence], names: Mapping[str, str]
) -> Picture | None:
    """None where nothing is known to be reached, or the incident is an organisation's own."""
    reached = [hit for hit in hits if hit.stands and hit.status != "candidate"]
    if not incident.provider_id or not reached:
        return None
    owner = owner_link(incident)
    parts = [f"region:{slug}" for slug in incident.regions] + [
        f"service:{slug}" for slug in incident.services
    ]
    leaning = by_organisation(edges)
    ties = {slug_of(hit): [one.target for one in leaning.get(slug_of(hit), ())] for hit in reached}
    # Those that somebody declares to stand on come first: they are what the picture is about.
    parts.sort(key=lambda part: not any(part in targets for targets in ties.values()))
    shown, hit = parts[:MOST_PARTS], reached[:MOST_HIT]
    columns = [[incident.owner], shown, [f"organisation:{slug_of(one)}" for one in hit]]
    columns = [column for column in columns if column]
    tallest = max(len(column) for column in columns)
    labels = {incident.owner: (owner.name, owner.url)} | {part: part_link(part, names) for part in shown}
    labels |= {f"organisation:{slug_of(one)}": (one.organisation.name, one.organisation.url) for one in hit}
    nodes = {
        name: Node(name, short(labels[name][0]), labels[name][1], name.partition(":")[0], x, y)
        for x, y, name in places(columns, tallest)
    }
    pairs = [(incident.owner, part, True) for part in shown]
    for one in hit:
        pairs += to_organisation(one, ties[slug_of(one)], nodes, incident.owner)
    return Picture(
        nodes=tuple(nodes.values()),
        lines=tuple(Line(curve(nodes[a], nodes[b]), known) for a, b, known in pairs),
        width=WIDTH,
        height=tallest * ROW + 4,
        more_parts=len(parts) - len(shown),
        more_hit=len(reached) - len(hit),
    )


def slug_of(hit: HitRow) -> str:
    return hit.organisation.url.rstrip("/").rpartition("/")[2]


def to_organisation(
    hit: HitRow, targets: Sequence[str], nodes: Mapping[str, Node], owner: str
) -> list[tuple[str, str, bool]]:
    """Its edges in sight: to parts that failed, to the vendor between, to the provider; else only the hit."""
    name = f"organisation:{slug_of(hit)}"
    known = [target for target in dict.fromkeys(targets) if target in nodes and target != name]
    exact = [target for target in known if target != owner] or known
    return [(target, name, True) for target in exact] or [(owner, name, False)]


def places(columns: Sequence[Sequence[str]], tallest: int) -> Iterable[tuple[int, int, str]]:
    step = (WIDTH - BOX) // max(len(columns) - 1, 1)
    for number, column in enumerate(columns):
        top = (tallest - len(column)) * ROW // 2
        for row, name in enumerate(column):
            yield number * step, top + row * ROW + 4, name


def part_link(part: str, names: Mapping[str, str]) -> tuple[str, str]:
    kind, _, slug = part.partition(":")
    code = slug.partition(":")[2]
    label = code if kind == "region" else names.get(slug, code)
    return label, address_of(kind, slug)


def short(label: str) -> str:
    return label if len(label) <= LONGEST else label[: LONGEST - 1].rstrip() + "…"


def curve(a: Node, b: Node) -> str:
    """From the right side of the one to the left of the other; of two in one column around the side."""
    y1, y2 = a.y + (ROW - 6) // 2, b.y + (ROW - 6) // 2
    if a.x == b.x:
        edge = a.x
        return f"M{edge} {y1} C{edge - GAP // 2} {y1} {edge - GAP // 2} {y2} {edge} {y2}"
    start = a.x + BOX
    middle = (start + b.x) // 2
    return f"M{start} {y1} C{middle} {y1} {middle} {y2} {b.x} {y2}"
