"""The project's own facts: outages since 2011, who was hit, what stands on what, and which feeds to read.

JSON lines, one entry a line, read into frozen rows. The texts are ours (CC BY 4.0); facts come from the
sources that each entry names. A damaged line is an error that names its file and number.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

FOLDER = Path(__file__).parent
EDITION = datetime.fromisoformat("2026-11-22T00:00:00+00:00")
"""When the catalogue was last gone through: what it says was known to us from then on."""

Row = TypeVar("Row")
CONFIDENCE = {"high": 0.8, "medium": 0.5, "low": 0.2}
"""What the catalogue's words weigh (design: confidence of a dependency)."""


class CatalogueError(Exception):
    """A data file of the catalogue cannot be read; says which line and why."""


@dataclass(frozen=True, slots=True)
class CitedPage:
    """A page that an entry rests on. `is_checked`: its text was read and supports the entry."""

    url: str
    kind: str
    title: str
    is_checked: bool


@dataclass(frozen=True, slots=True)
class AffectedOrganisation:
    organisation: str
    impact: str
    started_at: datetime | None
    ended_at: datetime | None
    confidence: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outage:
    """One outage: of `provider`, or where that is empty of each of `organisations` itself."""

    id: str
    provider: str
    organisations: tuple[str, ...]
    is_control: bool
    title: str
    started_at: datetime
    ended_at: datetime | None
    precision: str
    regions: tuple[str, ...]
    services: tuple[str, ...]
    components: tuple[str, ...]
    cause: str
    severity: str
    trigger: str
    summary: str
    detection: str
    remediation: str
    notes: str
    affected: tuple[AffectedOrganisation, ...]
    related: tuple[str, ...]
    sources: tuple[CitedPage, ...]
    confidence: dict[str, str]


@dataclass(frozen=True, slots=True)
class ListedOrganisation:
    slug: str
    name: str
    kind: str
    status_url: str
    notes: str


@dataclass(frozen=True, slots=True)
class ListedPlace:
    """A data centre or an area without a region code in the vocabulary."""

    slug: str
    name: str
    city: str
    country: str


@dataclass(frozen=True, slots=True)
class ListedProvider:
    slug: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class EdgeProof:
    """`about` is the day, month or year that the page speaks of, by `precision`; empty: undated."""

    url: str
    confidence: str
    about: str
    precision: str


@dataclass(frozen=True, slots=True)
class Edge:
    """`organisation` stands on `target` (`region:aws:us-east-1`). `ended` is a stated month of leaving."""

    organisation: str
    relation: str
    target: str
    redundancy_group: str
    ended: str
    note: str
    proofs: tuple[EdgeProof, ...]


@dataclass(frozen=True, slots=True)
class ListedSource:
    slug: str
    name: str
    kind: str
    url: str
    publisher: str
    publisher_kind: str
    provider: str
    organisation: str
    lists_only_open: bool
    poll_seconds: int
    notes: str


def moment(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def to_affected(row: dict[str, Any]) -> AffectedOrganisation:
    return AffectedOrganisation(
        organisation=row["organisation"],
        impact=row["impact"],
        started_at=moment(row["started_at"]),
        ended_at=moment(row["ended_at"]),
        confidence=row["confidence"],
        sources=tuple(row["sources"]),
    )


def to_outage(row: dict[str, Any]) -> Outage:
    sources = tuple(CitedPage(s["url"], s["kind"], s["title"], s["checked"]) for s in row["sources"])
    sets = {
        name: tuple(row[name]) for name in ("organisations", "regions", "services", "components", "related")
    }
    return Outage(
        **row
        | sets
        | {
            "started_at": datetime.fromisoformat(row["started_at"]),
            "ended_at": moment(row["ended_at"]),
            "affected": tuple(to_affected(one) for one in row["affected"]),
            "sources": sources,
        }
    )


def to_edge(row: dict[str, Any]) -> Edge:
    return Edge(**row | {"proofs": tuple(EdgeProof(**proof) for proof in row["proofs"])})


def read(name: str, make: Callable[[dict[str, Any]], Row], folder: Path = FOLDER) -> Iterator[Row]:
    """The rows of one data file, in its order."""
    with (folder / name).open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                yield make(json.loads(line))
            except (ValueError, KeyError, TypeError) as error:
                raise CatalogueError(f"{name}, line {number}: {error}; correct the line") from error


def outages() -> list[Outage]:
    return list(read("outages.jsonl", to_outage))


def organisations() -> list[ListedOrganisation]:
    return list(read("organisations.jsonl", lambda row: ListedOrganisation(**row)))


def places() -> list[ListedPlace]:
    return list(read("places.jsonl", lambda row: ListedPlace(**row)))


def providers() -> list[ListedProvider]:
    return list(read("providers.jsonl", lambda row: ListedProvider(**row)))


def edges() -> list[Edge]:
    return list(read("dependencies.jsonl", to_edge))


def sources() -> list[ListedSource]:
    return list(read("sources.jsonl", lambda row: ListedSource(**row)))


def period(about: str, precision: str) -> tuple[date, date] | None:
    """First and last day of a stated day, month or year; None where a page is undated."""
    if not about:
        return None
    if precision == "year":
        return date(int(about), 1, 1), date(int(about), 12, 31)
    if precision == "month":
        year, month = (int(part) for part in about.split("-"))
        following = date(year + month // 12, month % 12 + 1, 1)
        return date(year, month, 1), date.fromordinal(following.toordinal() - 1)
    day = date.fromisoformat(about)
    return day, day
