"""What stands beside an incident: those before and after it, and those like it, with the reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import BigIntegerField, DateTimeField, Q, QuerySet, TextField

from incidents.models import Incident
from incidents.prepared import Given, Prepared, given_list
from incidents.views.rows import IncidentRow, incident_row
from nlp.document import Cause

LOOKED_AT = 80
"""The newest that share something are weighed; older ones are one click away on the pages of entities."""
MOST_ALIKE = 5
FEWEST_POINTS = 3


@dataclass(frozen=True, slots=True)
class Alike:
    row: IncidentRow
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Around:
    earlier: IncidentRow | None
    later: IncidentRow | None
    alike: tuple[Alike, ...]


def around(incident: Incident, names: Mapping[str, str]) -> Around:
    """One query for all of them; each part is read by an index, however many incidents the owner has.

    `names` tells how what the incident names is called.
    """
    if incident.started_at is None:
        return Around(None, None, ())
    asked = beside(
        "provider" if incident.provider_id else "organisation",
        has_hit=bool(incident.hit),
        has_cause=incident.cause != Cause.UNKNOWN,
    )
    rows = asked.rows(
        pk=incident.pk,
        owner=incident.provider_id or incident.organisation_id,
        at=incident.started_at,
        regions=incident.regions,
        services=incident.services,
        hit=incident.hit,
        cause=incident.cause,
    )
    return sorted_out(incident, [owned_as(incident, row) for row in rows], names)


@cache
def beside(owner: str, *, has_hit: bool, has_cause: bool) -> Prepared:
    return Prepared(lambda: neighbours(owner, has_hit=has_hit, has_cause=has_cause))


def neighbours(owner: str, *, has_hit: bool, has_cause: bool) -> QuerySet[Any]:
    """The one before, the one after, and the newest that share something, of what has this owner."""
    pk, at = Given("pk", BigIntegerField()), Given("at", DateTimeField())
    owned: dict[str, Any] = {"provider": None, "organisation": None}
    same = Incident.objects.dated().exclude(pk=pk)
    same = same.filter(**owned | {owner: Given("owner", BigIntegerField())})
    before = same.filter(started_at__lte=at).exclude(started_at=at, pk__gt=pk)
    after = same.filter(started_at__gte=at).exclude(started_at=at, pk__lt=pk)
    alike = sharing(same, has_hit=has_hit, has_cause=has_cause)
    found = (
        before.order_by("-started_at", "-pk")[:1],
        after.order_by("started_at", "pk")[:1],
        alike.order_by("-started_at", "-pk")[:LOOKED_AT],
    )
    # One list of numbers: "in this or in that or in those" would be asked of every incident there is.
    first, *others = (rows.values("pk") for rows in found)
    listed: QuerySet[Any] = Incident.objects.for_rows().filter(pk__in=first.union(*others, all=True))
    return listed.select_related(None)


def owned_as(incident: Incident, row: Incident) -> Incident:
    """All have one owner: it need not be read again for each."""
    row.provider, row.organisation = incident.provider, incident.organisation
    return row


def sharing(same: QuerySet[Any], *, has_hit: bool, has_cause: bool) -> QuerySet[Any]:
    shared = Q(regions__overlap=given_list("regions", TextField()))
    shared |= Q(services__overlap=given_list("services", TextField()))
    if has_hit:
        shared |= Q(hit__overlap=given_list("hit", TextField()))
    if has_cause:
        shared |= Q(cause=Given("cause", TextField()))
    return same.filter(shared, is_maintenance=False)


def sorted_out(incident: Incident, rows: list[Incident], names: Mapping[str, str]) -> Around:
    """The newest come first: of those before it the first, of those after it the last is its neighbour."""
    dated = [row for row in rows if row.started_at is not None]
    key = (incident.started_at, incident.pk)
    earlier = next((row for row in dated if (row.started_at, row.pk) < key), None)
    later = next((row for row in reversed(dated) if (row.started_at, row.pk) > key), None)
    weighed = [(*likeness(incident, row, names), row) for row in rows]
    best = sorted((one for one in weighed if one[0] >= FEWEST_POINTS), key=lambda one: -one[0])
    return Around(
        earlier=incident_row(earlier, {}) if earlier else None,
        later=incident_row(later, {}) if later else None,
        alike=tuple(Alike(incident_row(row, {}), reasons) for _, reasons, row in best[:MOST_ALIKE]),
    )


def likeness(a: Incident, b: Incident, names: Mapping[str, str]) -> tuple[float, tuple[str, ...]]:
    """How much two incidents of one owner have in common, in points and in words."""
    points, reasons = 0.0, []
    for weight, most, mine, theirs, word in (
        (2.0, 2, a.regions, b.regions, "same region"),
        (1.0, 3, a.services, b.services, "same service"),
        (1.0, 3, a.hit, b.hit, "reached as well"),
    ):
        shared = sorted(set(mine) & set(theirs))
        if shared:
            points += weight * min(len(shared), most)
            reasons.append(f"{word}: {in_words(shared, names)}")
    if a.cause == b.cause != Cause.UNKNOWN:
        points += 2
        reasons.append(f"same cause: {a.get_cause_display()}")
    return points, tuple(reasons)


def in_words(slugs: Iterable[str], names: Mapping[str, str]) -> str:
    called = [names.get(slug) or slug.partition(":")[2] or slug for slug in slugs]
    return ", ".join(called[:3]) + (f" and {len(called) - 3} more" if len(called) > 3 else "")


def by_number(incident: Incident) -> Around:
    """The live numbers before and after, for a number that has no place in time any more."""
    live = Incident.objects.for_timeline()
    before = live.filter(slug__lt=incident.slug).order_by("-slug").values("pk")[:1]
    after = live.filter(slug__gt=incident.slug).order_by("slug").values("pk")[:1]
    rows = {row.slug: row for row in live.filter(Q(pk__in=before) | Q(pk__in=after))}
    earlier = next((row for slug, row in rows.items() if slug < incident.slug), None)
    later = next((row for slug, row in rows.items() if slug > incident.slug), None)
    return Around(
        incident_row(earlier, {}) if earlier else None, incident_row(later, {}) if later else None, ()
    )
