"""What organisations stand on, held against an outage: who would fall with it, and by which way. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Outage:
    """A concluded incident as grading sees it. `ended_at` None: not known, or still going on.

    `blames` are the providers that an organisation's own outage names as its cause, `is_own_word` whether the
    organisation itself says so.
    """

    id: int
    owner: str
    started_at: datetime | None
    ended_at: datetime | None = None
    regions: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    severity: str = "unknown"
    is_maintenance: bool = False
    blames: frozenset[str] = frozenset()
    is_own_word: bool = False
    other_cause: str = ""
    impairments: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Dependence:
    """A declared dependency: `target` is "provider:aws", "region:aws:us-east-1", "service:aws:dynamodb", or
    "organisation:infura" for one that stands on something in turn. `known_at`: since when (None: undated).
    """

    organisation: str
    target: str
    ended_at: datetime | None = None
    known_at: datetime | None = None


Leaning = Mapping[str, Sequence[Dependence]]
"""By organisation what it stands on."""


def by_organisation(dependencies: Iterable[Dependence]) -> Leaning:
    leaning: dict[str, list[Dependence]] = defaultdict(list)
    for dependence in dependencies:
        leaning[dependence.organisation].append(dependence)
    return leaning


def way_to(organisation: str, outage: Outage, leaning: Leaning) -> tuple[Dependence, ...]:
    """The shortest way by which it stands on what failed: one edge, or several through organisations."""
    ways: list[tuple[Dependence, ...]] = [(one,) for one in leaning.get(organisation, ())]
    seen = {organisation}
    while ways:
        for way in ways:
            if rests_on(way[-1], outage):
                return way
        ends = {way[-1].target.partition(":")[2]: way for way in reversed(ways) if leads_on(way[-1], outage)}
        ways = [
            (*way, one)
            for middle, way in sorted(ends.items())
            if middle not in seen
            for one in leaning.get(middle, ())
        ]
        seen |= ends.keys()
    return ()


def leads_on(dependence: Dependence, outage: Outage) -> bool:
    return dependence.target.startswith("organisation:") and not has_left(dependence, outage)


def has_left(dependence: Dependence, outage: Outage) -> bool:
    return bool(dependence.ended_at and outage.started_at and dependence.ended_at <= outage.started_at)


def way_in_words(way: Sequence[Dependence]) -> str:
    return "depends on " + ", which depends on ".join(one.target for one in way)


def rests_on(dependence: Dependence, outage: Outage) -> bool:
    """Whether what the organisation declares lies in what failed."""
    if has_left(dependence, outage):
        return False
    kind, _, slug = dependence.target.partition(":")
    if kind == "region":
        return slug in outage.regions or (
            not outage.regions and outage.owner == f"provider:{slug.partition(':')[0]}"
        )
    if kind == "service":
        return slug in outage.services
    return dependence.target == outage.owner


def silent(outage: Outage, spoken_of: Collection[str], dependencies: Iterable[Dependence]) -> tuple[str, ...]:
    """Whom one would expect among the hit and of whom nothing is said: counter-evidence, by organisation.

    Expected are those known by its start to stand on a region or service that failed; of those known to
    use the provider only where all of it failed.
    """
    if outage.started_at is None or outage.is_maintenance:
        return ()
    expected = {
        one.organisation
        for one in dependencies
        if one.known_at and one.known_at <= outage.started_at and rests_on(one, outage)
        if not one.target.startswith("provider:") or is_everywhere(outage)
    }
    return tuple(sorted(expected - set(spoken_of)))


def is_everywhere(outage: Outage) -> bool:
    return any(region.endswith(":global") for region in outage.regions)
