"""A stored report as the document that it was read as; the words of news are not ours to show."""

from __future__ import annotations

from incidents.models import Report
from ingest.canonical import canonical_url
from nlp.document import Document, DocumentKind, Passage


def find_report(named: str) -> Report | None:
    """By its key, else by its address, the newest of several."""
    reports = Report.objects.select_related("source__provider", "source__organisation")
    address = canonical_url(named)
    return (
        reports.filter(key=named.strip()).first()
        or reports.filter(key=f"web:{address}").first()
        or reports.filter(url__in={named.strip(), address}).order_by("-published_at", "-pk").first()
    )


def may_be_shown(report: Report) -> bool:
    return report.is_read and report.kind != DocumentKind.NEWS


def document_of(report: Report) -> Document:
    posts = report.posts.current().order_by("position")
    source = report.source
    return Document(
        key=report.key,
        kind=DocumentKind(report.kind),
        passages=tuple(Passage(post.text, post.said_at, post.status) for post in posts),
        title=report.title,
        published_at=report.published_at,
        url=report.url,
        provider=source.provider.slug if source.provider else "",
        organisation=source.organisation.slug if source.organisation else "",
    )
