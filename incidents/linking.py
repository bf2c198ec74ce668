"""Which accounts are one incident: draws again the incidents that the changed accounts touch. One writer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from incidents.bulk import point
from incidents.choices import PairAnswer, VerdictKind
from incidents.clustering import Node, Ruling, cluster
from incidents.locking import hold
from incidents.models import Account, Incident, Organisation, Pair, Provider, Verdict
from incidents.observing import observe_reports
from incidents.profiles import from_json
from incidents.same import APART, answers_of
from incidents.settling import settle
from incidents.showing import draw, in_batches

BATCH = 2_000
ARRANGED = ("key", "is_strong", "owner", "window", "incident", "report__first_seen_at")
NEIGHBOURS = """
    SELECT one.id, other.id FROM incidents_account one JOIN incidents_account other
    ON other.owner = one.owner AND other.id <> one.id AND NOT other.is_gone AND ({near})
    WHERE one.id = ANY(%(ids)s) AND one.owner = ANY(%(owners)s)
"""
NEAR_IN_TIME = """other.window && tstzrange(
    lower(one.window) - make_interval(secs => %(apart)s),
    upper(one.window) + make_interval(secs => %(apart)s), '[]')
"""
SHARE_A_TOKEN = "one.tokens <> '{}' AND other.tokens && one.tokens"


@transaction.atomic
def link(keys: Collection[str], now: datetime | None = None) -> set[int]:
    """Draw again the incidents that these accounts touch; the ids of the incidents that changed.

    Accounts that their report tells no more are taken out here, once it is known where they stood.
    """
    if not keys:
        return set()
    lock()
    named = dict(Account.objects.filter(key__in=keys).values_list("pk", "is_gone"))
    dirty = component(named)
    stood = where_they_stood(dirty)
    told_by = set(Account.objects.filter(key__in=keys).values_list("report_id", flat=True))
    gone, changed = {pk for pk in named if named[pk]}, {pk for pk in named if not named[pk]}
    Account.objects.filter(pk__in=gone).delete()
    observe_reports(told_by)
    ask(changed)
    return arrange(component(dirty - gone), stood, changed, now or timezone.now())


@transaction.atomic
def redraw(incidents: Collection[int], now: datetime | None = None) -> set[int]:
    """Conclude these incidents again, wherever they are shown: after a person's word, or as time passes."""
    lock()
    rows = Incident.objects.filter(pk__in=incidents, is_withdrawn=False)
    return draw({row.shown_as_id or row.pk for row in rows}, now or timezone.now())


@transaction.atomic
def redraw_ongoing(now: datetime | None = None) -> set[int]:
    """What goes on is so only while a source that was read of late says it: look again."""
    ongoing = Incident.objects.ongoing().values_list("pk", flat=True)
    return redraw(set(ongoing), now)


def lock() -> None:
    """Until the transaction ends nobody else links: two at once would each open the same outage."""
    hold("incidents.linking")


def component(accounts: Iterable[int]) -> set[int]:
    """All accounts that yes-answers or people's words connect with these."""
    seen: set[int] = set()
    frontier = set(accounts)
    while frontier:
        seen |= frontier
        frontier = connected(frontier) - seen
    return seen


def connected(accounts: Collection[int]) -> set[int]:
    answered = Pair.objects.filter(answer=PairAnswer.YES)
    pairs = answered.filter(Q(a__in=accounts) | Q(b__in=accounts)).values_list("a_id", "b_id")
    found = {pk for pair in pairs for pk in pair}
    keys = set(Account.objects.filter(pk__in=accounts).values_list("key", flat=True))
    ruled = {key for pair, ruling in rulings_on(keys).items() if ruling.is_same for key in pair}
    return found | set(Account.objects.filter(key__in=ruled - keys).values_list("pk", flat=True))


def rulings_on(keys: Collection[str]) -> dict[tuple[str, str], Ruling]:
    """People's standing words on pairs of which one account is among these; of two on one pair the newer."""
    verdicts = Verdict.objects.standing().on_pairs().filter(Q(a__in=keys) | Q(b__in=keys)).order_by("pk")
    return {
        (verdict.a, verdict.b): Ruling(verdict.kind == VerdictKind.SAME, verdict.pk) for verdict in verdicts
    }


def where_they_stood(accounts: Collection[int]) -> dict[int, set[str]]:
    """By live incident: the keys of these accounts in it, also of those that are to go."""
    stood: dict[int, set[str]] = defaultdict(set)
    rows = Account.objects.filter(pk__in=accounts).exclude(incident=None)
    for incident, key in rows.values_list("incident_id", "key"):
        stood[incident].add(key)
    return stood


def ask(accounts: Collection[int]) -> None:
    """Answer anew whether these accounts tell of one outage with any other near them."""
    Pair.objects.filter(Q(a__in=accounts) | Q(b__in=accounts)).delete()
    known = known_owners()
    for batch in in_batches(sorted(accounts), BATCH):
        near = neighbours(batch, known)
        rows = Account.objects.filter(pk__in={pk for pair in near for pk in pair})
        profiles = {pk: from_json(stored) for pk, stored in rows.values_list("pk", "profile")}
        ids = {profile.key: pk for pk, profile in profiles.items()}
        answers = answers_of((profiles[one], profiles[other]) for one, other in near)
        pairs = [
            Pair(a_id=ids[a], b_id=ids[b], answer=given.answer, score=given.score, reasons=[*given.reasons])
            for (a, b), given in answers.items()
        ]
        # Two of one batch find each other twice, and those of two batches once in each.
        Pair.objects.bulk_create(pairs, batch_size=BATCH, ignore_conflicts=True)


def known_owners() -> set[str]:
    """An account of somebody whom the catalogue does not know waits until it does."""
    providers = (f"provider:{slug}" for slug in Provider.objects.values_list("slug", flat=True))
    organisations = (f"organisation:{slug}" for slug in Organisation.objects.values_list("slug", flat=True))
    return {*providers, *organisations}


def neighbours(accounts: Sequence[int], owners: set[str]) -> set[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    given: dict[str, Any] = {"ids": [*accounts], "owners": [*owners], "apart": APART.total_seconds()}
    with connection.cursor() as cursor:
        for near in (NEAR_IN_TIME, SHARE_A_TOKEN):
            cursor.execute(NEIGHBOURS.format(near=near), given)
            found |= {(min(pair), max(pair)) for pair in cursor.fetchall()}
    return found


def arrange(
    dirty: Collection[int], stood: Mapping[int, set[str]], changed: Collection[int], now: datetime
) -> set[int]:
    """Cluster these accounts, give each cluster its number, and draw what that touches."""
    known = known_owners()
    rows = Account.objects.filter(pk__in=dirty).select_related("report").only(*ARRANGED)
    rows = rows.annotate(is_counted=F("profile__is_counted"))
    accounts = {row.key: row for row in rows}
    answered = Pair.objects.filter(a__in=dirty, b__in=dirty, answer=PairAnswer.YES)
    partition = cluster(
        [node_of(row) for row in accounts.values() if row.owner in known],
        {(a, b): score for a, b, score in answered.values_list("a__key", "b__key", "score")},
        rulings_on(accounts),
    )
    placed = [one for one in partition if any(can_open(accounts[key]) for key in one)]
    homes, renumbered = settle(placed, accounts, stood, now)
    moved = move(accounts, homes)
    reworded = {homes[key] for key, row in accounts.items() if row.pk in changed and key in homes}
    bereft = {incident for incident, keys in stood.items() if not keys <= accounts.keys()}
    live = Incident.objects.live().filter(pk__in=moved | reworded | renumbered | bereft)
    return moved | renumbered | draw(set(live.values_list("pk", flat=True)), now)


def node_of(row: Any) -> Node:
    window = row.window
    first, last = (window.lower, window.upper) if window else (None, None)
    return Node(row.key, row.is_strong, first, last, bool(row.is_counted))


def can_open(row: Account) -> bool:
    """Press that gives no date at all tells of some incident, but opens none: it waits for a person."""
    return row.is_strong or row.window is not None


def move(accounts: Mapping[str, Account], homes: Mapping[str, int]) -> set[int]:
    """Put each account into its incident; the ids of the incidents that one left or joined."""
    moved = [row for key, row in accounts.items() if row.incident_id != homes.get(key)]
    touched = {row.incident_id for row in moved} | {homes.get(row.key) for row in moved}
    point(Account, "incident", {row.pk: homes.get(row.key) for row in moved})
    return {pk for pk in touched if pk is not None}
