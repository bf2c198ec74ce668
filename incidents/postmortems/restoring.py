"""A revision put back: as a new version of its part, or, where the part is gone, as a new part."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from incidents.models import ActionItem, Revision, Section, TimelineEntry, User
from incidents.postmortems.choices import SectionKind
from incidents.postmortems.saving import add, from_yaml, lock, save_fields, save_section

MODELS: dict[str, type[Section | TimelineEntry | ActionItem]] = {
    "section": Section,
    "entry": TimelineEntry,
    "action": ActionItem,
}


@transaction.atomic
def restore(revision: Revision, *, person: User) -> None:
    """Nothing is lost by it: what stands there now stays in the history."""
    held = lock(revision.postmortem_id)
    kind, _, pk = revision.part.partition(":")
    if kind == "facts":
        save_fields(held, from_yaml(revision.text), version=held.version, person=person)
        return
    part: Any = MODELS[kind]._default_manager.filter(postmortem=held, pk=int(pk)).first()
    if part is None:
        add(held, made_of(kind, revision), person=person)
    elif isinstance(part, Section):
        save_section(held, part.pk, revision.text, version=part.version, person=person)
    else:
        save_fields(part, from_yaml(revision.text), version=part.version, person=person)


def made_of(kind: str, revision: Revision) -> Section | TimelineEntry | ActionItem:
    """A part that was removed, from what was kept of it."""
    if kind != "section":
        return MODELS[kind](**from_yaml(revision.text))
    if revision.is_gone:
        return Section(**from_yaml(revision.text))
    place = revision.postmortem.sections.count()
    return Section(kind=SectionKind.OTHER, heading=revision.label[:120], body=revision.text, position=place)
