"""The history feed of an Atlassian Statuspage, RSS or Atom: an item reprints the incident, newest first.

    <p><small>Oct <var data-var='date'> 7</var>, <var data-var='time'>22:25</var> UTC</small><br>
    <strong>Resolved</strong> - text</p>

Stamps have no year: the first lies near the item's own date, each next one before it, over New Year too.
That date is the newest post's, but for a maintenance it is the planned start, which may lie ahead; Atom adds
`updated`. Zones are names, and BST and CST have two meanings: the one that agrees with the item's own date
holds. The markup varies by year and by look-alike (with and without <var>, with seconds, "March 7, 2024 ·
14:05 UTC"); pages such as Slack's have no stamps at all and are one post. "THIS IS A SCHEDULED EVENT" heads
a planned maintenance, which is no outage. Feeds hold 25 to 50 items: what is no longer listed is not gone.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, tzinfo
from functools import partial
from html import unescape

from ingest.entries import Entry, EntryPost, Reading
from ingest.facts import stated, without_repeats
from ingest.kinds import Context, Kind, read_items
from ingest.parsing import FeedItem
from ingest.publishers.statuspage import document_kind, in_order, is_maintenance, key_of, shared_facts, word
from ingest.stamps import hour_of, in_utc, last_before, month_of, nearest_year, zones_of
from ingest.text import one_line, plain_text
from nlp.document import Fact, Field, Severity

SMALL = re.compile(r"(?:<p[^<>]*>\s*)?<small>((?:[^<]|</?var[^<>]*>)*)</small>", re.IGNORECASE)
STAMP = re.compile(
    r"\s*(?P<month>[A-Za-z]{3,9})\.?\s+(?P<day>\d{1,2})(?:,\s+(?P<year>\d{4}))?\s*[,·]\s*"
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::\d\d)?\s*(?P<half>[AP]M)?\s*(?P<zone>[A-Z]{1,5}(?:[+-]\d[\d:]{0,4})?)?\s*",
    re.IGNORECASE,
)
LABEL = re.compile(r"\s*(?:<br\s*/?>\s*)?<strong>([^<]*)</strong>\s*(?:-\s*)?", re.IGNORECASE)
VAR = re.compile(r"</?var[^<>]*>", re.IGNORECASE)
SCHEDULED_EVENT = "THIS IS A SCHEDULED EVENT"
A_DAY = timedelta(days=1)
OUT_OF_ORDER = timedelta(days=60)
AN_HOUR = timedelta(hours=1)


def parse(body: bytes, context: Context) -> Reading:
    return read_items(body, partial(to_entry, context=context))


def to_entry(item: FeedItem, context: Context) -> Entry:
    link = item.link or item.guid
    posts = in_order(to_posts(item))
    is_planned = SCHEDULED_EVENT in item.content or is_maintenance(posts)
    return Entry(
        key=key_of(link, context),
        url=link,
        title=one_line(item.title),
        posts=posts,
        raw=item.raw,
        document_kind=document_kind(context),
        facts=without_repeats(facts_of(link, posts, context, is_planned=is_planned)),
        published_at=posts[0].said_at,
        modified_at=in_utc(item.updated_at) if item.updated_at else posts[-1].said_at,
        is_maintenance=is_planned,
    )


def facts_of(
    link: str, posts: tuple[EntryPost, ...], context: Context, *, is_planned: bool
) -> tuple[Fact, ...]:
    planned = stated(Field.SEVERITY, Severity.MAINTENANCE.value, "content")
    shared = shared_facts(link, (post.status for post in posts), context, is_planned=is_planned)
    return (*shared, *([planned] if is_planned else []))


def to_posts(item: FeedItem) -> list[EntryPost]:
    """The posts of an item as they stand, newest first; an item without stamps is one post."""
    stamps = [
        (match, stamp)
        for match in SMALL.finditer(item.content)
        if (stamp := STAMP.fullmatch(unescape(VAR.sub("", match[1]))))
    ]
    dated = item.published_at or item.updated_at
    if not stamps:
        return [EntryPost("whole", plain_text(item.content), in_utc(dated) if dated else None)]
    if not dated:
        raise ValueError("stamps without a year, and no date of the item")
    ends = [match.start() for match, _ in stamps[1:]] + [len(item.content)]
    labels = [LABEL.match(item.content, match.end()) for match, _ in stamps]
    times = said_times([stamp for _, stamp in stamps], dated, item, labels[0][1] if labels[0] else "")
    return [
        EntryPost(
            "",
            plain_text(item.content[label.end() if label else match.end() : end]),
            at,
            status=unescape(label[1]).strip() if label else "",
        )
        for (match, _), label, end, at in zip(stamps, labels, ends, times, strict=True)
    ]


def said_times(
    stamps: list[re.Match[str]], dated: datetime, item: FeedItem, newest_label: str
) -> list[datetime]:
    """The times of stamps as they stand. Only "Scheduled" may be said long before the item's date."""
    newest = stamps[0]
    month, day = month_of(newest["month"]), int(newest["day"])
    if word(newest_label) == "scheduled":
        latest = last_before(month, day, dated.date() + A_DAY)
    else:
        latest = nearest_year(month, day, near=dated.date())
    times = []
    for stamp in stamps:
        # Newest first, but planned steps stand between posts, and some look-alikes print the oldest first.
        latest = last_before(month_of(stamp["month"]), int(stamp["day"]), latest + OUT_OF_ORDER)
        times.append(in_utc(clock(stamp, latest, zone_of(stamp, latest, dated, item))))
    return times


def clock(stamp: re.Match[str], day: date, zone: tzinfo) -> datetime:
    hour = hour_of(int(stamp["hour"]), stamp["half"] or "")
    year = int(stamp["year"] or day.year)
    return datetime(year, day.month, day.day, hour, int(stamp["minute"]), tzinfo=zone)


def zone_of(stamp: re.Match[str], day: date, dated: datetime, item: FeedItem) -> tzinfo:
    """What the stamp's zone means: what the item's own date has, or agrees with, else the likeliest."""
    if not stamp["zone"]:
        return dated.tzinfo or zones_of("UTC")[0]
    meanings = zones_of(stamp["zone"])
    anchors = [at for at in (item.published_at, item.updated_at) if at]
    for zone in meanings:
        if any(at.utcoffset() == clock(stamp, day, zone).utcoffset() for at in anchors):
            return zone
    for zone in meanings:
        if any(abs(at - clock(stamp, day, zone)) < AN_HOUR for at in anchors):
            return zone
    return meanings[0]


KIND = Kind("statuspage-feed", parse)
