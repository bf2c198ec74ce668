"""Which value of one field is shown, with who is for it, who against, and the rule that chose it. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from incidents.ranks import OWN, Voice, rank
from incidents.telling import TIMES, Said, Told
from nlp.document import INCIDENT, Field, Precision

VAGUE = frozenset({"unknown", "dependency", "other"})
"""Values that give way to any other of the same rank."""
MINUTE = timedelta(minutes=1)
CLOSE_MINUTES, CLOSE_SHARE = 5, 0.1
"""Durations that differ by no more than one of these are told alike."""
LATEST_WINS = frozenset({Field.PHASE})
SEVERITIES = ("unknown", "none", "maintenance", "minor", "major", "critical")
ALONE = frozenset({Voice.PRESS, Voice.CATALOGUE_LOW})
"""Voices whose value of a set is shown beside better ones only where a second publisher says so, too."""


@dataclass(frozen=True, slots=True)
class Other:
    """A value that is not the shown one."""

    value: str
    key: str
    publishers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A shown value of one subject and field. `rule` says in words why it is this one."""

    subject: str
    field: Field
    value: str
    key: str
    precision: Precision | None
    voice: Voice
    rule: str
    publishers_for: tuple[str, ...]
    publishers_against: tuple[str, ...] = ()
    others: tuple[Other, ...] = ()

    @property
    def at(self) -> datetime:
        """The moment, for a field that is a time."""
        return datetime.fromisoformat(self.value).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim with the voice that makes it; `decided_at` is when a person accepted it, if one did."""

    said: Said
    voice: Voice
    decided_at: datetime | None = None

    @property
    def rank(self) -> int:
        return rank(self.said.subject, self.said.field, self.voice)


def judge(told: Told, at: datetime | None) -> list[Judged]:
    """The claims that stood then, best first. A person's word lifts a value to the top, or takes it out."""
    rulings = {one.names: one for one in sorted(told.rulings, key=lambda one: one.order)}
    judged = []
    standing = [said for said in told.claims if said.stands(at)]
    for said in (*standing, *durations(standing)):
        ruling = rulings.get((said.subject, said.field, said.key))
        if ruling is None or ruling.accepts:
            voice = Voice.PERSON if ruling else said.voice(told.owner)
            judged.append(Judged(said, voice, ruling.made_at if ruling else None))
    names = {(one.said.subject, one.said.field, one.said.key) for one in judged}
    judged += [
        Judged(ruling.as_claim(), Voice.PERSON)
        for ruling in rulings.values()
        if ruling.accepts and ruling.names not in names
    ]
    return sorted(judged, key=in_order)


def durations(claims: Iterable[Said]) -> list[Said]:
    """How long it lasted by accounts that give a start and an end: others' durations stand beside it."""
    starts, ends = by_account(claims, Field.STARTED_AT), by_account(claims, Field.ENDED_AT)
    given = {
        said.teller.account for said in claims if (said.subject, said.field) == (INCIDENT, Field.DURATION)
    }
    found = []
    for account in sorted((starts.keys() & ends.keys()) - given):
        lasted = datetime.fromisoformat(ends[account].value) - datetime.fromisoformat(starts[account].value)
        if lasted > timedelta():
            minutes = str(round(lasted / MINUTE))
            end = replace(ends[account], field=Field.DURATION, value=minutes, key=minutes, precision=None)
            found.append(replace(end, rule="from start to end"))
    return found


def by_account(claims: Iterable[Said], field: Field) -> dict[str, Said]:
    """The one clock time that each account gives; those that give several, or a day, are left out."""
    found: dict[str, list[Said]] = defaultdict(list)
    for said in claims:
        if said.field == field and said.subject == INCIDENT:
            found[said.teller.account].append(said)
    fine = {None, Precision.MINUTE, Precision.HOUR}
    return {account: one[0] for account, one in found.items() if len(one) == 1 and one[0].precision in fine}


def in_order(judged: Judged) -> Any:
    """Best first; the rest of the key only makes the order total, whatever came first.

    Of two that are equally sure the account that spoke last holds: when a value was first seen would move
    with each older copy that is played later.
    """
    said = judged.said
    sure, late = -said.confidence, -(judged.decided_at or said.seen_at).timestamp()
    last_word = -max(said.teller.spoke).timestamp() if said.teller.spoke else 0.0
    by = (late, sure) if said.field in LATEST_WINS or judged.voice == Voice.PERSON else (sure, last_word)
    return (
        *(judged.rank, said.key in VAGUE, *by),
        *(said.key, said.teller.account, said.value, said.rule, said.precision or "", said.origin),
    )


def choose(judged: Sequence[Judged]) -> Chosen | None:
    """The best of claims about one subject and field; None where there is none."""
    if not judged:
        return None
    best, rule = pick(judged)
    best, rule = refine(best, rule, judged)
    return shown(best, rule, judged)


def pick(judged: Sequence[Judged]) -> tuple[Judged, str]:
    first = judged[0]
    peers = [one for one in judged if one.voice == first.voice and first.voice in OWN]
    parts = best_by_account(peers)
    if len(parts) > 1 and (choose_part := PARTS.get(first.said.field)):
        part, word = choose_part(parts)
        return part, f"{first.voice}: the {word} of {len(parts)} records"
    return first, str(first.voice)


def best_by_account(judged: Iterable[Judged]) -> list[Judged]:
    found: dict[str, Judged] = {}
    for one in judged:
        found.setdefault(one.said.teller.account, one)
    return list(found.values())


def earliest(parts: Iterable[Judged]) -> tuple[Judged, str]:
    return min(parts, key=lambda one: (one.said.value, in_order(one))), "earliest"


def latest(parts: Iterable[Judged]) -> tuple[Judged, str]:
    return max(parts, key=lambda one: (one.said.value, one.said.key, one.said.teller.account)), "latest"


def worst(parts: Iterable[Judged]) -> tuple[Judged, str]:
    severity = {word: -number for number, word in enumerate(SEVERITIES)}
    return min(parts, key=lambda one: (severity.get(one.said.key, 0), in_order(one))), "worst"


def longest(parts: Iterable[Judged]) -> tuple[Judged, str]:
    return min(parts, key=lambda one: (-int(one.said.key), in_order(one))), "longest"


PARTS: dict[Field, Callable[[Iterable[Judged]], tuple[Judged, str]]] = {
    Field.STARTED_AT: earliest,
    Field.NOT_BEFORE: earliest,
    Field.ENDED_AT: latest,
    Field.SEVERITY: worst,
    Field.DURATION: longest,
}
"""An incident that its owner tells in several records spans them all."""


def refine(best: Judged, rule: str, judged: Iterable[Judged]) -> tuple[Judged, str]:
    """A finer time that lies within the chosen one is the same time, told better."""
    if best.said.field not in TIMES:
        return best, rule
    finer = [
        one for one in judged if one.said.key != best.said.key and one.said.key.startswith(best.said.key)
    ]
    return (
        (finer[0], f"{rule}; to the {finer[0].said.precision} by {finer[0].voice}") if finer else (best, rule)
    )


def shown(best: Judged, rule: str, judged: Iterable[Judged]) -> Chosen:
    supporters: set[str] = set()
    others: dict[str, list[Said]] = defaultdict(list)
    for one in judged:
        if agree(one.said, best.said):
            supporters.add(one.said.teller.publisher)
        else:
            others[one.said.key].append(one.said)
    against = {said.teller.publisher for claims in others.values() for said in claims} - supporters
    return Chosen(
        subject=best.said.subject,
        field=best.said.field,
        value=best.said.value,
        key=best.said.key,
        precision=best.said.precision,
        voice=best.voice,
        rule=rule,
        publishers_for=tuple(sorted(supporters)),
        publishers_against=tuple(sorted(against)),
        others=tuple(
            Other(claims[0].value, key, tuple(sorted({said.teller.publisher for said in claims})))
            for key, claims in others.items()
        ),
    )


def agree(a: Said, b: Said) -> bool:
    """Equal; for times, one within the other's precision; for durations, as good as."""
    if a.field == Field.DURATION:
        one, other = int(a.key), int(b.key)
        return abs(one - other) <= max(CLOSE_MINUTES, CLOSE_SHARE * max(one, other))
    if a.field in TIMES:
        return a.key.startswith(b.key) or b.key.startswith(a.key)
    return a.key == b.key


def choose_set(judged: Sequence[Judged]) -> list[Chosen]:
    """Values of a field of which several may hold, each on its own, by key."""
    by_key: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        by_key[one.said.key].append(one)
    best_rank = min((one.rank for one in judged), default=0)
    found = []
    for _, group in sorted(by_key.items()):
        publishers = {one.said.teller.publisher for one in group}
        alone = group[0].voice in ALONE and group[0].rank > best_rank and len(publishers) == 1
        if not alone:
            found.append(shown(group[0], str(group[0].voice), group))
    return found


def as_json(chosen: Chosen) -> dict[str, Any]:
    """Plain JSON, equal to what comes back from the database."""
    words = {
        name: str(getattr(chosen, name)) for name in ("subject", "field", "value", "key", "voice", "rule")
    }
    return {
        **words,
        "precision": str(chosen.precision or ""),
        "publishers_for": list(chosen.publishers_for),
        "publishers_against": list(chosen.publishers_against),
        "others": [
            {"value": other.value, "key": other.key, "publishers": list(other.publishers)}
            for other in chosen.others
        ],
    }
