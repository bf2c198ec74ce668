"""Which part of the graph a reader sees, and how much of it stays hidden, by reason. Pure.

Nothing is left out silently: what is shown and what is hidden add up to what the record holds, always.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from incidents.graphing.contracting import Contracted, contract
from incidents.graphing.edges import PART_OF, Edge, confidence, counts, has_ended

ROOM = 240
"""How many nodes one picture holds; the nearest to the focus are kept."""


class Hidden(StrEnum):
    """Why an edge or a node is not shown; of several reasons the first is counted."""

    LATER = "later"
    ENDED = "ended"
    UNDATED = "undated"
    RELATION = "relation"
    CONFIDENCE = "confidence"
    KIND = "kind"
    DISTANCE = "distance"
    ROOM = "room"


class EdgeState(StrEnum):
    """How an edge in sight is known."""

    KNOWN = "known"
    UNDATED = "undated"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Choice:
    """What a reader asks to see. `depth` None: everything, near or far; `opened` nodes show their neighbours.

    Undated edges and those that became known later are shown on demand, and told apart.
    """

    at: datetime
    focus: tuple[str, ...] = ()
    depth: int | None = 1
    opened: tuple[str, ...] = ()
    hidden_kinds: frozenset[str] = frozenset()
    hidden_relations: frozenset[str] = frozenset()
    least: float = 0.0
    with_undated: bool = True
    with_later: bool = False
    room: int = ROOM


@dataclass(frozen=True, slots=True)
class Selection:
    """What is shown, and what is not. Contracted edges stand for hidden ones and are counted apart."""

    nodes: tuple[str, ...]
    edges: tuple[Edge, ...]
    contracted: tuple[Contracted, ...]
    states: Mapping[tuple[str, str, str], EdgeState]
    hidden_nodes: Counter[Hidden] = field(default_factory=Counter)
    hidden_edges: Counter[Hidden] = field(default_factory=Counter)

    @property
    def links(self) -> list[Edge | Contracted]:
        return [*self.edges, *self.contracted]

    @property
    def total_nodes(self) -> int:
        return len(self.nodes) + self.hidden_nodes.total()

    @property
    def total_edges(self) -> int:
        return len(self.edges) + self.hidden_edges.total()


def state_of(edge: Edge, at: datetime) -> EdgeState:
    if edge.relation == PART_OF or any(counts(proof, at) for proof in edge.proofs):
        return EdgeState.KNOWN
    return EdgeState.UNDATED if edge.is_undated else EdgeState.LATER


Link = Edge | Contracted


@dataclass(frozen=True, slots=True)
class Filtered:
    """What the filters let through, wherever it is: the same for every focus, so it can be kept.

    `out` and `beside` tell of each node which links leave it and who its neighbours are.
    """

    edges: Sequence[Edge]
    contracted: Sequence[Contracted]
    nodes: Set[str]
    out: Mapping[str, Sequence[Link]]
    beside: Mapping[str, Set[str]]
    hidden_edges: Counter[Hidden]
    hidden_nodes: int


def filtered(edges: Collection[Edge], kinds: Mapping[str, str], choice: Choice) -> Filtered:
    """`kinds` names every node of the record, also those that no edge touches, with its kind."""
    hidden: Counter[Hidden] = Counter()
    left: list[Edge] = []
    for edge in edges:
        if reason := reason_against(edge, choice):
            hidden[reason] += 1
        else:
            left.append(edge)
    by_kind = set()
    if choice.hidden_kinds:
        by_kind = {n for n, kind in kinds.items() if kind in choice.hidden_kinds} - set(choice.focus)
    contracted = contract(left, by_kind) if by_kind else []
    plain = [edge for edge in left if edge.source not in by_kind and edge.target not in by_kind]
    hidden[Hidden.KIND] += len(left) - len(plain)
    out: dict[str, list[Link]] = defaultdict(list)
    beside: dict[str, set[str]] = defaultdict(set)
    links: list[Link] = [*plain, *contracted]
    for link in links:
        out[link.source].append(link)
        beside[link.source].add(link.target)
        beside[link.target].add(link.source)
    return Filtered(plain, contracted, kinds.keys() - by_kind, out, beside, hidden, len(by_kind))


def select(edges: Collection[Edge], kinds: Mapping[str, str], choice: Choice) -> Selection:
    return around(filtered(edges, kinds, choice), choice)


def around(through: Filtered, choice: Choice) -> Selection:
    """Of what the filters let through, what is near enough to the focus and finds room."""
    near = nearest(through, choice)
    kept, within = set(near[: choice.room]), set(near)
    links = [link for node in near for link in through.out.get(node, ()) if link.target in within]
    in_room = [link for link in links if link.source in kept and link.target in kept]
    shown = [link for link in in_room if isinstance(link, Edge)]
    near_edges = sum(isinstance(link, Edge) for link in links)
    hidden_edges = through.hidden_edges + Counter(
        {Hidden.DISTANCE: len(through.edges) - near_edges, Hidden.ROOM: near_edges - len(shown)}
    )
    hidden_nodes = Counter(
        {
            Hidden.KIND: through.hidden_nodes,
            Hidden.DISTANCE: len(through.nodes) - len(within),
            Hidden.ROOM: len(within) - len(kept),
        }
    )
    return Selection(
        nodes=tuple(near[: choice.room]),
        edges=tuple(shown),
        contracted=tuple(link for link in in_room if isinstance(link, Contracted)),
        states={edge.key: state_of(edge, choice.at) for edge in shown},
        hidden_nodes=+hidden_nodes,
        hidden_edges=+hidden_edges,
    )


def reason_of_time(edge: Edge, choice: Choice) -> Hidden | None:
    """Why it does not belong to that time; None where it does, or is shown on demand."""
    state = state_of(edge, choice.at)
    if has_ended(edge, choice.at):
        return Hidden.ENDED
    if state == EdgeState.LATER and not choice.with_later:
        return Hidden.LATER
    return Hidden.UNDATED if state == EdgeState.UNDATED and not choice.with_undated else None


def reason_against(edge: Edge, choice: Choice) -> Hidden | None:
    if reason := reason_of_time(edge, choice):
        return reason
    if edge.relation in choice.hidden_relations:
        return Hidden.RELATION
    if choice.least and confidence(edge, choice.at) < choice.least:
        return Hidden.CONFIDENCE
    return None


def nearest(through: Filtered, choice: Choice) -> list[str]:
    """The nodes within reach, nearest to the focus first; each opened node brings its neighbours."""
    start = [node for node in choice.focus if node in through.nodes]
    if choice.depth is None:
        everything = widen(start, through.beside, len(through.nodes))
        return [*dict.fromkeys([*everything, *sorted(through.nodes)])]
    found = dict.fromkeys(widen(start, through.beside, choice.depth))
    for node in choice.opened:
        if node in found:
            found |= dict.fromkeys(sorted(through.beside.get(node, ())))
    return list(found)


def widen(start: Sequence[str], beside: Mapping[str, Set[str]], depth: int) -> list[str]:
    found = dict.fromkeys(start)
    ring = list(found)
    for _ in range(depth):
        ring = [
            one
            for one in dict.fromkeys(o for n in ring for o in sorted(beside.get(n, ())))
            if one not in found
        ]
        if not ring:
            break
        found |= dict.fromkeys(ring)
    return list(found)
