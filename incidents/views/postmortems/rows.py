"""What a list shows of a publication, worked out before the template sees it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from incidents.models import Publication
from incidents.postmortems.choices import Visibility
from incidents.times import span_text
from incidents.views.rows import When, when
from nlp.document import Cause, Precision

EXACT = {Precision.MINUTE, Precision.HOUR}


@dataclass(frozen=True, slots=True)
class PublicationRow:
    """`restricted` tells members that not everybody can read it."""

    title: str
    url: str
    summary: str
    severity: str
    cause: str
    start: When | None
    lasted: str
    company: str
    team: str
    published: When | None
    is_amended: bool
    restricted: str


def publication_rows(publications: Iterable[Publication]) -> list[PublicationRow]:
    return [publication_row(one) for one in publications]


def publication_row(one: Publication) -> PublicationRow:
    exact = {one.start_precision, one.end_precision} <= EXACT
    visibility = Visibility(one.postmortem.visibility)
    return PublicationRow(
        title=one.title,
        url=one.postmortem.get_absolute_url(),
        summary=one.summary,
        severity=one.severity,
        cause="" if one.cause == Cause.UNKNOWN else one.cause.replace("-", " "),
        start=when(one.started_at, one.start_precision),
        lasted=span_text(one.ended_at - one.started_at) if exact and one.started_at and one.ended_at else "",
        company=one.company,
        team=one.postmortem.team.name,
        published=when(one.published_at, Precision.DAY),
        is_amended=one.number > 1,
        restricted="" if visibility == Visibility.PUBLIC else visibility.label.lower(),
    )
