"""Google Cloud Service Health by Atom: one entry an update, so an item here shows some of a report's posts.

The incident's id is in the link. Entries have `updated` alone, which is the update's `created` in
incidents.json, so both name a post alike. Begin, end, products and locations stand as prose in the summary,
in US/Pacific: "Incident began at 2022-03-31 08:30 and ended at 2022-03-31 15:54".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from urllib.parse import urlsplit

from ingest.entries import Entry, EntryPost, Reading
from ingest.facts import reached, stated, stated_time, without_repeats
from ingest.kinds import Context, Kind, read_each
from ingest.naming import region, service
from ingest.parsing import FeedItem, joined, parse_feed
from ingest.stamps import PACIFIC, in_utc
from ingest.text import one_line, plain_text
from nlp.document import DocumentKind, Fact, Field, Phase

RESOLVED = "RESOLVED:"
STAMP = r"\d{4}-\d\d-\d\d \d\d:\d\d"
SPAN = re.compile(rf"Incident began at (?P<begin>{STAMP})(?: and ended at (?P<end>{STAMP}))?[^\n]*\n?")
LIST = re.compile(r"^Affected (products|locations):[ ]*(.*)$", re.MULTILINE)
CODE = re.compile(r"\(([a-z0-9-]+)\)$")


def parse(body: bytes, context: Context) -> Reading:
    feed = parse_feed(body)
    incidents: dict[str, list[FeedItem]] = {}
    for item in feed.items:
        incidents.setdefault(item.link, []).append(item)
    reading = read_each(incidents.items(), partial(to_entry, context=context))
    return replace(reading, unusable=(*feed.unusable, *reading.unusable))


def to_entry(updates: list[FeedItem], context: Context) -> Entry:
    provider = context.provider or "gcp"
    link = updates[0].link
    code = urlsplit(link).path.rpartition("/")[2]
    if not code:
        raise ValueError(f"no incident in the link {link[:100]!r}")
    posts = sorted(map(to_post, updates), key=lambda post: post.ref)
    newest = max(updates, key=moment)
    title = one_line(newest.title)
    return Entry(
        key=f"{provider}:{code}",
        url=link,
        title=title.removeprefix(RESOLVED).strip(),
        posts=tuple(posts),
        raw=joined(item.raw for item in updates),
        document_kind=DocumentKind.PROVIDER_STATUS,
        facts=without_repeats(facts_of(provider, code, title, plain_text(newest.content))),
        published_at=posts[0].said_at,
        modified_at=moment(newest),
        is_partial=True,
    )


def moment(item: FeedItem) -> datetime:
    at = item.updated_at or item.published_at
    if at is None:
        raise ValueError("an update without a time")
    return in_utc(at)


def to_post(item: FeedItem) -> EntryPost:
    """The update's own words, without the lines that every entry repeats."""
    text = LIST.sub("", SPAN.sub("", plain_text(item.content), count=1)).strip()
    return EntryPost(ref=moment(item).isoformat(), text=text, said_at=moment(item))


def facts_of(provider: str, code: str, title: str, text: str) -> Iterator[Fact]:
    yield stated(Field.PROVIDER, provider, "")
    yield stated(Field.NATIVE_ID, code, "link")
    if title.startswith(RESOLVED):
        yield reached(Phase.RESOLVED, "title")
    if span := SPAN.search(text):
        yield stated_time(Field.STARTED_AT, pacific(span["begin"]), "summary")
        if span["end"]:
            yield stated_time(Field.ENDED_AT, pacific(span["end"]), "summary")
    for what, names in LIST.findall(text):
        for name in filter(None, map(str.strip, names.split(","))):
            found = named(provider, what, name)
            if found:
                yield found


def pacific(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PACIFIC).astimezone(UTC)


def named(provider: str, what: str, name: str) -> Fact | None:
    if what == "products":
        return service(provider, name, path="summary")
    place = CODE.search(name)
    return region(provider, place[1] if place else name, path="summary")


KIND = Kind("gcp-atom", parse)
