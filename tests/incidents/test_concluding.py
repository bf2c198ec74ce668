"""conclude: which value is shown, by the table of ranks; a function of the set of claims, at any moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.choices import EndState, IncidentStatus, PublisherKind
from incidents.concluding import Shown, conclude
from incidents.ranks import RANKS, Voice, rank
from incidents.telling import TIMES, Listing, Said, Teller, Told, ValueRuling
from nlp.document import INCIDENT, DocumentKind, Field, Origin, Precision
from tests.factories import DAY, HOUR, KEY_LENGTH, NOON

AWS, COINBASE = "provider:aws", "organisation:coinbase"


def teller(account: str = "aws-data:1", **fields: Any) -> Teller:
    settings: dict[str, Any] = {
        "report": account,
        "publisher": "AWS",
        "publisher_kind": PublisherKind.PROVIDER,
        "document": DocumentKind.PROVIDER_STATUS,
        "seen_at": NOON,
        "speaker": AWS,
    }
    return Teller(account, **settings | fields)


def press(name: str = "The Block", **fields: Any) -> Teller:
    settings: dict[str, Any] = {"publisher": name, "publisher_kind": PublisherKind.PRESS, "speaker": ""}
    return teller(f"web:{name}", **settings | {"document": DocumentKind.NEWS, "is_strong": False} | fields)


RECORD = teller()
REVIEW = teller("aws-pir:1", document=DocumentKind.PIR)
EXCHANGE = teller(
    "statuspage:coinbase:1", publisher="Coinbase", publisher_kind=PublisherKind.ORGANISATION, speaker=COINBASE
)
CATALOGUE = press("Faultline", publisher_kind=PublisherKind.CATALOGUE)
PERSON = teller("person:1", publisher="ada", publisher_kind=PublisherKind.PERSON, speaker="")
SPEAKERS = {
    Voice.PERSON: (PERSON, Origin.PERSON, 1.0),
    Voice.OWN_REVIEW: (REVIEW, Origin.TEXT, 1.0),
    Voice.OWN_FIELD: (RECORD, Origin.STRUCTURED, 1.0),
    Voice.OWN_TEXT: (RECORD, Origin.TEXT, 1.0),
    Voice.ORGANISATION: (EXCHANGE, Origin.TEXT, 1.0),
    Voice.CATALOGUE_HIGH: (CATALOGUE, Origin.CATALOGUE, 0.8),
    Voice.CATALOGUE_MEDIUM: (CATALOGUE, Origin.CATALOGUE, 0.5),
    Voice.CATALOGUE_LOW: (CATALOGUE, Origin.CATALOGUE, 0.2),
    Voice.PRESS: (press(), Origin.TEXT, 1.0),
}


def said(who: Teller, field: Field, value: str | datetime, **fields: Any) -> Said:
    if isinstance(value, datetime):
        precision = fields.setdefault("precision", Precision.MINUTE)
        fields.setdefault("key", value.isoformat()[: KEY_LENGTH[precision]])
        value = value.isoformat()
    return Said(who, field, value, **{"key": value, "seen_at": NOON} | fields)


def told(*claims: Said, owner: str = AWS, rulings: Iterable[ValueRuling] = (), **fields: Any) -> Told:
    tellers = fields.get("tellers", dict.fromkeys(claim.teller for claim in claims))
    return Told(owner, tuple(tellers), claims, tuple(rulings))


def show(*claims: Said, at: datetime | None = None, **fields: Any) -> Shown:
    return conclude(told(*claims, **fields), at)


ORDER = list(SPEAKERS)


@pytest.mark.parametrize("number", range(len(ORDER) - 1), ids=[f"{a} before {b}" for a, b in pairwise(ORDER)])
def test_a_provider_s_facts_go_by_the_first_order(number: int) -> None:
    (who, origin, sure), (other, kind, unsure) = SPEAKERS[ORDER[number]], SPEAKERS[ORDER[number + 1]]
    better = said(who, Field.CAUSE, "dns", origin=origin, confidence=sure)
    worse = said(other, Field.CAUSE, "power", origin=kind, confidence=unsure, seen_at=NOON + HOUR)
    shown = show(worse, better)
    assert shown.cause == "dns"
    assert shown.value(Field.CAUSE).voice == ORDER[number]


def test_an_organisation_s_own_facts_go_by_itself_before_the_provider() -> None:
    about = {"subject": COINBASE}
    own = said(EXCHANGE, Field.STARTED_AT, NOON + HOUR, **about)
    provider = said(RECORD, Field.STARTED_AT, NOON, **about)
    assert show(provider, own).value(Field.STARTED_AT, COINBASE).at == NOON + HOUR


def test_the_table_ranks_every_voice_for_every_field() -> None:
    assert set(RANKS) == set(Field)
    for field in Field:
        assert {rank(subject, field, voice) for subject in (INCIDENT, COINBASE) for voice in Voice} == set(
            range(10)
        )


def test_shows_who_is_for_and_who_is_against() -> None:
    start, other = NOON, NOON + 2 * HOUR
    shown = show(
        said(RECORD, Field.STARTED_AT, start),
        said(press("A"), Field.STARTED_AT, start.replace(hour=0), precision=Precision.DAY),
        said(press("B"), Field.STARTED_AT, other),
    ).value(Field.STARTED_AT)
    assert (shown.publishers_for, shown.publishers_against) == (("A", "AWS"), ("B",))
    assert [one.key for one in shown.others] == ["2025-10-20T14:00"]


def test_a_finer_time_within_the_chosen_one_tells_it_better() -> None:
    shown = show(
        said(RECORD, Field.STARTED_AT, NOON.replace(hour=0), precision=Precision.DAY),
        said(press(), Field.STARTED_AT, NOON),
    )
    assert (shown.started_at, shown.start_precision) == (NOON, "minute")
    assert shown.value(Field.STARTED_AT).rule == "its own text; to the minute by press"


def test_a_posting_time_is_a_bound_and_never_a_start() -> None:
    shown = show(said(RECORD, Field.NOT_BEFORE, NOON))
    assert (shown.started_at, shown.start_is_bound) == (NOON, True)
    shown = show(said(RECORD, Field.NOT_BEFORE, NOON), said(press(), Field.STARTED_AT, NOON - HOUR))
    assert (shown.started_at, shown.start_is_bound) == (NOON - HOUR, False)


def test_an_incident_of_several_records_spans_them_all() -> None:
    parts = [teller(f"aws-data:{n}") for n in range(3)]
    claims = [said(part, Field.STARTED_AT, NOON + n * HOUR) for n, part in enumerate(parts)]
    claims += [said(part, Field.ENDED_AT, NOON + (5 + n) * HOUR) for n, part in enumerate(parts)]
    claims += [said(parts[0], Field.SEVERITY, "minor"), said(parts[2], Field.SEVERITY, "critical")]
    shown = show(*claims)
    assert (shown.started_at, shown.end.at, shown.severity) == (NOON, NOON + 7 * HOUR, "critical")
    assert shown.value(Field.STARTED_AT).rule == "its own text: the earliest of 3 records"


def test_no_incident_ends_before_it_starts() -> None:
    shown = show(said(RECORD, Field.STARTED_AT, NOON), said(RECORD, Field.ENDED_AT, NOON - HOUR))
    assert shown.end.state == EndState.UNKNOWN


def test_an_end_of_the_day_does_not_lie_before_the_start_on_it() -> None:
    midnight = NOON.replace(hour=0)
    shown = show(
        said(RECORD, Field.STARTED_AT, NOON), said(RECORD, Field.ENDED_AT, midnight, precision=Precision.DAY)
    )
    assert (shown.end.at, shown.end.precision) == (NOON, "day")


def test_what_is_unknown_gives_way_and_is_not_green() -> None:
    assert (
        show(said(RECORD, Field.CAUSE, "unknown"), said(RECORD, Field.CAUSE, "dns", confidence=0.5)).cause
        == "dns"
    )
    assert show(said(RECORD, Field.SEVERITY_WORD, "odd")).severity == "unknown"


def test_the_severity_word_is_that_of_the_shown_severity() -> None:
    two = [teller("aws-data:1"), teller("aws-data:2")]
    claims = [said(two[0], Field.SEVERITY, "minor"), said(two[0], Field.SEVERITY_WORD, "informational")]
    claims += [said(two[1], Field.SEVERITY, "major"), said(two[1], Field.SEVERITY_WORD, "disruption")]
    assert show(*claims).severity_word == "disruption"


def test_values_of_a_set_are_judged_one_by_one() -> None:
    claims = [said(RECORD, Field.REGION, "aws:us-east-1"), said(press("A"), Field.REGION, "aws:us-east-2")]
    assert show(*claims).regions == ("aws:us-east-1",)
    claims.append(said(press("B"), Field.REGION, "aws:us-east-2"))
    assert show(*claims).regions == ("aws:us-east-1", "aws:us-east-2")


def listed(**fields: Any) -> Teller:
    settings: dict[str, Any] = {"unlisted_at": None, "lists_only_open": True}
    return teller(listing=Listing(**settings | {"fresh_until": NOON + HOUR, "is_fresh": True} | fields))


def test_goes_on_only_while_a_source_that_was_read_of_late_lists_it() -> None:
    start = said(listed(), Field.STARTED_AT, NOON)
    phase = said(listed(), Field.PHASE, "identified")
    shown = show(start, phase)
    assert (shown.end.state, shown.status) == (EndState.ONGOING, IncidentStatus.IDENTIFIED)
    stale = replace(start, teller=listed(is_fresh=False))
    assert show(stale).end.state == EndState.UNKNOWN
    assert show(stale).status == IncidentStatus.UNKNOWN
    assert show(said(RECORD, Field.STARTED_AT, NOON)).end.state == EndState.UNKNOWN


def test_what_a_list_of_open_items_drops_was_over_by_then() -> None:
    shown = show(said(listed(unlisted_at=NOON + HOUR), Field.STARTED_AT, NOON))
    assert (shown.end.state, shown.end.at) == (EndState.BOUNDED, NOON + HOUR)
    rolling = listed(unlisted_at=NOON + HOUR, lists_only_open=False)
    assert show(said(rolling, Field.STARTED_AT, NOON)).end.state == EndState.UNKNOWN


def test_said_to_be_resolved_bounds_the_end_and_a_stated_end_is_known() -> None:
    resolved = said(RECORD, Field.PHASE, "resolved", seen_at=NOON + 3 * HOUR)
    shown = show(said(RECORD, Field.STARTED_AT, NOON), resolved)
    assert (shown.end.state, shown.end.at) == (EndState.BOUNDED, NOON + 3 * HOUR)
    shown = show(
        said(RECORD, Field.STARTED_AT, NOON), resolved, said(RECORD, Field.ENDED_AT, NOON + 2 * HOUR)
    )
    assert (shown.end.state, shown.end.at) == (EndState.KNOWN, NOON + 2 * HOUR)
    assert shown.status == IncidentStatus.RESOLVED


def test_one_record_that_is_open_keeps_an_incident_of_several_going() -> None:
    ended = teller("aws-data:2")
    claims = [said(ended, Field.STARTED_AT, NOON), said(ended, Field.ENDED_AT, NOON + HOUR)]
    assert show(*claims, said(listed(), Field.STARTED_AT, NOON)).end.state == EndState.ONGOING


def test_first_public_is_the_first_post_of_the_owner() -> None:
    own = teller(spoke=(NOON + HOUR, NOON + 2 * HOUR))
    other = press(spoke=(NOON,))
    assert show(tellers=[own, other]).first_public_at == NOON + HOUR


def test_a_stated_duration_stands_beside_that_from_start_to_end() -> None:
    claims = [said(CATALOGUE, Field.STARTED_AT, NOON), said(CATALOGUE, Field.ENDED_AT, NOON + 15 * HOUR)]
    lasted = show(*claims, said(press("A"), Field.DURATION, "120"), said(press("B"), Field.DURATION, "890"))
    shown = lasted.value(Field.DURATION)
    assert (shown.key, shown.publishers_for, shown.publishers_against) == ("900", ("B", "Faultline"), ("A",))
    assert [(other.key, other.publishers) for other in shown.others] == [("120", ("A",))]


def ruling(field: Field, key: str, *, accepts: bool, order: int = 1) -> ValueRuling:
    return ValueRuling(INCIDENT, field, key, accepts, made_at=NOON + DAY, order=order)


def test_a_person_s_word_lifts_a_value_or_takes_it_out_and_the_newer_holds() -> None:
    claims = [said(RECORD, Field.CAUSE, "dns"), said(press(), Field.CAUSE, "power")]
    accepted = [ruling(Field.CAUSE, "power", accepts=True)]
    assert show(*claims, rulings=accepted).cause == "power"
    assert show(*claims, rulings=[ruling(Field.CAUSE, "dns", accepts=False)]).cause == "power"
    newer = [*accepted, ruling(Field.CAUSE, "power", accepts=False, order=2)]
    assert show(*claims, rulings=newer).cause == "dns"


def test_an_accepted_value_outlives_the_claim_that_made_it() -> None:
    shown = show(
        said(RECORD, Field.STARTED_AT, NOON),
        rulings=[ruling(Field.STARTED_AT, "2025-10-20T06", accepts=True)],
    )
    assert (shown.started_at, shown.start_precision) == (NOON.replace(hour=6), "hour")


def test_as_known_at_shows_nothing_that_was_not_public_by_then() -> None:
    early = said(press(seen_at=NOON), Field.CAUSE, "power", gone_at=NOON + 3 * HOUR)
    late = said(teller(seen_at=NOON + 2 * HOUR), Field.CAUSE, "dns", seen_at=NOON + 2 * HOUR)
    assert show(early, late, at=NOON + HOUR).cause == "power"
    assert show(early, late, at=NOON + HOUR).report_count == 1
    assert show(early, late, at=NOON + 2 * HOUR).cause == "dns"
    assert [one.key for one in show(early, late).value(Field.CAUSE).others] == []


times = st.integers(0, 6).map(lambda hours: NOON + hours * HOUR)


@st.composite
def claims(draw: st.DrawFn) -> Said:
    who, origin, sure = SPEAKERS[draw(st.sampled_from(ORDER))]
    field = draw(
        st.sampled_from(
            [
                Field.STARTED_AT,
                Field.ENDED_AT,
                Field.CAUSE,
                Field.REGION,
                Field.SEVERITY,
                Field.PHASE,
                Field.NOT_BEFORE,
            ]
        )
    )
    words = {
        Field.CAUSE: ["dns", "power", "unknown"],
        Field.REGION: ["aws:a", "aws:b"],
        Field.SEVERITY: ["major", "minor"],
        Field.PHASE: ["identified", "resolved"],
    }
    value = draw(times) if field in TIMES else draw(st.sampled_from(words[field]))
    seen_at = draw(times)
    gone_at = draw(st.one_of(st.none(), st.just(seen_at + 2 * HOUR)))
    precision = (
        {"precision": draw(st.sampled_from([Precision.MINUTE, Precision.DAY]))} if field in TIMES else {}
    )
    who = draw(st.sampled_from([who, replace(who, account=who.account + "b", report=who.report + "b")]))
    return said(
        who, field, value, origin=origin, confidence=sure, seen_at=seen_at, gone_at=gone_at, **precision
    )


@settings(max_examples=400, deadline=None)
@given(st.lists(claims(), max_size=10), st.one_of(st.none(), times), st.randoms(use_true_random=False))
def test_any_order_of_claims_gives_the_same_result(
    found: list[Said], at: datetime | None, random: Random
) -> None:
    shuffled = found[:]
    random.shuffle(shuffled)
    first = conclude(told(*found), at)
    assert first == conclude(told(*shuffled), at)
    if first.started_at and first.end.at:
        assert first.started_at <= first.end.at


@settings(max_examples=200, deadline=None)
@given(st.lists(claims(), max_size=10))
def test_as_known_after_everything_is_what_is_shown_now(found: list[Said]) -> None:
    standing = [claim for claim in found if claim.gone_at is None]
    everyone = dict.fromkeys(claim.teller for claim in found)
    now = conclude(told(*standing, tellers=everyone))
    assert conclude(told(*found, tellers=everyone), NOON + 30 * DAY) == now


def test_an_older_copy_that_saw_a_value_sooner_does_not_change_which_is_shown() -> None:
    early = teller("aws-data:1", spoke=(NOON,))
    late = teller("aws-data:2", spoke=(NOON + HOUR,))
    words = [
        said(early, Field.SEVERITY_WORD, "informational"),
        said(late, Field.SEVERITY_WORD, "degradation"),
    ]
    replayed = [replace(words[0], seen_at=NOON + DAY), replace(words[1], seen_at=NOON - DAY)]
    assert show(*words).severity_word == show(*replayed).severity_word == "degradation"
