"""The Celery app. PostgreSQL remembers what is to be done: the queue may be lost, a task may run twice."""

from __future__ import annotations

import os
import resource
from typing import Any

from celery import Celery
from celery.signals import beat_init, setup_logging, worker_init, worker_process_init
from django.conf import settings
from django_structlog.celery.steps import DjangoStructLogInitStep

from config.env import ConfigurationError

# A worker that vanished gives its task back after this long; so a task must be over before.
VISIBILITY_SECONDS = 240
HARD_LIMIT_SECONDS = 180
SOFT_LIMIT_SECONDS = 150
MOST_MEMORY = 512 * 2**20  # of one process of a worker
ENOUGH_MEMORY = 384 * 2**10  # in KiB: after a task that left it with more, it makes room for a fresh one


def broker_url(redis_url: str) -> str:
    """Redis's own URL in kombu's spelling."""
    if redis_url.startswith("unix://"):
        return redis_url.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=")
    return redis_url


def every(seconds: float, task: str) -> dict[str, Any]:
    """A line of the schedule. A call that waited for long is dropped: a later one does the same."""
    return {"task": task, "schedule": seconds, "options": {"expires": min(4 * seconds, HARD_LIMIT_SECONDS)}}


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("faultline")
app.conf.update(
    broker_url=broker_url(settings.REDIS_URL) or None,
    broker_connection_retry_on_startup=True,
    # Measured: with these a killed worker's tasks are done VT + one sweep later, none lost and none twice.
    visibility_timeout=VISIBILITY_SECONDS,
    broker_transport_options={
        "visibility_timeout": VISIBILITY_SECONDS,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 30,
        "socket_connect_timeout": 5,
        "socket_keepalive": True,
    },
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_time_limit=HARD_LIMIT_SECONDS,
    task_soft_time_limit=SOFT_LIMIT_SECONDS,
    worker_soft_shutdown_timeout=10,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    worker_max_tasks_per_child=500,
    worker_max_memory_per_child=ENOUGH_MEMORY,
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    task_default_queue="faultline",
    enable_utc=True,
    timezone="UTC",
    worker_send_task_events=False,
    worker_enable_remote_control=False,
    beat_scheduler="config.beat:LockedScheduler",
    beat_max_loop_interval=5,
    beat_schedule={
        "poll": every(15, "ingest.tasks.poll_due"),
        "process": every(30, "ingest.tasks.process_waiting"),
        "count": every(10, "incidents.tasks.count_record"),
        "watchers": every(15, "ingest.tasks.tell_watchers"),
        "heartbeat": every(30, "ingest.tasks.heartbeat"),
        "remind": every(600, "incidents.tasks.remind_of_actions"),
    },
)
app.autodiscover_tasks(["ingest", "incidents"])
app.steps["worker"].add(DjangoStructLogInitStep)


@setup_logging.connect
def keep_our_logging(**_: Any) -> None:
    """Django has set up logging; with a receiver here Celery leaves it as it is."""


@worker_process_init.connect
def limit_memory(**_: Any) -> None:
    """What eats memory gets a MemoryError, which is kept with the item, before the machine runs out of it."""
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))


@worker_init.connect
@beat_init.connect
def need_addresses(**_: Any) -> None:
    if not (settings.DATABASE_URL and settings.REDIS_URL):
        raise ConfigurationError("worker and beat need DATABASE_URL and REDIS_URL (`make up` sets them)")
