"""Who reads which feed just now: kept in the database, so that any number of beats and workers agree.

Beat only asks what is due. A lost task or worker leaves a lease that runs out by itself, and one that would
last longer than any does was taken before the clock went back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from ingest.models import LONGEST_LEASE, Feed, Host, HostLease
from ingest.schedule import MOST_WAIT

AT_ONCE_PER_HOST = 2
QUEUED_FOR = timedelta(seconds=25)  # an emptied broker costs two ticks of beat
ASKING_FOR = timedelta(seconds=60)


@transaction.atomic
def take_due(limit: int, host: str | None = None) -> list[str]:
    """Slugs of feeds to be read now, for each to be sent once: no more a host than may be asked at once."""
    now = timezone.now()
    due = Feed.objects.due(now).exclude(queued_until__range=(now, now + QUEUED_FOR))
    if host is not None:
        due = due.filter(host=host)
    rows = list(due.values_list("pk", "host"))
    names = {name for _, name in rows}
    free = places(names, now)
    free.subtract(sent(names, now))
    chosen: list[int] = []
    for pk, name in rows:
        if free[name] > 0 and len(chosen) < limit:
            free[name] -= 1
            chosen.append(pk)
    taken = due.filter(pk__in=chosen).select_for_update(skip_locked=True, of=("self",))
    feeds = list(taken.select_related("source"))
    Feed.objects.filter(pk__in=[feed.pk for feed in feeds]).update(queued_until=now + QUEUED_FOR)
    return [feed.source.slug for feed in feeds]


def overdue(limit: int, *, only_sound: bool = False) -> list[str]:
    """Slugs of feeds that could be read now, also where a task is on its way: it will find nothing to do.

    `only_sound` leaves out those that failed the last time.
    """
    now = timezone.now()
    due = Feed.objects.due(now)
    if only_sound:
        due = due.filter(failures=0)
    rows = list(due.values_list("source__slug", "host")[: 4 * limit]) if limit > 0 else []
    free = places({name for _, name in rows}, now)
    return [slug for slug, name in rows if free[name] > 0][:limit]


def places(names: set[str], now: datetime) -> Counter[str]:
    """How many more fetches each host may get now."""
    hosts = Host.objects.filter(name__in=names)
    quiet = set(
        hosts.filter(quiet_until__gt=now, quiet_until__lte=now + MOST_WAIT).values_list("name", flat=True)
    )
    busy = Counter(
        HostLease.objects.filter(until__gt=now, until__lte=now + ASKING_FOR).values_list(
            "host__name", flat=True
        )
    )
    return Counter({name: AT_ONCE_PER_HOST - busy[name] if name not in quiet else 0 for name in names})


def sent(names: set[str], now: datetime) -> Counter[str]:
    """For how many feeds of each host a task is on its way."""
    queued = Feed.objects.filter(
        host__in=names, queued_until__range=(now, now + QUEUED_FOR), leased_until=None
    )
    return Counter(queued.values_list("host", flat=True))


@contextmanager
def reading(slug: str) -> Iterator[Feed | None]:
    """Hold the feed and a place at its host while the block runs; None if it is not ours to read now."""
    feed = lease(slug)
    if feed is None:
        yield None
        return
    place = ask(feed.host)
    try:
        yield feed if place else None
    finally:
        if place:
            place.delete()
        Feed.objects.filter(pk=feed.pk).update(leased_until=None, queued_until=None)


def lease(slug: str) -> Feed | None:
    """Of any number of workers that are sent the same due feed, one gets it."""
    now = timezone.now()
    feed = Feed.objects.due(now).filter(source__slug=slug).first()
    # Whether it is still free is asked again in the update itself, where the row is locked.
    free = Q(leased_until=None) | ~Q(leased_until__range=(now, now + LONGEST_LEASE))
    if feed is None or not Feed.objects.filter(free, pk=feed.pk, due_at=feed.due_at).update(
        leased_until=now + LONGEST_LEASE
    ):
        return None
    return Feed.objects.select_related("source__provider", "source__organisation").get(pk=feed.pk)


@transaction.atomic
def ask(name: str) -> HostLease | None:
    """A place at the host, if it wants to be asked now and is not being asked twice already."""
    now = timezone.now()
    Host.objects.bulk_create([Host(name=name)], ignore_conflicts=True)
    host = Host.objects.select_for_update().get(name=name)
    host.leases.exclude(until__gt=now, until__lte=now + ASKING_FOR).delete()
    is_quiet = host.quiet_until and now < host.quiet_until <= now + MOST_WAIT
    if is_quiet or host.leases.count() >= AT_ONCE_PER_HOST:
        return None
    return HostLease.objects.create(host=host, until=now + ASKING_FOR)


def keep_quiet(name: str, until: datetime) -> None:
    """The host asked us to wait: so do all feeds that it serves."""
    Host.objects.bulk_create([Host(name=name)], ignore_conflicts=True)
    Host.objects.filter(name=name).filter(Q(quiet_until=None) | Q(quiet_until__lt=until)).update(
        quiet_until=until
    )
