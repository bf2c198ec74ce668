"""Celery entry points: look up, call, pass on. Each may run twice, in any number of workers."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from incidents import linking
from incidents.watching.looking import look
from ingest import leases, processing, reading, redrawing
from ingest.delivering import deliver
from ingest.models import Heartbeat

IN_A_TICK = 500


@shared_task
def poll_due() -> None:
    """Send every feed that is due; beat asks, the database answers."""
    for slug in leases.take_due(IN_A_TICK):
        poll_feed.delay(slug)


@shared_task
def poll_feed(slug: str) -> None:
    # The places at the hosts are free again: the next of their feeds need not wait for a tick.
    for host in reading.read(slug):
        for other in leases.take_due(leases.AT_ONCE_PER_HOST, host=host):
            poll_feed.delay(other)


@shared_task
def process_waiting() -> None:
    """Draw what a lost worker or a large body left, and look again at what is said to go on."""
    redrawing.wait_for_people()
    processing.process(limit=500)
    linking.redraw_ongoing()


@shared_task
def tell_watchers() -> None:
    """Write the notices that changes ask for, and send what is due."""
    now = timezone.now()
    look(now)
    deliver(now)


@shared_task
def heartbeat() -> None:
    Heartbeat.objects.update_or_create(name="worker", defaults={"at": timezone.now()})
