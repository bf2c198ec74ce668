"""Changes of a working copy, one part at a time. Two people who write at once never lose a word.

A part carries a version, and a form tells which one it was filled from. Of an older one both changes go in,
where they lie apart: lines of a text, fields of the rest. Where they do not, nothing is written and
`Conflict` carries both. What a part said in each version stays in its revisions. One lock a post-mortem:
publishing takes it too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import yaml
from django.db import models, transaction
from django.utils import timezone

from incidents.models import ActionItem, Postmortem, Revision, Section, TimelineEntry, User
from incidents.postmortems.choices import UNFINISHED, State
from incidents.postmortems.documents import plain, tidy
from incidents.postmortems.merging import merge
from incidents.postmortems.transitions import Refused

FACTS = (
    "title",
    "severity",
    "cause",
    "started_at",
    "start_precision",
    "ended_at",
    "end_precision",
    "detected_at",
    "company",
    "product",
    "categories",
    "keywords",
    "url",
)
ENTRY = (
    "at",
    "precision",
    "position",
    "kind",
    "text",
    "is_star",
    "report_key",
    "post_ref",
    "publisher",
    "url",
)
ACTION = ("text", "owner_id", "owner_name", "due", "type", "priority", "state", "link", "position")
SECTION = ("kind", "heading", "position", "body")
Part = Postmortem | Section | TimelineEntry | ActionItem
NAMES: dict[type[models.Model], tuple[str, tuple[str, ...]]] = {
    Postmortem: ("facts", FACTS),
    TimelineEntry: ("entry", ENTRY),
    ActionItem: ("action", ACTION),
}


@dataclass(frozen=True, slots=True)
class Saved:
    """`is_merged`: somebody else had written in between, and both changes are in `text`."""

    version: int
    text: str
    is_merged: bool = False


class Conflict(Exception):
    """Two changed the same words. Nothing is written; here are both, and a text that holds every word."""

    def __init__(self, *, mine: str, theirs: str, both: str, version: int, is_gone: bool = False) -> None:
        super().__init__("Somebody else has changed the same words")
        self.mine, self.theirs, self.both = mine, theirs, both
        self.version, self.is_gone = version, is_gone


def lock(pk: int) -> Postmortem:
    """The post-mortem, held until the transaction ends. A withdrawn one is written on no more."""
    postmortem: Postmortem = Postmortem.objects.select_for_update().get(pk=pk)
    if postmortem.state == State.WITHDRAWN:
        raise Refused("A withdrawn post-mortem is changed no more")
    return postmortem


@transaction.atomic
def save_section(postmortem: Postmortem, pk: int, text: str, *, version: int, person: User) -> Saved:
    """Write a section's text, as somebody made it out of the text of `version`."""
    held = lock(postmortem.pk)
    mine = tidy(text)
    section = held.sections.filter(pk=pk).first()
    if section is None:
        raise Conflict(mine=mine, theirs="", both=mine, version=0, is_gone=True)
    is_merged = False
    if version != section.version:
        merged = merge(text_at(held, f"section:{pk}", version), mine, section.body)
        if not merged.is_clean:
            raise Conflict(mine=mine, theirs=section.body, both=merged.text, version=section.version)
        is_merged = merged.text != mine
        mine = merged.text
    if mine != section.body:
        section.body, section.version = mine, section.version + 1
        section.save(update_fields=["body", "version"])
        keep(held, f"section:{pk}", section.heading, section.version, mine, person, is_merged=is_merged)
    return Saved(section.version, mine, is_merged)


@transaction.atomic
def save_fields(part: Part, values: dict[str, Any], *, version: int, person: User) -> Saved:
    """Write the values that a form gave for facts, an entry or an action, made out of those of `version`."""
    held = lock(part.pk if isinstance(part, Postmortem) else part.postmortem_id)
    name, columns = NAMES[type(part)]
    mine = {column: value for column, value in values.items() if column in columns}
    now = present(part, held)
    if now is None:
        raise Conflict(mine=as_yaml(mine), theirs="", both=as_yaml(mine), version=0, is_gone=True)
    key = name if name == "facts" else f"{name}:{part.pk}"
    is_merged = version != now.version
    if is_merged:
        mine = merge_fields(held, key, now, mine, version)
    changed = [column for column, value in mine.items() if getattr(now, column) != value]
    if changed:
        for column in changed:
            setattr(now, column, mine[column])
        now.version += 1
        mark(now, changed)
        now.save()
        keep(held, key, label_of(now), now.version, values_of(now), person, is_merged=is_merged)
    return Saved(now.version, values_of(now), is_merged)


def present(part: Part, held: Postmortem) -> Any:
    """The row as it stands. Its number comes from an address: it may be that of another post-mortem."""
    if isinstance(part, Postmortem):
        return Postmortem.objects.filter(pk=held.pk).first()
    return type(part)._default_manager.filter(pk=part.pk, postmortem=held).first()


def merge_fields(held: Postmortem, key: str, now: Any, mine: dict[str, Any], version: int) -> dict[str, Any]:
    """Field by field: what only one of two has changed is theirs to say."""
    base = yaml.safe_load(text_at(held, key, version)) or {}
    merged, clash = {}, {}
    for column, value in mine.items():
        theirs = getattr(now, column)
        if plain(value) == base.get(column):
            merged[column] = theirs
        elif theirs == value or plain(theirs) == base.get(column):
            merged[column] = value
        else:
            clash[column] = value
    if clash:
        theirs_told = as_yaml({column: getattr(now, column) for column in clash})
        both = f"{as_yaml(clash)}\n{theirs_told}"
        raise Conflict(mine=as_yaml(clash), theirs=theirs_told, both=both, version=now.version)
    return merged


def mark(part: Any, changed: list[str]) -> None:
    """What follows from a change within the row."""
    if isinstance(part, TimelineEntry) and set(changed) & {"text", "at"}:
        part.is_drawn = False
    if isinstance(part, ActionItem) and "state" in changed:
        part.closed_at = None if part.state in UNFINISHED else timezone.now()


@transaction.atomic
def add(postmortem: Postmortem, part: Section | TimelineEntry | ActionItem, *, person: User) -> None:
    """A new section, entry or action."""
    held = lock(postmortem.pk)
    part.postmortem = held
    part.save()
    keep(held, key_of(part), label_of(part), part.version, words_of(part), person)


@transaction.atomic
def remove(part: Section | TimelineEntry | ActionItem, *, version: int, person: User) -> None:
    """Take a part out; its words stay in the revisions, from where it can be put back."""
    held = lock(part.postmortem_id)
    now = present(part, held)
    if now is None:
        return
    told = words_of(now)
    if now.version != version:
        raise Conflict(mine="", theirs=told, both=told, version=now.version)
    # Of a section that is gone the revision keeps all that putting it back takes.
    text = as_yaml({column: getattr(now, column) for column in SECTION}) if isinstance(now, Section) else told
    keep(held, key_of(now), label_of(now), now.version + 1, text, person, is_gone=True)
    now.delete()


def keep(
    held: Postmortem,
    part: str,
    label: str,
    version: int,
    text: str,
    person: User,
    *,
    is_gone: bool = False,
    is_merged: bool = False,
) -> None:
    """Write the revision; whoever changes a word is an author, and approves no more."""
    Revision.objects.create(
        postmortem=held,
        part=part,
        label=label,
        version=version,
        text=text,
        is_gone=is_gone,
        is_merged=is_merged,
        person=person,
        at=timezone.now(),
    )
    held.authors.add(person)
    Postmortem.objects.filter(pk=held.pk).update(changed_at=timezone.now())


def text_at(postmortem: Postmortem, part: str, version: int) -> str:
    """What a part said in a version; empty where it never had that one."""
    found = Revision.objects.filter(postmortem=postmortem, part=part, version=version)
    return found.values_list("text", flat=True).first() or ""


def key_of(part: Part) -> str:
    if isinstance(part, Postmortem):
        return "facts"
    return f"{'section' if isinstance(part, Section) else NAMES[type(part)][0]}:{part.pk}"


def label_of(part: Part) -> str:
    if isinstance(part, Postmortem):
        return "Facts"
    if isinstance(part, Section):
        return part.heading
    kind = "Timeline" if isinstance(part, TimelineEntry) else "Action"
    return f"{kind}: {' '.join(part.text.split())[:120]}"


def words_of(part: Part) -> str:
    return part.body if isinstance(part, Section) else values_of(part)


def values_of(part: Part) -> str:
    return as_yaml({column: getattr(part, column) for column in NAMES[type(part)][1]})


def as_yaml(values: dict[str, Any]) -> str:
    told = {name: plain(value) for name, value in values.items()}
    return str(yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=100)).rstrip("\n")


def from_yaml(text: str) -> dict[str, Any]:
    """The values of a revision, times as times again."""
    values: dict[str, Any] = yaml.safe_load(text) or {}
    for name, value in values.items():
        if name in {"at", "started_at", "ended_at", "detected_at"} and isinstance(value, str):
            values[name] = datetime.fromisoformat(value)
        elif name == "due" and isinstance(value, str):
            values[name] = date.fromisoformat(value)
    return values
