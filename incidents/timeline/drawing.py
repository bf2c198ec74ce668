"""From a filter to the picture: what is in view, what of it can be drawn, and what counts stand in for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min

from incidents.charts import chart
from incidents.figures import figures_of
from incidents.forms import IncidentFilter
from incidents.models import Provider
from incidents.querysets import IncidentQuerySet
from incidents.timeline.bins import OWN, Bin, counted_bins, live_bins, peaks_of
from incidents.timeline.figure import timeline_figure
from incidents.timeline.lanes import draw_lanes, marks_for, scale_for
from incidents.timeline.outages import outages
from incidents.timeline.spans import LEAST, Span

DRAWN = 300
"""Above this many outages in view, counts stand in for those that reached nobody."""
FAR = timedelta(days=120)
"""From this length of the view on, counts of days say as much as the outages themselves."""
FIRST_LANES = ("aws", "azure", "gcp")
OWN_NAME = "Exchanges, no cloud behind it"


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the chart shows, and in plain numbers what it leaves out."""

    chart: dict[str, Any]
    span: Span
    total: int
    drawn: int
    is_binned: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """How many are in view, from when to when, and where they are too many: how many began when."""

    total: int
    span: Span
    bins: tuple[Bin, ...] = ()


def draw(
    found: IncidentQuerySet,
    form: IncidentFilter,
    providers: Sequence[Provider],
    names: Mapping[str, str],
    now: datetime,
) -> Drawing:
    compared: list[str] = form.asked["compare"] or []
    dated = found.exclude(started_at=None)
    seen = counted(form, compared) or looked_at(dated, form, now)
    is_binned = seen.total > DRAWN
    bins = seen.bins or (tuple(live_bins(dated, seen.span)) if is_binned and not compared else ())
    incidents = list((dated.widest() if is_binned else dated)[:DRAWN])
    drawn = outages(incidents, compared, now)
    in_view = {outage.lane for outage in drawn} | set(peaks_of(bins))
    lanes = [(one, names.get(one, one)) for one in compared] or provider_lanes(providers, in_view)
    scale = marks_for(drawn) if is_binned else scale_for(drawn, seen.span)
    placed = draw_lanes(lanes, drawn, seen.span, scale, peaks=peaks_of(bins))
    figure = timeline_figure(placed, bins, seen.span, scale, now)
    total = seen.total if is_binned else len(incidents)
    return Drawing(chart(figure), seen.span, total, len(incidents), is_binned)


def counted(form: IncidentFilter, compared: Sequence[str]) -> Seen | None:
    """From what a worker counted; None where that does not say it, or where the view is near.

    An outage in several compared things counts in each: the sum only tells that there are too many to draw.
    """
    is_plain = {field for field, _ in form.in_force()} <= {"compare", "since", "until"}
    scopes = {named: named for named in compared} if compared and is_plain else {form.scope: ""}
    if "" in scopes:
        return None
    figures = figures_of(*scopes)
    starts = [told.first_at for told in figures.values() if told.first_at]
    ends = [told.last_at for told in figures.values() if told.last_at]
    if not starts:
        return None
    span = span_in_view(form, min(starts), max(ends))
    if form.span and span.length < FAR:
        return None
    bins = counted_bins(scopes, span)
    total = sum(told.count for told in bins)
    return Seen(total, span, tuple(bins) if total > DRAWN else ())


def looked_at(dated: IncidentQuerySet, form: IncidentFilter, now: datetime) -> Seen:
    told = dated.order_by().aggregate(total=Count("pk"), first=Min("started_at"), last=Max("started_at"))
    return Seen(
        told["total"], span_in_view(form, told["first"] or now - timedelta(days=365), told["last"] or now)
    )


def span_in_view(form: IncidentFilter, first: datetime, last: datetime) -> Span:
    """What was asked for, else the whole record with a margin; an hour at least."""
    since, until = form.span or (None, None)
    start = since or first.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    end = until or last + max((last - start) / 80, timedelta(hours=6))
    return Span(start, max(end, start + LEAST))


def provider_lanes(providers: Sequence[Provider], in_view: Collection[str]) -> list[tuple[str, str]]:
    """The three clouds first, then whoever else has something in view, last what has no cloud behind it."""
    named = {provider.slug: provider.name for provider in providers}
    first = [slug for slug in FIRST_LANES if slug in in_view]
    others = sorted(set(in_view) - set(FIRST_LANES) - {OWN})
    lanes = [(slug, named.get(slug, slug)) for slug in [*first, *others]]
    return [*lanes, (OWN, OWN_NAME)] if OWN in in_view else lanes
