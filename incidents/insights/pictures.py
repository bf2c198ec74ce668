"""Plotly figures of the tables, as dicts: pure. `charts` says what colours and axes they have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from incidents.charts import LENGTH_TICKS, PALETTE, Figure, axis, layout
from incidents.insights.tables import STEPS

CURVES = 6
"""Lanes that a picture of curves shows besides the whole: more could not be told apart."""
# Apart in lightness and in dash, so that no curve is known by its colour alone.
STYLES = (
    ("hit", "solid"),
    ("critical", "dash"),
    ("maintenance", "dot"),
    ("major", "dashdot"),
    ("unknown", "longdash"),
    ("minor", "solid"),
)
LEAST = 5
"""Outages from which on a distribution is drawn."""
SHOWN_CAUSES = 7

Row = Sequence[Any]


def curves(rows: Iterable[Row], names: Mapping[str, str]) -> Figure:
    """The share of outages that lasted so long at most, for the whole and for the largest lanes."""
    told = [row for row in rows if row[1] >= LEAST and row[2]]
    lanes = [row for row in told if row[0] != "all"][:CURVES]
    data = [curve(row, names, *style) for row, style in zip(lanes, STYLES, strict=False)]
    data += [curve(row, names, "ink", "solid", width=3) for row in told if row[0] == "all"]
    return {
        "data": data,
        "layout": layout(
            340,
            margin={"l": 44, "r": 8, "t": 8, "b": 70},
            showlegend=True,
            legend={"orientation": "h", "y": -0.16, "x": 0, "yanchor": "top"},
            xaxis=axis(
                type="log",
                fixedrange=True,
                tickvals=[minutes for minutes, _ in LENGTH_TICKS],
                ticktext=[text for _, text in LENGTH_TICKS],
            ),
            yaxis=axis(
                type="linear",
                fixedrange=True,
                range=[0, 1.02],
                tickformat=".0%",
                tickvals=[0, 0.25, 0.5, 0.75, 0.9, 1],
            ),
        ),
    }


def curve(row: Row, names: Mapping[str, str], colour: str, dash: str, width: float = 1.6) -> dict[str, Any]:
    lane, count, quantiles = row
    name = escape(names[lane] if lane in names else str(lane))
    return {
        "type": "scatter",
        "mode": "lines",
        "name": f"{name} ({count})",
        "x": [max(1.0, minutes) for minutes in quantiles],
        "y": [step / STEPS for step in range(STEPS + 1)],
        "line": {"color": PALETTE[colour], "dash": dash, "width": width, "shape": "linear"},
        "hovertemplate": f"%{{y:.0%}} of {name} within %{{x:.0f}} min<extra></extra>",
    }


def causes_by_year(rows: Iterable[Row]) -> Figure:
    """Shares of the known causes of each year; the rarer ones together, and how many are known at all."""
    counts: defaultdict[str, defaultdict[int, int]] = defaultdict(lambda: defaultdict(int))
    for year, cause, count in rows:
        if cause != "unknown":
            counts[cause][year] += count
    frequent = sorted(counts, key=lambda cause: (-sum(counts[cause].values()), cause))
    shown = frequent[:SHOWN_CAUSES]
    years = sorted({year for by_year in counts.values() for year in by_year})
    rest = {year: sum(counts[cause][year] for cause in frequent[SHOWN_CAUSES:]) for year in years}
    bars = [(cause.replace("-", " "), dict(counts[cause])) for cause in shown]
    if any(rest.values()):
        bars.append(("all others", rest))
    colours = ("hit", "critical", "maintenance", "major", "minor", "none", "unknown", "density")
    patterns = ("", "/", "x", ".", "\\", "-", "+", "")
    return {
        "data": [
            {
                "type": "bar",
                "name": name,
                "x": years,
                "y": [by_year.get(year, 0) for year in years],
                "marker": {
                    "color": PALETTE[colour],
                    "pattern": {"shape": pattern, "size": 5, "solidity": 0.25},
                },
                "hovertemplate": f"%{{y}} by {name} in %{{x}}<extra></extra>",
            }
            for (name, by_year), colour, pattern in zip(bars, colours, patterns, strict=False)
        ],
        "layout": layout(
            340,
            margin={"l": 34, "r": 8, "t": 8, "b": 80},
            barmode="stack",
            bargap=0.25,
            showlegend=True,
            legend={"orientation": "h", "y": -0.14, "x": 0, "yanchor": "top", "traceorder": "normal"},
            xaxis=axis(type="linear", tickformat="d", showgrid=False, fixedrange=True),
            yaxis=axis(type="linear", fixedrange=True, nticks=6, rangemode="tozero", tickformat="d"),
        ),
    }


def bars(names: Sequence[str], values: Sequence[int], *, grey: str = "", unit: str) -> Figure:
    """Horizontal bars, the first on top; the one called `grey` stands for what is not known."""
    colours = [PALETTE["density"] if name == grey else PALETTE["hit"] for name in reversed(names)]
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "x": list(reversed(values)),
                "y": [escape(name) for name in reversed(names)],
                "marker": {"color": colours},
                "text": [str(value) for value in reversed(values)],
                "textposition": "outside",
                "cliponaxis": False,
                "hovertemplate": f"%{{y}}: %{{x}} {unit}<extra></extra>",
            }
        ],
        "layout": layout(
            max(90, 24 * len(names) + 20),
            margin={"l": 150, "r": 48, "t": 4, "b": 8},
            bargap=0.35,
            xaxis=axis(visible=False, fixedrange=True, rangemode="tozero"),
            yaxis=axis(type="category", fixedrange=True, showgrid=False),
        ),
    }


def shares(names: Sequence[str], parts: Sequence[tuple[int, int]]) -> Figure:
    """Bars of how large a part of a whole each is; both are written beside it, for one of one is not much."""
    figure = bars(names, [round(100 * part / whole) for part, whole in parts], unit="%")
    figure["data"][0]["text"] = [f"{part} of {whole}" for part, whole in reversed(parts)]
    figure["layout"]["xaxis"]["range"] = [0, 100]
    return figure
