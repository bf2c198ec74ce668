"""/search/: one box over incidents, their posts, post-mortems and everything that has a name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from incidents.facets import LABELS, word
from incidents.http import P, Request, View, versioned_page
from incidents.models import Incident, Publication, User
from incidents.quoting import LONGEST_QUOTE
from incidents.searching.asking import OPERATORS, Asked, parse
from incidents.searching.entities import entities_named
from incidents.searching.finding import BEGIN, END, Facet, Found, find, fragments
from incidents.searching.spelling import meant
from incidents.views.rows import IncidentRow, incident_rows
from nlp.document import EntityKind
from nlp.vocabulary import find_term

POSTMORTEMS = 5
ORDERS = ("rank", "time")
SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Hit:
    row: IncidentRow
    fragment: SafeString


@dataclass(frozen=True, slots=True)
class Choice:
    """A facet's value with the address that narrows the search to it."""

    label: str
    count: int
    url: str


def readable_to(request: HttpRequest) -> str:
    """Of which teams' post-mortems the reader may learn: who has left one is not answered from before."""
    person = request.user
    return f"{person.is_admin} {sorted(person.roles)}" if isinstance(person, User) else ""


def searching_page(view: View[P]) -> View[P]:
    return versioned_page(view, readable_to)


@searching_page
def search(request: Request) -> HttpResponse:
    asked = parse(request.GET.get("q", ""))
    order = request.GET.get("order", "")
    if order not in ORDERS:
        order = "rank" if asked.words else "time"
    context: dict[str, Any] = {"asked": asked, "order": order, "operators": OPERATORS, "query": asked.text}
    if not asked.is_empty:
        context |= found_context(request, asked, order)
    return render(request, "search/search.html", context)


def found_context(request: Request, asked: Asked, order: str) -> dict[str, Any]:
    found = find(asked, by_time=order == "time")
    number = page_number(request, found)
    shown = hits(found.page(number), asked.words)
    entities = entities_named(asked.words)
    told = Publication.objects.visible_to(request.user).current()
    return {
        "hits": shown,
        "total": len(found.matches),
        "is_capped": found.is_capped,
        "facets": choices(found, asked),
        "entities": entities,
        "postmortems": told.matching(asked.words).for_list()[:POSTMORTEMS] if asked.words else [],
        "meant": meant(asked.words) if not shown and not entities else "",
        "number": number,
        "pages": found.pages,
        "earlier": address(request, page=str(number - 1)) if number > 1 else "",
        "later": address(request, page=str(number + 1)) if number < found.pages else "",
        "by_rank": address(request, order="rank"),
        "by_time": address(request, order="time"),
    }


def page_number(request: Request, found: Found) -> int:
    """From 1 on; whatever else is written there is the first or the last."""
    given = request.GET.get("page", "1")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 6 else 1
    return max(1, min(number, found.pages or 1))


def hits(incidents: Any, words: str) -> list[Hit]:
    rows = {row.pk: row for row in Incident.objects.for_rows().filter(pk__in=incidents)}
    listed = [rows[pk] for pk in incidents if pk in rows]
    told = fragments([row.pk for row in listed], words)
    shown = incident_rows(listed)
    return [Hit(row, marked(told.get(one.pk, ""))) for one, row in zip(listed, shown, strict=True)]


def marked(fragment: str) -> SafeString:
    """The passage as text, the words found in marks."""
    passage = SPACE.sub(" ", fragment)[: LONGEST_QUOTE + 60].strip()
    safe = escape(passage).replace(BEGIN, "<mark>").replace(END, "</mark>")
    if safe.count("<mark>") > safe.count("</mark>"):
        safe += "</mark>"  # the end was cut off
    return mark_safe(safe)


def choices(found: Found, asked: Asked) -> list[tuple[str, list[Choice]]]:
    """By what they are about, the values that would narrow further; one that is in force is none."""
    return [
        (LABELS.get(name, name.capitalize()), [choice(facet, asked) for facet in facets])
        for name, facets in found.facets().items()
        if len(facets) > 1
    ]


def choice(facet: Facet, asked: Asked) -> Choice:
    query = QueryDict(mutable=True)
    query["q"] = f"{asked.text} {operator(facet)}".strip()
    return Choice(label(facet), facet.count, "?" + query.urlencode())


def label(facet: Facet) -> str:
    """What a facet's value is called: a provider by its name, the rest as the filters of the lists do."""
    term = find_term(EntityKind.PROVIDER, facet.value) if facet.name == "provider" else None
    return term.name if term else word(facet.name, facet.value, {})


def operator(facet: Facet) -> str:
    if facet.name == "year":
        return f"after:{facet.value} before:{facet.value}"
    return f"{facet.name}:{facet.value}"


def address(request: Request, **changes: str) -> str:
    """This search with some parts set anew, from its first page on."""
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in changes.items():
        query[name] = value
    return "?" + query.urlencode()
