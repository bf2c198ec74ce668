"""Which number an incident is shown under. Numbers are permanent: each follows its anchor account. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from incidents.clustering import Cluster


@dataclass(frozen=True, slots=True)
class Number:
    """A number that was given: the account that anchors it, and those that stood in its incident last."""

    id: int
    anchor: str
    last: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Numbering:
    """`anchors` and `shown_as` tell of each number given; None in the latter: withdrawn, no account is left.

    `unnumbered` are clusters that need a new number, in the order in which to open them.
    """

    anchors: Mapping[int, str]
    shown_as: Mapping[int, int | None]
    unnumbered: tuple[Cluster, ...]


def number(
    partition: Iterable[Cluster], numbers: Collection[Number], order: Callable[[Cluster], Any]
) -> Numbering:
    """Give each cluster one live number. `numbers` are all whose anchor or last accounts are touched."""
    home = {key: cluster for cluster in partition for key in cluster}
    anchors = moved(numbers, home)
    lowest: dict[Cluster, int] = {}
    for id, anchor in anchors.items():
        if cluster := home.get(anchor):
            lowest[cluster] = min(id, lowest.get(cluster, id))
    shown_as = {id: lowest[home[anchor]] if anchor in home else None for id, anchor in anchors.items()}
    bare = [cluster for cluster in dict.fromkeys(home.values()) if cluster not in lowest]
    return Numbering(anchors=anchors, shown_as=shown_as, unnumbered=tuple(sorted(bare, key=order)))


def moved(numbers: Collection[Number], home: Mapping[str, Cluster]) -> dict[int, str]:
    """Anchors, moved only where the account is gone, and then to one that stood with it, a free one first.

    A withdrawn number keeps its last anchor, and returns with that account.
    """
    anchors = {number.id: number.anchor for number in sorted(numbers, key=lambda number: number.id)}
    taken = Counter(anchors.values())
    for number in sorted(numbers, key=lambda number: number.id):
        if number.anchor not in home:
            left = sorted((key for key in number.last if key in home), key=lambda key: (taken[key] > 0, key))
            if left:
                anchors[number.id] = left[0]
                taken.subtract({number.anchor: 1})
                taken[left[0]] += 1
    return anchors
