"""The stations of an outage, each with the publisher that dates it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from incidents.choices import PublisherKind
from incidents.concluding import conclude
from incidents.milestones import Station, milestones
from incidents.telling import Said, Teller, Told
from nlp.document import DocumentKind, Field, Phase, Precision
from tests.factories import HOUR, NOON

AWS = Teller(
    "aws-rss:1",
    "aws-rss:1",
    "Amazon Web Services",
    PublisherKind.PROVIDER,
    DocumentKind.PROVIDER_STATUS,
    NOON,
    speaker="provider:aws",
    spoke=(NOON + timedelta(minutes=20), NOON + 4 * HOUR),
)
PRESS = Teller("web:1", "web:1", "The Gazette", PublisherKind.PRESS, DocumentKind.NEWS, NOON + 9 * HOUR)
COINBASE = Teller(
    "statuspage:coinbase:1",
    "statuspage:coinbase:1",
    "Coinbase",
    PublisherKind.ORGANISATION,
    DocumentKind.EXCHANGE_STATUS,
    NOON,
    speaker="organisation:coinbase",
    spoke=(NOON + HOUR,),
)


def time(field: Field, at: datetime, teller: Teller = AWS, **fields: Any) -> Said:
    settings: dict[str, Any] = {"precision": Precision.MINUTE} | fields
    return Said(teller, field, at.isoformat(), at.isoformat()[:16], teller.seen_at, **settings)


def phase(word: Phase, seen_at: datetime, teller: Teller = AWS) -> Said:
    return Said(teller, Field.PHASE, word, word, seen_at)


def stations(*claims: Said, hit: tuple[Teller, ...] = (), at: datetime | None = None) -> dict[str, Any]:
    told = Told("provider:aws", (AWS, PRESS), claims)
    return {one.station: one for one in milestones(told, conclude(told, at), hit, at)}


def test_each_station_names_its_time_its_publisher_and_how_long_after_the_start_it_came() -> None:
    found = stations(
        time(Field.STARTED_AT, NOON),
        time(Field.ENDED_AT, NOON + 3 * HOUR),
        phase(Phase.IDENTIFIED, NOON + HOUR),
        phase(Phase.MONITORING, NOON + 2 * HOUR),
        phase(Phase.RESOLVED, NOON + 4 * HOUR),
        hit=(COINBASE,),
    )
    assert [(one, found[one].after) for one in found] == [
        (Station.IMPACT_START, None),
        (Station.FIRST_PUBLIC, timedelta(minutes=20)),
        (Station.FIRST_EXCHANGE, HOUR),
        (Station.IDENTIFIED, HOUR),
        (Station.MITIGATED, 2 * HOUR),
        (Station.IMPACT_END, 3 * HOUR),
        (Station.RESOLVED, 4 * HOUR),
    ]
    assert found[Station.FIRST_EXCHANGE].publishers == ("Coinbase",)
    assert found[Station.RESOLVED].publishers == ("Amazon Web Services",)


def test_the_owners_word_on_a_stage_counts_before_an_earlier_one_of_others() -> None:
    found = stations(phase(Phase.IDENTIFIED, NOON, PRESS), phase(Phase.IDENTIFIED, NOON + HOUR))
    assert found[Station.IDENTIFIED].at == NOON + HOUR


def test_nothing_is_counted_from_a_start_that_is_only_bounded_or_a_days() -> None:
    bounded = stations(time(Field.NOT_BEFORE, NOON))
    assert bounded[Station.IMPACT_START].is_bound
    assert bounded[Station.FIRST_PUBLIC].after is None
    day = Said(AWS, Field.STARTED_AT, NOON.isoformat(), "2025-10-20", NOON, precision=Precision.DAY)
    assert stations(day)[Station.FIRST_PUBLIC].after is None


def test_stations_that_came_later_are_left_out() -> None:
    found = stations(phase(Phase.RESOLVED, NOON + 4 * HOUR), hit=(COINBASE,), at=NOON + timedelta(minutes=30))
    assert set(found) == {Station.FIRST_PUBLIC}
