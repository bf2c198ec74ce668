"""Draws the words of incidents that changed, in a worker: the search reads what stands here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from django.db import connection, transaction

from incidents.models import Alias, Incident, Organisation, Provider, Region, Service
from nlp.document import EntityKind

BATCH = 500
LONGEST = 100_000
"""Characters of posts that are indexed of one incident: a vector is limited to a megabyte."""

# Live incidents whose words are not of their present state; both sides are walked by an index.
STALE = """
    SELECT i.id FROM incidents_incident i LEFT JOIN incidents_incidentwords w ON w.incident_id = i.id
    WHERE i.shown_as_id IS NULL AND NOT i.is_withdrawn AND w.as_of IS DISTINCT FROM i.changed_at
    ORDER BY i.id LIMIT %s
"""
FORGET = """
    DELETE FROM incidents_incidentwords w USING incidents_incident i
    WHERE i.id = w.incident_id AND (i.shown_as_id IS NOT NULL OR i.is_withdrawn)
"""
DRAW = """
    INSERT INTO incidents_incidentwords AS stored (incident_id, told, started_at, as_of)
    SELECT i.id,
        setweight(to_tsvector('english', i.slug || ' ' || i.title), 'A')
            || setweight(to_tsvector('simple', given.names), 'B')
            || setweight(to_tsvector('english', left(coalesce(posts.text, ''), %s)), 'C'),
        i.started_at, i.changed_at
    FROM unnest(%s::bigint[], %s::text[]) AS given (id, names)
    JOIN incidents_incident i ON i.id = given.id
    LEFT JOIN LATERAL (
        SELECT string_agg(p.text, ' ' ORDER BY p.id) AS text
        FROM incidents_account a JOIN incidents_post p ON p.report_id = a.report_id
        WHERE a.incident_id = i.id AND p.gone_at IS NULL
    ) AS posts ON true
    ON CONFLICT (incident_id) DO UPDATE
    SET told = excluded.told, started_at = excluded.started_at, as_of = excluded.as_of
"""


def index_changed() -> int:
    """Draw the words of every incident that changed since; how many."""
    drawn = 0
    with connection.cursor() as cursor:
        cursor.execute(FORGET)
    while batch := stale(BATCH):
        index(batch)
        drawn += len(batch)
    return drawn


def stale(limit: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(STALE, [limit])
        return [pk for (pk,) in cursor.fetchall()]


@transaction.atomic
def index(incidents: Sequence[int]) -> None:
    """Draw the words of these; twice at once is harmless, since both draw the same."""
    rows = list(Incident.objects.filter(pk__in=incidents).select_related("provider", "organisation"))
    called = names_of({slug for row in rows for slug in slugs_of(row)})
    names = [" ".join(word for slug in slugs_of(row) for word in called[slug]) for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(DRAW, [LONGEST, [row.pk for row in rows], names])


def slugs_of(incident: Incident) -> list[tuple[str, str]]:
    """What an incident touched, as kind and slug."""
    own = [
        *([(str(EntityKind.PROVIDER), incident.provider.slug)] if incident.provider else []),
        *([(str(EntityKind.ORGANISATION), incident.organisation.slug)] if incident.organisation else []),
    ]
    return [
        *own,
        *((str(EntityKind.REGION), slug) for slug in incident.regions),
        *((str(EntityKind.SERVICE), slug) for slug in incident.services),
        *((str(EntityKind.ORGANISATION), slug) for slug in incident.hit),
    ]


def names_of(slugs: Collection[tuple[str, str]]) -> dict[tuple[str, str], set[str]]:
    """Every name that these go by: the slug's own part, the full name, and the aliases."""
    names: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for kind, slug in slugs:
        names[kind, slug] |= {slug, slug.partition(":")[2]}
    among = {slug for _, slug in slugs}
    for kind, model in NAMED.items():
        for slug, name in model._default_manager.filter(slug__in=among).values_list("slug", "name"):
            names[kind, slug].add(name)
    for kind, slug, name in Alias.objects.filter(slug__in=among).values_list("kind", "slug", "name"):
        names[kind, slug].add(name)
    return names


NAMED = {
    str(EntityKind.PROVIDER): Provider,
    str(EntityKind.REGION): Region,
    str(EntityKind.SERVICE): Service,
    str(EntityKind.ORGANISATION): Organisation,
}
