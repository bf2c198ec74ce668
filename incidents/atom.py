"""Atom for any filter of the incident list: one entry a post, under an id that stays when it is reworded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from django.conf import settings
from django.db.models import BigIntegerField, Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import linebreaks

from incidents.models import Account, Incident, Post, Report
from incidents.prepared import IsAnyOf, Prepared, given_list
from incidents.quoting import is_press

ENTRIES = 50
LOOKED_AT = 200
"""The newest reports whose posts are looked at: each has a post at least, and the newest are among theirs."""
FEW = 2_000
"""The reports of fewer incidents are fetched; of more, the newest reports are asked if they are theirs."""
ASKED = 20_000
BEGAN = datetime(2025, 1, 1, tzinfo=UTC)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


POST = ("report", "ref", "text", "status", "said_at", "seen_at")
REPORT = ("key", "title", "source__name", "source__publisher", "source__publisher_kind")
INCIDENT = ("slug", "title", "regions", "services", "hit", "provider__name", "organisation__name")
"""The columns that an entry is made of."""


@dataclass(frozen=True, slots=True)
class Entry:
    """`updated` is when this wording was first seen, `published` when the post was said."""

    ident: str
    title: str
    link: str
    author: str
    text: str
    published: datetime
    updated: datetime
    categories: tuple[str, ...]


def newest_entries(incidents: QuerySet[Incident]) -> list[Entry]:
    """The newest posts about these incidents, newest first; at most six queries, however many there are."""
    home = newest_reports(incidents)
    posts = POSTS.rows(reports=[*home])
    told = {post.report_id for post in posts}
    reports = {report.pk: report for report in REPORTS.rows(ids=[*told])}
    found = {one.pk: one for one in INCIDENTS.rows(ids=[*{home[report] for report in told}])}
    return [entry(post, reports[post.report_id], found[home[post.report_id]]) for post in posts]


POSTS = Prepared(
    lambda: (
        Post.objects.current()
        .filter(IsAnyOf(F("report"), given_list("reports", BigIntegerField())))
        .only(*POST)
        .order_by(Coalesce("said_at", "seen_at").desc(), "-pk")[:ENTRIES]
    )
)
OF_THESE = IsAnyOf(F("pk"), given_list("ids", BigIntegerField()))
REPORTS = Prepared(lambda: Report.objects.select_related("source").only(*REPORT).filter(OF_THESE))
INCIDENTS = Prepared(
    lambda: (
        Incident.objects.select_related("provider", "organisation")
        .only(*INCIDENT)
        .filter(OF_THESE)
        .order_by()
    )
)


def newest_reports(incidents: QuerySet[Incident]) -> dict[int, int]:
    """The newest reports, each with the incident that it tells of: of several the one that began last."""
    newest = Report.objects.order_by("-captured_at", "-pk")
    theirs = incidents.filter(accounts__report=OuterRef("pk")).order_by("-started_at", "-pk").values("pk")[:1]
    if incidents.order_by()[:FEW].count() == FEW:
        # To begin with the incidents would be to read thousands for a page of them.
        since = newest.values("captured_at")[ASKED : ASKED + 1]
        asked = newest.filter(captured_at__gte=Coalesce(Subquery(since), NEVER))
        # Not EXISTS, which the planner turns around: a value is worked out report by report, until LIMIT.
        found = asked.annotate(home=Subquery(theirs)).exclude(home=None).values_list("pk", "home")
        told = dict(found[:LOOKED_AT])
        if len(told) == LOOKED_AT:
            return told
    telling = Account.objects.filter(report=OuterRef("pk"), incident__in=incidents.order_by().values("pk"))
    last = newest.filter(Exists(telling)).values("pk")[:LOOKED_AT]
    return dict(newest.filter(pk__in=last).annotate(home=Subquery(theirs)).values_list("pk", "home"))


def said(post: Post) -> datetime:
    at: datetime = post.said_at or post.seen_at
    return at


def entry(post: Post, report: Report, incident: Incident) -> Entry:
    owner = incident.provider or incident.organisation
    status = f" ({post.status})" if post.status else ""
    return Entry(
        ident=f"tag:{settings.PUBLIC.hostname},{BEGAN:%Y}:{quote(report.key, safe=':/#')}/{quote(post.ref)}",
        title=f"{owner.name if owner else report.source.name}: {report.title or incident.title}{status}",
        link=settings.FAULTLINE_URL + incident.get_absolute_url(),
        author=report.source.publisher,
        text="" if is_press(report) else post.text,
        published=said(post),
        updated=max(said(post), post.seen_at),
        categories=(*incident.regions, *incident.services, *incident.hit),
    )


def as_atom(entries: list[Entry], *, title: str, about: str, page: str, address: str) -> str:
    """The document. `page` and `address` are paths: of the list that it follows, and its own."""
    feed = Feed(
        title=CONTROL.sub("", title),
        link=settings.FAULTLINE_URL + page,
        description=about,
        feed_url=settings.FAULTLINE_URL + address,
        language="en",
    )
    for each in entries:
        feed.add_item(
            title=CONTROL.sub("", each.title),
            link=each.link,
            description=as_html(each.text),
            unique_id=each.ident,
            author_name=each.author,
            pubdate=each.published,
            updateddate=each.updated,
            categories=each.categories,
        )
    return feed.writeString("utf-8")


class Feed(Atom1Feed):
    """One without entries was never updated; Django would say that it was, just now."""

    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=NEVER)


def as_html(text: str) -> str:
    """Plain text for readers that expect markup in a summary, without what XML cannot hold."""
    return str(linebreaks(CONTROL.sub("", text), autoescape=True))
