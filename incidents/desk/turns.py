"""Who has which item of the queue in hand: two analysts at once are never handed the same one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from incidents.desk.items import Item, ItemKind
from incidents.desk.waiting import waiting
from incidents.locking import hold
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
    turns = Turn.objects.filter(kind__in=kinds, until__gt=timezone.now()).order_by("-until", "-pk")
    mine, taken = list[Item](), set[Item]()
    for turn in turns.filter(Q(person=person) | Q(is_passed=False)):
        item = Item(ItemKind(turn.kind), turn.a, turn.b)
        if turn.person_id == person.pk and not turn.is_passed:
            mine.append(item)
        else:
            taken.add(item)
    # The latest first: what an undo has just put back, before what lay there meanwhile.
    held = (item for item in mine if item not in taken and item in waiting(item.kind, owner))
    free = (item for kind in kinds for item in waiting(kind, owner) if item not in taken)
    found = next(held, None) or next(free, None)
    if found:
        take(person, found)
    return found


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
    hold("incidents.desk")
