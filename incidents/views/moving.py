"""Where one can go from a view of the timeline: links, so that it needs neither script nor mouse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from incidents.forms import YEARS, IncidentFilter
from incidents.timeline.spans import LEAST, Span
from incidents.views.rows import When, when
from nlp.document import Precision

EARLIEST = datetime(YEARS.start, 1, 1, tzinfo=UTC)
LATEST = datetime(YEARS.stop, 1, 1, tzinfo=UTC)
LONG = timedelta(days=92)
"""Beyond this the clock of an end tells nothing."""
FOUNDING_WEEKS = (
    ("15 April 2025", "2025-04-14", "2025-04-16"),
    ("20 to 30 October 2025", "2025-10-19", "2025-10-30"),
)


@dataclass(frozen=True, slots=True)
class Move:
    """`url` is empty where one cannot go further that way."""

    name: str
    url: str


def moves(form: IncidentFilter, span: Span) -> dict[str, list[Move]]:
    quarter = span.length / 4

    def to(name: str, start: datetime, end: datetime) -> Move:
        since, until = max(start, EARLIEST), min(end, LATEST) - timedelta(minutes=1)
        return Move(name, form.query(since=moment(since), until=moment(until)))

    closer = (
        to("Closer", span.start + quarter, span.end - quarter) if span.length > LEAST else Move("Closer", "")
    )
    return {
        "pan": [
            to("Earlier", span.start - 2 * quarter, span.end - 2 * quarter),
            to("Later", span.start + 2 * quarter, span.end + 2 * quarter),
            closer,
            to("Wider", span.start - 2 * quarter, span.end + 2 * quarter),
            Move("Everything", form.query(since="", until="")),
        ],
        "weeks": [Move(name, form.query(since=since, until=until)) for name, since, until in FOUNDING_WEEKS],
    }


def moment(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M}"


def period(span: Span) -> dict[str, When | None]:
    """The view's two ends; to the day where both are midnights or far apart. The last minute is in view."""
    is_days = span.start.time() == span.end.time() == time() or span.length > LONG
    precision = Precision.DAY if is_days else Precision.MINUTE
    return {
        "start": when(span.start, precision),
        "end": when(span.end - timedelta(minutes=1), precision),
    }
