"""/insights/: the whole record in distributions and shares, each with its definition and its data."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from incidents.charts import Figure, chart
from incidents.figures import LISTS
from incidents.http import Request, reading_page
from incidents.insights.pictures import LEAST, Row, bars, causes_by_year, curves, shares
from incidents.insights.tables import BY_NAME, STEPS
from incidents.models import Figures, Insight, Provider
from incidents.spreadsheets import neutral
from incidents.times import length_text
from incidents.views.rows import span_of_minutes

BARS = 15
MIDDLE, HIGH = STEPS // 2, STEPS * 9 // 10
LANES = {"own": "Organisations’ own", "all": "All"}


@dataclass(frozen=True, slots=True)
class Panel:
    """One chart with what stands beside it. `rows` are the same data as a table for readers."""

    name: str
    title: str
    definition: str
    label: str
    chart: dict[str, Any]
    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    note: str = ""


@reading_page
def insights(request: Request) -> HttpResponse:
    stored = {row.name: row for row in Insight.objects.all()}
    names = LANES | dict(Provider.objects.values_list("slug", "name"))
    drawn = {name: row.rows for name, row in stored.items() if row.rows}
    context = {
        "panels": [panel(name, rows, names) for name, rows in ordered(drawn)],
        "providers": provider_rows(names),
        "as_of": max((row.as_of for row in stored.values()), default=None),
        "least": LEAST,
    }
    return render(request, "insights/insights.html", context)


def ordered(drawn: dict[str, list[Row]]) -> list[tuple[str, list[Row]]]:
    return [(name, drawn[name]) for name in BY_NAME if name in drawn]


def panel(name: str, rows: list[Row], names: Mapping[str, str]) -> Panel:
    table = BY_NAME[name]
    picture, label, head, shown = SHOWN[name](rows, names)
    return Panel(name, table.title, table.definition, label, chart(picture), head, shown, note(name, rows))


def note(name: str, rows: list[Row]) -> str:
    """What the picture cannot show: of most exchanges nobody says what they stand on."""
    unknown = sum(row[1] for row in rows if name == "dependence" and row[0] == "unknown")
    return f"Of {unknown} more exchanges and brokers no dependency is known." if unknown else ""


Shown = tuple[Figure, str, tuple[str, ...], Sequence[tuple[str, ...]]]


def as_curves(rows: list[Row], names: Mapping[str, str]) -> Shown:
    shown = [
        (called(names, lane), str(count), minutes(quantiles[MIDDLE]), minutes(quantiles[HIGH]))
        for lane, count, quantiles in rows
        if count >= LEAST
    ]
    label = "Curves: the share of outages within a time, by provider"
    return curves(rows, names), label, ("", "Outages", "Median", "90 % within"), shown


def as_causes(rows: list[Row], names: Mapping[str, str]) -> Shown:
    known: dict[str, int] = {}
    for _, cause, count in rows:
        known[cause] = known.get(cause, 0) + count
    total = sum(known.values())
    shown = [
        (cause.replace("-", " "), str(count), f"{count / total:.0%}")
        for cause, count in sorted(known.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    label = "Bars: how many outages each known cause brought, by year"
    return causes_by_year(rows), label, ("Cause", "Outages", "Share"), shown


def as_regions(rows: list[Row], names: Mapping[str, str]) -> Shown:
    top = rows[:BARS]
    picture = bars([region for region, *_ in top], [row[1] for row in top], unit="outages")
    shown = [
        (of_owner(names, region), str(count), str(reached), minutes(median), minutes(high), str(measured))
        for region, count, reached, median, high, measured in rows
    ]
    head = ("Region", "Outages", "Reached a customer", "Median", "90 % within", "Measured")
    return picture, "Bars: outages that name a region", head, shown


def as_first_words(rows: list[Row], names: Mapping[str, str]) -> Shown:
    owners = [called(names, slug) for slug, *_ in rows]
    picture = shares(owners, [(first, count) for _, count, first, _ in rows])
    shown = [
        (name, str(count), str(first), f"{first / count:.0%}", lead_text(lead))
        for name, (_, count, first, lead) in zip(owners, rows, strict=True)
    ]
    head = ("Provider", "Outages", "Organisation first", "Share", "Median lead")
    return picture, "Bars: the share of outages in which the organisation spoke first", head, shown


def as_dependence(rows: list[Row], names: Mapping[str, str]) -> Shown:
    owners = ["Not known" if slug == "unknown" else called(names, slug) for slug, *_ in rows]
    known = [(name, row[1]) for name, row in zip(owners, rows, strict=True) if row[0] != "unknown"]
    picture = bars([name for name, _ in known], [count for _, count in known], unit="exchanges")
    shown = [
        (name, str(exchanges), str(hits) if slug != "unknown" else "")
        for name, (slug, exchanges, hits) in zip(owners, rows, strict=True)
    ]
    label = "Bars: exchanges and brokers known to stand on each provider"
    return picture, label, ("Provider", "Exchanges", "Hits"), shown


def of_owner(names: Mapping[str, str], slug: str) -> str:
    """`aws:us-east-1` as a person says it: two clouds may have a code in common."""
    owner, _, code = slug.partition(":")
    return f"{code}, {called(names, owner)}" if code else slug


def called(names: Mapping[str, str], slug: str) -> str:
    return names.get(slug, slug)


SHOWN = {
    "durations": as_curves,
    "durations-since-2020": as_curves,
    "delays": as_curves,
    "causes": as_causes,
    "regions": as_regions,
    "first-words": as_first_words,
    "dependence": as_dependence,
}


def minutes(value: float | None) -> str:
    return "" if value is None else span_of_minutes(round(value))


def lead_text(lead: float) -> str:
    return f"{minutes(abs(lead))} {'before' if lead >= 0 else 'after'}"


def provider_rows(names: Mapping[str, str]) -> list[dict[str, Any]]:
    """What is counted of each provider, from the figures that a worker keeps."""
    found = Figures.objects.defer(*LISTS).filter(scope__startswith="provider:").order_by("-total")
    return [
        {
            "slug": row.scope.partition(":")[2],
            "name": called(names, row.scope.partition(":")[2]),
            "figures": row,
            "median": length_text(row.median),
            "p90": length_text(row.p90),
            "delay": length_text(row.delay_median),
        }
        for row in found
        if row.total >= LEAST
    ]


@reading_page
def data(request: Request, name: str) -> HttpResponse:
    """A table as CSV; the quantiles of a curve are a column each, from 0 to 1."""
    table = BY_NAME.get(name)
    stored = Insight.objects.filter(name=name).first()
    if table is None or stored is None:
        raise Http404("There is no such table.")
    head: list[str] = [*table.columns]
    rows = [list(row) for row in stored.rows]
    if head[-1] == "quantiles":
        head[-1:] = [f"q{step / STEPS:g}" for step in range(STEPS + 1)]
        rows = [[*row[:-1], *row[-1]] for row in rows]
    written = io.StringIO()
    told = ([neutral(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    csv.writer(written).writerows([head, *told])
    response = HttpResponse(written.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="faultline-{name}.csv"'
    return response
