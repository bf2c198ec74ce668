"""What a second region or a second cloud would have saved an organisation over its history. Pure.

It is computed from outages that reached it, under assumptions that the page prints: the other half takes over
at once, carries the whole load, and stands on nothing that failed in the same outage.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

Span = tuple[datetime, datetime]
NOTHING = timedelta()
WORLDWIDE = "global"


@dataclass(frozen=True, slots=True)
class Loss:
    """One outage that reached it. `own` is its own window, where both ends are known; `upstream` that of the
    provider's outage, which bounds it where its own is not known.

    `provider` empty: it broke by itself. `regions` are those that the provider's outage names.
    """

    provider: str
    regions: frozenset[str]
    own: Span | None
    upstream: Span | None

    @property
    def is_regional(self) -> bool:
        """Regions are named, and not the whole world: another region of the same cloud stood."""
        codes = {region.rpartition(":")[2] for region in self.regions}
        return bool(self.provider and codes) and WORLDWIDE not in codes


@dataclass(frozen=True, slots=True)
class Sum:
    """Time lost in a set of outages: `measured` by its own windows, `at_most` by the providers' where its own
    are not known; overlapping windows once. `unknown` outages have no window at all."""

    measured: timedelta
    at_most: timedelta
    counted: int
    bounded: int
    unknown: int

    @property
    def outages(self) -> int:
        return self.counted + self.bounded + self.unknown


@dataclass(frozen=True, slots=True)
class Savings:
    lost: Sum
    by_itself: Sum
    second_region: Sum
    second_cloud: Sum


def savings(losses: Sequence[Loss]) -> Savings:
    others = [loss for loss in losses if loss.provider]
    return Savings(
        lost=total(others),
        by_itself=total(loss for loss in losses if not loss.provider),
        second_region=total(loss for loss in others if loss.is_regional),
        second_cloud=total(others),
    )


def total(losses: Iterable[Loss]) -> Sum:
    told = list(losses)
    measured = [loss.own for loss in told if loss.own]
    bounded = [loss.upstream for loss in told if not loss.own and loss.upstream]
    return Sum(
        measured=union(measured),
        at_most=union(bounded),
        counted=len(measured),
        bounded=len(bounded),
        unknown=len(told) - len(measured) - len(bounded),
    )


def union(spans: Iterable[Span]) -> timedelta:
    """How long any of them lasted: what overlaps is counted once."""
    length, last = NOTHING, None
    for start, end in sorted(spans):
        begin = start if last is None else max(start, last)
        if end > begin:
            length += end - begin
        last = end if last is None else max(last, end)
    return length
