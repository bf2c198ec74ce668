"""What happened at a node before a time: its outages, and how severe they were."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache

from django.db.models import Count, F, Func, Q

from incidents.charts import SEVERITIES
from incidents.models import Incident
from incidents.prepared import Prepared
from incidents.querysets import IncidentQuerySet
from nlp.document import EntityKind

COUNTS_KEPT = 16
Severities = tuple[tuple[str, int], ...]
PLACES = {EntityKind.REGION: "regions", EntityKind.SERVICE: "services"}
OWNERS = {EntityKind.PROVIDER: "provider__slug", EntityKind.ORGANISATION: "organisation__slug"}

LAST_CHANGE = Prepared(
    lambda: Incident.objects.order_by("-changed_at").values_list("changed_at", flat=True)[:1]
)


def outages(before: datetime) -> IncidentQuerySet:
    """What began by then; planned work is no outage."""
    found: IncidentQuerySet = Incident.objects.live().filter(started_at__lte=before, is_maintenance=False)
    return found


def at_nodes(nodes: Iterable[str], before: datetime) -> IncidentQuerySet:
    """The outages at any of these nodes."""
    which = Q(pk__in=[])
    for kind, slugs in by_kind(nodes).items():
        which |= Q(
            **{f"{PLACES[kind]}__overlap": slugs} if kind in PLACES else {f"{OWNERS[kind]}__in": slugs}
        )
    return outages(before).filter(which)


def by_kind(nodes: Iterable[str]) -> dict[EntityKind, list[str]]:
    found: dict[EntityKind, list[str]] = defaultdict(list)
    for node in nodes:
        kind, _, slug = node.partition(":")
        if kind in {str(one) for one in (*PLACES, *OWNERS)}:
            found[EntityKind(kind)].append(slug)
    return found


def severities(nodes: Iterable[str], before: datetime) -> Mapping[str, Severities]:
    """How many outages of each severity each node had; nodes without any are left out."""
    told = all_severities(newest(), before)
    return {node: told[node] for node in nodes if node in told}


def newest() -> datetime | None:
    """When an incident last changed: what was counted before holds until then."""
    found: datetime | None = LAST_CHANGE.first()
    return found


@lru_cache(maxsize=COUNTS_KEPT)
def all_severities(changed_at: datetime | None, before: datetime) -> Mapping[str, Severities]:
    """Of every node with an outage, counted once after each change: one query for each kind of node."""
    told: dict[str, Counter[str]] = defaultdict(Counter)
    found = outages(before).order_by()
    for kind in (*PLACES, *OWNERS):
        place = Func(F(PLACES[kind]), function="unnest") if kind in PLACES else F(OWNERS[kind])
        for slug, severity, count in (
            found.annotate(place=place).values_list("place", "severity").annotate(Count("pk"))
        ):
            if slug:
                told[f"{kind}:{slug}"][severity] += count
    return {
        node: tuple((severity, counted[severity]) for severity in SEVERITIES if counted[severity])
        for node, counted in told.items()
    }
