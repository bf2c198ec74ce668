"""The stations of an outage, each with the publisher whose claim or post dates it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from incidents.choices import EndState, PublisherKind
from incidents.concluding import Shown
from incidents.telling import Said, Teller, Told
from nlp.document import INCIDENT, Field, Phase, Precision


class Station(StrEnum):
    IMPACT_START = "impact start"
    FIRST_PUBLIC = "first public post"
    FIRST_EXCHANGE = "first exchange post"
    IDENTIFIED = "identified"
    MITIGATED = "mitigated"
    RESOLVED = "said to be resolved"
    IMPACT_END = "impact end"


PHASES = {
    Phase.IDENTIFIED: Station.IDENTIFIED,
    Phase.MONITORING: Station.MITIGATED,
    Phase.RESOLVED: Station.RESOLVED,
}


@dataclass(frozen=True, slots=True)
class Milestone:
    """`after` is how long after the start of the impact, where that is known and no mere bound."""

    station: Station
    at: datetime
    precision: Precision
    publishers: tuple[str, ...]
    is_bound: bool = False
    after: timedelta | None = None


def milestones(
    told: Told, shown: Shown, hit: Collection[Teller] = (), at: datetime | None = None
) -> tuple[Milestone, ...]:
    """In order of time. `hit` are those who speak in the hit organisations' own incidents."""
    found = [*ends(shown), *first_words(told, hit, at), *stages(told, at)]
    start = next((one for one in found if one.station == Station.IMPACT_START and not one.is_bound), None)
    order = list(Station)
    dated = [counted(one, start) for one in found]
    return tuple(sorted(dated, key=lambda one: (one.at, order.index(one.station))))


def counted(one: Milestone, start: Milestone | None) -> Milestone:
    if start is None or one is start or start.precision not in {Precision.MINUTE, Precision.HOUR}:
        return one
    return Milestone(one.station, one.at, one.precision, one.publishers, one.is_bound, one.at - start.at)


def ends(shown: Shown) -> Iterable[Milestone]:
    """Where the impact starts and ends, by the values that are shown."""
    start = shown.value(Field.NOT_BEFORE if shown.start_is_bound else Field.STARTED_AT)
    if start and shown.started_at:
        precision = shown.start_precision or Precision.MINUTE
        yield Milestone(
            Station.IMPACT_START, shown.started_at, precision, start.publishers_for, shown.start_is_bound
        )
    end = shown.value(Field.ENDED_AT)
    if end and shown.end.state == EndState.KNOWN and shown.end.at:
        precision = shown.end.precision or Precision.MINUTE
        yield Milestone(Station.IMPACT_END, shown.end.at, precision, end.publishers_for)


def first_words(told: Told, hit: Collection[Teller], at: datetime | None) -> Iterable[Milestone]:
    own = [teller for teller in told.tellers if teller.speaker == told.owner]
    exchanges = [t for t in (*told.tellers, *hit) if t.publisher_kind == PublisherKind.ORGANISATION]
    for station, tellers in ((Station.FIRST_PUBLIC, own), (Station.FIRST_EXCHANGE, exchanges)):
        spoke = [
            (said_at, teller.publisher)
            for teller in tellers
            for said_at in teller.spoke
            if at is None or said_at <= at
        ]
        if spoke:
            first = min(spoke)
            yield Milestone(station, first[0], Precision.MINUTE, (first[1],))


def stages(told: Told, at: datetime | None) -> Iterable[Milestone]:
    """When each stage was first said to be reached, by its owner's record where that says it."""
    for phase, station in PHASES.items():
        said = [
            one for one in told.claims if (one.subject, one.field, one.key) == (INCIDENT, Field.PHASE, phase)
        ]
        said = [one for one in said if at is None or one.seen_at <= at]
        own = [one for one in said if one.teller.speaker == told.owner]
        if best := min(own or said, key=order_of, default=None):
            yield Milestone(station, best.seen_at, Precision.MINUTE, (best.teller.publisher,))


def order_of(said: Said) -> tuple[datetime, str]:
    return said.seen_at, said.teller.account
