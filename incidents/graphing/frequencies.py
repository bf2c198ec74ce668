"""How often an outage somewhere reached an organisation, as far as the record can tell. Pure.

Most reports are silent about most organisations. Over the outages where its state is known the share is one
bound; counting the silent ones as not reached gives the other. Under five known cases there is no figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

LEAST_CASES = 5


class Told(StrEnum):
    """What one outage's record says of one organisation; silence is the absence of an answer."""

    REACHED = "reached"
    NOT_REACHED = "not reached"


@dataclass(frozen=True, slots=True)
class Frequency:
    """`total` outages, of which `reached` and `spared` say what became of the organisation."""

    total: int
    reached: int
    spared: int

    @property
    def known(self) -> int:
        return self.reached + self.spared

    @property
    def silent(self) -> int:
        return self.total - self.known

    @property
    def is_enough(self) -> bool:
        return self.known >= LEAST_CASES

    @property
    def bounds(self) -> tuple[float, float] | None:
        """Over all outages, which takes every silent one for not reached, and over those that are known."""
        if not self.is_enough:
            return None
        return self.reached / self.total, self.reached / self.known


def frequencies(outages: int, told: Iterable[tuple[str, Told]]) -> Mapping[str, Frequency]:
    """By organisation, over that many outages; each pair is what one outage says of one organisation."""
    reached: dict[str, int] = {}
    spared: dict[str, int] = {}
    for organisation, state in told:
        counted = reached if state == Told.REACHED else spared
        counted[organisation] = counted.get(organisation, 0) + 1
    return {
        name: Frequency(outages, reached.get(name, 0), spared.get(name, 0))
        for name in reached.keys() | spared.keys()
    }


@dataclass(frozen=True, slots=True)
class Verification:
    """What was predicted beside what happened. `open` were hit and could not be told beforehand."""

    predicted: frozenset[str]
    unknown: frozenset[str]
    hit: frozenset[str]
    spared: frozenset[str]

    @property
    def right(self) -> frozenset[str]:
        return self.predicted & self.hit

    @property
    def wrong(self) -> frozenset[str]:
        """Predicted, and stated not to have been reached."""
        return self.predicted & self.spared

    @property
    def silent(self) -> frozenset[str]:
        """Predicted, and nobody says what became of them."""
        return self.predicted - self.hit - self.spared

    @property
    def open(self) -> frozenset[str]:
        return (self.unknown & self.hit) - self.predicted

    @property
    def missed(self) -> frozenset[str]:
        return self.hit - self.predicted - self.unknown

    @property
    def precision(self) -> float | None:
        """Silence counts against the prediction: the lower bound."""
        return len(self.right) / len(self.predicted) if self.predicted else None

    @property
    def recall(self) -> float | None:
        return len(self.right) / len(self.hit) if self.hit else None
