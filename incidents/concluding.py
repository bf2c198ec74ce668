"""From what is told of an incident to what is shown for it, by the table of ranks. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from incidents.choices import EndState, IncidentStatus
from incidents.choosing import Chosen, Judged, choose, choose_set, judge
from incidents.profiles import WIDTH
from incidents.ranks import OWN, Voice
from incidents.telling import Listing, Teller, Told
from nlp.document import INCIDENT, SET_FIELDS, Cause, Field, Phase, Precision, Severity

OVER = frozenset({Phase.RESOLVED, Phase.POSTMORTEM})
Key = tuple[str, Field]


@dataclass(frozen=True, slots=True)
class Start:
    at: datetime | None = None
    precision: Precision | None = None
    is_bound: bool = False


@dataclass(frozen=True, slots=True)
class End:
    """What is known of the end: the moment only where it is known or bounded."""

    state: EndState
    at: datetime | None = None
    precision: Precision | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of an incident. `values` are all fields of all subjects, with who is for and against."""

    title: str
    severity: Severity
    severity_word: str
    status: IncidentStatus
    cause: Cause
    started_at: datetime | None
    start_precision: Precision | None
    start_is_bound: bool
    end: End
    first_public_at: datetime | None
    is_maintenance: bool
    regions: tuple[str, ...]
    services: tuple[str, ...]
    symptoms: tuple[str, ...]
    values: tuple[Chosen, ...]
    report_count: int
    publisher_count: int

    def value(self, field: Field, subject: str = INCIDENT) -> Chosen | None:
        """The shown value of a field that has one."""
        return next((one for one in self.values if (one.subject, one.field) == (subject, field)), None)

    def values_of(self, field: Field, subject: str = INCIDENT) -> tuple[Chosen, ...]:
        return tuple(one for one in self.values if (one.subject, one.field) == (subject, field))


def conclude(told: Told, at: datetime | None = None) -> Shown:
    """What is shown now, or with `at` what would have been shown then, by today's rules and links.

    A function of the sets of claims, tellers and rulings: their order never enters.
    """
    judged = by_subject_and_field(judge(told, at))
    start = choose(judged[INCIDENT, Field.STARTED_AT])
    drop_impossible_ends(judged, start)
    values = [one for key in sorted(judged) for one in choose_values(key, judged[key])]
    chosen = {one.field: one for one in values if one.subject == INCIDENT and one.field not in SET_FIELDS}
    tellers = [teller for teller in told.tellers if at is None or teller.seen_at <= at]
    own = [teller for teller in tellers if teller.speaker == told.owner]
    end = end_of(chosen, judged, own, at=at)
    begin = start_of(chosen, end)
    spoke = [said_at for teller in own for said_at in teller.spoke if at is None or said_at <= at]
    return Shown(
        title=chosen[Field.TITLE].value if Field.TITLE in chosen else first_title(own or tellers),
        severity=Severity(chosen[Field.SEVERITY].key) if Field.SEVERITY in chosen else Severity.UNKNOWN,
        severity_word=severity_word(judged),
        status=status_of(chosen, end),
        cause=Cause(chosen[Field.CAUSE].key) if Field.CAUSE in chosen else Cause.UNKNOWN,
        started_at=begin.at,
        start_precision=begin.precision,
        start_is_bound=begin.is_bound,
        end=end,
        first_public_at=min(spoke, default=None),
        is_maintenance=any(teller.is_maintenance for teller in tellers),
        regions=set_of(values, Field.REGION),
        services=set_of(values, Field.SERVICE),
        symptoms=set_of(values, Field.SYMPTOM),
        values=tuple(values),
        report_count=len({teller.report for teller in tellers}),
        publisher_count=len({teller.publisher for teller in tellers}),
    )


def start_of(chosen: Mapping[Field, Chosen], end: End) -> Start:
    """As stated; else it is only known that it began before somebody spoke of it, and before it ended."""
    if stated := chosen.get(Field.STARTED_AT):
        return Start(stated.at, stated.precision or Precision.MINUTE)
    bound = chosen.get(Field.NOT_BEFORE)
    if bound is None:
        return Start()
    at = min(bound.at, end.at) if end.at else bound.at
    return Start(at, bound.precision or Precision.MINUTE, is_bound=True)


def by_subject_and_field(judged: Iterable[Judged]) -> dict[Key, list[Judged]]:
    grouped: dict[Key, list[Judged]] = defaultdict(list)
    for one in judged:
        grouped[one.said.subject, one.said.field].append(one)
    return grouped


def choose_values(key: Key, judged: Sequence[Judged]) -> list[Chosen]:
    if key[1] in SET_FIELDS:
        return choose_set(judged)
    chosen = choose(judged)
    return [chosen] if chosen else []


def drop_impossible_ends(judged: dict[Key, list[Judged]], start: Chosen | None) -> None:
    """No incident ends before it starts: such a value is another's, or a misreading."""
    if start and (INCIDENT, Field.ENDED_AT) in judged:
        ends = judged[INCIDENT, Field.ENDED_AT]
        judged[INCIDENT, Field.ENDED_AT] = [one for one in ends if latest_moment(one) >= start.at]


def latest_moment(judged: Judged) -> datetime:
    return datetime.fromisoformat(judged.said.value) + WIDTH[judged.said.precision or Precision.MINUTE]


def set_of(values: Iterable[Chosen], field: Field) -> tuple[str, ...]:
    return tuple(one.key for one in values if one.subject == INCIDENT and one.field == field)


def first_title(tellers: Iterable[Teller]) -> str:
    titles = [(teller.seen_at, teller.account, teller.title) for teller in tellers if teller.title]
    return min(titles)[2] if titles else ""


def severity_word(judged: Mapping[Key, Sequence[Judged]]) -> str:
    """The source's own word, of the account whose severity is shown."""
    words = judged.get((INCIDENT, Field.SEVERITY_WORD), ())
    severities = judged.get((INCIDENT, Field.SEVERITY), ())
    chosen = choose(severities)
    accounts = {one.said.teller.account for one in severities if chosen and one.said.key == chosen.key}
    beside = [one for one in words if one.said.teller.account in accounts] or words
    return beside[0].said.value if beside else ""


def status_of(chosen: Mapping[Field, Chosen], end: End) -> IncidentStatus:
    """How far things are; without a word on it, over where an end is known."""
    phase = Phase(chosen[Field.PHASE].key) if Field.PHASE in chosen else None
    if phase in OVER or end.at is not None:
        return IncidentStatus.RESOLVED
    return IncidentStatus(phase.value) if phase and end.state == EndState.ONGOING else IncidentStatus.UNKNOWN


def end_of(
    chosen: Mapping[Field, Chosen],
    judged: Mapping[Key, Sequence[Judged]],
    own: Sequence[Teller],
    *,
    at: datetime | None,
) -> End:
    """Known where stated and no record of the owner's is still open; else bounded, ongoing or unknown."""
    stated = chosen.get(Field.ENDED_AT)
    over = over_since(judged)
    running = [one for one in own if one.listing and is_open(one.listing, at) and one.account not in over]
    if running and not (stated and stated.voice == Voice.PERSON):
        return End(EndState.ONGOING)
    if stated:
        # An end that is only a day's is shown at its midnight, which may lie before the start of that day.
        start_at = chosen[Field.STARTED_AT].at if Field.STARTED_AT in chosen else stated.at
        return End(EndState.KNOWN, max(stated.at, start_at), stated.precision or Precision.MINUTE)
    bounds = [one.listing.unlisted_at for one in own if one.listing and is_unlisted(one.listing, at)]
    bounds += [said for account, said in over.items() if account in {one.account for one in own}]
    start = chosen.get(Field.STARTED_AT) or chosen.get(Field.NOT_BEFORE)
    known = [bound for bound in bounds if bound and (start is None or bound >= start.at)]
    return End(EndState.BOUNDED, max(known), Precision.MINUTE) if known else End(EndState.UNKNOWN)


def over_since(judged: Mapping[Key, Sequence[Judged]]) -> dict[str, datetime]:
    """By account of the owner's: since when it states an end or says that it is over; a bound of the end."""
    found: dict[str, datetime] = {}
    for one in judged.get((INCIDENT, Field.PHASE), ()):
        if one.voice in OWN and one.said.key in OVER:
            account = one.said.teller.account
            found[account] = min(found.get(account, one.said.seen_at), one.said.seen_at)
    for one in judged.get((INCIDENT, Field.ENDED_AT), ()):
        if one.voice in OWN:
            found.setdefault(one.said.teller.account, latest_moment(one))
    return found


def is_open(listing: Listing, at: datetime | None) -> bool:
    """Still listed, by a source that was read of late."""
    if at is None:
        return listing.unlisted_at is None and listing.is_fresh
    return (listing.unlisted_at is None or at < listing.unlisted_at) and at <= listing.fresh_until


def is_unlisted(listing: Listing, at: datetime | None) -> bool:
    return (
        listing.lists_only_open
        and listing.unlisted_at is not None
        and (at is None or listing.unlisted_at <= at)
    )
