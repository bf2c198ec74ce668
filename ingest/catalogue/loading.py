"""Fills the record from the catalogue: names first, then edges with their proofs, sources, and reports.

May run any number of times: what is there is brought up to date, what people added stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction

from incidents.linking import link
from incidents.models import (
    Dependency,
    Organisation,
    Proof,
    Provider,
    Region,
    Report,
    Service,
    Source,
)
from incidents.models.choices import ProofGrade, PublisherKind, SourceState
from ingest import catalogue
from ingest.catalogue.reports import SOURCE, host_of, listed_pages, report_of, service_slug, stub_of
from ingest.models import Feed
from nlp.document import EntityKind, Precision

PAGE_PUBLISHERS = {"provider-pir": PublisherKind.PROVIDER, "provider-status": PublisherKind.PROVIDER}
PUBLISHERS = {
    "aws.amazon.com": "Amazon Web Services",
    "status.cloud.google.com": "Google Cloud",
    "cloud.google.com": "Google Cloud",
    "azure.status.microsoft": "Microsoft",
    "azure.microsoft.com": "Microsoft",
    "status.azure.com": "Microsoft",
    "blogs.msdn.microsoft.com": "Microsoft",
    "blog.cloudflare.com": "Cloudflare",
}
"""Publishers that own several hosts; any other host is its own publisher."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows of each sort the catalogue holds now."""

    organisations: int
    dependencies: int
    sources: int
    outages: int
    pages: int


@transaction.atomic
def load_names() -> int:
    """Providers, places, services and organisations that the catalogue names; how many organisations."""
    for provider in catalogue.providers():
        Provider.objects.update_or_create(
            slug=provider.slug, defaults={"name": provider.name, "url": provider.url}
        )
    owners = dict(Provider.objects.values_list("slug", "pk"))
    Region.objects.bulk_create(
        [
            Region(
                slug=place.slug,
                provider_id=owners[place.slug.split(":")[0]],
                code=place.slug.split(":", 1)[1],
                name=place.name,
                city=place.city,
                country=place.country,
            )
            for place in catalogue.places()
        ],
        ignore_conflicts=True,
    )
    Service.objects.bulk_create(
        [
            Service(slug=slug, provider_id=owners[slug.split(":")[0]], name=name)
            for slug, name in named_services().items()
        ],
        ignore_conflicts=True,
    )
    rows = [
        Organisation(slug=row.slug, name=row.name, kind=row.kind, status_url=row.status_url, notes=row.notes)
        for row in catalogue.organisations()
    ]
    Organisation.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=["name", "kind", "status_url", "notes"],
    )
    return len(rows)


def named_services() -> dict[str, str]:
    """Services that outages and edges name, by slug; the vocabulary's own are among them and stay."""
    found: dict[str, str] = {}
    for outage in catalogue.outages():
        found |= {service_slug(outage.provider, name): name for name in outage.services}
    for edge in catalogue.edges():
        kind, slug = edge.target.split(":", 1)
        if kind == EntityKind.SERVICE:
            found.setdefault(slug, slug.split(":", 1)[1].replace("-", " ").title())
    return found


@transaction.atomic
def load_dependencies() -> int:
    """Edges with their proofs. A proof counts from the end of the period that it speaks of."""
    organisations = dict(Organisation.objects.values_list("slug", "pk"))
    targets = {
        EntityKind.PROVIDER: dict(Provider.objects.values_list("slug", "pk")),
        EntityKind.REGION: dict(Region.objects.values_list("slug", "pk")),
        EntityKind.SERVICE: dict(Service.objects.values_list("slug", "pk")),
        EntityKind.ORGANISATION: organisations,
    }
    edges = catalogue.edges()
    for edge in edges:
        kind, slug = edge.target.split(":", 1)
        ended = catalogue.period(edge.ended, "month") if edge.ended else None
        row, _ = Dependency.objects.update_or_create(
            organisation_id=organisations[edge.organisation],
            relation=edge.relation,
            target=edge.target,
            defaults={
                f"on_{kind}_id": targets[EntityKind(kind)][slug],
                "redundancy_group": edge.redundancy_group,
                "note": edge.note,
            },
        )
        state_end(row, ended[1] if ended else None)
        for proof in edge.proofs:
            prove(row, proof)
    return len(edges)


def state_end(row: Dependency, day: date | None) -> None:
    """The catalogue's word on when an edge was left; where it has none, a report's stays."""
    if day or not row.ended_by:
        row.ended_on, row.ended_precision, row.ended_by = day, Precision.MONTH if day else "", ""
        row.save(update_fields=["ended_on", "ended_precision", "ended_by"])


def prove(dependency: Dependency, proof: catalogue.EdgeProof) -> None:
    span = catalogue.period(proof.about, proof.precision)
    Proof.objects.update_or_create(
        dependency=dependency,
        publisher=publisher_of(proof.url),
        about=proof.about or "undated",
        defaults={
            "grade": ProofGrade.CATALOGUE,
            "confidence": proof.confidence,
            "url": proof.url,
            "about_from": span[0] if span else None,
            "about_to": span[1] if span else None,
            "precision": proof.precision,
            "known_at": datetime.combine(span[1], time.max, UTC) if span else None,
        },
    )


def publisher_of(url: str) -> str:
    host = host_of(url)
    return PUBLISHERS.get(host, host)


@transaction.atomic
def load_sources() -> int:
    """The default feeds. What an operator changed of a feed (address, interval, on or off) stays."""
    providers = dict(Provider.objects.values_list("slug", "pk"))
    organisations = dict(Organisation.objects.values_list("slug", "pk"))
    Source.objects.update_or_create(
        slug=SOURCE,
        defaults={
            "name": "Faultline's catalogue",
            "publisher": "Faultline",
            "publisher_kind": PublisherKind.CATALOGUE,
            "state": SourceState.ARCHIVE,
        },
    )
    listed = catalogue.sources()
    for row in listed:
        source, _ = Source.objects.get_or_create(
            slug=row.slug,
            defaults={
                "name": row.name,
                "publisher": row.publisher,
                "publisher_kind": row.publisher_kind,
                "provider_id": providers.get(row.provider),
                "organisation_id": organisations.get(row.organisation),
                "url": row.url,
                "lists_only_open": row.lists_only_open,
                "interval": timedelta(seconds=row.poll_seconds),
            },
        )
        Feed.objects.get_or_create(source=source, defaults={"kind": row.kind, "url": row.url})
    return len(listed)


def load_page_sources(pages: Iterable[catalogue.CitedPage]) -> None:
    """A source for each host that a cited page stands on: an archive, never polled."""
    rows = {}
    for page in pages:
        host = host_of(page.url)
        rows[host] = Source(
            slug=f"page-{host.replace('.', '-')}",
            name=host,
            publisher=publisher_of(page.url),
            publisher_kind=PAGE_PUBLISHERS.get(page.kind, PublisherKind.PRESS),
            state=SourceState.ARCHIVE,
        )
    Source.objects.bulk_create(rows.values(), ignore_conflicts=True)


def load_reports() -> tuple[int, int]:
    """Outages as reports, and a stub for each cited page that nobody has read; how many of each."""
    outages = catalogue.outages()
    listed = listed_pages(outages)
    names = dict(Organisation.objects.values_list("slug", "name"))
    pages = {
        stub.key: (stub, page) for outage in outages for page in outage.sources if (stub := stub_of(page))
    }
    read = set(Report.objects.filter(key__in=pages, is_read=True).values_list("key", flat=True))
    load_page_sources(page for _, page in pages.values())
    with transaction.atomic():
        touched: set[str] = set()
        for key, (stub, _) in pages.items():
            if key not in read:
                touched |= Report.objects.keep([stub])
        for outage in outages:
            touched |= Report.objects.keep([report_of(outage, names, listed)])
        link(touched)
    return len(outages), len(pages)


def load() -> Loaded:
    organisations = load_names()
    dependencies = load_dependencies()
    sources = load_sources()
    outages, pages = load_reports()
    return Loaded(organisations, dependencies, sources, outages, pages)
