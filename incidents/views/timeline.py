"""/timeline/: every outage in the lane of its provider, the exchanges that it reached hanging from it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, Func, IntegerField, Max, Min
from django.db.models.functions import Trunc
from django.http import HttpResponse
from django.utils import timezone

from incidents.charts import chart
from incidents.choices import EndState, HitGrade, HitStatus
from incidents.forms import YEARS, IncidentFilter
from incidents.http import Cursor, Request, keyset_page, reading_page
from incidents.lanes import MARKS, Hit, Outage, Span, draw_lanes, scale_for
from incidents.models import Impact, Incident, Provider
from incidents.querysets import IncidentQuerySet
from incidents.timelines import Bin, timeline_figure
from incidents.views.filtering import filter_names, render_view
from incidents.views.rows import When, duration_text, incident_rows, when
from nlp.document import Precision, Severity

DRAWN = 300
"""Above this many outages in view, counts stand in for those that reached nobody."""
OWN_LANE = "own"
FIRST_LANES = ("aws", "azure", "gcp")
STATED = (HitGrade.STATED_BY_ORGANISATION, HitGrade.STATED_BY_PROVIDER, HitGrade.REPORTED_BY_PRESS)
EARLIEST = datetime(YEARS.start, 1, 1, tzinfo=UTC)
LATEST = datetime(YEARS.stop, 1, 1, tzinfo=UTC)
FOUNDING_WEEKS = (
    ("15 April 2025", "2025-04-14", "2025-04-16"),
    ("20 to 30 October 2025", "2025-10-19", "2025-10-30"),
)


class Cardinality(Func):
    function = "cardinality"
    output_field = IntegerField()


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the chart shows, and in plain numbers what it leaves out."""

    chart: dict[str, Any]
    span: Span
    total: int
    drawn: int
    is_binned: bool


@reading_page
def timeline(request: Request) -> HttpResponse:
    form = IncidentFilter(request.GET)
    providers = list(Provider.objects.all())
    found = form.narrow(Incident.objects.for_timeline())
    drawing = draw(found, form, providers, timezone.now())
    page = keyset_page(found, Cursor.parse(request.GET.get("after", "")))
    context = {
        "form": form,
        "chips": form.chips(filter_names(form, providers)),
        "providers": providers,
        "drawing": drawing,
        "period": period(drawing.span),
        "moves": moves(form, drawing.span),
        "rows": incident_rows(page.rows),
        "next": form.query(after=str(page.next)) if page.next else "",
    }
    return render_view(request, "incidents/timeline.html", "incidents/_timeline.html", context)


def period(span: Span) -> dict[str, When | None]:
    """The view's two ends; to the day where both are midnights, the last day being the last one in view."""
    is_days = span.start.time() == span.end.time() == time()
    last = span.end - timedelta(minutes=1) if is_days else span.end
    precision = Precision.DAY if is_days else Precision.MINUTE
    return {"start": when(span.start, precision), "end": when(last, precision)}


def draw(found: IncidentQuerySet, form: IncidentFilter, providers: list[Provider], now: datetime) -> Drawing:
    dated = found.exclude(started_at=None)
    seen = dated.order_by().aggregate(total=Count("pk"), first=Min("started_at"), last=Max("started_at"))
    span = span_in_view(form, seen["first"] or now - timedelta(days=365), seen["last"] or now)
    is_binned = seen["total"] > DRAWN
    shown = (
        dated.exclude(hit=[]).annotate(reach=Cardinality(F("hit"))).order_by("-reach", "-pk")
        if is_binned
        else dated
    )
    incidents = list(shown[:DRAWN])
    outages = [as_outage(incident, hits, now) for incident, hits in with_hits(incidents)]
    bins = count_bins(dated, span) if is_binned else []
    lanes = lane_names(providers, {outage.lane for outage in outages} | {told.lane for told in bins})
    scale = MARKS if is_binned else scale_for(outages, span)
    drawn = draw_lanes(lanes, outages, span, scale, has_density=is_binned)
    figure = timeline_figure(drawn, bins, span, scale, now)
    return Drawing(chart(figure), span, seen["total"], len(outages), is_binned)


def span_in_view(form: IncidentFilter, first: datetime, last: datetime) -> Span:
    """What was asked for, else the whole record with a margin."""
    since, until = form.span or (None, None)
    start = since or first.replace(month=1, day=1, hour=0, minute=0)
    end = until or last + max((last - start) / 80, timedelta(hours=6))
    return Span(start, max(end, start + timedelta(hours=1)))


def with_hits(incidents: list[Incident]) -> list[tuple[Incident, list[Impact]]]:
    reached = (
        Impact.objects.filter(incident__in=[incident.pk for incident in incidents])
        .exclude(status=HitStatus.REJECTED)
        .exclude(grade=HitGrade.STATED_NOT_AFFECTED)
        .select_related("organisation")
        .order_by("started_at", "organisation__name")
    )
    by_incident: defaultdict[int, list[Impact]] = defaultdict(list)
    for impact in reached:
        by_incident[impact.incident_id].append(impact)
    return [(incident, by_incident[incident.pk]) for incident in incidents]


def as_outage(incident: Incident, impacts: list[Impact], now: datetime) -> Outage:
    is_ongoing = incident.end_state == EndState.ONGOING
    assert incident.started_at is not None
    return Outage(
        slug=incident.slug,
        title=incident.title,
        place=place_of(incident),
        lane=incident.provider.slug if incident.provider else OWN_LANE,
        severity=incident.severity or Severity.UNKNOWN,
        start=incident.started_at,
        end=max(now, incident.started_at) if is_ongoing else incident.ended_at,
        is_inferred=incident.start_is_bound or incident.end_state in (EndState.BOUNDED, EndState.UNKNOWN),
        length=duration_text(incident) or END_WORDS[EndState(incident.end_state)],
        hits=tuple(as_hit(impact) for impact in impacts),
    )


END_WORDS = {
    EndState.KNOWN: "length not known",
    EndState.BOUNDED: "over by the end of the hatching at the latest",
    EndState.UNKNOWN: "end unknown",
    EndState.ONGOING: "ongoing",
}


def place_of(incident: Incident) -> str:
    if incident.organisation and not incident.provider:
        return incident.organisation.name
    codes = [slug.partition(":")[2] for slug in incident.regions]
    return f"{codes[0]} and {len(codes) - 1} more" if len(codes) > 2 else ", ".join(codes)


def as_hit(impact: Impact) -> Hit:
    return Hit(
        slug=impact.organisation.slug,
        name=impact.organisation.name,
        start=impact.started_at,
        end=impact.ended_at,
        is_stated=impact.status == HitStatus.ACCEPTED or impact.grade in STATED,
        grade=impact.get_grade_display(),
    )


def count_bins(dated: IncidentQuerySet, span: Span) -> list[Bin]:
    """How many began in each month, week or day of the view, by lane."""
    unit = (
        "month"
        if span.length > timedelta(days=5 * 365)
        else "week"
        if span.length > timedelta(days=400)
        else "day"
    )
    counted: Any = (
        dated.order_by()
        .annotate(bin=Trunc("started_at", unit, tzinfo=UTC))
        .values_list("provider__slug", "bin")
        .annotate(count=Count("pk"))
        .order_by("bin")
    )
    return [Bin(slug or OWN_LANE, start, end_of_bin(start, unit), count) for slug, start, count in counted]


def end_of_bin(start: datetime, unit: str) -> datetime:
    if unit == "month":
        return (start + timedelta(days=32)).replace(day=1)
    return start + timedelta(days=7 if unit == "week" else 1)


def lane_names(providers: list[Provider], in_view: set[str]) -> list[tuple[str, str]]:
    """The three clouds first, then whoever else has something in view, last what has no cloud behind it."""
    named = {provider.slug: provider.name for provider in providers}
    first = [slug for slug in FIRST_LANES if slug in in_view]
    others = sorted(in_view - set(FIRST_LANES) - {OWN_LANE})
    lanes = [(slug, named.get(slug, slug)) for slug in [*first, *others]]
    return [*lanes, (OWN_LANE, "Exchanges, no cloud behind it")] if OWN_LANE in in_view else lanes


@dataclass(frozen=True, slots=True)
class Move:
    name: str
    url: str


def moves(form: IncidentFilter, span: Span) -> dict[str, list[Move]]:
    """Where one can go from this view: links, so that it works without a script and without a mouse."""
    quarter = span.length / 4

    def to(name: str, start: datetime, end: datetime) -> Move:
        since, until = max(start, EARLIEST), min(end, LATEST) - timedelta(minutes=1)
        return Move(name, form.query(since=moment(since), until=moment(until)))

    return {
        "pan": [
            to("Earlier", span.start - 2 * quarter, span.end - 2 * quarter),
            to("Later", span.start + 2 * quarter, span.end + 2 * quarter),
            to("Closer", span.start + quarter, span.end - quarter),
            to("Wider", span.start - 2 * quarter, span.end + 2 * quarter),
            Move("Everything", form.query(since="", until="")),
        ],
        "weeks": [Move(name, form.query(since=since, until=until)) for name, since, until in FOUNDING_WEEKS],
    }


def moment(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M}"
