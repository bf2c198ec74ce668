"""The tables behind /insights/: what each holds, how it is defined, and the statement that draws it.

Durations and delays leave out what is a bound, rough (a day or more) or without an end: their number stands
beside (design, idea 5).
"""

from __future__ import annotations

from dataclasses import dataclass

STEPS = 40
"""A curve is drawn through so many quantiles and the least value."""
QUANTILES = ", ".join(f"{step / STEPS:g}" for step in range(STEPS + 1))
ROUGH = "('day', 'month', 'year')"
LIVE = "i.shown_as_id IS NULL AND NOT i.is_withdrawn AND NOT i.is_maintenance"
MINUTES = "extract(epoch FROM i.ended_at - i.started_at) / 60"
LENGTH = f"""i.end_state = 'known' AND NOT i.start_is_bound
    AND i.start_precision NOT IN {ROUGH} AND i.end_precision NOT IN {ROUGH}"""
DELAY = f"NOT i.start_is_bound AND i.start_precision NOT IN {ROUGH} AND i.first_public_at >= i.started_at"


@dataclass(frozen=True, slots=True)
class Table:
    """`columns` name the values of a row; `query` gives the rows in the order in which they are shown."""

    name: str
    title: str
    columns: tuple[str, ...]
    definition: str
    query: str


def quantiles_of(minutes: str, condition: str, since: str) -> str:
    """By lane (a provider, `own` for organisations' own incidents, `all`): count and quantiles in minutes."""
    return f"""
        SELECT CASE WHEN grouping(lane) = 1 THEN 'all' ELSE lane END, count(*),
            ARRAY(SELECT round(value::numeric, 1)::float8
                FROM unnest(percentile_cont(ARRAY[{QUANTILES}]) WITHIN GROUP (ORDER BY minutes)) AS value)
        FROM (
            SELECT coalesce(p.slug, 'own') AS lane, extract(epoch FROM {minutes}) / 60 AS minutes
            FROM incidents_incident i LEFT JOIN incidents_provider p ON p.id = i.provider_id
            WHERE {LIVE} AND {condition} AND i.started_at >= '{since}'
        ) AS measured
        GROUP BY GROUPING SETS ((lane), ()) HAVING count(*) > 0 ORDER BY count(*) DESC, 1
    """


DURATION = "Start of the impact to its end, where both are known to the hour at least; maintenance left out."
ADMISSION = "Start of the impact to the owner's first public word; a word before it began is left out."
BEGINNING = "1970-01-01"


def durations(name: str, title: str, *, since: str = BEGINNING) -> Table:
    query = quantiles_of("i.ended_at - i.started_at", LENGTH, since)
    return Table(name, title, ("lane", "count", "quantiles"), DURATION, query)


TABLES = (
    durations("durations", "How long outages last"),
    durations("durations-since-2020", "How long outages last, since 2020", since="2020-01-01"),
    Table(
        "delays",
        "How late the first word comes",
        ("lane", "count", "quantiles"),
        ADMISSION,
        quantiles_of("i.first_public_at - i.started_at", DELAY, BEGINNING),
    ),
    Table(
        "causes",
        "Why, by year",
        ("year", "cause", "count"),
        "Root causes as the best source states them, by the year of the start; unknown is a value.",
        f"""
        SELECT extract(year FROM i.started_at AT TIME ZONE 'UTC')::int, i.cause, count(*)
        FROM incidents_incident i
        WHERE {LIVE} AND i.started_at IS NOT NULL AND i.provider_id IS NOT NULL
        GROUP BY 1, 2 ORDER BY 1, 2
        """,
    ),
    Table(
        "regions",
        "Where",
        ("region", "count", "reached", "median_minutes", "p90_minutes", "measured"),
        f"Provider outages that name the region, the forty most frequent. {DURATION}",
        f"""
        SELECT region, count(*), count(*) FILTER (WHERE i.hit <> '{{}}'),
            round((percentile_cont(.5) WITHIN GROUP (ORDER BY {MINUTES})
                FILTER (WHERE {LENGTH}))::numeric, 1)::float8,
            round((percentile_cont(.9) WITHIN GROUP (ORDER BY {MINUTES})
                FILTER (WHERE {LENGTH}))::numeric, 1)::float8,
            count(*) FILTER (WHERE {LENGTH})
        FROM incidents_incident i CROSS JOIN LATERAL unnest(i.regions) AS region
        WHERE {LIVE} AND i.provider_id IS NOT NULL GROUP BY region ORDER BY count(*) DESC, region LIMIT 40
        """,
    ),
    Table(
        "first-words",
        "Who says it first",
        ("provider", "count", "organisation_first", "median_lead_minutes"),
        "Outages that reached an organisation with a record of its own of it: whether its first public word"
        " came before the provider's, and by how much in the median (negative: after it).",
        """
        SELECT p.slug, count(*), count(*) FILTER (WHERE own.first_public_at < i.first_public_at),
            round((percentile_cont(.5) WITHIN GROUP (
                ORDER BY extract(epoch FROM i.first_public_at - own.first_public_at) / 60
            ))::numeric, 1)::float8
        FROM incidents_impact m
        JOIN incidents_incident i ON i.id = m.incident_id
        JOIN incidents_incident own ON own.id = m.own_incident_id
        JOIN incidents_provider p ON p.id = i.provider_id
        WHERE m.status IN ('shown', 'accepted') AND m.grade <> 'stated-not-affected'
            AND i.first_public_at IS NOT NULL AND own.first_public_at IS NOT NULL
        GROUP BY p.slug ORDER BY count(*) DESC, p.slug
        """,
    ),
    Table(
        "dependence",
        "What exchanges stand on",
        ("provider", "exchanges", "hits"),
        "Exchanges and brokers with a dependency on the provider, declared or observed, that nobody ended,"
        " and how often its outages reached one; an exchange with several providers counts at each."
        " Unknown: those of which no dependency is known.",
        """
        WITH venues AS (SELECT id FROM incidents_organisation WHERE kind IN ('exchange', 'broker')),
        standing AS (
            SELECT DISTINCT d.organisation_id,
                coalesce(d.on_provider_id, r.provider_id, s.provider_id) AS provider
            FROM incidents_dependency d JOIN venues ON venues.id = d.organisation_id
            LEFT JOIN incidents_region r ON r.id = d.on_region_id
            LEFT JOIN incidents_service s ON s.id = d.on_service_id
            WHERE d.ended_on IS NULL AND d.on_organisation_id IS NULL
        ),
        struck AS (
            SELECT i.provider_id, count(*) AS hits FROM incidents_impact m
            JOIN venues ON venues.id = m.organisation_id
            JOIN incidents_incident i ON i.id = m.incident_id
            WHERE m.status IN ('shown', 'accepted') AND m.grade <> 'stated-not-affected'
            GROUP BY i.provider_id
        )
        SELECT slug, exchanges, hits FROM (
            SELECT p.slug, count(standing.organisation_id) AS exchanges, coalesce(max(struck.hits), 0) AS hits
            FROM incidents_provider p
            LEFT JOIN standing ON standing.provider = p.id LEFT JOIN struck ON struck.provider_id = p.id
            GROUP BY p.slug HAVING count(standing.organisation_id) > 0 OR coalesce(max(struck.hits), 0) > 0
            UNION ALL
            SELECT 'unknown', count(*), 0 FROM venues
            WHERE id NOT IN (SELECT organisation_id FROM standing)
        ) AS told ORDER BY slug = 'unknown', exchanges DESC, slug
        """,
    ),
)
BY_NAME = {table.name: table for table in TABLES}
