"""Where each outage stands: a lane for each provider or thing, beneath each outage those it hit. Pure.

Distances are in pixels of a chart that is WIDTH wide, downwards from its top, so that what is packed here
does not overlap on the screen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from incidents.timeline.spans import Span

LANE_HEAD = 26
LANE_FOOT = 10
DENSITY = 34
LEAST_DENSITY = 8
STUB = 26
LETTER = 5.9
MOST_LETTERS = 88
MARK = 11
HITS_DRAWN = 30
"""Of one outage; of all together as many as a browser draws at once."""
HITS_IN_ALL = 900


@dataclass(frozen=True, slots=True)
class Hit:
    """An organisation that an outage reached. Without times of its own it is drawn as long as the outage."""

    slug: str
    name: str
    start: datetime | None
    end: datetime | None
    is_stated: bool
    grade: str


@dataclass(frozen=True, slots=True)
class Outage:
    """`end` is None where the end is unknown; `is_inferred` where either end is a bound or a guess."""

    slug: str
    title: str
    place: str
    lane: str
    severity: str
    start: datetime
    end: datetime | None
    is_inferred: bool
    length: str
    hits: tuple[Hit, ...] = ()

    @property
    def label(self) -> str:
        told = " · ".join(part for part in (self.severity, self.place, self.title) if part)
        return told if len(told) <= MOST_LETTERS else told[: MOST_LETTERS - 1].rstrip() + "…"


@dataclass(frozen=True, slots=True)
class PlacedHit:
    hit: Hit
    y: float


@dataclass(frozen=True, slots=True)
class Placed:
    """`y` is the middle of the bar; `hidden` counts hits for which there was no room."""

    outage: Outage
    y: float
    hits: tuple[PlacedHit, ...]
    hidden: int


@dataclass(frozen=True, slots=True)
class Lane:
    """`density` is the height of the strip of counts beneath its name; 0 where none are drawn."""

    slug: str
    name: str
    top: float
    bottom: float
    density: float
    placed: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class Scale:
    """How much room things take: with names beside them, or as marks only."""

    row: float
    bar_at: float
    hit_row: float
    has_names: bool
    most_hits: int = HITS_DRAWN

    def height(self, outage: Outage) -> float:
        return self.row + min(len(outage.hits), self.most_hits) * self.hit_row + 4


NAMED = Scale(row=27, bar_at=20, hit_row=15, has_names=True)
MARKS = Scale(row=13, bar_at=7, hit_row=5, has_names=False)


def scale_for(outages: Sequence[Outage], span: Span) -> Scale:
    """Names while a person could still read them."""
    rows = len(outages) + sum(len(outage.hits) for outage in outages)
    return NAMED if rows <= 90 and span.length <= timedelta(days=366) else marks_for(outages)


def marks_for(outages: Sequence[Outage]) -> Scale:
    """With fewer hits beneath each outage where all would be too many."""
    counts = [len(outage.hits) for outage in outages]
    most = HITS_DRAWN
    while most > 1 and sum(min(count, most) for count in counts) > HITS_IN_ALL:
        most -= 1
    return MARKS if most == HITS_DRAWN else replace(MARKS, most_hits=most)


def extent(outage: Outage, span: Span, scale: Scale) -> tuple[datetime, datetime]:
    """From the first to the last instant that the outage's drawing covers, names included."""
    last = max([outage.end or outage.start, *(hit.end for hit in outage.hits if hit.end)])
    last = max(last, outage.start + span.time(STUB if outage.end is None else MARK))
    if scale.has_names:
        widest = max((len(hit.name) for hit in outage.hits), default=0)
        last = max(last + span.time(widest * LETTER), outage.start + span.time(len(outage.label) * LETTER))
    first = min([outage.start, *(hit.start for hit in outage.hits if hit.start)]) - span.time(MARK / 2)
    # A drawing that would run off the right edge is set further left.
    over = max(last - span.end, timedelta()) if scale.has_names else timedelta()
    return max(first - over, span.start) if over else first, last + span.time(MARK / 2)


def pack(outages: Iterable[Outage], span: Span, scale: Scale) -> list[tuple[Outage, float]]:
    """Each outage with the top of the first place, from above, where it covers nothing drawn before it."""
    taken: list[tuple[datetime, datetime, float, float]] = []
    placed = []
    for outage in sorted(outages, key=lambda o: (extent(o, span, scale), o.slug)):
        first, last = extent(outage, span, scale)
        height = scale.height(outage)
        beside = sorted((top, bottom) for start, end, top, bottom in taken if start < last and first < end)
        y = 0.0
        for top, bottom in beside:
            if top >= y + height:
                break
            y = max(y, bottom)
        taken.append((first, last, y, y + height))
        placed.append((outage, y))
    return placed


def place(outage: Outage, top: float, scale: Scale) -> Placed:
    drawn = outage.hits[: scale.most_hits]
    first = top + scale.row
    return Placed(
        outage,
        top + scale.bar_at,
        tuple(PlacedHit(hit, first + (n + 0.5) * scale.hit_row) for n, hit in enumerate(drawn)),
        len(outage.hits) - len(drawn),
    )


def draw_lanes(
    names: Sequence[tuple[str, str]],
    outages: Sequence[Outage],
    span: Span,
    scale: Scale,
    *,
    peaks: Mapping[str, int],
) -> list[Lane]:
    """The lanes from the top down, in the order of `names`; outages of one lane never cover each other.

    `peaks`, the highest count of each lane, tell how much room its counts take: all are on one scale.
    """
    most = max(peaks.values(), default=0)
    lanes = []
    top = 0.0
    for slug, name in names:
        density = max(LEAST_DENSITY, DENSITY * peaks.get(slug, 0) / most) if most else 0
        head = top + LANE_HEAD + density
        packed = pack((outage for outage in outages if outage.lane == slug), span, scale)
        placed = tuple(place(outage, head + y, scale) for outage, y in packed)
        bottom = head + max((y + scale.height(outage) for outage, y in packed), default=0) + LANE_FOOT
        lanes.append(Lane(slug, name, top, bottom, density, placed))
        top = bottom
    return lanes
