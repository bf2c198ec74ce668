"""Reading again what is stored, after a rule improved: what would change is told before it is applied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice

from django.db import transaction
from django.db.models import QuerySet

from incidents.models import Claim, Report
from incidents.renaming import forget_reports
from ingest.errors import ParseError
from ingest.identity import items_of
from ingest.models import Feed, Item, Payload, RawItem
from ingest.processing import BATCH, draw
from ingest.storing import hash_of, revisions_among, storable, store, wait
from ingest.voices import read


@dataclass(frozen=True, slots=True)
class Difference:
    """What reading one report again changes: claims it makes now, and claims it makes no more."""

    key: str
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


@dataclass(slots=True)
class Reread:
    """What the present parser makes of one stored body, against what was stored of it."""

    name: str
    gained: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    trouble: str = ""

    @property
    def is_change(self) -> bool:
        return bool(self.gained or self.lost)


@contextmanager
def tried(*, apply: bool) -> Iterator[None]:
    """One transaction, undone at the end unless it is to be applied."""
    with transaction.atomic():
        yield
        if not apply:
            transaction.set_rollback(True)


def reextract(items: QuerySet[Item], *, apply: bool) -> Iterator[Difference]:
    """Draw items again with the present extractor and linker, batch by batch; those that change."""
    ids = iter(list(items.order_by("pk").values_list("pk", flat=True)))
    while batch := list(islice(ids, BATCH)):
        rows = list(Item.objects.filter(pk__in=batch).order_by("pk"))
        keys = [item.key for item in rows]
        with tried(apply=apply):
            before = claims_of(keys)
            draw(rows)
            after = claims_of(keys)
        yield from differences(keys, before, after)


def claims_of(keys: Iterable[str]) -> dict[str, Counter[str]]:
    """The standing claims of each report, as text."""
    found: dict[str, Counter[str]] = {key: Counter() for key in keys}
    rows = Claim.objects.current().filter(account__report__key__in=found)
    for report, account, subject, name, key in rows.values_list(
        "account__report__key", "account__slot", "subject", "field", "key"
    ):
        found[report][" ".join(filter(None, [account, subject, name, "=", key]))] += 1
    return found


def differences(
    keys: Iterable[str], before: dict[str, Counter[str]], after: dict[str, Counter[str]]
) -> Iterator[Difference]:
    for key in keys:
        gained, lost = after[key].keys() - before[key].keys(), before[key].keys() - after[key].keys()
        if gained or lost:
            yield Difference(key, tuple(sorted(gained)), tuple(sorted(lost)))


def by_field(found: Iterable[Difference]) -> list[tuple[str, int, int]]:
    """Of each field, how many claims are gained and lost."""
    gained: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    for one in found:
        gained.update(field_of(claim) for claim in one.gained)
        lost.update(field_of(claim) for claim in one.lost)
    return [(name, gained[name], lost[name]) for name in sorted({*gained, *lost})]


def field_of(claim: str) -> str:
    return claim.split(" = ")[0].split()[-1]


def reread(feed: Feed, *, apply: bool) -> Iterator[Reread]:
    """Read the stored bodies of a feed with its present parser; what they hold other than before.

    What the parser does not make of a body any more is taken out, with its report if nothing is left of it.
    """
    for payload in feed.payloads.filter(packed__isnull=False).order_by("captured_at", "pk").iterator(100):
        with tried(apply=apply):
            told = reread_one(feed, payload)
        yield told


def reread_one(feed: Feed, payload: Payload) -> Reread:
    told = Reread(f"{payload.captured_at:%Y-%m-%d %H:%M} ({payload.size} bytes)")
    try:
        reading = read(feed, payload.body or b"")
    except ParseError as error:
        told.trouble = str(error)
        return told
    items = items_of(reading.entries)
    now = {(items[entry.key].pk, hash_of(storable(entry.raw))): entry.key for entry in reading.entries}
    stale = [row for row in payload.items.select_related("item") if (row.item_id, row.raw_hash) not in now]
    known = set(revisions_among(now).values_list("item_id", "raw_hash"))
    told.gained = sorted(key for pair, key in now.items() if pair not in known)
    told.lost = sorted(row.item.key for row in stale)
    remove(stale)
    store(feed, payload.body or b"", reading, payload.captured_at)
    return told


@transaction.atomic
def wait_for_people() -> int:
    """Let the reports be drawn again whose reading somebody's word has changed; how many items wait now."""
    due = Report.objects.filter(is_due=True).order_by("pk").select_for_update()
    keys = list(due.values_list("key", flat=True))
    items = set(Item.objects.filter(key__in=keys).values_list("pk", flat=True))
    if keys:
        wait(items)
        Report.objects.filter(key__in=keys).update(is_due=False)
    return len(items)


def remove(stale: list[RawItem]) -> None:
    """Take out revisions; items of which none is left go with their reports."""
    items = {row.item_id for row in stale}
    RawItem.objects.filter(pk__in=[row.pk for row in stale]).delete()
    bare = Item.objects.filter(pk__in=items, revisions=None)
    forget_reports(bare.values_list("key", flat=True))
    bare.delete()
    wait(items)
