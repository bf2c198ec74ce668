"""The JSON of an Atlassian Statuspage: its incidents, unresolved, scheduled-maintenances and summary files.

Updates stand newest first; `display_at` is the time that the page shows and may be set back, `created_at` is
when it was typed. `started_at` and `resolved_at` are the incident's own start and end; a maintenance has
`started_at` too, which there is the time of its announcement. Components and `page.updated_at` change with
every poll, so of the page only its name and address are kept beside an item. Look-alikes leave fields out or
null: what is missing is just not told, but for the id, one time, and the list of updates, without which those
that were read before would seem to be taken back.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from ingest.entries import Entry, EntryPost, Reading
from ingest.errors import ParseError
from ingest.facts import graded, stated_time, without_repeats
from ingest.kinds import Context, Kind, read_each
from ingest.naming import known, region, service
from ingest.parsing import parse_json, text_in
from ingest.publishers.statuspage import document_kind, in_order, key_of, shared_facts
from ingest.stamps import from_iso
from ingest.text import one_line, plain_text
from nlp.document import EntityKind, Fact, Field, Severity

LISTS = ("incidents", "scheduled_maintenances")
SEVERITIES = {
    severity.value: severity
    for severity in (
        Severity.CRITICAL,
        Severity.MAJOR,
        Severity.MINOR,
        Severity.NONE,
        Severity.MAINTENANCE,
    )
}


def parse(body: bytes, context: Context) -> Reading:
    page = parse_json(body)
    if not isinstance(page, dict) or not any(isinstance(page.get(name), list) for name in LISTS):
        raise ParseError("statuspage-json: neither `incidents` nor `scheduled_maintenances`")
    page_of = page.get("page") or {}
    about = {name: page_of.get(name) or "" for name in ("id", "name", "url")}
    items = ((f"{name}[{i}]", (name, item)) for name in LISTS for i, item in enumerate(page.get(name) or ()))
    return read_each(items, partial(to_entry, about=about, context=context))


def to_entry(named: tuple[str, dict[str, Any]], about: dict[str, str], context: Context) -> Entry:
    name, incident = named
    address = about["url"].rstrip("/") or "://".join(urlsplit(context.url)[:2])
    link = f"{address}/incidents/{text_in(incident, 'id')}"
    is_planned = name != "incidents" or incident.get("impact") == Severity.MAINTENANCE
    posts = in_order(map(to_post, incident["incident_updates"]))
    created_at = from_iso(incident["created_at"]) if incident.get("created_at") else None
    said = [post.said_at for post in posts if post.said_at] or [at for at in [created_at] if at]
    modified_at = from_iso(incident["updated_at"]) if incident.get("updated_at") else said[-1]
    return Entry(
        key=key_of(link, context),
        url=link,
        title=one_line(incident.get("name") or ""),
        posts=posts,
        raw=json.dumps({"page": about, name: [incident]}),
        document_kind=document_kind(context),
        facts=without_repeats(facts_of(link, incident, posts, context, is_planned=is_planned)),
        published_at=said[0] if said else modified_at,
        modified_at=modified_at,
        is_maintenance=is_planned,
    )


def to_post(update: dict[str, Any]) -> EntryPost:
    return EntryPost(
        ref="",
        text=plain_text(update.get("body") or ""),
        said_at=from_iso(update.get("display_at") or update["created_at"]).replace(microsecond=0),
        status=(update.get("status") or "").replace("_", " ").capitalize(),
    )


def facts_of(
    link: str, incident: dict[str, Any], posts: tuple[EntryPost, ...], context: Context, *, is_planned: bool
) -> Iterator[Fact]:
    statuses = [incident["status"]] if incident.get("status") else [post.status for post in posts]
    yield from shared_facts(link, statuses, context, is_planned=is_planned)
    impact = incident.get("impact") or ""
    yield from graded(SEVERITIES.get(impact, Severity.UNKNOWN), impact, "impact")
    for field, name in ((Field.STARTED_AT, "started_at"), (Field.ENDED_AT, "resolved_at")):
        if incident.get(name) and not is_planned:
            yield stated_time(field, from_iso(incident[name]), name)
    if context.provider:
        yield from components_of(incident, context.provider)


def components_of(incident: dict[str, Any], provider: str) -> Iterator[Fact]:
    """What a provider's page lists as hit: its services, and places under names of its own."""
    for i, component in enumerate(incident.get("components") or ()):
        called = component.get("name") or ""
        name = region if known(EntityKind.REGION, provider, called) else service
        if found := name(provider, called, path=f"components[{i}].name"):
            yield found


KIND = Kind("statuspage-json", parse)
