"""Plotly figures from plain rows, as dicts: pure, without plotly.py. `chart.js` draws them.

Colours are those of PALETTE, by the names of `tokens.css`; the page replaces each by what the reader's
theme makes of it. Every text that came from outside is escaped: Plotly reads markup in texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from typing import Any

Figure = dict[str, Any]

PALETTE = {
    "critical": "#b42318",
    "major": "#a85200",
    "minor": "#7d6600",
    "none": "#5b6b7a",
    "maintenance": "#3d5a99",
    "unknown": "#6a665f",
    "hit": "#1f5f7a",
    "tie": "#a9a294",
    "density": "#cfc8b9",
    "ink": "#1c1b19",
    "ink-2": "#55514a",
    "line": "#e2ddd3",
    "paper": "#fbfaf7",
}
SYMBOLS = {
    "critical": "diamond",
    "major": "triangle-up",
    "minor": "triangle-up-open",
    "none": "circle-open",
    "maintenance": "square-open",
    "unknown": "circle-open-dot",
}
SEVERITIES = tuple(SYMBOLS)
LENGTH_TICKS = [(1, "1 min"), (10, "10 min"), (60, "1 h"), (360, "6 h"), (1440, "1 day"), (10080, "1 week")]
FONT = "system-ui, -apple-system, Segoe UI, Roboto, Liberation Sans, sans-serif"
DAY = 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Dot:
    """One outage in a picture of lengths."""

    slug: str
    title: str
    severity: str
    start: datetime
    length: timedelta


def chart(figure: Figure) -> dict[str, Any]:
    """What a page hands to `chart.js`: the figure, and what each of its colours stands for."""
    return {"figure": figure, "palette": PALETTE}


def stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M}"


def milliseconds(span: timedelta) -> int:
    return round(span.total_seconds() * 1000)


def axis(**more: Any) -> dict[str, Any]:
    return {
        "gridcolor": PALETTE["line"],
        "linecolor": PALETTE["line"],
        "zeroline": False,
        "tickfont": {"size": 11, "color": PALETTE["ink-2"]},
        "automargin": False,
        **more,
    }


def layout(height: int, **more: Any) -> dict[str, Any]:
    return {
        "height": height,
        "margin": {"l": 8, "r": 8, "t": 8, "b": 28},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 12, "color": PALETTE["ink"]},
        "hoverlabel": {
            "bgcolor": PALETTE["paper"],
            "bordercolor": PALETTE["tie"],
            "font": {"family": FONT, "size": 12, "color": PALETTE["ink"]},
            "align": "left",
        },
        "showlegend": False,
        "hovermode": "closest",
        "barmode": "overlay",
        "bargap": 0,
        **more,
    }


def years(counts: Sequence[tuple[int, str, int]]) -> Figure:
    """How many outages began in each year, by severity."""
    data = []
    for severity in (word for word in SEVERITIES if any(row[1] == word for row in counts)):
        rows = [(year, count) for year, word, count in counts if word == severity]
        data.append(
            {
                "type": "bar",
                "name": severity,
                "x": [year for year, _ in rows],
                "width": 0.72,
                "y": [count for _, count in rows],
                "marker": {"color": PALETTE[severity]},
                "hovertemplate": f"%{{y}} {severity} in %{{x}}<extra></extra>",
            }
        )
    seen = [year for year, _, _ in counts]
    # At most eight fit beside each other on a phone.
    ticks = {"dtick": (max(seen) - min(seen)) // 8 + 1} if seen else {}
    return {
        "data": data,
        "layout": layout(
            220,
            margin={"l": 34, "r": 8, "t": 8, "b": 26},
            barmode="stack",
            xaxis=axis(type="linear", tickformat="d", showgrid=False, fixedrange=True, **ticks),
            yaxis=axis(type="linear", fixedrange=True, nticks=5, rangemode="tozero", tickformat="d"),
        ),
    }


def causes(counts: Sequence[tuple[str, int]]) -> Figure:
    """How many outages each known cause brought; the most frequent on top."""
    rows = [(cause, count) for cause, count in reversed(counts) if cause != "unknown"]
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "x": [count for _, count in rows],
                "y": [cause.replace("-", " ") for cause, _ in rows],
                "marker": {
                    "color": [
                        PALETTE["density"] if cause == "unknown" else PALETTE["hit"] for cause, _ in rows
                    ]
                },
                "text": [str(count) for _, count in rows],
                "textposition": "outside",
                "cliponaxis": False,
                "hovertemplate": "%{x} of %{y}<extra></extra>",
            }
        ],
        "layout": layout(
            max(90, 24 * len(rows) + 20),
            margin={"l": 132, "r": 40, "t": 4, "b": 8},
            bargap=0.35,
            xaxis=axis(visible=False, fixedrange=True, rangemode="tozero"),
            yaxis=axis(type="category", fixedrange=True, showgrid=False),
        ),
    }


def dots(outages: Sequence[Dot], median: timedelta | None) -> Figure:
    """Each outage by when it began and how long it lasted, on a scale from minutes to weeks."""
    data = []
    for severity in (word for word in SEVERITIES if any(dot.severity == word for dot in outages)):
        shown = [dot for dot in outages if dot.severity == severity]
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": severity,
                "x": [stamp(dot.start) for dot in shown],
                "y": [max(1, round(dot.length.total_seconds() / 60)) for dot in shown],
                "marker": {
                    "symbol": SYMBOLS[severity],
                    "color": PALETTE[severity],
                    "size": 8,
                    "opacity": 0.85,
                },
                "text": [dot_text(dot) for dot in shown],
                "customdata": [dot.slug for dot in shown],
                "hovertemplate": "%{text}<extra></extra>",
            }
        )
    return {
        "data": data,
        "layout": layout(
            300,
            margin={"l": 56, "r": 8, "t": 8, "b": 26},
            xaxis=axis(type="date", fixedrange=True),
            yaxis=axis(
                type="log",
                fixedrange=True,
                tickvals=[minutes for minutes, _ in LENGTH_TICKS],
                ticktext=[text for _, text in LENGTH_TICKS],
            ),
            shapes=[] if median is None else [median_line(median)],
        ),
    }


def median_line(median: timedelta) -> dict[str, Any]:
    at = max(1.0, median.total_seconds() / 60)
    line = {"color": PALETTE["ink"], "width": 1, "dash": "dash"}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": at, "y1": at, "line": line}


def dot_text(dot: Dot) -> str:
    minutes = round(dot.length.total_seconds() / 60)
    return (
        f"{escape(dot.title[:90])}<br>{dot.start:%Y-%m-%d %H:%M} UTC · "
        f"{minutes // 60} h {minutes % 60} min · {dot.severity}"
    )
