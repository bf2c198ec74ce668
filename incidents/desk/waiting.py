"""Which items wait for a person, kind by kind, the most pressing first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count, islice
from typing import Any

from django.db.models import CharField, Count, Exists, F, Min, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from incidents.choices import HitStatus, SourceState, VerdictKind
from incidents.desk.items import Item, ItemKind
from incidents.models import Account, Correction, Impact, Incident, Pair, Source, UnknownName, Verdict
from incidents.querysets import JUDGED
from incidents.ranks import Voice
from incidents.verdicts import collisions
from nlp.document import EntityKind

BLIND = (SourceState.UNREADABLE, SourceState.BLOCKED)
"""States that do not pass by themselves: the feed changed its shape, or its host does not want us."""
PIECE = 100
CODES = (EntityKind.REGION, EntityKind.SERVICE, EntityKind.PROVIDER)


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that wait, the first first, and which of their columns are the keys of an item."""

    found: QuerySet[Any]
    a: str
    b: str = ""

    def items(self, kind: ItemKind) -> Iterator[Item]:
        """Read piece by piece: whoever asks needs the first few only."""
        keys = self.found.values_list(self.a, *filter(None, [self.b]))
        for start in count(0, PIECE):
            piece = list(keys[start : start + PIECE])
            yield from (Item(kind, *map(str, named)) for named in piece)
            if len(piece) < PIECE:
                return

    def counted(self, kind: ItemKind, most: int) -> QuerySet[Any]:
        """The kind, once for each row."""
        named = self.found.annotate(item_kind=Value(kind.value, output_field=CharField()))
        kinds: QuerySet[Any] = named.order_by().values("item_kind")
        return kinds[:most]


def open_pairs() -> QuerySet[Pair]:
    """Undecided pairs that no word of a person settles and that stand apart still, the likeliest first."""
    judged = Verdict.objects.standing().on_pairs().filter(a=OuterRef("a__key"), b=OuterRef("b__key"))
    together = Q(a__incident__isnull=False, a__incident=F("b__incident"))
    undecided: QuerySet[Pair] = Pair.objects.undecided()
    return undecided.exclude(together).filter(~Exists(judged), a__is_gone=False, b__is_gone=False)


def pairs(owner: str) -> Rows:
    found = open_pairs().filter(a__owner=owner) if owner else open_pairs()
    return Rows(found, "a__key", "b__key")


def hits(owner: str) -> Rows:
    """Candidates of incidents that are shown, the best founded first, then the latest."""
    found = Impact.objects.filter(status=HitStatus.CANDIDATE, incident__in=Incident.objects.live())
    if owner:
        found = found.filter(Q(incident__owner=owner) | Q(organisation__slug=owner.partition(":")[2]))
    ordered = found.order_by("grade", F("incident__started_at").desc(nulls_last=True), "pk")
    return Rows(ordered, "incident__slug", "organisation__slug")


def accounts(owner: str) -> Rows:
    """Parts of reports that give no date: a person may say to which incident they belong."""
    placed = Verdict.objects.standing().filter(
        Q(a=OuterRef("key")) | Q(b=OuterRef("key")), kind__in=[VerdictKind.SAME, VerdictKind.ACCOUNT]
    )
    found = Account.objects.unplaced().filter(~Exists(placed))
    if owner:
        found = found.filter(owner=owner)
    return Rows(found.order_by("-report__published_at", "key"), "key")


def names(owner: str) -> Rows:
    return unknown(UnknownName.objects.exclude(kind__in=CODES), owner)


def codes(owner: str) -> Rows:
    return unknown(UnknownName.objects.filter(kind__in=CODES), owner)


def unknown(among: QuerySet[UnknownName], owner: str) -> Rows:
    """Names that nobody has explained, those that most reports use first."""
    if owner:
        among = among.filter(slug__startswith=owner.partition(":")[2] + ":")
    key = Concat("kind", Value(":"), "slug", output_field=CharField())
    explained = Verdict.objects.standing().filter(kind=VerdictKind.NAME, a=OuterRef("key_of_name"))
    grouped = among.annotate(key_of_name=key).filter(~Exists(explained)).values("key_of_name")
    counted = grouped.annotate(written=Min("name"), uses=Count("pk")).order_by("-uses", "key_of_name")
    return Rows(counted, "key_of_name", "written")


def collided(owner: str) -> Rows:
    return Rows(collisions().none() if owner else collisions(), "pk")


def sources(owner: str) -> Rows:
    """Sources that cannot be read and that nobody has looked at since."""
    seen = Verdict.objects.standing().filter(
        kind=VerdictKind.SOURCE, a=OuterRef("slug"), value_key=OuterRef("state")
    )
    found = Source.objects.filter(~Exists(seen), state__in=BLIND)
    if owner:
        slug = owner.partition(":")[2]
        found = found.filter(Q(provider__slug=slug) | Q(organisation__slug=slug))
    return Rows(found.order_by("last_read_at", "slug"), "slug", "state")


def corrections(owner: str) -> Rows:
    found = Correction.objects.filter(state="open")
    return Rows(found.filter(incident__owner=owner) if owner else found, "pk")


ROWS: Mapping[ItemKind, Callable[[str], Rows]] = {
    ItemKind.CORRECTION: corrections,
    ItemKind.COLLISION: collided,
    ItemKind.HIT: hits,
    ItemKind.PAIR: pairs,
    ItemKind.ACCOUNT: accounts,
    ItemKind.NAME: names,
    ItemKind.CODE: codes,
    ItemKind.SOURCE: sources,
}
"""All kinds but the values, which stand inside of their incidents."""


def waiting(kind: ItemKind, owner: str = "") -> Iterator[Item]:
    """Items of one kind, of one owner ("provider:aws") if any is named."""
    return values(owner) if kind == ItemKind.VALUE else ROWS[kind](owner).items(kind)


def values(owner: str) -> Iterator[Item]:
    """Facts of which publishers tell different values, and no person has said which holds."""
    found = Incident.objects.disputed()
    if owner:
        found = found.filter(owner=owner)
    judged = Verdict.objects.standing().filter(kind=VerdictKind.VALUE)
    said = {
        (live or slug, organisation, field)
        for slug, live, organisation, field in judged.values_list(
            "incident__slug", "incident__shown_as__slug", "organisation__slug", "field"
        )
    }
    for slug, shown in found.values_list("slug", "shown").iterator(PIECE):
        for value in shown["values"]:
            organisation = value["subject"].partition(":")[2] or None
            is_open = value["publishers_against"] and value["field"] in JUDGED
            is_said = value["voice"] == Voice.PERSON or (slug, organisation, value["field"]) in said
            if is_open and not is_said:
                yield Item(ItemKind.VALUE, slug, f"{value['subject']} {value['field']}")


def counts(owner: str, most: int) -> dict[ItemKind, int]:
    """How many of each kind wait, counted no further than `most`: in one query, and one for the values."""
    first, *rest = (rows(owner).counted(kind, most) for kind, rows in ROWS.items())
    found = Counter(first.union(*rest, all=True).values_list("item_kind", flat=True))
    found[ItemKind.VALUE] = sum(1 for _ in islice(values(owner), most))
    return {kind: found[kind] for kind in ItemKind}
