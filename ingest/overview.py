"""What the pages of /sources/ show of a source, worked out before a template sees it: plain and frozen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.urls import reverse

from incidents.choices import SourceState
from ingest.health import CAN_BE_SEEN, MOVED_AFTER
from ingest.models import Check, Feed

STRIP = 48  # checks in the strip of a row
MISSED = 3  # intervals without a reading after which a source is blind
QUIET_FOR = timedelta(days=90)

WORDS = {
    SourceState.ANSWERS: "answers",
    SourceState.UNCHANGED: "unchanged",
    SourceState.EMPTY: "empty",
    SourceState.UNREADABLE: "unreadable",
    SourceState.UNREACHABLE: "unreachable",
    SourceState.BLOCKED: "blocked",
    SourceState.DISABLED: "switched off",
    SourceState.NEVER_READ: "never read",
    SourceState.ARCHIVE: "archive",
}
TONES = dict.fromkeys(WORDS, "trouble") | {
    SourceState.ANSWERS: "seen",
    SourceState.UNCHANGED: "seen",
    SourceState.EMPTY: "doubtful",
    SourceState.NEVER_READ: "idle",
    SourceState.ARCHIVE: "idle",
    SourceState.DISABLED: "idle",
}


@dataclass(frozen=True, slots=True)
class Ago:
    """A time with how long ago it was, or how soon it will be."""

    at: datetime
    text: str

    @property
    def iso(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%M:%SZ}"

    @property
    def full(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} UTC"


@dataclass(frozen=True, slots=True)
class Tick:
    """One check in a strip: where it is drawn, how it ended, and what it says when it is pointed at."""

    x: int
    tone: str
    text: str


@dataclass(frozen=True, slots=True)
class SourceRow:
    slug: str
    url: str
    name: str
    publisher: str
    kind: str
    address: str
    state: str
    tone: str
    reason: str
    warning: str
    last_read: Ago | None
    last_changed: Ago | None
    next_run: Ago | None
    latency: str
    items: int
    failures: int
    interval: str
    strip: tuple[Tick, ...]
    strip_says: str


def source_rows(feeds: Sequence[Feed], now: datetime) -> list[SourceRow]:
    """A row for each feed, those in trouble first."""
    strips = newest_checks([feed.pk for feed in feeds])
    rows = [source_row(feed, strips[feed.pk], now) for feed in feeds]
    order = {"trouble": 0, "doubtful": 1, "seen": 2, "idle": 3}
    return sorted(rows, key=lambda row: (order[row.tone], not row.warning, row.slug))


def newest_checks(feeds: Iterable[int]) -> dict[int, list[Check]]:
    """The last checks of each feed, oldest first: one query for all."""
    ranked = Check.objects.filter(feed__in=feeds).annotate(
        turn=Window(RowNumber(), partition_by=F("feed"), order_by=[F("at").desc(), F("pk").desc()])
    )
    found: dict[int, list[Check]] = defaultdict(list)
    for check in ranked.filter(turn__lte=STRIP).order_by("at", "pk"):
        found[check.feed_id].append(check)
    return found


def source_row(feed: Feed, checks: Sequence[Check], now: datetime) -> SourceRow:
    source = feed.source
    state = SourceState(source.state)
    ticks = strip(checks)
    return SourceRow(
        slug=source.slug,
        url=reverse("ingest:source", args=[source.slug]),
        name=source.name,
        publisher=source.publisher,
        kind=feed.kind,
        address=feed.url,
        state=WORDS[state],
        tone=TONES[state],
        reason=source.state_reason,
        warning=warning(feed, now),
        last_read=ago(source.last_read_at, now),
        last_changed=ago(source.last_changed_at, now),
        next_run=next_run(feed, now),
        latency=f"{feed.latency.total_seconds():.2f} s" if feed.latency is not None else "",
        items=feed.item_count,
        failures=feed.failures,
        interval=span(feed.interval) if feed.url else "",
        strip=ticks,
        strip_says=strip_says(ticks),
    )


def next_run(feed: Feed, now: datetime) -> Ago | None:
    """None for what nobody will ask again."""
    if not feed.url or not feed.is_enabled:
        return None
    if feed.due_at is None or feed.due_at <= now:
        return Ago(feed.due_at or now, "due")
    return ago(feed.due_at, now)


def warning(feed: Feed, now: datetime) -> str:
    """What is odd about a source beside its state."""
    source = feed.source
    if not feed.url or not feed.is_enabled:
        return ""
    if source.state == SourceState.EMPTY and feed.had_items_at:
        return f"listed items until {feed.had_items_at:%Y-%m-%d %H:%M} and none since: no all-clear"
    if source.last_read_at and now - source.last_read_at > MISSED * feed.interval:
        return f"not seen for {span(now - source.last_read_at)}: what it would show now is unknown"
    if feed.moved_to and feed.moved_since and now - feed.moved_since > MOVED_AFTER + feed.interval:
        return f"leads to {feed.moved_to}, the address of another source: keep one of the two"
    if feed.moved_to:
        return f"has moved: every request is redirected to {feed.moved_to}"
    if source.last_changed_at and now - source.last_changed_at > QUIET_FOR:
        return f"nothing new for {span(now - source.last_changed_at)}: is it still kept up?"
    return ""


def strip(checks: Sequence[Check]) -> tuple[Tick, ...]:
    first = STRIP - len(checks)
    return tuple(
        Tick(
            x=4 * (first + number),
            tone=tick_tone(check),
            text=f"{check.at:%Y-%m-%d %H:%M} UTC: {check.reason or told(check)}",
        )
        for number, check in enumerate(checks)
    )


def tick_tone(check: Check) -> str:
    if check.failure:
        return "failed"
    if check.state not in CAN_BE_SEEN:
        return "doubtful"
    return "changed" if check.new or check.changed else "same"


def told(check: Check) -> str:
    if check.new or check.changed:
        return f"{check.new} new, {check.changed} changed"
    return WORDS[SourceState(check.state)]


def strip_says(ticks: Sequence[Tick]) -> str:
    if not ticks:
        return "not read yet"
    failed = sum(tick.tone == "failed" for tick in ticks)
    return (
        f"of the last {len(ticks)} checks {failed} failed"
        if failed
        else f"the last {len(ticks)} checks went well"
    )


def ago(at: datetime | None, now: datetime) -> Ago | None:
    if at is None:
        return None
    if abs(now - at) < timedelta(seconds=1):
        return Ago(at, "now")
    return Ago(at, f"{span(now - at)} ago" if at < now else f"in {span(at - now)}")


def span(length: timedelta) -> str:
    """One unit: 40 s, 12 min, 5 h, 3 d."""
    seconds = int(length.total_seconds())
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size * 2 or (seconds >= size and seconds % size < size // 20):
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
