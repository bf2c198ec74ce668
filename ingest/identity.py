"""Which item an entry belongs to: by the publisher's key, and by the aliases that its schemas share."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, transaction
from django.utils import timezone

from incidents.renaming import rename_report
from ingest.entries import Entry
from ingest.models import Item, ItemAlias, RawItem


@transaction.atomic
def items_of(entries: Iterable[Entry]) -> dict[str, Item]:
    """The item of each entry's key. Items that turn out to be one become one, under the greatest key."""
    entries = list(entries)
    aliased = [entry for entry in entries if entry.aliases]
    if aliased:
        one_at_a_time()
    names = canonical_keys(entries)
    now = timezone.now()
    Item.objects.bulk_create(
        [Item(key=key, waiting_since=now) for key in sorted(set(names.values()))], ignore_conflicts=True
    )
    rows = Item.objects.in_bulk(set(names.values()), field_name="key")
    for former in former_items(names):
        merge(former, rows[names[former.key]])
    tokens = {token: names[entry.key] for entry in aliased for token in entry.aliases}
    ItemAlias.objects.bulk_create(
        [ItemAlias(token=token, item=rows[key]) for token, key in tokens.items()], ignore_conflicts=True
    )
    return {entry.key: rows[names[entry.key]] for entry in entries}


def one_at_a_time() -> None:
    """Two stores that learn the same alias at once would each keep an item of its own."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('ingest.identity'))")


def canonical_keys(entries: list[Entry]) -> dict[str, str]:
    """For each key of an entry or of an item that it meets, the key under which both are kept."""
    tokens = {token for entry in entries for token in (entry.key, *entry.aliases)}
    known = ItemAlias.objects.filter(token__in=tokens).values_list("token", "item__key")
    owner = dict(known)
    names: dict[str, str] = {}
    for entry in entries:
        met = {entry.key, *(owner[token] for token in (entry.key, *entry.aliases) if token in owner)}
        greatest = max(met | {names[key] for key in met if key in names})
        names.update(dict.fromkeys(met, greatest))
        owner.update(dict.fromkeys(entry.aliases, greatest))
    return names


def former_items(names: dict[str, str]) -> list[Item]:
    """Items that are kept under a key which is not theirs any more."""
    others = [key for key, name in names.items() if key != name]
    return list(Item.objects.filter(key__in=others)) if others else []


def merge(former: Item, item: Item) -> None:
    """All that the former item had belongs to the item; its report keeps its incident and its number."""
    double = RawItem.objects.filter(item=item).values("raw_hash")
    former.revisions.filter(raw_hash__in=double).delete()
    former.revisions.update(item=item)
    former.listings.exclude(feed__in=item.listings.values("feed")).update(item=item)
    former.aliases.update(item=item)
    ItemAlias.objects.get_or_create(token=former.key, defaults={"item": item})
    former.delete()
    rename_report(former.key, item.key)
