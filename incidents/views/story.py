"""What was said of an incident: the posts in order of time, and the reports that they stand in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from incidents.choices import PublisherKind
from incidents.dossier import AnnotatedPost, Dossier
from incidents.models import Claim, Report
from incidents.quoting import is_press
from incidents.views.facts import LABELS, Quote, Texts, quotes_for
from incidents.views.rows import When, when
from nlp.document import INCIDENT, Field

PROVES = {
    **{field: label.lower() for field, label in LABELS.items()},
    Field.IMPACT: "who was hit",
    Field.IMPAIRMENT: "what was impaired",
    Field.OTHER_CAUSE: "another cause",
    Field.PHASE: "status",
    Field.DEPENDS_ON: "what it stands on",
    Field.NO_LONGER_DEPENDS_ON: "what it left",
}
"""What a marked sentence proves, in a word."""
MARKS = {
    PublisherKind.PROVIDER: "provider",
    PublisherKind.ORGANISATION: "exchange",
    PublisherKind.PRESS: "press",
    PublisherKind.CATALOGUE: "catalogue",
    PublisherKind.PERSON: "person",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a post; `proves` says of what they are the proof, empty for the words between."""

    text: str
    proves: str = ""


@dataclass(frozen=True, slots=True)
class StoryPost:
    """`happened` is the start or end that it tells of, where that is another time than when it was said."""

    pk: int
    clock: str
    iso: str
    publisher: str
    initials: str
    mark: str
    is_exchange: bool
    status: str
    pieces: tuple[Piece, ...]
    quotes: tuple[Quote, ...]
    is_repeat: bool
    is_reworded: bool
    url: str
    title: str
    happened: tuple[tuple[str, When], ...]


@dataclass(frozen=True, slots=True)
class StoryDay:
    day: str
    posts: tuple[StoryPost, ...]


@dataclass(frozen=True, slots=True)
class ReportRow:
    title: str
    url: str
    publisher: str
    kind: str
    published: When | None
    first_seen: When | None
    is_read: bool
    is_press: bool


def texts_of(dossier: Dossier) -> Texts:
    """The words of the posts that may be shown."""
    return {post.pk: post.words for post in dossier.posts if post.words}


def story(dossier: Dossier) -> list[StoryDay]:
    """Every post in order of time; those without a time of their own, told in retrospect, come last."""
    reports = {report.pk: report for report in dossier.reports}
    proofs = proofs_by_post(dossier)
    told = [(post, reports[post.report_id]) for post in dossier.posts if post.report_id in reports]
    told = [(post, report) for post, report in told if not is_press(report) or proofs[post.pk]]
    told.sort(key=lambda pair: (said(*pair) is None, said(*pair) or pair[1].first_seen_at))
    repeats = repeated(post for post, _ in told)
    days = groupby(told, key=lambda pair: f"{at:%A %-d %B %Y}" if (at := said(*pair)) else "")
    return [
        StoryDay(
            day,
            tuple(story_post(post, report, proofs[post.pk], post.pk in repeats) for post, report in found),
        )
        for day, found in days
    ]


def said(post: AnnotatedPost, report: Report) -> datetime | None:
    at: datetime | None = post.said_at or (report.published_at if is_press(report) else None)
    return at


def proofs_by_post(dossier: Dossier) -> defaultdict[int, list[Claim]]:
    found: defaultdict[int, list[Claim]] = defaultdict(list)
    for claim in dossier.all_claims:
        was_public = dossier.at is None or claim.seen_at <= dossier.at
        if was_public and claim.post_id and claim.end and Field(claim.field) in PROVES:
            found[claim.post_id].append(claim)
    return found


def repeated(posts: Iterable[AnnotatedPost]) -> set[int]:
    """Posts whose words, but for their spacing, another one said before: many feeds reprint a story."""
    seen: set[str] = set()
    again: set[int] = set()
    for post in posts:
        words = " ".join(post.words.split())
        if words and words in seen:
            again.add(post.pk)
        seen.add(words)
    return again


def story_post(post: AnnotatedPost, report: Report, proofs: Sequence[Claim], is_repeat: bool) -> StoryPost:
    at, publisher = said(post, report), report.source.publisher
    return StoryPost(
        pk=post.pk,
        clock=f"{at:%H:%M}" if at else "",
        iso=f"{at:%Y-%m-%dT%H:%MZ}" if at else "",
        publisher=publisher,
        initials="".join(word[0] for word in publisher.split()[:3] if word[0].isalnum()).upper(),
        mark=MARKS[PublisherKind(report.source.publisher_kind)],
        is_exchange=report.source.publisher_kind == PublisherKind.ORGANISATION,
        status=post.status,
        pieces=pieces(post.words, proofs),
        quotes=quotes_for(proofs) if is_press(report) else (),
        is_repeat=is_repeat,
        is_reworded=post.revision > 1,
        url=report.url,
        title=report.title if is_press(report) else "",
        happened=tuple(happened(proofs, at)),
    )


def happened(proofs: Iterable[Claim], said_at: datetime | None) -> Iterable[tuple[str, When]]:
    for field, word in ((Field.STARTED_AT, "of a start at"), (Field.ENDED_AT, "of an end at")):
        for claim in proofs:
            at = datetime.fromisoformat(claim.value) if claim.field == field else None
            if claim.subject == INCIDENT and at and at != said_at and (told := when(at, claim.precision)):
                yield word, told
                break


def pieces(text: str, proofs: Iterable[Claim]) -> tuple[Piece, ...]:
    """The text cut where marked sentences begin and end; one inside another is marked with it."""
    spans: dict[tuple[int, int], set[str]] = defaultdict(set)
    for claim in proofs:
        if claim.end is not None and claim.end <= len(text):
            spans[claim.start or 0, claim.end].add(PROVES[Field(claim.field)])
    found: list[Piece] = []
    at = 0
    for (start, end), proves in sorted(spans.items(), key=lambda item: (item[0][0], -item[0][1])):
        if start < at:
            continue
        found += [Piece(text[at:start])] if start > at else []
        found.append(Piece(text[start:end], ", ".join(sorted(proves))))
        at = end
    return (*found, Piece(text[at:])) if at < len(text) else tuple(found)


def report_rows(reports: Iterable[Report]) -> list[ReportRow]:
    return [report_row(report) for report in reports]


def report_row(report: Any) -> ReportRow:
    return ReportRow(
        title=report.title or report.url or report.key,
        url=report.url,
        publisher=report.source.publisher,
        kind=report.get_kind_display(),
        published=when(report.published_at),
        first_seen=when(report.first_seen_at),
        is_read=report.is_read,
        is_press=is_press(report),
    )
