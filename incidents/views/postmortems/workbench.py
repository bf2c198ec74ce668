"""What the editor shows, worked out before the template sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from incidents.choices import choices
from incidents.models import ActionItem, Postmortem, Section, TimelineEntry, User
from incidents.permissions import may
from incidents.postmortems.choices import (
    CAUSES,
    ActionState,
    ActionType,
    EntryKind,
    Priority,
    SectionKind,
    Visibility,
)
from incidents.postmortems.collecting import document_of
from incidents.postmortems.completeness import completeness
from incidents.postmortems.documents import LONGEST_TEXT, Document, plain
from incidents.postmortems.evidence import Moment, moments
from incidents.postmortems.forms import MINUTES, FactsForm, people_of
from incidents.postmortems.hinting import hints_for
from incidents.postmortems.markdown import render, render_line
from incidents.postmortems.moving import approval_of, situation_of
from incidents.postmortems.proposing import BOUND
from incidents.postmortems.transitions import Act, Situation, refusal
from incidents.times import time_text
from nlp.document import Precision


@dataclass(frozen=True, slots=True)
class SectionRow:
    row: Section
    html: SafeString
    hints: list[Any]
    comments: int
    is_cause: bool


@dataclass(frozen=True, slots=True)
class EntryRow:
    """`input` is the time as a picker takes it; `day` is set where a new day begins."""

    row: TimelineEntry
    html: SafeString
    clock: str
    day: str
    input: str
    next_input: str

    @property
    def insert_id(self) -> str:
        return f"after-{self.row.pk}"


@dataclass(frozen=True, slots=True)
class ActionRow:
    row: ActionItem
    html: SafeString

    @property
    def id(self) -> str:
        return f"act-{self.row.pk}"


@dataclass(frozen=True, slots=True)
class DrawerItem:
    moment: Moment
    when: str
    is_in: bool


@dataclass(frozen=True, slots=True)
class BoundFact:
    """A fact that the record holds too: what it said at filing, and what it says now."""

    name: str
    label: str
    record: str
    differs: bool
    proposed: str


def workbench(postmortem: Postmortem, person: User) -> dict[str, Any]:
    document = document_of(postmortem)
    entries = list(postmortem.entries.all())
    sections = list(postmortem.sections.order_by("position", "pk"))
    optional = frozenset(section.kind for section in sections if section.is_optional)
    situation = situation_of(postmortem, document, approval_of(postmortem, document))
    return {
        "postmortem": postmortem,
        "facts_form": FactsForm.of(postmortem),
        "bound": bound_facts(postmortem),
        "sections": section_rows(postmortem, sections, person),
        "entries": entry_rows(entries),
        "actions": [
            ActionRow(row, render_line(row.text)) for row in postmortem.actions.select_related("owner")
        ],
        "drawer": drawer(postmortem, entries),
        "complete": completeness(document, optional),
        "situation": situation,
        "acts": acts(postmortem, situation, person),
        "people": list(people_of(postmortem.team)),
        "images": list(postmortem.images.defer("data")),
        "longest": LONGEST_TEXT,
        "entry_kinds": EntryKind.choices,
        "section_kinds": SectionKind.choices,
        "action_types": ActionType.choices,
        "priorities": Priority.choices,
        "action_states": ActionState.choices,
        "visibilities": Visibility.choices,
        "precisions": choices(Precision),
        "may_change_visibility": may(person, "postmortem.change-visibility", postmortem),
        "filled": filled_by_record(document, sections),
    }


def acts(postmortem: Postmortem, situation: Situation, person: User) -> dict[str, bool]:
    """Which moves are open to this person now, by name."""
    return {
        act.name.lower(): may(person, f"postmortem.{act}", postmortem)
        and not refusal(act, situation, reason="as will be said")
        for act in Act
    }


def section_rows(postmortem: Postmortem, sections: list[Section], person: User) -> list[SectionRow]:
    counts: dict[int | None, int] = {}
    for pk in postmortem.comments.filter(resolved_at=None).values_list("section", flat=True):
        counts[pk] = counts.get(pk, 0) + 1
    return [
        SectionRow(
            row=row,
            html=render(row.body),
            hints=hints_for(row.body, person, is_cause=row.kind in CAUSES),
            comments=counts.get(row.pk, 0),
            is_cause=row.kind in CAUSES,
        )
        for row in sections
    ]


def entry_rows(entries: list[TimelineEntry]) -> list[EntryRow]:
    rows, day = [], None
    for place, entry in enumerate(entries):
        today = f"{entry.at:%A %-d %B %Y}" if entry.at else "Without a time"
        following = entries[place + 1].at if place + 1 < len(entries) else None
        between = entry.at + (following - entry.at) / 2 if entry.at and following else entry.at
        rows.append(
            EntryRow(
                row=entry,
                html=render_line(entry.text),
                clock=clock(entry),
                day=today if today != day else "",
                input=f"{entry.at:{MINUTES}}" if entry.at else "",
                next_input=f"{between:{MINUTES}}" if between else "",
            )
        )
        day = today
    return rows


def clock(entry: TimelineEntry) -> str:
    """The time within its day, as precisely as it is known."""
    if entry.at is None:
        return ""
    exact = {Precision.MINUTE.value: f"{entry.at:%H:%M}", Precision.HOUR.value: f"{entry.at:%Hh}"}
    return exact.get(entry.precision, time_text(entry.at, entry.precision))


def drawer(postmortem: Postmortem, entries: list[TimelineEntry]) -> list[DrawerItem]:
    if postmortem.incident is None:
        return []
    taken = {(entry.report_key, entry.post_ref, entry.text) for entry in entries}
    return [
        DrawerItem(
            moment,
            time_text(moment.at, moment.precision),
            (moment.report, moment.post, moment.text) in taken,
        )
        for moment in moments(postmortem.incident)
    ]


def bound_facts(postmortem: Postmortem) -> list[BoundFact]:
    if postmortem.incident is None:
        return []
    proposed = {one.field: one.correction.get_state_display().lower() for one in proposals(postmortem)}
    rows = []
    for name, label in BOUND.items():
        record, here = getattr(postmortem.incident, name), getattr(postmortem, name)
        told = time_text(record) if name.endswith("_at") else str(record).replace("-", " ")
        # A start that is only bounded, an end that is not known: the record holds none to differ from.
        differs = plain(here) != postmortem.drawn.get(name) and here != record
        rows.append(BoundFact(name, label, told or "not known", differs, proposed.get(name, "")))
    return rows


def proposals(postmortem: Postmortem) -> Any:
    return postmortem.proposals.select_related("correction")


def filled_by_record(document: Document, sections: list[Section]) -> str:
    """How much of what is asked the record has answered, and nobody needed to change."""
    drawn = sum(section.is_drawn for section in sections)
    return f"{drawn} of {len(sections)}" if drawn else ""
