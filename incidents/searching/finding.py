"""What the words find: incidents by rank or by time, with the sentence that holds the words, and counts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import F, OrderBy

from incidents.forms import IncidentFilter
from incidents.models import Incident, IncidentWords
from incidents.querysets import IncidentQuerySet
from incidents.searching.asking import Asked

MOST = 1_000
"""The newest matches: those are ranked and counted, whatever the words, so that no word costs more."""
PAGE = 20
WEIGHTS = [0.1, 0.2, 0.6, 1.0]  # D, C, B, A: a title says more than a name, a name more than a post
REACHED = 1.5
NUMBER = re.compile(r"inc-\d{4}-\d+", re.IGNORECASE)
BEGIN, END = "\x02", "\x03"
"""Around the words found; no stored text holds them, so they survive escaping."""

# One passage a row, from what may be shown: of news only proving sentences may (design, idea 1).
# To cut a post into words takes longer than to find it: only those that hold a stem's letters are cut (a
# final y is an i in a stem), of all stems where none is one of several or unwanted, from the newest on and
# until one holds the words; OFFSET 0 keeps that order.
FRAGMENTS = """
    SELECT given.id, ts_headline('english', left(found.text, 20000), query, %s)
    FROM unnest(%s::bigint[]) AS given (id)
    CROSS JOIN websearch_to_tsquery('english', %s) AS query
    CROSS JOIN (
        SELECT array_agg('%%' || rtrim(lexeme, 'i') || '%%') FROM unnest(to_tsvector('english', %s))
    ) AS stems (letters)
    CROSS JOIN LATERAL (
        SELECT newest.text FROM (
            SELECT p.text FROM incidents_account a
            JOIN incidents_report r ON r.id = a.report_id
            JOIN incidents_source s ON s.id = r.source_id
            JOIN incidents_post p ON p.report_id = r.id
            WHERE a.incident_id = given.id AND p.gone_at IS NULL AND s.publisher_kind <> 'press'
                AND lower(p.text) LIKE ANY (letters)
                AND (query::text ~ '[|!]' OR lower(p.text) LIKE ALL (letters))
            ORDER BY p.said_at DESC NULLS LAST, p.id DESC OFFSET 0
        ) AS newest
        WHERE to_tsvector('english', left(newest.text, 20000)) @@ query LIMIT 1
    ) AS found
"""
# The words of an incident are large and lie aside: to read them takes longer than all else. The index alone
# tells who holds every word; only those are read, from the newest on and until there are enough, of which it
# cannot tell whether the words stand in the order asked for. OFFSET 0 keeps the order, and one reading a row.
RANKED = """
    SELECT found.incident_id, found.started_at, found.rank, coalesce(p.slug, ''), i.severity, i.cause,
        i.hit <> '{{}}'
    FROM (
        SELECT * FROM (
            SELECT chosen.incident_id, chosen.started_at, (
                SELECT CASE WHEN {holds} THEN
                    ts_rank(%s::float4[], told, websearch_to_tsquery('english', %s)) END
                FROM incidents_incidentwords AS w WHERE w.incident_id = chosen.incident_id
            ) AS rank
            FROM ({chosen}) AS chosen (incident_id, started_at) OFFSET 0
        ) AS ranked WHERE rank IS NOT NULL LIMIT %s
    ) AS found
    JOIN incidents_incident i ON i.id = found.incident_id
    LEFT JOIN incidents_provider p ON p.id = i.provider_id
    ORDER BY found.started_at DESC NULLS LAST, found.incident_id DESC
"""
ORDERED = re.compile(r"<(?:-|\d+)>")
NEWEST = (OrderBy(F("started_at"), descending=True, nulls_last=True), "-incident_id")
READINGS = "SELECT websearch_to_tsquery('english', %s)::text, websearch_to_tsquery('simple', %s)::text"
HEADLINE = f"StartSel={BEGIN},StopSel={END},MaxFragments=1,MinWords=12,MaxWords=32,FragmentDelimiter=…"


class Reading(SearchQuery):
    """A query as the database wrote it: its words are stems already, and are not to be read again."""

    template = "(%(expressions)s)::tsquery"


@dataclass(frozen=True, slots=True)
class Match:
    pk: int
    started_at: datetime | None
    rank: float
    provider: str
    severity: str
    cause: str
    is_hit: bool

    @property
    def weight(self) -> float:
        """Of two that tell as much of the words, the one that reached somebody is looked for."""
        return self.rank * (REACHED if self.is_hit else 1.0)


@dataclass(frozen=True, slots=True)
class Facet:
    """A value that some of the matches have; `name` is the operator that narrows to it."""

    name: str
    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Found:
    """`matches` in the order asked for; `is_capped`: there are more than were looked at."""

    matches: list[Match]
    is_capped: bool

    def page(self, number: int) -> Sequence[int]:
        """The ids of the page, counted from 1; empty beyond the last."""
        return [match.pk for match in self.matches[(number - 1) * PAGE : number * PAGE]]

    @property
    def pages(self) -> int:
        return -(-len(self.matches) // PAGE)

    def facets(self) -> dict[str, list[Facet]]:
        """By operator, the values and how many matches have each, the most frequent first."""
        told = {
            "provider": Counter(match.provider for match in self.matches if match.provider),
            "severity": Counter(match.severity for match in self.matches),
            "cause": Counter(match.cause for match in self.matches if match.cause != "unknown"),
            "hits": Counter("yes" if match.is_hit else "no" for match in self.matches),
            "year": Counter(str(match.started_at.year) for match in self.matches if match.started_at),
        }
        facets = {
            name: [Facet(name, value, count) for value, count in counted.most_common(10)]
            for name, counted in told.items()
            if counted
        }
        # Years in the order of time, for it is by that one looks for them.
        facets.get("year", []).sort(key=lambda facet: facet.value, reverse=True)
        return facets


def find(asked: Asked, *, by_time: bool) -> Found:
    """The newest incidents that hold the words and pass the filters; by rank, or the newest first."""
    has_words = asked.words and not NUMBER.fullmatch(asked.words)
    matches = ranked(asked) if has_words else unranked(asked)
    is_capped = len(matches) > MOST
    matches = matches[:MOST]
    if not by_time:
        matches.sort(key=lambda match: -match.weight)  # stable: of equals the newest first
    return Found(matches, is_capped)


def unranked(asked: Asked) -> list[Match]:
    """The newest that pass the filters, or the one that has the number."""
    incidents = narrowed(asked.form)
    if asked.words:
        incidents = incidents.filter(slug=asked.words.upper())
    newest = IncidentWords.objects.filter(incident__in=incidents).order_by(*NEWEST)
    fields = ("provider__slug", "severity", "cause", "hit")
    return [
        Match(pk, started_at, 0.0, provider or "", severity, cause, bool(hit))
        for pk, started_at, provider, severity, cause, hit in newest.values_list(
            "incident_id", "started_at", *(f"incident__{name}" for name in fields)
        )[: MOST + 1]
    ]


def ranked(asked: Asked) -> list[Match]:
    """The newest that hold the words, by their stems or as they stand, with how much they tell of them."""
    readings = readings_of(asked.words)
    if not readings:
        return []
    # Each reading is named once: of a word that is its own stem the planner would else expect twice the rows,
    # and walk through all of them from the newest on.
    loose = [unordered(reading) for reading in readings]
    words = IncidentWords.objects.filter(told=reduce(or_, map(Reading, dict.fromkeys(loose))))
    if asked.filters:
        words = words.filter(incident__in=narrowed(asked.form))
    chosen, values = words.order_by(*NEWEST).values_list("incident_id", "started_at").query.sql_with_params()
    holds = "true" if loose == readings else " OR ".join(["told @@ %s::tsquery"] * len(readings))
    strict = [] if loose == readings else readings
    with connection.cursor() as cursor:
        cursor.execute(
            RANKED.format(holds=holds, chosen=chosen),
            [*strict, WEIGHTS, asked.words, *values, MOST + 1],
        )
        return [Match(*row) for row in cursor.fetchall()]


def readings_of(words: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(READINGS, [words, words])
        return [reading for reading in dict.fromkeys(cursor.fetchone()) if reading]


def unordered(reading: str) -> str:
    """The same words in any order: whatever the reading finds is among what this finds.

    Not of what is unwanted: without the order that would be more.
    """
    return reading if "!" in reading else ORDERED.sub("&", reading)


def narrowed(form: IncidentFilter) -> IncidentQuerySet:
    found: IncidentQuerySet = form.narrow(Incident.objects.live())
    return found


def fragments(incidents: Sequence[int], words: str) -> dict[int, str]:
    """By incident, the newest passage that holds the words, these between BEGIN and END."""
    if not words or NUMBER.fullmatch(words):
        return {}
    with connection.cursor() as cursor:
        cursor.execute(FRAGMENTS, [HEADLINE, list(incidents), words, words])
        return dict(cursor.fetchall())
