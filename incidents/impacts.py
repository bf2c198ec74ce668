"""Writes Impact rows: whom the touched incidents hit, and which organisations' outages they explain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import UTC, datetime, time
from typing import Any

from django.db import connection
from django.db.models import Min, QuerySet

from incidents.bulk import rewrite
from incidents.choosing import as_json
from incidents.hits import EARLY, Hit, grade_hits, stands
from incidents.models import Claim, Dependency, Impact, Incident, Organisation
from incidents.observing import observe_hits
from incidents.prepared import Prepared
from incidents.ranks import OWN
from incidents.recalling import hit_rulings, numbers_of, recall
from incidents.reliance import Dependence, Outage
from nlp.document import INCIDENT, Cause, Field

OWN_FAULTS = frozenset(
    {
        Cause.MAINTENANCE,
        Cause.SECURITY_DDOS,
        Cause.CAPACITY_OVERLOAD,
        Cause.DEPLOYMENT,
        Cause.SOFTWARE_BUG,
        Cause.CONFIGURATION_CHANGE,
        Cause.HUMAN_ERROR,
    }
)
"""Causes that, where an organisation names no provider, are its own."""
COLUMNS = ("own_incident_id", "grade", "status", "impairments", "started_at", "ended_at", "reasons", "shown")
NEAR = """
    SELECT outage.id, own.id FROM incidents_incident outage JOIN incidents_incident own
    ON own.window && tstzrange(
        lower(outage.window) - make_interval(secs => %(early)s),
        greatest(upper(outage.window), lower(outage.window) + interval '1 day'), '[]')
    WHERE outage.owner LIKE 'provider:%%' AND own.owner LIKE 'organisation:%%'
    AND outage.shown_as_id IS NULL AND NOT outage.is_withdrawn
    AND own.shown_as_id IS NULL AND NOT own.is_withdrawn
    AND {touched}
"""


def draw_impacts(incidents: Collection[int], now: datetime) -> set[int]:
    """Grade again whom these live incidents hit, and those beside them; the ids of those that changed."""
    touched = set(incidents)
    beside = near(outages=touched) | near(own=touched)
    targets = touched | {outage for outage, _ in beside}
    pairs = beside | near(outages=targets)
    rivals = near(own={own for _, own in pairs})
    rows = Incident.objects.in_bulk({*targets, *(pk for pair in pairs | rivals for pk in pair)})
    outages = {pk: outage_of(row) for pk, row in rows.items()}
    told = recall([rows[pk] for pk in targets], now, Claim.objects.exclude(subject=INCIDENT))
    rulings = hit_rulings(numbers_of([rows[pk] for pk in targets]))
    dependencies = declared()
    hits: dict[int, tuple[Hit, ...]] = {}
    for pk in targets:
        own = {other for outage, other in pairs if outage == pk}
        hits[pk] = grade_hits(
            outages[pk],
            told[pk],
            own=[outages[other] for other in sorted(own)],
            rivals=[outages[other] for other, one in sorted(rivals) if one in own],
            dependencies=dependencies,
            rulings=rulings[pk],
        )
    changed = store(hits, rows)
    observe_hits(targets, dependencies, outages)
    return changed


def near(*, outages: Collection[int] = (), own: Collection[int] = ()) -> set[tuple[int, int]]:
    """Pairs of a provider's incident and an organisation's own that may fall together, found by index."""
    if not outages and not own:
        return set()
    touched = "outage.id = ANY(%(ids)s)" if outages else "own.id = ANY(%(ids)s)"
    with connection.cursor() as cursor:
        cursor.execute(
            NEAR.format(touched=touched), {"early": EARLY.total_seconds(), "ids": [*(outages or own)]}
        )
        return set(cursor.fetchall())


def outage_of(row: Incident) -> Outage:
    values = row.shown.get("values", [])
    said = defaultdict(list)
    for value in values:
        said[value["field"]].append(value)
    blames = [value for value in said[Field.PROVIDER] if value["subject"] == INCIDENT]
    return Outage(
        id=row.pk,
        owner=row.owner,
        started_at=row.started_at,
        ended_at=row.ended_at,
        regions=frozenset(row.regions),
        services=frozenset(row.services),
        severity=row.severity,
        is_maintenance=row.is_maintenance,
        blames=frozenset(value["key"] for value in blames),
        is_own_word=any(value["voice"] in OWN for value in blames),
        other_cause=other_cause(row, said),
        impairments=frozenset(
            value["key"] for value in said[Field.IMPAIRMENT] if value["subject"] in {INCIDENT, row.owner}
        ),
    )


def other_cause(row: Incident, said: dict[str, list[dict[str, Any]]]) -> str:
    """What is stated as the cause of an organisation's outage, where that is no provider."""
    stated = [value["value"] for value in said[Field.OTHER_CAUSE] if value["subject"] == row.owner]
    if stated:
        return str(stated[0])
    return row.cause if row.cause in OWN_FAULTS and not said[Field.PROVIDER] else ""


def declared() -> list[Dependence]:
    """All edges that no analyst denies."""
    return [
        Dependence(slug, target, datetime.combine(ended, time(), UTC) if ended else None, known_at)
        for slug, target, ended, known_at in DECLARED.rows()
    ]


def edges() -> QuerySet[Any]:
    found = Dependency.objects.not_rejected().annotate(known_at=Min("proofs__known_at"))
    ordered: QuerySet[Any] = found.order_by("pk")
    return ordered.values_list("organisation__slug", "target", "ended_on", "known_at")


DECLARED = Prepared(edges)


def store(hits: dict[int, tuple[Hit, ...]], rows: dict[int, Incident]) -> set[int]:
    organisations = dict(Organisation.objects.values_list("slug", "pk"))
    wanted = {
        (incident, organisations[hit.organisation]): columns_of(hit)
        for incident, found in hits.items()
        for hit in found
        if hit.organisation in organisations
    }
    stored = {(row.incident_id, row.organisation_id): row for row in Impact.objects.filter(incident__in=hits)}
    stale = [row for key, row in stored.items() if key not in wanted]
    Impact.objects.filter(pk__in=[row.pk for row in stale]).delete()
    known = {key: columns for key, columns in wanted.items() if key in stored}
    different = [stored[key] for key, columns in known.items() if differs(stored[key], columns)]
    for row in different:
        for name, value in wanted[row.incident_id, row.organisation_id].items():
            setattr(row, name, value)
    rewrite(Impact.objects, different, [name.removesuffix("_id") for name in COLUMNS])
    new = [
        Impact(incident_id=key[0], organisation_id=key[1], **columns)
        for key, columns in wanted.items()
        if key not in stored
    ]
    Impact.objects.bulk_create(new, batch_size=500)
    changed = {row.incident_id for row in (*stale, *different, *new)}
    return changed | name_the_hit(hits, rows)


def name_the_hit(hits: dict[int, tuple[Hit, ...]], rows: dict[int, Incident]) -> set[int]:
    """Keep beside each incident whom it is shown to have hit, so that lists need no further query."""
    changed = []
    for pk, found in hits.items():
        names = [hit.organisation for hit in found if stands(hit)]
        if rows[pk].hit != names:
            rows[pk].hit = names
            changed.append(rows[pk])
    rewrite(Incident.objects, changed, ["hit"])
    return {row.pk for row in changed}


def columns_of(hit: Hit) -> dict[str, Any]:
    return {
        "own_incident_id": hit.own_incident,
        "grade": hit.grade,
        "status": hit.status,
        "impairments": list(hit.impairments),
        "started_at": hit.started_at,
        "ended_at": hit.ended_at,
        "reasons": list(hit.reasons),
        "shown": {"values": [as_json(value) for value in hit.values], "through": hit.through},
    }


def differs(row: Impact, columns: dict[str, Any]) -> bool:
    return any(getattr(row, name) != value for name, value in columns.items())
