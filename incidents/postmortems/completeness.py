"""How far a draft has come: what is there, what is missing, what is still the record's own words. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from incidents.postmortems.choices import EntryKind, SectionKind
from incidents.postmortems.documents import Document


@dataclass(frozen=True, slots=True)
class Point:
    """`anchor` is where it is mended."""

    label: str
    is_done: bool
    anchor: str


@dataclass(frozen=True, slots=True)
class Completeness:
    points: tuple[Point, ...]

    @property
    def done(self) -> int:
        return sum(point.is_done for point in self.points)

    @property
    def percent(self) -> int:
        return round(100 * self.done / len(self.points)) if self.points else 100

    @property
    def missing(self) -> tuple[Point, ...]:
        return tuple(point for point in self.points if not point.is_done)


CHECKLIST = {
    "data": "Logs, graphs and messages that prove it are kept, and linked",
    "impact": "Impact says who, how many, how long, with its sources",
    "cause": "The cause goes to what can be changed, and names no person",
    "detection": "Detection and admission have their times",
    "actions": "Each action has an owner, a date and a type, and they are ranked",
    "readers": "Somebody outside the team can follow it, and nothing secret is in it",
}
"""What a reviewer is asked to look at; the ticks are kept with the verdict."""


def completeness(document: Document, optional: frozenset[str] = frozenset()) -> Completeness:
    """The points of a document; sections of an `optional` kind are not asked for."""
    points = [
        Point("Severity", document.severity != "unknown", "facts"),
        Point("Start", document.started_at is not None, "facts"),
        Point("End", document.ended_at is not None, "facts"),
        Point("First known", document.detected_at is not None, "facts"),
        Point("Timeline", len(document.timeline) > 1, "timeline"),
        Point("A moment of detection", has_kind(document, EntryKind.DETECTION), "timeline"),
    ]
    points += [
        Point(section.heading, bool(section.body.strip()), section.kind)
        for section in document.sections
        if section.kind not in optional and section.kind != SectionKind.OTHER
    ]
    owned = [action for action in document.actions if action.owner and action.due]
    points += [
        Point("An action", bool(document.actions), "actions"),
        Point("Owner and date of each action", len(owned) == len(document.actions) > 0, "actions"),
    ]
    return Completeness(tuple(points))


def has_kind(document: Document, kind: EntryKind) -> bool:
    return any(entry.kind == kind for entry in document.timeline)
