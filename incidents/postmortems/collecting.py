"""A working copy's rows as one document, and a document as rows."""

from __future__ import annotations

from incidents.models import ActionItem, Postmortem, Section, TimelineEntry
from incidents.postmortems.documents import Document, DocumentAction, DocumentEntry, DocumentSection, tidy


def document_of(postmortem: Postmortem) -> Document:
    """What the working copy says now: five queries."""
    people = [person.get_full_name() for person in postmortem.authors.order_by("pk")]
    return Document(
        uid=str(postmortem.uid),
        title=postmortem.title,
        incident=postmortem.incident.slug if postmortem.incident else "",
        severity=postmortem.severity,
        cause=postmortem.cause,
        started_at=postmortem.started_at,
        start_precision=postmortem.start_precision,
        ended_at=postmortem.ended_at,
        end_precision=postmortem.end_precision,
        detected_at=postmortem.detected_at,
        company=postmortem.company,
        product=postmortem.product,
        categories=tuple(postmortem.categories),
        keywords=tuple(postmortem.keywords),
        authors=tuple(dict.fromkeys([*people, *postmortem.credits])),
        url=postmortem.url,
        archive_url=postmortem.archive_url,
        origin=postmortem.origin,
        sections=tuple(
            DocumentSection(row.kind, row.heading, row.body)
            for row in postmortem.sections.order_by("position", "pk")
        ),
        timeline=tuple(entry_of(row) for row in postmortem.entries.all()),
        actions=tuple(action_of(row) for row in postmortem.actions.select_related("owner")),
    )


def entry_of(row: TimelineEntry) -> DocumentEntry:
    return DocumentEntry(
        text=row.text,
        at=row.at,
        precision=row.precision,
        kind=row.kind,
        star=row.is_star,
        report=row.report_key,
        post=row.post_ref,
        publisher=row.publisher,
        url=row.url,
    )


def action_of(row: ActionItem) -> DocumentAction:
    return DocumentAction(
        text=row.text,
        owner=row.owner.get_full_name() if row.owner else row.owner_name,
        due=row.due,
        type=row.type,
        priority=row.priority,
        state=row.state,
        link=row.link,
    )


def add_parts(postmortem: Postmortem, document: Document) -> None:
    """The parts of a document as rows of a post-mortem that has none yet."""
    Section.objects.bulk_create(
        Section(
            postmortem=postmortem, position=place, kind=told.kind, heading=told.heading, body=tidy(told.body)
        )
        for place, told in enumerate(document.sections)
    )
    TimelineEntry.objects.bulk_create(
        TimelineEntry(
            postmortem=postmortem,
            position=place,
            text=told.text,
            at=told.at,
            precision=told.precision,
            kind=told.kind,
            is_star=told.star,
            report_key=told.report,
            post_ref=told.post,
            publisher=told.publisher,
            url=told.url,
        )
        for place, told in enumerate(document.timeline)
    )
    ActionItem.objects.bulk_create(
        ActionItem(
            postmortem=postmortem,
            position=place,
            text=told.text,
            owner_name=told.owner,
            due=told.due,
            type=told.type,
            priority=told.priority,
            state=told.state,
            link=told.link,
        )
        for place, told in enumerate(document.actions)
    )
