"""/graph/edges/: every edge with its proofs and its history, and where analysts add and correct them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from incidents.choices import EdgeVerdictKind
from incidents.graphing.asking import GraphForm
from incidents.graphing.deciding import NamedEdge, end, prove, regroup, reject, undo
from incidents.graphing.edges import Edge
from incidents.graphing.forms import (
    DECISIONS,
    EndForm,
    GroupForm,
    NewEdgeForm,
    ProofForm,
    ReasonForm,
)
from incidents.graphing.loading import Record, record_graph
from incidents.http import Request
from incidents.models import Dependency, EdgeVerdict, Organisation, User
from incidents.verdicts import VerdictRefused
from incidents.views.graph.pages import graph_page
from incidents.views.graph.rows import edge_row, edge_rows, relation_words, verdict_words
from incidents.views.rows import When, when
from incidents.views.signing_in import analyst_page

LISTED = 400


@dataclass(frozen=True, slots=True)
class VerdictRow:
    pk: int
    what: str
    reason: str
    person: str
    made: When | None
    retracted: When | None
    retracted_by: str


def verdict_row(verdict: EdgeVerdict) -> VerdictRow:
    return VerdictRow(
        pk=verdict.pk,
        what=verdict_words(verdict.kind, ended=verdict.ended_on, group=verdict.redundancy_group),
        reason=verdict.reason,
        person=verdict.person.get_username(),
        made=when(verdict.made_at),
        retracted=when(verdict.retracted_at),
        retracted_by=verdict.retracted_by.get_username() if verdict.retracted_by else "",
    )


def history(verdicts: QuerySet[EdgeVerdict]) -> list[VerdictRow]:
    return [verdict_row(verdict) for verdict in verdicts.select_related("person", "retracted_by")]


@graph_page
def index(request: Request) -> HttpResponse:
    """All edges that somebody has stated, those of a name where one is asked for."""
    form = GraphForm(request.GET)
    record = record_graph()
    words = (form.asked["find"] or "").lower()
    found = [edge for edge in record.proven if is_named(record, edge, words)]
    context = {
        "form": form,
        "edges": edge_rows(record, found[:LISTED], form.moment),
        "count": len(found),
        "total": len(record.proven),
        "listed": LISTED,
    }
    return render(request, "graph/edges.html", context)


def is_named(record: Record, edge: Edge, words: str) -> bool:
    names = (record.name_of(edge.source), record.name_of(edge.target), edge.source, edge.target)
    return any(words in name.lower() for name in names)


def verdicts_on(source: str, relation: str, target: str) -> QuerySet[EdgeVerdict]:
    slug = source.partition(":")[2].replace("\x00", "")
    return EdgeVerdict.objects.on(slug, relation, target.replace("\x00", ""))


@graph_page
def edge(request: Request, source: str, relation: str, target: str) -> HttpResponse:
    """One edge: who says so, since when it could be known, and what analysts decided on it."""
    form = GraphForm(request.GET)
    record = record_graph()
    decided = history(verdicts_on(source, relation, target))
    found = next((one for one in record.edges if one.key == (source, relation, target)), None)
    if found is None and not decided:
        raise Http404("The record holds no such edge.")
    context = {
        "edge": edge_row(record, found, form.moment) if found else None,
        "names": (record.name_of(source), relation_words(relation), record.name_of(target)),
        "decisions": decided,
        "focus": f"{reverse('incidents:graph')}?focus={source}&focus={target}",
        "correct": reverse("incidents:graph-edge-decide", args=[source, relation, target]),
        "may_correct": source.startswith("organisation:"),
    }
    return render(request, "graph/edge.html", context, status=200 if found else 410)


@require_http_methods(["GET", "HEAD", "POST"])
@analyst_page
def new(request: HttpRequest, person: User) -> HttpResponse:
    """An edge begins with a proof."""
    form = NewEdgeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            prove(form.edge, form.evidence, group=given["group"], person=person, reason=given["reason"])
        except VerdictRefused as refused:
            form.add_error(None, str(refused))
        else:
            named = form.edge
            key = (f"organisation:{named.organisation.slug}", named.relation, named.target)
            return redirect("incidents:graph-edge", *key)
    status = 400 if form.errors else 200
    return render(request, "graph/new_edge.html", {"form": form}, status=status)


def named_edge(source: str, relation: str, target: str) -> NamedEdge:
    slug = source.partition(":")[2]
    organisation = get_object_or_404(Organisation, slug=slug.replace("\x00", ""))
    named = NamedEdge(organisation, relation, target.replace("\x00", ""))
    if not Dependency.objects.filter(**named.columns).exists() and not verdicts_on(source, relation, target):
        raise Http404("The record holds no such edge.")
    return named


@require_http_methods(["GET", "HEAD", "POST"])
@analyst_page
def decide_one(request: HttpRequest, person: User, source: str, relation: str, target: str) -> HttpResponse:
    """Add a proof, end the edge, put it into a group, say that there is none; take any of it back."""
    named = named_edge(source, relation, target)
    record = record_graph()
    forms: dict[str, ReasonForm] = {kind.value: form(prefix=kind.value) for kind, form in DECISIONS.items()}
    if request.method == "POST":
        kind = request.POST.get("kind", "")
        if kind not in forms:
            return HttpResponseBadRequest("That is nothing that can be decided on an edge.")
        form = DECISIONS[EdgeVerdictKind(kind)](request.POST, prefix=kind)
        forms[kind] = form
        if form.is_valid():
            try:
                carry_out(named, form, person)
                return redirect("incidents:graph-edge", source, relation, target)
            except VerdictRefused as refused:
                form.add_error(None, str(refused))
    context: dict[str, Any] = {
        "names": (record.name_of(source), relation_words(relation), record.name_of(target)),
        "edge_url": reverse("incidents:graph-edge", args=[source, relation, target]),
        "forms": [(kind, EdgeVerdictKind(kind).label, form) for kind, form in forms.items()],
        "decisions": history(verdicts_on(source, relation, target)),
    }
    return render(request, "graph/decide.html", context, status=400 if request.method == "POST" else 200)


def carry_out(named: NamedEdge, form: ReasonForm, person: User) -> EdgeVerdict:
    reason = form.cleaned_data["reason"]
    match form:
        case ProofForm():
            return prove(named, form.evidence, person=person, reason=reason)
        case EndForm():
            return end(named, *form.end, person=person, reason=reason)
        case GroupForm():
            return regroup(named, form.cleaned_data["group"], person=person, reason=reason)
        case _:
            return reject(named, person=person, reason=reason)


@require_POST
@analyst_page
def undo_one(request: HttpRequest, person: User, pk: int) -> HttpResponse:
    verdict = get_object_or_404(EdgeVerdict.objects.select_related("organisation"), pk=pk)
    undo(verdict, person=person)
    messages.success(request, "Taken back.")
    key = (f"organisation:{verdict.organisation.slug}", verdict.relation, verdict.target)
    return redirect("incidents:graph-edge-decide", *key)
