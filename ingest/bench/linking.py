"""What one arriving report costs in a small record and in a large one, and what drawing all again costs.

Near constant and near linear are what the ratios should say: the floor of an arrival is keeping the report
without linking it, the floor of a `relink` is reading every account's profile. A record is brought to its
size by keeping reports in bulk and drawing them once from scratch: fed one by one the largest would take
half an hour.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count

from django.db import connection

from incidents.linking import link
from incidents.models import Account, Provider, Report, Source
from incidents.models.choices import PublisherKind
from incidents.relinking import relink
from incidents.reports import NewAccount, NewPost, NewReport
from ingest.bench import Row
from ingest.bench.flow import empty
from nlp.document import DocumentKind, EntityKind, Evidence, Fact, Field, Origin, Precision, Relevance
from nlp.vocabulary import load_terms

SIZES = (1_000, 10_000, 100_000)
QUICK = 1_000
"""Up to this size `relink` is measured several times."""
POSTS = 3
"""Reports of one event, one a post."""
APART = timedelta(minutes=25)
CHUNK = 1_000
FIRST = datetime(2011, 1, 1, tzinfo=UTC)
PROVIDERS = ("aws", "azure", "gcp")
SERVICES = ("compute", "storage", "database", "queue", "functions", "names", "network")
EVERY = timedelta(minutes=80)
"""100,000 reports are fifteen years of three providers."""


def rows() -> Iterator[Row]:
    for slug in PROVIDERS:
        provider, _ = Provider.objects.get_or_create(slug=slug, defaults={"name": slug})
        Source.objects.create(
            slug=f"bench-{slug}",
            name=slug,
            publisher=slug,
            publisher_kind=PublisherKind.PROVIDER,
            provider=provider,
        )
    arriving = count(max(SIZES))
    for size in SIZES:
        fill(size)
        yield Row(
            f"one arriving report at {size:,}",
            "keeping it unlinked",
            lambda size=size: link(keep(report(next(arriving), among=size))),  # type: ignore[misc]
            lambda size=size: keep(report(next(arriving), among=size)),  # type: ignore[misc]
        )
        yield Row(
            f"relink at {size:,}",
            "reading all profiles",
            lambda: relink(apply=False),
            read_profiles,
            most_rounds=None if size <= QUICK else 1,
        )
    empty()


def fill(size: int) -> None:
    """Bring the record to that many reports."""
    have = Report.objects.count()
    for first in range(have, size, CHUNK):
        Report.objects.keep_all([report(number)] for number in range(first, min(first + CHUNK, size)))
    relink(apply=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def keep(new: NewReport) -> set[str]:
    return Report.objects.keep([new])


def read_profiles() -> None:
    list(Account.objects.values_list("profile", flat=True))


def report(number: int, among: int = 0) -> NewReport:
    """The report of that number; `among` puts it at a day that a record of that size covers."""
    event, post = divmod(number * 7919 % among if among else number, POSTS)
    at = FIRST + EVERY * POSTS * event + APART * post
    provider = PROVIDERS[event % len(PROVIDERS)]
    places = regions(provider)
    region, service = places[event % len(places)], SERVICES[event % len(SERVICES)]
    text = f"We are investigating increased error rates of {service} in {region}."
    return NewReport(
        key=f"bench:{number}",
        source=f"bench-{provider}",
        kind=DocumentKind.PROVIDER_STATUS,
        url="",
        title=f"Increased error rates of {service}",
        posts=(NewPost(ref="1", text=text, said_at=at, seen_at=at),),
        accounts=(
            NewAccount(
                slot="",
                is_strong=True,
                relevance=Relevance.PROVIDER_INCIDENT,
                provider=provider,
                facts=(
                    fact(Field.REGION, region),
                    fact(Field.SERVICE, f"{provider}:{service}"),
                    fact(
                        Field.STARTED_AT, at.isoformat(), key=at.isoformat()[:16], precision=Precision.MINUTE
                    ),
                ),
            ),
        ),
        captured_at=at,
        published_at=at,
    )


@cache
def regions(provider: str) -> list[str]:
    terms = load_terms()
    return [term.slug for term in terms if term.kind is EntityKind.REGION and term.provider == provider]


def fact(what: Field, value: str, *, key: str = "", precision: Precision | None = None) -> Fact:
    return Fact(
        field=what,
        value=value,
        key=key or value,
        evidence=Evidence(path=str(what)),
        rule="bench",
        origin=Origin.STRUCTURED,
        precision=precision,
    )
