"""All AWS events and Google incidents of the real copies, in random orders: one partition, the same values.

The suite plays a sample in few orders; `make soak` plays all of them in ten.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from incidents.clustering import Node, fits
from incidents.linking import link
from incidents.models import Account, Claim, Impact, Incident, Pair, Report
from incidents.reports import NewReport
from incidents.showing import COLUMNS
from ingest.drawing import Revision, Voice, states
from ingest.kinds import Context, all_kinds
from nlp.document import Field
from nlp.extraction import extract
from tests.factories import make_provider, make_source

pytestmark = [pytest.mark.shared, pytest.mark.django_db]
ORDERS = int(os.environ.get("REAL_ORDERS", "2"))
SAMPLE = int(os.environ.get("REAL_SAMPLE", "250"))
"""Reports of each provider; 0: all."""
AT = datetime(2026, 1, 1, tzinfo=UTC)
COPIES = (
    ("aws", "aws-data-json", "feeds/aws/data_2016-2023.json", 784),
    ("gcp", "gcp-incidents-json", "feeds/gcp/incidents_2019-2024.json", 1020),
)
LARGE = (("aws", date(2020, 11, 25)), ("aws", date(2021, 12, 7)))
"""Days of outages that the provider reported in many items: one incident each."""
MANY = 10
WIDTHS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}


@dataclass(frozen=True)
class Drawn:
    """A record: which accounts are one incident, and what is shown of each."""

    partition: frozenset[frozenset[str]]
    shown: dict[frozenset[str], dict[str, Any]]


def reports_of(shared: Path) -> list[list[NewReport]]:
    """Every item as a report of one state; of the first ones of each provider and of the large days."""
    found: list[list[NewReport]] = []
    for provider, kind, name, items in COPIES:
        make_provider(provider)
        make_source(f"{provider}-copy", provider=provider)
        body = (shared / name).read_bytes()
        reading = all_kinds()[kind].read(body, Context(provider, "", provider=provider, organisation=""))
        doubled = [item for item in reading.unusable if item.reason.startswith("listed twice")]
        assert len(reading.entries) + len(doubled) == items
        voice = Voice(f"{provider}-copy", provider)
        told = [
            states(entry.key, [Revision(entry, kind, voice, AT)], extract)
            for entry in chosen(provider, reading.entries)
        ]
        found += told
    return found


def chosen(provider: str, entries: Sequence[Any]) -> Iterable[Any]:
    if not SAMPLE:
        return entries
    days = {day for owner, day in LARGE if owner == provider}
    return [entry for n, entry in enumerate(entries) if n < SAMPLE or days & days_of(entry)]


def days_of(entry: Any) -> set[date]:
    said = {post.said_at.date() for post in entry.posts if post.said_at}
    return said | ({entry.published_at.date()} if entry.published_at else set())


def play(reports: list[list[NewReport]], random: Random) -> Drawn:
    """Reports arrive by handfuls of any size, in this order; each handful is linked before the next."""
    Incident.objects.update(shown_as=None)
    for table in (Impact, Pair, Claim, Incident, Report):
        table.objects.all().delete()  # type: ignore[attr-defined]
    waiting = random.sample(reports, len(reports))
    while waiting:
        size = random.choice((1, 2, 5, 40, 200))
        handful, waiting = waiting[:size], waiting[size:]
        link(Report.objects.keep_all(handful))
    return drawn()


def drawn() -> Drawn:
    homes: dict[int, set[str]] = {}
    for key, home in Account.objects.exclude(incident=None).values_list("key", "incident_id"):
        homes.setdefault(home, set()).add(key)
    rows = {row.pop("id"): row for row in Incident.objects.live().values("id", "owner", "hit", *COLUMNS)}
    assert rows.keys() == homes.keys()
    shown = {frozenset(keys): rows[pk] for pk, keys in homes.items()}
    return Drawn(frozenset(shown), shown)


def test_any_order_gives_the_same_incidents_with_the_same_values_and_all_of_them_are_sound(
    shared: Path,
) -> None:
    reports = reports_of(shared)
    first = play(reports, Random(0))
    for seed in range(1, ORDERS):
        other = play(reports, Random(seed))
        assert other.partition == first.partition, f"order {seed}"
        assert other.shown == first.shown, f"order {seed}"
    check_spans(first)
    check_large_days(first)
    check_google(first, sum(1 for [report] in reports if report.key.startswith("gcp:")))


def check_spans(record: Drawn) -> None:
    """Within what its reports tell, from and to moments that one of them states, none beyond the bound."""
    accounts = {row.key: row for row in Account.objects.all()}
    stated: dict[str, dict[str, set[str]]] = {}
    times = Claim.objects.filter(field__in=[Field.STARTED_AT, Field.ENDED_AT, Field.NOT_BEFORE])
    for account, field, value in times.values_list("account__key", "field", "value"):
        stated.setdefault(account, {}).setdefault(field, set()).add(value)
    for keys, shown in record.shown.items():
        windows = [accounts[key].window for key in keys if accounts[key].window]
        nodes = [
            Node(key, accounts[key].is_strong, accounts[key].window.lower, accounts[key].window.upper)
            for key in keys
            if accounts[key].window
        ]
        assert fits(nodes), f"{sorted(keys)} are further apart than the bound"
        lower, upper = min(one.lower for one in windows), max(one.upper for one in windows)
        start, end = shown["started_at"], shown["ended_at"]
        if start:
            said = {at for key in keys for at in stated.get(key, {}).get("started_at", ())}
            # Known only to be no later than the first word of it, or than its end where that is earlier.
            latest = ("not_before", "ended_at")
            bounds = {at for key in keys for name in latest for at in stated.get(key, {}).get(name, ())}
            assert lower <= start <= upper
            assert start.isoformat() in (bounds if shown["start_is_bound"] else said), sorted(keys)
        if shown["end_state"] == "known":
            ends = {at for key in keys for at in stated.get(key, {}).get("ended_at", ())}
            assert end.isoformat() in ends, sorted(keys)
            assert end <= upper + WIDTHS[shown["end_precision"]], sorted(keys)


def check_large_days(record: Drawn) -> None:
    for owner, day in LARGE:
        found = [
            shown
            for shown in record.shown.values()
            if shown["owner"] == f"provider:{owner}"
            and shown["started_at"]
            and shown["started_at"].date() == day
            and "aws:us-east-1" in shown["regions"]
            and shown["report_count"] > 1
        ]
        assert len(found) == 1, f"{day}: {[(one['title'], one['report_count']) for one in found]}"
        assert len(found[0]["services"]) >= MANY, f"{day}: {found[0]['services']}"


def check_google(record: Drawn, ids: int) -> None:
    """Of Google's ids, which it numbers apart, at most one in a hundred is joined to another: printed why."""
    joined = [keys for keys in record.partition if len(keys) > 1 and any(k.startswith("gcp:") for k in keys)]
    for keys in joined:
        reasons = Pair.objects.filter(answer="yes", a__key__in=keys, b__key__in=keys)
        print(sorted(keys), [list(pair.reasons) for pair in reasons])
        assert reasons.exists()
    assert sum(len(keys) - 1 for keys in joined) <= ids / 100
    print(f"{ids} Google ids, {sum(len(keys) - 1 for keys in joined)} joined to another")
    print(f"{len(record.partition)} incidents, {sum(map(len, record.partition))} accounts placed")
