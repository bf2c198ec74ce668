"""What the page of a thing tells of its incidents in numbers and pictures: from figures that stand ready."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from incidents.addresses import address_of
from incidents.figures import Lengths, lengths_counted
from incidents.models import Figures
from incidents.pictures import as_charts
from incidents.times import length_text
from incidents.views.rows import Link, When, span_of_minutes, when
from nlp.document import Cause

PAGES = {
    "service": "service",
    "region": "region",
    "exchange": "organisation",
    "longest": "detail",
    "widest": "detail",
}
SHOWN_BESIDE = 8


@dataclass(frozen=True, slots=True)
class Counted:
    """A thing, and how often; `text` says it in other units where there are some."""

    link: Link
    count: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Role:
    name: str
    lengths: Lengths
    median: str
    p90: str
    url: str


@dataclass(frozen=True, slots=True)
class Told:
    lengths: Lengths
    median: str
    p90: str
    reached: int
    delayed: int
    delay_median: str
    delay_p90: str
    first: When | None
    last: When | None
    by_year: tuple[tuple[int, int], ...]
    unexplained: int
    heat: dict[str, Any] | None
    charts: dict[str, Any]
    beside: dict[str, tuple[Counted, ...]]
    as_of: When | None


def tell(counted: Any) -> Told | None:
    """From figures with their lists and pictures; None while nothing is counted."""
    if counted is None:
        return None
    unexplained = dict(counted.facets.get("cause", ())).get(Cause.UNKNOWN, 0)
    by_year: Counter[int] = Counter()
    for year, _, count in counted.years:
        by_year[year] += count
    return Told(
        lengths=lengths_counted(counted),
        median=length_text(counted.median),
        p90=length_text(counted.p90),
        reached=counted.reached,
        delayed=counted.delayed,
        delay_median=length_text(counted.delay_median),
        delay_p90=length_text(counted.delay_p90),
        first=when(counted.first_at, "day"),
        last=when(counted.last_at, "day"),
        by_year=tuple(sorted(by_year.items(), reverse=True)),
        unexplained=unexplained,
        heat=counted.pictures.get("heat"),
        charts=as_charts(counted.pictures),
        beside=beside(counted),
        as_of=when(counted.as_of),
    )


def role(name: str, counted: Figures | None, url: str) -> Role | None:
    if counted is None:
        return None
    return Role(name, lengths_counted(counted), length_text(counted.median), length_text(counted.p90), url)


def beside(counted: Figures) -> dict[str, tuple[Counted, ...]]:
    """What is named with these incidents, and the longest and the widest of them."""
    told = {
        kind: tuple(
            Counted(Link(name or slug, address_of(page, slug)), number)
            for slug, number, name in counted.beside.get(kind, [])[:SHOWN_BESIDE]
        )
        for kind, page in PAGES.items()
    }
    told["longest"] = tuple(replace(one, text=span_of_minutes(one.count)) for one in told["longest"])
    return told
