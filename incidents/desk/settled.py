"""Which verdicts settle an item of the queue, and which item a verdict settles."""

from __future__ import annotations

from incidents.choices import VerdictKind
from incidents.desk.items import Item, ItemKind
from incidents.models import Verdict
from incidents.querysets import VerdictQuerySet
from nlp.document import INCIDENT


def answers_to(item: Item) -> VerdictQuerySet:
    """The standing verdicts that settle an item."""
    said: VerdictQuerySet = Verdict.objects.standing()
    match item.kind:
        case ItemKind.PAIR:
            return said.on_pairs().filter(a=item.a, b=item.b)
        case ItemKind.HIT:
            return said.filter(kind=VerdictKind.HIT, incident__slug=item.a, organisation__slug=item.b)
        case ItemKind.VALUE:
            subject, field = item.b.split(" ")
            about = {"incident__slug": item.a, "field": field, "organisation__slug": slug_of(subject)}
            return said.filter(kind=VerdictKind.VALUE, **about)
        case ItemKind.ACCOUNT:
            return (
                said.filter(kind=VerdictKind.ACCOUNT, a=item.a)
                | said.filter(kind=VerdictKind.SAME, a=item.a)
                | said.filter(kind=VerdictKind.SAME, b=item.a)
            )
        case ItemKind.NAME | ItemKind.CODE:
            return said.filter(kind=VerdictKind.NAME, a=item.a)
        case ItemKind.COLLISION:
            return said.filter(kind=VerdictKind.COLLISION, b=item.a)
        case ItemKind.SOURCE:
            return said.filter(kind=VerdictKind.SOURCE, a=item.a, value_key=item.b)
        case ItemKind.CORRECTION:
            return said.filter(kind=VerdictKind.CORRECTION, a=item.a)


def item_of(verdict: Verdict) -> Item | None:
    """The item that a verdict settles, as the queue names it; None for what is said elsewhere only."""
    incident = verdict.incident.slug if verdict.incident else ""
    organisation = verdict.organisation.slug if verdict.organisation else ""
    match VerdictKind(verdict.kind):
        case VerdictKind.SAME | VerdictKind.NOT_SAME:
            return Item(ItemKind.PAIR, verdict.a, verdict.b)
        case VerdictKind.HIT:
            return Item(ItemKind.HIT, incident, organisation)
        case VerdictKind.VALUE:
            subject = f"organisation:{organisation}" if organisation else INCIDENT
            return Item(ItemKind.VALUE, incident, f"{subject} {verdict.field}")
        case VerdictKind.ACCOUNT:
            return Item(ItemKind.ACCOUNT, verdict.a)
        case VerdictKind.NAME:
            kind = ItemKind.NAME if verdict.a.startswith("organisation:") else ItemKind.CODE
            return Item(kind, verdict.a, verdict.b)
        case VerdictKind.COLLISION:
            return Item(ItemKind.COLLISION, verdict.b)
        case VerdictKind.SOURCE:
            return Item(ItemKind.SOURCE, verdict.a, verdict.value_key)
        case VerdictKind.CORRECTION:
            return Item(ItemKind.CORRECTION, verdict.a)
        case _:
            return None


def slug_of(subject: str) -> str | None:
    """Of whom a fact tells; None for the incident itself."""
    return subject.partition(":")[2] or None
