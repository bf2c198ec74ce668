"""Atom of what is published for everybody: one entry a post-mortem, under an id that an amendment keeps."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Min

from incidents.atom import BEGAN, ENTRIES, Entry
from incidents.models import Publication
from incidents.postmortems.querysets import PublicationQuerySet


def newest_publications(publications: PublicationQuerySet) -> list[Entry]:
    """What was published or amended last comes first; one query."""
    told = publications.for_list().select_related("postmortem__incident")
    first = told.annotate(first_at=Min("postmortem__publications__published_at"))
    return [entry(one) for one in first.order_by("-published_at", "-pk")[:ENTRIES]]


def entry(one: Publication) -> Entry:
    postmortem = one.postmortem
    note = f"Amended: {one.note}\n\n" if one.number > 1 else ""
    told = (one.severity, one.cause, postmortem.incident.slug if postmortem.incident else "", *one.categories)
    return Entry(
        ident=f"tag:{settings.PUBLIC.hostname},{BEGAN:%Y}:postmortem/{postmortem.slug}",
        title=one.title,
        link=settings.FAULTLINE_URL + postmortem.get_absolute_url(),
        author=postmortem.team.name,
        text=note + one.summary,
        published=one.first_at,  # type: ignore[attr-defined]  # annotated above
        updated=one.published_at,
        categories=tuple(word for word in told if word and word != "unknown"),
    )
