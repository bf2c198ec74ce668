"""/graph/what-if/: what falls with what, beside another failure or beside what really happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone

from incidents.graphing import exporting
from incidents.graphing.asking import INSTANT, GraphForm, WhatIfForm
from incidents.graphing.explaining import Fate
from incidents.graphing.finding import find_node
from incidents.graphing.frequencies import Verification
from incidents.graphing.loading import Record, learned_later
from incidents.graphing.pasts import at_nodes
from incidents.graphing.precedents import happened
from incidents.graphing.selecting import Choice
from incidents.http import Request
from incidents.models import Incident
from incidents.views.graph.explorer import EXPORTS, download
from incidents.views.graph.failing import FATES, FallRow, Scenario, fall_picture, scenario
from incidents.views.graph.pages import graph_page, record_of
from incidents.views.graph.panel import panel_of
from incidents.views.graph.rows import exported, node_link
from incidents.views.rows import Link

KINDS = ("provider", "region", "service", "organisation")
NEXT = 3
EXAMPLES = (
    ("us-east-1 on the eve of 20 October 2025", "?fail=region:aws:us-east-1&as_of=2025-10-19"),
    ("Tokyo on the eve of 15 April 2025", "?fail=region:aws:ap-northeast-1&as_of=2025-04-14"),
    ("Cloudflare as a whole", "?fail=provider:cloudflare"),
    ("one cloud against another", "?fail=provider:aws&versus=provider:gcp"),
)


@dataclass(frozen=True, slots=True)
class Compared:
    """One organisation in two scenarios."""

    link: Link
    first: FallRow | None
    second: FallRow | None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What was predicted for an incident, and what became of it."""

    incident: Incident
    right: tuple[Link, ...]
    wrong: tuple[Link, ...]
    silent: tuple[Link, ...]
    open: tuple[Link, ...]
    missed: tuple[Link, ...]
    later: tuple[Link, ...]
    precision: str
    recall: str


def named_node(slug: str, record: Record) -> str:
    """`aws:us-east-1` as `region:aws:us-east-1`: the kind may be left out where one thing is called so."""
    if slug.partition(":")[0] in KINDS and ":" in slug:
        return slug
    return find_node(slug, record)


def nodes_of(form: WhatIfForm, field: str, record: Record) -> list[str]:
    found = (named_node(slug, record) for slug in form.asked[field] or ())
    return [node for node in dict.fromkeys(found) if node]


@graph_page
def what_if_page(request: Request) -> HttpResponse:
    form = WhatIfForm(request.GET)
    record = record_of(request)
    words = form.asked["add"]
    if node := find_node(words or "", record):
        return redirect(f"{request.path}{form.query(add='', fail=[*form.asked['fail'], node])}")
    return render(
        request,
        "graph/what_if.html",
        {"missed": words, "known_names": record.carrying_names} | supposed(form, record),
    )


def supposed(form: WhatIfForm, record: Record) -> dict[str, Any]:
    against = incident_of(form)
    at = moment_of(form, against)
    failed, versus = nodes_of(form, "fail", record), nodes_of(form, "versus", record)
    is_past = form.is_past or against is not None
    settings = {"with_later": form.asked["later"] == "1", "with_undated": not is_past}
    context: dict[str, Any] = {"form": form, "at": at, "is_past": is_past, "examples": EXAMPLES}
    if not failed:
        return context
    first = scenario(record, failed, at, **settings)
    context |= {
        "first": first,
        "chips": [Link(record.name_of(n), form.query(fail=[o for o in failed if o != n])) for n in failed],
        "with_later": settings["with_later"],
        "toggle_later": form.query(later="" if settings["with_later"] else "1"),
        "state": form.query(),
    }
    context |= fall_picture(record, first, at, is_radial=form.asked["layout"] == "radial")
    if versus:
        second = scenario(record, versus, at, **settings)
        context |= {"second": second, "compared": compared(first, second)}
        context["versus_chips"] = [
            Link(record.name_of(n), form.query(versus=[o for o in versus if o != n])) for n in versus
        ]
    if against:
        context["outlook"] = outlook(record, first, against, at)
    else:
        context["next"] = [(one, form.query(against=one.slug)) for one in happened_next(failed, at)]
    picked = form.asked["pick"] or failed[0]
    choice = Choice(at, tuple(failed), **settings)
    context["panel"] = panel_of(explorer_form(form), record, choice, picked)
    return context


def happened_next(failed: list[str], at: datetime) -> list[Incident]:
    """The first outages there after the date that are known to have reached somebody."""
    found = at_nodes(failed, timezone.now()).filter(started_at__gt=at).exclude(hit=[])
    return list(found.order_by("started_at")[:NEXT])


def explorer_form(form: WhatIfForm) -> GraphForm:
    """The explorer's state that goes with this one's: its date, and whether hindsight is shown."""
    query = QueryDict(mutable=True)
    for name in ("as_of", "later"):
        if given := form.data.get(name):
            query[name] = given
    return GraphForm(query)


def incident_of(form: WhatIfForm) -> Incident | None:
    slug = (form.asked["against"] or "").strip().upper()
    return Incident.objects.live().filter(slug=slug).exclude(started_at=None).first() if slug else None


def moment_of(form: WhatIfForm, against: Incident | None) -> datetime:
    """Beside an incident and without a date: just before it began."""
    if against and against.started_at and not form.asked["as_of"]:
        started: datetime = against.started_at
        return started - INSTANT
    return form.moment


def compared(first: Scenario, second: Scenario) -> list[Compared]:
    one, other = first.fates(), second.fates()
    links = {node: row.link for node, row in (other | one).items()}
    return [
        Compared(links[node], one.get(node), other.get(node))
        for node in sorted(links, key=lambda node: (worst(one, other, node), links[node].name.lower()))
    ]


def worst(one: dict[str, FallRow], other: dict[str, FallRow], node: str) -> int:
    return -max(fates[node].fate if node in fates else Fate.STANDS for fates in (one, other))


def outlook(record: Record, told: Scenario, incident: Incident, at: datetime) -> Outlook:
    hit, spared = happened(incident)
    checked = Verification(told.predicted, told.unknown, hit, spared)
    after = {edge.source for edge in learned_later(record.proven, at)}

    def links(nodes: frozenset[str]) -> tuple[Link, ...]:
        return tuple(sorted((node_link(record, node) for node in nodes), key=lambda link: link.name.lower()))

    return Outlook(
        incident=incident,
        right=links(checked.right),
        wrong=links(checked.wrong),
        silent=links(checked.silent),
        open=links(checked.open),
        missed=links(checked.missed - after),
        later=links(checked.missed & after),
        precision=f"{checked.precision:.0%}" if checked.precision is not None else "",
        recall=f"{checked.recall:.0%}" if checked.recall is not None else "",
    )


@graph_page
def export(request: Request, format: str) -> HttpResponse:
    if format not in EXPORTS:
        raise Http404(f"There is no export as {format}.")
    form = WhatIfForm(request.GET)
    record = record_of(request)
    context = supposed(form, record)
    if "first" not in context:
        raise Http404("Say what fails.")
    outcome, at = context["first"].outcome, context["at"]
    reached = outcome.reached
    edges = {edge.key: edge for node in reached for edge in outcome.chain(node)}.values()
    nodes = sorted({*reached, *(edge.target for edge in edges)})
    node_rows = [
        exporting.NodeRow(n, record.name_of(n), n.partition(":")[0], FATES[outcome.fate(n)]) for n in nodes
    ]
    return download(format, node_rows, [exported(edge, at) for edge in edges], "what-if")
