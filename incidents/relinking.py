"""The record drawn from scratch beside the present one: what would join, part or change; then applied."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from incidents.choices import PairAnswer, VerdictKind
from incidents.clustering import adjacency, component
from incidents.linking import arrange, ask, lock
from incidents.models import Account, Incident, Pair, Verdict
from incidents.showing import COLUMNS

GROUP = 2_000
"""Accounts that are clustered and drawn together, component by component."""
COMPARED = tuple(name for name in COLUMNS if name not in {"window", "shown"})


@dataclass(frozen=True, slots=True)
class Difference:
    """How a record drawn from scratch differs, by the incidents' numbers.

    `joined` leads from a number to the one that took it up, `parted` to the others that hold accounts of
    its own now, `changed` from (number, column) to the value before and after.
    """

    joined: dict[str, str] = field(default_factory=dict)
    parted: dict[str, list[str]] = field(default_factory=dict)
    changed: dict[tuple[str, str], tuple[Any, Any]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.joined or self.parted or self.changed)


@dataclass(frozen=True, slots=True)
class Snapshot:
    homes: dict[str, str]
    shown: dict[str, dict[str, Any]]


@transaction.atomic
def relink(*, apply: bool) -> Difference:
    """Answer every pair anew, cluster, number and conclude; kept only if `apply`."""
    lock()
    before = snapshot()
    draw_all()
    difference = compare(before, snapshot())
    if not apply:
        transaction.set_rollback(True)
    return difference


def draw_all() -> None:
    """As `link` does for a few accounts, for all: but the accounts are held in memory group by group."""
    now = timezone.now()
    homes = dict(Account.objects.values_list("key", "incident_id"))
    Account.objects.filter(is_gone=True).delete()
    ids = dict(Account.objects.values_list("key", "pk"))
    ask(ids.values())
    for group in groups(homes):
        stood: dict[int, set[str]] = defaultdict(set)
        for key in group:
            if home := homes[key]:
                stood[home].add(key)
        accounts = {ids[key] for key in group if key in ids}
        arrange(accounts, stood, accounts, now)


def groups(homes: Mapping[str, int | None]) -> Iterator[list[str]]:
    """The keys of all accounts, in groups that nothing connects: no answer, no person's word, no incident."""
    answered = Pair.objects.filter(answer=PairAnswer.YES).values_list("a__key", "b__key")
    ruled = Verdict.objects.standing().filter(kind=VerdictKind.SAME).values_list("a", "b")
    firsts: dict[int, str] = {}
    stood = [(firsts.setdefault(home, key), key) for key, home in homes.items() if home]
    edges = adjacency([*answered, *(pair for pair in ruled if homes.keys() >= {*pair}), *stood])
    seen: set[str] = set()
    group: list[str] = []
    for key in sorted(homes):
        if key not in seen:
            connected = component({key}, edges)
            seen |= connected
            group += connected
        if len(group) >= GROUP:
            yield group
            group = []
    if group:
        yield group


def snapshot() -> Snapshot:
    accounts = Account.objects.exclude(incident=None).values_list("key", "incident__slug")
    rows = Incident.objects.live().values("slug", "hit", *COMPARED)
    return Snapshot(dict(accounts), {row.pop("slug"): row for row in rows.iterator()})


def compare(before: Snapshot, after: Snapshot) -> Difference:
    difference = Difference()
    heirs: dict[str, Counter[str]] = defaultdict(Counter)
    for key, slug in before.homes.items():
        if key in after.homes:
            heirs[slug][after.homes[key]] += 1
    for slug, found in sorted(heirs.items()):
        if slug not in found and slug not in after.shown:
            difference.joined[slug] = found.most_common(1)[0][0]
        elif others := sorted(found.keys() - {slug}):
            difference.parted[slug] = others
    for slug in sorted(before.shown.keys() & after.shown.keys()):
        old, new = before.shown[slug], after.shown[slug]
        difference.changed.update(
            {(slug, name): (old[name], new[name]) for name in old if old[name] != new[name]}
        )
    return difference
