"""Finds what is to be told: one message a watch and change of state, whoever looks and however often."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import QueryDict

from incidents.forms import IncidentFilter
from incidents.models import Incident, Notice, Post, Watch
from incidents.watching.messages import Message, message_of

LOCK = 0x7761746368
NEWS = timedelta(hours=48)
"""What was last said longer ago is history: an archive that is read, or a better rule, tells nobody."""
OVERLAP = timedelta(minutes=10)
"""A change is committed a little after the time it carries. Looking back is free: what was told is known."""


@transaction.atomic
def look(now: datetime) -> int:
    """Write the notices that the changes since the last look ask for; how many. One at a time looks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if cursor.fetchone() != (True,):
            return 0
    newest = Incident.objects.aggregate(at=Max("changed_at"))["at"]
    watches = list(Watch.objects.active().filter(looked_at__lt=now).select_related("person"))
    if newest is not None:
        watches = [watch for watch in watches if newest > watch.looked_at - OVERLAP]
    notices = [notice for watch in watches for notice in notices_for(watch, now)]
    Notice.objects.bulk_create(notices)
    Watch.objects.filter(pk__in=[watch.pk for watch in watches]).update(looked_at=now)
    return len(notices)


def notices_for(watch: Watch, now: datetime) -> Iterator[Notice]:
    changed = Incident.objects.filter(changed_at__gt=watch.looked_at - OVERLAP)
    told = told_of(watch, changed)
    for incident in [*are_news(matching(watch, changed), now), *ended(changed, told)]:
        state = state_of(incident)
        if told.get(incident.pk) != state:
            message = message_of(incident, watch)
            yield notice(watch, incident, state, message, due_at=now, now=now)


def begin(watch: Watch, now: datetime) -> None:
    """Note how things stand, so that a new watch tells of what changes and not of what is."""
    lately = Incident.objects.filter(changed_at__gt=now - NEWS)
    current = are_news(matching(watch, lately), now)
    Notice.objects.bulk_create(
        notice(watch, incident, state_of(incident), None, due_at=None, now=now) for incident in current
    )
    Watch.objects.filter(pk=watch.pk).update(looked_at=now)


def notice(
    watch: Watch,
    incident: Incident,
    state: str,
    message: Message | None,
    *,
    due_at: datetime | None,
    now: datetime,
) -> Notice:
    return Notice(
        watch=watch,
        incident=incident,
        state=state,
        message=message.as_json() if message else {},
        is_silent=message is None,
        made_at=now,
        due_at=due_at,
    )


def matching(watch: Watch, incidents: QuerySet[Incident]) -> QuerySet[Incident]:
    """Those among them that the filter lets through now."""
    among = Incident.objects.for_timeline().filter(pk__in=incidents.values("pk"))
    return IncidentFilter(QueryDict(watch.query)).narrow(among)


def are_news(incidents: QuerySet[Incident], now: datetime) -> Iterable[Incident]:
    said = Post.objects.filter(report__accounts__incident=OuterRef("pk")).annotate(
        at=Coalesce("said_at", "seen_at")
    )
    return incidents.filter(Exists(said.filter(at__gt=now - NEWS)))


def ended(changed: QuerySet[Incident], told: dict[int, str]) -> Iterable[Incident]:
    """What the watch has told of and what has no page of its own any more: merged or withdrawn."""
    gone = Q(is_withdrawn=True) | Q(shown_as__isnull=False)
    return changed.filter(gone, pk__in=told).select_related("provider", "organisation", "shown_as")


def told_of(watch: Watch, incidents: QuerySet[Incident]) -> dict[int, str]:
    """By incident, the state that the watch's owner last heard of."""
    rows = watch.notices.filter(incident__in=incidents).order_by("incident_id", "-pk").distinct("incident_id")
    return dict(rows.values_list("incident_id", "state"))


def state_of(incident: Incident) -> str:
    """What a message is about; another of these is another message."""
    if incident.shown_as_id:
        return f"merged:{incident.shown_as_id}"
    if incident.is_withdrawn:
        return "withdrawn"
    return f"{incident.status}:{incident.severity}:{incident.end_state}"
