"""A new post-mortem: from an incident, half of it filled in; blank; or out of a file."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.text import slugify

from incidents.models import (
    Incident,
    Postmortem,
    Revision,
    Section,
    Step,
    Team,
    Template,
    TimelineEntry,
    User,
)
from incidents.postmortems.choices import Visibility
from incidents.postmortems.collecting import add_parts
from incidents.postmortems.documents import Document
from incidents.postmortems.prefilling import Drawn, as_drawn, draw
from incidents.postmortems.saving import FACTS, values_of

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@transaction.atomic
def file(
    *,
    team: Team,
    person: User,
    template: Template,
    title: str = "",
    incident: Incident | None = None,
    visibility: Visibility = Visibility.PRIVATE,
) -> Postmortem:
    """A draft with the template's sections and all that the record knows of the incident."""
    drawn = draw(incident) if incident else Drawn({}, {}, [])
    title = (title or (incident.title if incident else "") or "Untitled")[:200]
    postmortem = Postmortem.objects.create(
        slug=new_slug(title),
        title=title,
        team=team,
        incident=incident,
        template=template,
        visibility=visibility,
        filed_by=person,
        drawn=as_drawn(drawn.facts),
        **drawn.facts,
    )
    postmortem.authors.add(person)
    add_sections(postmortem, template, drawn)
    for position, entry in enumerate(drawn.entries):
        entry.postmortem, entry.position = postmortem, position
    TimelineEntry.objects.bulk_create(drawn.entries)
    begin(postmortem, person, "file")
    return postmortem


def add_sections(postmortem: Postmortem, template: Template, drawn: Drawn) -> None:
    """The template's sections, each with what the record tells of it."""
    Section.objects.bulk_create(
        Section(
            postmortem=postmortem,
            position=position,
            kind=section.kind,
            heading=section.heading,
            help=section.help,
            is_optional=section.is_optional,
            body=drawn.sections.get(section.kind, ""),
            drawn=drawn.sections.get(section.kind, ""),
        )
        for position, section in enumerate(template.sections.all())
    )


@transaction.atomic
def file_document(document: Document, *, team: Team, person: User) -> tuple[Postmortem, bool]:
    """A draft out of a file, and whether it is new: the same file is taken once by a team."""
    known = Postmortem.objects.filter(team=team, uid=UUID(document.uid)).first()
    if known is not None:
        return known, False
    incident = Incident.objects.filter(slug=document.incident).select_related("shown_as").first()
    postmortem = Postmortem.objects.create(
        slug=new_slug(document.title),
        uid=UUID(document.uid),
        team=team,
        filed_by=person,
        incident=incident,
        credits=list(document.authors),
        archive_url=document.archive_url,
        origin=document.origin,
        **{name: listed(getattr(document, name)) for name in FACTS},
    )
    add_parts(postmortem, document)
    begin(postmortem, person, "import")
    return postmortem, True


def listed(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def begin(postmortem: Postmortem, person: User, act: str) -> None:
    """The first version of every part, to which later ones are compared."""
    told = [("facts", "Facts", values_of(postmortem))]
    told += [(f"section:{row.pk}", row.heading, row.body) for row in postmortem.sections.all()]
    told += [(f"entry:{row.pk}", "Timeline", values_of(row)) for row in postmortem.entries.all()]
    told += [(f"action:{row.pk}", "Action", values_of(row)) for row in postmortem.actions.all()]
    at = timezone.now()
    Revision.objects.bulk_create(
        Revision(postmortem=postmortem, part=part, label=label, version=1, text=text, person=person, at=at)
        for part, label, text in told
    )
    Step.objects.create(postmortem=postmortem, act=act, state=postmortem.state, person=person, at=at)


def new_slug(title: str) -> str:
    """A permanent address that tells nothing but the title: six letters of chance hide what else there is."""
    return f"{slugify(title)[:80].strip('-') or 'post-mortem'}-{get_random_string(6, LETTERS)}"
