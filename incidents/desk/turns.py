"""Who has which item of the queue in hand: two analysts at once are never handed the same one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from incidents.desk.items import Item, ItemKind
from incidents.desk.waiting import waiting
from incidents.models import Turn, User
from incidents.verdicts import require_analyst

IN_HAND = timedelta(minutes=10)
"""How long an item is kept for the analyst who looks at it."""
PASSED = timedelta(days=1)
"""How long an item that somebody skipped is not offered to the same one."""


@transaction.atomic
def next_item(person: User, kinds: Collection[ItemKind] = tuple(ItemKind), owner: str = "") -> Item | None:
    """What this analyst has in hand, else the most pressing that nobody has; theirs for a while."""
    require_analyst(person)
    lock()
    now = timezone.now()
    mine, taken = set[Item](), set[Item]()
    for turn in Turn.objects.filter(Q(person=person) | Q(is_passed=False), kind__in=kinds, until__gt=now):
        is_mine = turn.person_id == person.pk and not turn.is_passed
        (mine if is_mine else taken).add(Item(ItemKind(turn.kind), turn.a, turn.b))
    found = first(kinds, owner, among=mine - taken) if mine else None
    found = found or first(kinds, owner, but=taken)
    if found:
        take(person, found)
    return found


def first(
    kinds: Collection[ItemKind],
    owner: str,
    *,
    among: Collection[Item] | None = None,
    but: Collection[Item] = (),
) -> Item | None:
    for kind in kinds:
        if among is None or any(item.kind == kind for item in among):
            for item in waiting(kind, owner):
                if item not in but and (among is None or item in among):
                    return item
    return None


def take(person: User, item: Item, *, is_passed: bool = False) -> None:
    now = timezone.now()
    Turn.objects.filter(until__lt=now).delete()
    Turn.objects.update_or_create(
        kind=item.kind,
        a=item.a,
        b=item.b,
        person=person,
        defaults={"until": now + (PASSED if is_passed else IN_HAND), "is_passed": is_passed},
    )


@transaction.atomic
def skip(person: User, item: Item) -> None:
    require_analyst(person)
    lock()
    take(person, item, is_passed=True)


def lay_down(item: Item) -> None:
    """Nobody has it in hand any more: it is answered."""
    Turn.objects.filter(kind=item.kind, a=item.a, b=item.b).delete()


def lock() -> None:
    """Until the transaction ends nobody else is handed an item or answers one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('incidents.desk'))")
