"""What pages cost with 100,000 incidents and 1,000,000 posts, beside what no page can do without.

The floor of a page is its own template, rendered through the same middleware with the rows of an earlier
answer, and then its own statements, executed bare. What is left is what our code does with the rows.
"""

from __future__ import annotations

import gzip
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from incidents.atom import as_atom
from incidents.making import make_record
from incidents.models import Incident, Organisation, Region
from incidents.refreshing import refresh
from incidents.views import feeds
from ingest.bench import Fact, Row
from ingest.bench.floors import execute_bare, uncollected_files

SMALL, LARGE = (10_000, 100_000), (100_000, 1_000_000)
"""Incidents and posts."""
OVERHEAD = 1 / 1.5
GROWTH = 1 / 1.3
WARM = 0.85
TIMES = 40
QUICK, SLOW = 100, 250
"""Milliseconds, at the 95th percentile: of lists, incidents and the search; of the widest pictures."""
LARGEST_PICTURE = 300  # kB, compressed
ASIDE = "small_record"
WORDS = ("dns", "errors", "us-east-1 networking", '"elevated error rates"', "coinbase", "power", "storage")


@dataclass(frozen=True, slots=True)
class Page:
    """`limit` is of its 95th percentile, in milliseconds, over its addresses."""

    name: str
    addresses: Sequence[str]
    limit: int = QUICK
    is_picture: bool = False
    """It draws all that began in the same time: of ten times the record ten times as much."""


def rows() -> Iterator[Row | Fact]:
    with uncollected_files():
        yield from measured()


def measured() -> Iterator[Row | Fact]:
    call_command("load_vocabulary", verbosity=0)
    call_command("load_catalogue", verbosity=0)
    make_record(*SMALL)
    refresh()
    keep_aside()
    make_record(*LARGE)
    refresh()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    client = Client(SERVER_NAME="127.0.0.1")
    pages = all_pages()
    for page in pages:
        yield beside_its_rows(client, page)
    for page in pages:
        yield Fact(f"{page.name}, p95", p95(client, page.addresses), "ms", most=page.limit)
    for page in pages:
        if not page.is_picture:
            yield beside_the_small(client, page)
    yield warm(client, "/timeline/")
    yield Fact("the whole timeline, compressed", compressed(client, "/timeline/"), "kB", most=LARGEST_PICTURE)
    forget_aside()


def all_pages() -> list[Page]:
    incidents = Incident.objects.live().exclude(hit=[]).order_by("?")[:TIMES]
    regions = Region.objects.filter(provider__slug__in=["aws", "gcp"]).order_by("?")[:TIMES]
    hit = Organisation.objects.filter(impacts__isnull=False).distinct().order_by("slug")[:TIMES]
    return [
        Page("home", ["/"]),
        Page(
            "list of incidents", ["/incidents/", "/incidents/?severity=critical", "/incidents/?provider=gcp"]
        ),
        Page("incident", [incident.get_absolute_url() for incident in incidents]),
        Page("region", ["/regions/aws:us-east-1/", *(region.get_absolute_url() for region in regions)]),
        Page("provider", ["/providers/aws/", "/providers/gcp/", "/providers/azure/"]),
        Page("organisation", [organisation.get_absolute_url() for organisation in hit]),
        Page("search", [f"/search/?q={words}" for words in WORDS]),
        Page("feed", ["/incidents/feed.atom", "/incidents/feed.atom?provider=aws"]),
        Page("timeline of all years", ["/timeline/?since=2011&until=2026"], SLOW, is_picture=True),
        Page("timeline of two weeks", ["/timeline/?since=2025-10-16&until=2025-10-31"], is_picture=True),
        Page("insights", ["/insights/"], SLOW, is_picture=True),
    ]


def get(client: Client, address: str) -> Any:
    answer = client.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    return answer


def beside_its_rows(client: Client, page: Page) -> Row:
    address = page.addresses[0]
    return Row(
        page.name,
        "its template with constant rows, and its statements bare",
        lambda: get(client, address),
        floor_of(client, address),
        least=OVERHEAD,
    )


def floor_of(client: Client, address: str) -> Callable[[], object]:
    """The template and the statements of this page, both as an earlier answer had them."""
    get(client, address)
    with CaptureQueriesContext(connection) as captured, written() as parts:
        get(client, address)
    statements = [query["sql"] for query in captured.captured_queries]

    def constant(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponse("".join([part(request) for part in parts]))

    pattern = pattern_of(address)

    def run() -> None:
        with answered_by(pattern, constant):
            get(client, address)
        execute_bare(statements)

    run()
    return run


@contextmanager
def written() -> Iterator[list[Callable[[HttpRequest], str]]]:
    """What writes the answers that views give meanwhile, with what they were written from.

    A feed has no template: its XML is written from entries, and to write it from the same entries again is
    its floor as a template with the same rows is a page's.
    """
    found: list[Callable[[HttpRequest], str]] = []
    render, atom = loader.render_to_string, as_atom

    def noting_template(name: Any, context: Any = None, request: Any = None, using: Any = None) -> Any:
        found.append(lambda asked: render(name, context, asked, using))
        return render(name, context, request, using)

    def noting_feed(*given: Any, **named: Any) -> str:
        found.append(lambda asked: atom(*given, **named))
        return atom(*given, **named)

    with (
        patch.object(loader, "render_to_string", noting_template),
        patch.object(feeds, "as_atom", noting_feed),
    ):
        yield found


def pattern_of(address: str) -> URLPattern:
    """The pattern that this address meets."""
    wanted = resolve(address.partition("?")[0])

    def within(patterns: list[URLPattern | URLResolver]) -> URLPattern | None:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                if found := within(pattern.url_patterns):
                    return found
            elif pattern.callback is wanted.func and pattern.name == wanted.url_name:
                return pattern
        return None

    found = within(get_resolver().url_patterns)
    assert found is not None, address
    return found


@contextmanager
def answered_by(pattern: URLPattern, view: Callable[..., HttpResponse]) -> Iterator[None]:
    usual, pattern.callback = pattern.callback, view
    try:
        yield
    finally:
        pattern.callback = usual


def p95(client: Client, addresses: Sequence[str]) -> float:
    taken = []
    for number in range(max(TIMES, len(addresses))):
        began = time.perf_counter()
        get(client, addresses[number % len(addresses)])
        taken.append(1000 * (time.perf_counter() - began))
    return statistics.quantiles(taken, n=20)[-1]


def keep_aside() -> None:
    """Copy the record as it stands, so that both sizes can be asked in turn."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {ASIDE}")
        names = connection.introspection.table_names(cursor)
        for table in (name for name in names if name.startswith("incidents_")):
            cursor.execute(f"CREATE TABLE {ASIDE}.{table} (LIKE public.{table} INCLUDING ALL)")
            cursor.execute(
                f"INSERT INTO {ASIDE}.{table} OVERRIDING SYSTEM VALUE SELECT * FROM public.{table}"
            )


def forget_aside() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA {ASIDE} CASCADE")


def look_at(schema: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET search_path TO {schema}, public")


def beside_the_small(client: Client, page: Page) -> Row:
    """The same page of a tenth of the record is the floor."""
    address = page.addresses[0]
    if page.name == "incident":
        slug = Incident.objects.live().filter(pk__lt=10_000_000).exclude(hit=[]).order_by("pk")[0]
        address = slug.get_absolute_url()
    return Row(
        f"{page.name}: {LARGE[0]:,} incidents",
        f"{SMALL[0]:,} incidents",
        lambda: get(client, address),
        lambda: get(client, address),
        before=lambda: look_at("public"),
        before_floor=lambda: look_at(ASIDE),
        least=GROWTH,
    )


def warm(client: Client, address: str) -> Row:
    """A page that has not changed beside a view that only greets, both through all of our middleware."""
    look_at("public")
    settings.RECORD_VERSION_SECONDS = 1.0
    tag = get(client, address)["ETag"]
    pattern = pattern_of(address)

    def unchanged() -> None:
        for _ in range(TIMES):
            assert client.get(address, headers={"If-None-Match": tag}).status_code == 304

    def greeting() -> None:
        with answered_by(pattern, lambda request: HttpResponse("hello")):
            for _ in range(TIMES):
                get(client, address)

    return Row("an unchanged page (304)", "a view that says hello", unchanged, greeting, least=WARM)


def compressed(client: Client, address: str) -> float:
    return len(gzip.compress(get(client, address).content)) / 1000
