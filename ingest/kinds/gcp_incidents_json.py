"""Google Cloud Service Health: a JSON list of incidents, each with all its updates, newest first.

Also the Google Workspace dashboard. Google rewrites records for weeks: begin, end, title, services and even
the number of updates change, so `modified` orders revisions. The list is a window of a year: what is no
longer in it is not gone. Until April 2021 there was no `id`, `number` was unique only within a service, and
`uri` told incidents apart; when the schema changed the same incidents came back under new ids. `created` is
the same to the second in both, and is the alias by which they are one report; copies of the first days of
the new schema lack it, as they lack the ids of products. What "Multiple Products" were is in
`affected_products`, and where in two lists: when an incident ends, its places move to `previously_…`. Most
updates also carry places of their own. An update's `created` never changes; its `when` may be set back.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import urljoin

from ingest.entries import Entry, EntryPost, Reading
from ingest.errors import ParseError
from ingest.facts import graded, reached, stated, stated_time, without_repeats
from ingest.kinds import Context, Kind, read_each
from ingest.naming import region, service
from ingest.parsing import parse_json, text_in
from ingest.stamps import from_iso
from ingest.text import one_line, tidy
from nlp.document import DocumentKind, Fact, Field, Phase, Severity

BASE = "https://status.cloud.google.com/"
# The last old-schema copy known is of April 2021; a later incident never had another name.
TWO_SCHEMAS_UNTIL = datetime(2021, 6, 1, tzinfo=UTC)
SEVERITIES = {"high": Severity.CRITICAL, "medium": Severity.MAJOR, "low": Severity.MINOR}
NAMES_NO_SERVICE = "Multiple Products"
LOCATION_LISTS = ("currently_affected_locations", "previously_affected_locations", "affected_locations")


def parse(body: bytes, context: Context) -> Reading:
    incidents = parse_json(body)
    if not isinstance(incidents, list):
        raise ParseError("gcp-incidents-json: not a list of incidents")
    named = ((f"[{i}] {name_of(incident)}", incident) for i, incident in enumerate(incidents))
    return read_each(named, partial(to_entry, context=context))


def name_of(incident: Any) -> str:
    return str(incident.get("id") or incident.get("uri")) if isinstance(incident, dict) else "not an object"


def to_entry(incident: dict[str, Any], context: Context) -> Entry:
    provider = context.provider or "gcp"
    name = text_in(incident, "id" if "id" in incident else "uri")
    posts = sorted(map(to_post, incident["updates"]), key=lambda post: post.ref)
    created = from_iso(incident["created"]) if incident.get("created") else None
    return Entry(
        key=f"{provider}:{name}",
        url=urljoin(context.url or BASE, incident.get("uri") or f"incidents/{name}"),
        title=one_line(incident.get("external_desc") or "") or incident.get("service_name") or "",
        posts=tuple(posts),
        raw=json.dumps([incident]),
        document_kind=DocumentKind.PROVIDER_STATUS,
        facts=without_repeats(facts_of(incident, provider)),
        published_at=created or posts[0].said_at,
        modified_at=from_iso(incident["modified"]) if incident.get("modified") else posts[-1].said_at,
        aliases=(f"{provider}:created/{created.isoformat()}",)
        if created and created < TWO_SCHEMAS_UNTIL
        else (),
    )


def to_post(update: dict[str, Any]) -> EntryPost:
    return EntryPost(
        ref=from_iso(update["created"]).isoformat(),
        text=tidy(update.get("text") or ""),
        said_at=from_iso(update.get("when") or update["created"]),
        status=update.get("status") or "",
    )


def facts_of(incident: dict[str, Any], provider: str) -> Iterator[Fact]:
    yield stated(Field.PROVIDER, provider, "")
    field = "id" if "id" in incident else "uri"
    yield stated(Field.NATIVE_ID, incident[field], field)
    if incident.get("begin"):
        yield stated_time(Field.STARTED_AT, from_iso(incident["begin"]), "begin")
    if incident.get("end"):
        yield stated_time(Field.ENDED_AT, from_iso(incident["end"]), "end")
        yield reached(Phase.RESOLVED, "end")
    if word := incident.get("severity"):
        yield from graded(SEVERITIES.get(word, Severity.UNKNOWN), word, "severity")
    yield from filter(None, services_of(incident, provider))
    yield from filter(None, places_of(incident, provider, ""))
    for i, update in enumerate(incident["updates"]):
        yield from filter(None, places_of(update, provider, f"updates[{i}]."))


def services_of(incident: dict[str, Any], provider: str) -> Iterator[Fact | None]:
    for i, product in enumerate(incident.get("affected_products") or ()):
        yield service(provider, product.get("title") or "", path=f"affected_products[{i}].title")
    name = incident.get("service_name") or ""
    if name != NAMES_NO_SERVICE:
        yield service(provider, name, path="service_name")


def places_of(item: dict[str, Any], provider: str, at: str) -> Iterator[Fact | None]:
    for name in LOCATION_LISTS:
        for i, place in enumerate(item.get(name) or ()):
            yield region(provider, place.get("id") or "", path=f"{at}{name}[{i}].id")


KIND = Kind("gcp-incidents-json", parse)
