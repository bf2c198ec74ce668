"""status.aws.amazon.com/data.json, served until April 2023: {"archive": […], "current": […]}, posts in HTML.

An item has no id, and its `date` (when AWS posted, later than the start, so a bound only) shifts by up to
eight hours when the event moves from `current` to `archive`; so the key is the service's slug with a hash of
the first update, which stays while "[RESOLVED]" comes before the title and updates are added. The hash
takes in the printed clock, for the same sentence comes back in later outages. Stamps have a clock and a
literal PST or PDT, a date only once the event passed midnight, never a year. The clock alone names a post,
for AWS takes posts back and puts others in their place. The list is no history: it flapped between 483 and
98 events for a week in 2022, and some events stand in it twice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from hashlib import sha256
from html import unescape
from typing import Any

from ingest.entries import Entry, EntryPost, Reading
from ingest.errors import ParseError
from ingest.facts import graded, reached, stated, stated_time, without_repeats
from ingest.kinds import Context, Kind, read_each
from ingest.parsing import parse_json, text_in
from ingest.publishers.aws import SEVERITIES, place_and_service, without_prefixes
from ingest.stamps import from_epoch, hour_of, month_of, nearest_year, zones_of
from ingest.text import plain_text
from nlp.document import DocumentKind, Fact, Field, Phase, Severity

PAGE = "https://status.aws.amazon.com/"
STAMP_TAG = re.compile(r'<span class="?yellowfg"?>([^<]*)</span>')
STAMP = re.compile(
    r"(?:(?P<month>[A-Z][a-z]{2,8})\s+(?P<day>\d{1,2}),\s*)?(?P<clock>\d{1,2}:\d\d\s+[AP]M)\s+(?P<zone>P[SD]T)"
)
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A printed time: the day only once the event passed midnight."""

    clock: str
    hour: int
    minute: int
    zone: tzinfo
    month_and_day: tuple[int, int] | None


def parse(body: bytes, context: Context) -> Reading:
    lists = parse_json(body)
    if not isinstance(lists, dict) or not {"archive", "current"} & lists.keys():
        raise ParseError("aws-data-json: neither `archive` nor `current`")
    items = (
        (f"{name}[{i}]", (name, item))
        for name in ("current", "archive")
        for i, item in enumerate(lists.get(name, ()))
    )
    return read_each(items, to_entry)


def to_entry(named: tuple[str, dict[str, Any]]) -> Entry:
    name, item = named
    posts = tuple(to_posts(item["description"], from_epoch(item["date"])))
    first = f"{posts[0].ref} {' '.join(posts[0].text.split())}"
    _, title, is_resolved = without_prefixes(plain_text(item["summary"]))
    return Entry(
        key=f"aws-data:{text_in(item, 'service')}:{sha256(first.encode()).hexdigest()[:16]}",
        url=PAGE,
        title=title,
        posts=posts,
        raw=json.dumps({"archive": [], "current": []} | {name: [item]}),
        document_kind=DocumentKind.PROVIDER_STATUS,
        facts=without_repeats(facts_of(item, posts, is_resolved=is_resolved)),
        published_at=posts[0].said_at,
        modified_at=posts[-1].said_at,
    )


def to_posts(description: str, posted_at: datetime) -> Iterator[EntryPost]:
    """The posts of an item, oldest first as they stand in it."""
    _, *parts = STAMP_TAG.split(description)
    if not parts:
        raise ValueError("no stamped update in the description")
    stamps = [to_stamp(unescape(text)) for text in parts[::2]]
    times = said_times(stamps, posted_at)
    for stamp, at, markup in zip(stamps, times, parts[1::2], strict=True):
        yield EntryPost(ref=stamp.clock, text=plain_text(markup), said_at=at)


def to_stamp(text: str) -> Stamp:
    found = STAMP.search(text)
    if not found:
        raise ValueError(f"not a stamp: {text!r}")
    clock, half = found["clock"].split()
    hour, minute = map(int, clock.split(":"))
    day = (month_of(found["month"]), int(found["day"])) if found["month"] else None
    return Stamp(f"{clock} {half}", hour_of(hour, half), minute, zones_of(found["zone"])[0], day)


def said_times(stamps: list[Stamp], posted_at: datetime) -> list[datetime]:
    """When each post was said: the first lies nearest to the item's date, each other after the one before."""
    times = [near(stamps[0], posted_at)]
    for stamp in stamps[1:]:
        at = on_its_day(stamp, times[-1])
        times.append(at + A_DAY if at < times[-1] and not stamp.month_and_day else at)
    return [at.astimezone(posted_at.tzinfo) for at in times]


def near(stamp: Stamp, moment: datetime) -> datetime:
    """The stamp's time on its own day, else on whichever day brings it nearest to the moment."""
    at = on_its_day(stamp, moment)
    if stamp.month_and_day:
        return at
    return min((at - A_DAY, at, at + A_DAY), key=lambda other: abs(other - moment))


def on_its_day(stamp: Stamp, moment: datetime) -> datetime:
    """The stamp's time on the day that it prints, else on the moment's."""
    local = moment.astimezone(stamp.zone)
    if stamp.month_and_day:
        day = nearest_year(*stamp.month_and_day, near=local.date())
        local = local.replace(year=day.year, month=day.month, day=day.day)
    return local.replace(hour=stamp.hour, minute=stamp.minute, second=0, microsecond=0)


def facts_of(item: dict[str, Any], posts: tuple[EntryPost, ...], *, is_resolved: bool) -> Iterator[Fact]:
    yield stated(Field.PROVIDER, "aws", "")
    yield from place_and_service(item["service"], item["service_name"], path="service")
    if posts[0].said_at:
        yield stated_time(Field.NOT_BEFORE, posts[0].said_at, "description")
    code = str(item["status"])
    yield from graded(*SEVERITIES.get(code, (Severity.UNKNOWN, code)), "status")
    if is_resolved:
        yield reached(Phase.RESOLVED, "summary")


KIND = Kind("aws-data-json", parse)
