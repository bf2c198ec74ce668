"""What was said of an incident: the posts in order of time, and the reports that they stand in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from incidents.choices import PublisherKind
from incidents.models import Claim, Post, Report
from incidents.quoting import Claims, is_press
from incidents.views.facts import Quote, quotes_for
from incidents.views.rows import When, when


@dataclass(frozen=True, slots=True)
class StoryPost:
    clock: str
    iso: str
    publisher: str
    is_exchange: bool
    is_catalogue: bool
    status: str
    text: str
    is_repeat: bool
    url: str


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
    quotes: tuple[Quote, ...]


def story(reports: list[Report]) -> list[StoryDay]:
    """Every post that may be shown, in order of time; those without a time of their own come first."""
    by_pk = {report.pk: report for report in reports if not is_press(report)}
    posts = Post.objects.current().filter(report__in=by_pk).order_by("said_at", "report", "position")
    told = [(post, by_pk[post.report_id]) for post in posts]
    told.sort(key=lambda pair: (pair[0].said_at is not None, pair[0].said_at or pair[1].first_seen_at))
    repeats = repeated(post for post, _ in told)
    days = groupby(told, key=lambda pair: f"{pair[0].said_at:%A %-d %B %Y}" if pair[0].said_at else "")
    return [
        StoryDay(day, tuple(story_post(post, report, post.pk in repeats) for post, report in found))
        for day, found in days
    ]


def repeated(posts: Iterable[Post]) -> set[int]:
    """Posts whose words, but for their spacing, another one said before: many feeds reprint a story."""
    said: set[str] = set()
    again: set[int] = set()
    for post in posts:
        words = " ".join(post.text.split())
        if words in said:
            again.add(post.pk)
        said.add(words)
    return again


def story_post(post: Post, report: Report, is_repeat: bool) -> StoryPost:
    return StoryPost(
        clock=f"{post.said_at:%H:%M}" if post.said_at else "",
        iso=f"{post.said_at:%Y-%m-%dT%H:%MZ}" if post.said_at else "",
        publisher=report.source.publisher,
        is_exchange=report.source.publisher_kind == PublisherKind.ORGANISATION,
        is_catalogue=report.source.publisher_kind == PublisherKind.CATALOGUE,
        status=post.status,
        text=post.text,
        is_repeat=is_repeat,
        url=report.url,
    )


def report_rows(reports: Iterable[Report], claims: Claims) -> list[ReportRow]:
    by_report: defaultdict[int, list[Claim]] = defaultdict(list)
    for claim in (claim for found in claims.values() for claim in found):
        if claim.account is not None:
            by_report[claim.account.report_id].append(claim)
    return [
        ReportRow(
            title=report.title or report.url or report.key,
            url=report.url,
            publisher=report.source.publisher,
            kind=report.get_kind_display(),
            published=when(report.published_at),
            first_seen=when(report.first_seen_at),
            is_read=report.is_read,
            is_press=is_press(report),
            quotes=sentences_of(by_report[report.pk]) if is_press(report) else (),
        )
        for report in reports
    ]


def sentences_of(claims: Iterable[Claim]) -> tuple[Quote, ...]:
    return tuple(quote for quote in quotes_for(claims) if quote.sentence)
