"""What falls with what, for machines: /api/v1/what-if, with the questions of the page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from ninja.decorators import decorate_view
from ninja.errors import HttpError

from incidents.cors import open_to_all
from incidents.graphing.asking import WhatIfForm
from incidents.views.graph.failing import FallRow
from incidents.views.graph.pages import graph_page, record_of
from incidents.views.graph.rows import EdgeRow
from incidents.views.graph.what_if import supposed

router = Router(tags=["graph"])


class WhatIfQuery(Schema):
    """`fail` is kind:slug, any number of times; `as_of` a day, month or year; `later=1` adds hindsight."""

    fail: list[str] = []
    as_of: str = ""
    later: str = ""


class StepOut(Schema):
    source: str
    relation: str
    target: str
    confidence: float | None
    proofs: str


class FallOut(Schema):
    """`at_worst` is the fate if everything fails of which it cannot be told."""

    organisation: str
    fate: str
    at_worst: str
    learned_later: bool
    chain: list[StepOut]


class WhatIfOut(Schema):
    failed: list[str]
    as_of: datetime
    nothing_known_of: int
    organisations: int
    reached: list[FallOut]


@router.get("/what-if", response=WhatIfOut)
@decorate_view(open_to_all, graph_page)
def what_if(request: HttpRequest, asked: Query[WhatIfQuery]) -> Any:
    """Who falls, degrades or cannot be told, by what was known then, each with its chain and its proofs."""
    form = WhatIfForm(request.GET)
    if not form.is_valid():
        raise HttpError(422, "; ".join(f"{name}: {told.as_text()}" for name, told in form.errors.items()))
    context = supposed(form, record_of(request))
    if "first" not in context:
        raise HttpError(422, "fail: name at least one thing of the record, like region:aws:us-east-1")
    told = context["first"]
    return {
        "failed": sorted(told.outcome.failed),
        "as_of": context["at"],
        "nothing_known_of": told.unheard,
        "organisations": told.served,
        "reached": [fall_json(row) for row in (*told.rows, *told.later)],
    }


def fall_json(row: FallRow) -> dict[str, Any]:
    return {
        "organisation": row.node.partition(":")[2],
        "fate": row.fate_word,
        "at_worst": row.at_worst or row.fate_word,
        "learned_later": row.is_later,
        "chain": [step_json(edge) for edge in row.chain],
    }


def step_json(edge: EdgeRow) -> dict[str, Any]:
    source, relation, target = edge.key.split(" ")
    return {
        "source": source,
        "relation": relation,
        "target": target,
        "confidence": float(edge.share) if edge.share else None,
        "proofs": edge.url,
    }
