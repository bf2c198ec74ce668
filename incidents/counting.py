"""Counts the incidents of every scope, in a worker: pages read what stands here.

Everything is drawn from the whole record in a few statements, and only what differs is written, so it may
run at any time, twice, or after a crash. Nothing of it is lost that could not be counted again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from incidents.bulk import columns_of, upsert
from incidents.locking import hold
from incidents.models import Counting, Figures, Incident
from incidents.pictures import pictures

NAME = "figures"
SHARE = 20
"""Of its time a worker spends at most one in so many parts on counting."""
BESIDE = 12
NOTED = 5
DRAWN = 300

# A dozen sorts of a million rows would go to disk, and each query would be compiled for seconds.
TUNING = "SET LOCAL work_mem = '96MB'; SET LOCAL jit = off"
# Which incident counts where. ROUGH precisions and bounds enter no duration (design, idea 5).
LIVE = """
    CREATE TEMPORARY TABLE live ON COMMIT DROP AS
    SELECT i.id, i.slug, i.title, p.slug AS provider, o.slug AS organisation,
        coalesce(p.slug, 'own') AS lane,
        i.severity, i.cause, i.status, i.end_state, i.regions, i.services, i.hit, i.started_at,
        (i.started_at AT TIME ZONE 'UTC')::date AS day,
        CASE WHEN i.end_state = 'known' AND NOT i.start_is_bound
            AND i.start_precision NOT IN ('day', 'month', 'year')
            AND i.end_precision NOT IN ('day', 'month', 'year') THEN i.ended_at - i.started_at END AS length,
        CASE WHEN NOT i.start_is_bound AND i.start_precision NOT IN ('day', 'month', 'year')
            THEN i.first_public_at - i.started_at END AS delay
    FROM incidents_incident i
    LEFT JOIN incidents_provider p ON p.id = i.provider_id
    LEFT JOIN incidents_organisation o ON o.id = i.organisation_id
    WHERE i.shown_as_id IS NULL AND NOT i.is_withdrawn
"""
PLACED = """
    CREATE TEMPORARY TABLE placed ON COMMIT DROP AS
    SELECT 'all' AS scope, id FROM live
    UNION ALL SELECT 'provider:' || provider, id FROM live WHERE provider IS NOT NULL
    UNION ALL SELECT 'own', id FROM live WHERE provider IS NULL
    UNION ALL SELECT 'organisation:' || organisation, id FROM live WHERE organisation IS NOT NULL
    UNION ALL SELECT 'region:' || told, id FROM live, unnest(regions) AS told
    UNION ALL SELECT 'service:' || told, id FROM live, unnest(services) AS told
    UNION ALL SELECT 'hit:' || told, id FROM live, unnest(hit) AS told
    UNION ALL SELECT DISTINCT 'exchange:' || told, id FROM live, unnest(hit || organisation::varchar) AS told
        WHERE told IS NOT NULL
    UNION ALL SELECT 'severity:' || severity, id FROM live
    UNION ALL SELECT 'cause:' || cause, id FROM live
    UNION ALL SELECT 'status:' || status, id FROM live
    UNION ALL SELECT 'end:' || end_state, id FROM live
    UNION ALL SELECT 'hits:' || CASE WHEN hit = '{}' THEN 'no' ELSE 'yes' END, id FROM live
"""
MEASURES = """
    SELECT scope, count(*) AS total, count(*) FILTER (WHERE hit <> '{}') AS reached,
        count(length) AS measured,
        count(*) FILTER (WHERE end_state = 'bounded') AS bounded,
        count(*) FILTER (WHERE end_state = 'unknown') AS unknown,
        count(*) FILTER (WHERE end_state = 'ongoing') AS ongoing,
        percentile_cont(.5) WITHIN GROUP (ORDER BY length) AS median,
        percentile_cont(.9) WITHIN GROUP (ORDER BY length) AS p90,
        count(delay) FILTER (WHERE delay >= '0') AS delayed,
        percentile_cont(.5) WITHIN GROUP (ORDER BY delay) FILTER (WHERE delay >= '0') AS delay_median,
        percentile_cont(.9) WITHIN GROUP (ORDER BY delay) FILTER (WHERE delay >= '0') AS delay_p90,
        min(started_at) AS first_at, max(started_at) AS last_at
    FROM placed JOIN live USING (id) GROUP BY scope
"""
FACETS = """
    SELECT scope, told.facet, told.value, sum(number)::int FROM (
        SELECT scope, provider, severity, cause, status, end_state, hit <> '{}' AS has_hit, count(*) AS number
        FROM placed JOIN live USING (id)
        GROUP BY scope, provider, severity, cause, status, end_state, hit <> '{}'
    ) AS combined CROSS JOIN LATERAL (VALUES
        ('provider', provider), ('severity', severity), ('cause', cause), ('status', status),
        ('end', end_state), ('hits', CASE WHEN has_hit THEN 'yes' ELSE 'no' END)
    ) AS told (facet, value)
    WHERE told.value IS NOT NULL GROUP BY scope, told.facet, told.value
    ORDER BY scope, told.facet, sum(number) DESC, told.value
"""
YEARS = """
    SELECT scope, extract(year FROM day)::int AS year, severity, count(*) FROM placed JOIN live USING (id)
    WHERE day IS NOT NULL GROUP BY scope, year, severity
"""
WITH_A_PAGE = "scope ~ '^(all$|provider:|region:|service:|hit:|organisation:)'"
NAMED_WITH = f"""
    SELECT scope, counted.kind, slug, number,
        coalesce(region.name, service.name, organisation.name, slug) AS name FROM (
        SELECT scope, kind, named.slug, count(*) AS number,
            row_number() OVER (PARTITION BY scope, kind ORDER BY count(*) DESC, named.slug) AS place
        FROM placed JOIN live USING (id) CROSS JOIN LATERAL (
            SELECT 'region' AS kind, unnest(regions) AS slug
            UNION ALL SELECT 'service', unnest(services)
            UNION ALL SELECT 'exchange', unnest(hit)
        ) AS named
        WHERE {WITH_A_PAGE} AND scope <> kind || ':' || named.slug
        GROUP BY scope, kind, named.slug
    ) AS counted
    LEFT JOIN incidents_region region USING (slug)
    LEFT JOIN incidents_service service USING (slug)
    LEFT JOIN incidents_organisation organisation USING (slug)
    WHERE place <= %s ORDER BY scope, counted.kind, place
"""
MONTHS = """
    SELECT scope, to_char(day, 'YYYY-MM') AS month, lane, sum(count)::int FROM days
    GROUP BY scope, month, lane ORDER BY scope, month, lane
"""
DAYS_DRAWN = """
    SELECT scope, day, severity, sum(count)::int FROM days
    WHERE scope ~ '^(provider|region|service|organisation):' GROUP BY scope, day, severity
"""
NOTABLE = f"""
    SELECT scope, kind, slug, number, title FROM (
        SELECT scope, kind, live.slug, live.title, number,
            row_number() OVER (PARTITION BY scope, kind ORDER BY number DESC, live.slug) AS place
        FROM placed JOIN live USING (id) CROSS JOIN LATERAL (VALUES
            ('longest', round(extract(epoch FROM length) / 60)::int), ('widest', cardinality(hit))
        ) AS told (kind, number)
        WHERE number > 0 AND {WITH_A_PAGE}
    ) AS ordered WHERE place <= %s ORDER BY scope, kind, place
"""
RECENT = f"""
    SELECT scope, 'recent', slug, round(extract(epoch FROM length) / 60)::int, title, severity,
        to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI') FROM (
        SELECT scope, live.*,
            row_number() OVER (PARTITION BY scope ORDER BY started_at DESC, live.slug) AS place
        FROM placed JOIN live USING (id) WHERE length > '0' AND {WITH_A_PAGE}
    ) AS ordered WHERE place <= %s ORDER BY scope, place
"""
DAYS = """
    CREATE TEMPORARY TABLE days ON COMMIT DROP AS
    SELECT scope, day, lane, severity, count(*) AS count, count(*) FILTER (WHERE hit <> '{}') AS reached
    FROM placed JOIN live USING (id) WHERE day IS NOT NULL GROUP BY scope, day, lane, severity
"""
STORE_DAYS = """
    INSERT INTO incidents_daycount AS stored (scope, day, lane, severity, count, reached)
    SELECT scope, day, lane, severity, count, reached FROM days
    ON CONFLICT (scope, day, lane, severity) DO UPDATE SET count = excluded.count, reached = excluded.reached
    WHERE (stored.count, stored.reached) <> (excluded.count, excluded.reached)
"""
FORGET_DAYS = """
    DELETE FROM incidents_daycount AS stored WHERE NOT EXISTS (
        SELECT FROM days WHERE (days.scope, days.day, days.lane, days.severity)
            = (stored.scope, stored.day, stored.lane, stored.severity)
    )
"""

Listed = dict[str, list[list[Any]]]


def count_if_due() -> bool:
    """Count when the record has changed, but not so often that the worker does little else."""
    before = Counting.objects.filter(name=NAME).first()
    if before:
        rest = max(before.took * SHARE, timedelta(seconds=1))
        if timezone.now() < before.as_of + rest or not is_changed(before):
            return False
    count_all()
    return True


def is_changed(before: Counting) -> bool:
    # An incident is stamped when its drawing begins and seen when that is committed: look back a little.
    newest = Incident.objects.order_by("-changed_at").values_list("changed_at", flat=True).first()
    return newest is not None and newest > before.as_of - before.took


@transaction.atomic
def count_all() -> int:
    """Draw all figures; the number of scopes."""
    hold("incidents.counting")  # two at once would count the same
    began = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(TUNING)
        cursor.execute(LIVE)
        cursor.execute(PLACED)
        cursor.execute("ANALYZE live, placed")
        drawn = measured()
        facets, years = lists(FACETS), by_scope(YEARS)
        beside = [lists(NAMED_WITH, BESIDE), lists(NOTABLE, NOTED), lists(RECENT, DRAWN)]
        cursor.execute(DAYS)
        cursor.execute(STORE_DAYS)
        cursor.execute(FORGET_DAYS)
        months, days = by_scope(MONTHS), by_scope(DAYS_DRAWN)
        # Within a longer transaction nothing is dropped by a commit.
        cursor.execute("DROP TABLE live, placed, days")
    for scope, row in drawn.items():
        row.facets, row.years, row.months = facets[scope], sorted(years[scope]), months[scope]
        row.beside = {kind: rows for told in beside for kind, rows in told[scope].items()}
        recent = row.beside.pop("recent", [])
        if scope in days:
            causes = row.facets.get("cause", [])
            row.pictures = pictures(row.years, causes, recent, row.median, days[scope], began.year)
    store(drawn)
    Counting.objects.update_or_create(name=NAME, defaults={"as_of": began, "took": timezone.now() - began})
    return len(drawn)


def asked(query: str, *values: int) -> tuple[list[str], list[tuple[Any, ...]]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values or None)
        return [column.name for column in cursor.description], cursor.fetchall()


def measured() -> dict[str, Figures]:
    names, rows = asked(MEASURES)
    found = (Figures(**dict(zip(names, row, strict=True))) for row in rows)
    return {row.scope: row for row in found}


def lists(query: str, *values: int) -> Mapping[str, Listed]:
    """By scope and kind: the rows, in the query's order."""
    found: defaultdict[str, Listed] = defaultdict(dict)
    for scope, kind, *row in asked(query, *values)[1]:
        found[scope].setdefault(kind, []).append(row)
    return found


def by_scope(query: str) -> Mapping[str, list[list[Any]]]:
    """The rows of each scope, in the query's order."""
    found: defaultdict[str, list[list[Any]]] = defaultdict(list)
    for scope, *row in asked(query)[1]:
        found[scope].append(row)
    return found


def store(drawn: Mapping[str, Figures]) -> None:
    """Write what differs, and drop the scopes that have no incident any more."""
    columns = columns_of(Figures, but={"scope"})
    stored = {row.scope: row for row in Figures.objects.all()}
    different = [
        row
        for scope, row in drawn.items()
        if scope not in stored or any(getattr(row, name) != getattr(stored[scope], name) for name in columns)
    ]
    upsert(Figures.objects, different, unique=["scope"], columns=columns)
    Figures.objects.filter(scope__in=stored.keys() - drawn.keys()).delete()
