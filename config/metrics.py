"""/metrics for Prometheus: the record's state from the database, the requests from each web process."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable

import redis
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from config.celery import app
from config.programs import COUNTERS

REQUESTS = Histogram(
    "faultline_request_seconds",
    "Requests by the name of their page, method and status.",
    ["page", "method", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})


def measured(answer: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: how long each page takes. A label is the page's name, so strangers cannot make new ones."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = answer(request)
        match = request.resolver_match
        page = match.view_name if match else "none"
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(page, method, response.status_code).observe(time.perf_counter() - began)
        return response

    return middleware


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    registry = CollectorRegistry()
    if COUNTERS in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(REQUESTS)
    registry.register(RecordCollector())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class RecordCollector(Collector):
    """Each gauge is one query, asked when Prometheus asks."""

    def collect(self) -> Iterable[Metric]:
        for name, (told, labels, query) in GAUGES.items():
            gauge = GaugeMetricFamily(f"faultline_{name}", told, labels=labels)
            with connection.cursor() as cursor:
                cursor.execute(query)
                for row in cursor.fetchall():
                    *values, value = row
                    if value is not None:
                        gauge.add_metric([str(each) for each in values], float(value))
            yield gauge
        queue = GaugeMetricFamily("faultline_queue_tasks", "Tasks that wait in the broker.")
        if (length := queue_length()) is not None:
            queue.add_metric([], length)
        yield queue


# By name: what it tells, its labels, and the query that gives a row a value, labels first.
GAUGES: dict[str, tuple[str, list[str], str]] = {
    "sources": (
        "Sources by what their last reading came to.",
        ["state"],
        "SELECT s.state, count(*) FROM incidents_source s JOIN ingest_feed f ON f.source_id = s.id"
        " WHERE f.is_enabled AND f.url <> '' GROUP BY 1 ORDER BY 1",
    ),
    "source_failures": (
        "Failures in a row.",
        ["source"],
        "SELECT s.slug, f.failures FROM incidents_source s JOIN ingest_feed f ON f.source_id = s.id"
        " WHERE f.is_enabled AND f.url <> '' ORDER BY 1",
    ),
    "source_read_timestamp_seconds": (
        "When a source could last be read.",
        ["source"],
        "SELECT s.slug, extract(epoch FROM s.last_read_at) FROM incidents_source s"
        " JOIN ingest_feed f ON f.source_id = s.id WHERE f.is_enabled AND f.url <> '' ORDER BY 1",
    ),
    "source_latency_seconds": (
        "How long the last fetch that was answered took.",
        ["source"],
        "SELECT s.slug, extract(epoch FROM f.latency) FROM incidents_source s"
        " JOIN ingest_feed f ON f.source_id = s.id WHERE f.is_enabled AND f.url <> '' ORDER BY 1",
    ),
    "source_items": (
        "Items in the last body that could be read.",
        ["source"],
        "SELECT s.slug, f.item_count FROM incidents_source s JOIN ingest_feed f ON f.source_id = s.id"
        " WHERE f.is_enabled AND f.url <> '' ORDER BY 1",
    ),
    "reads_last_hour": (
        "Attempts to read within the last hour, by what came of them.",
        ["state"],
        "SELECT state, count(*) FROM ingest_check WHERE at > now() - interval '1 hour' GROUP BY 1 ORDER BY 1",
    ),
    "overdue_seconds": (
        "How late the most overdue source is.",
        [],
        "SELECT greatest(0, extract(epoch FROM now() - min(due_at))) FROM ingest_feed"
        " WHERE is_enabled AND url <> '' AND (leased_until IS NULL OR leased_until < now())",
    ),
    "items": (
        "Items that wait to be drawn, and those set aside after three attempts.",
        ["state"],
        "SELECT state, count(*) FROM ingest_item WHERE state <> 'done' GROUP BY 1 ORDER BY 1",
    ),
    "item_waiting_seconds": (
        "How long the item at the head waits.",
        [],
        "SELECT extract(epoch FROM now() - min(waiting_since)) FROM ingest_item WHERE state = 'waiting'",
    ),
    "heartbeat_age_seconds": (
        "Age of the last task that beat asked for and a worker did.",
        [],
        "SELECT extract(epoch FROM now() - max(at)) FROM ingest_heartbeat",
    ),
    "incidents_ongoing": (
        "Live incidents that are ongoing by the record's definition.",
        [],
        "SELECT count(*) FROM incidents_incident"
        " WHERE end_state = 'ongoing' AND shown_as_id IS NULL AND NOT is_withdrawn",
    ),
    "rows_estimated": (
        "Rows of the record's largest tables, as the database estimates them.",
        ["table"],
        "SELECT relname, greatest(reltuples, 0) FROM pg_class WHERE relkind = 'r'"
        " AND relnamespace = 'public'::regnamespace AND relname IN ('incidents_incident',"
        " 'incidents_report', 'incidents_post', 'incidents_claim', 'ingest_rawitem', 'ingest_payload')"
        " ORDER BY 1",
    ),
    "database_bytes": (
        "Size of the database on disk.",
        [],
        "SELECT pg_database_size(current_database())",
    ),
}


def queue_length() -> int | None:
    """None while the broker does not answer: /readyz says so, and an absent figure can be alerted on."""
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1) as broker:
            return int(broker.llen(app.conf.task_default_queue))
    except (redis.RedisError, OSError, ValueError):
        return None
