"""How times and lengths are spelled, wherever a person reads them. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from nlp.document import Precision

FORMATS = {
    Precision.MINUTE: "%Y-%m-%d %H:%M",
    Precision.HOUR: "%Y-%m-%d %Hh",
    Precision.DAY: "%Y-%m-%d",
    Precision.MONTH: "%Y-%m",
    Precision.YEAR: "%Y",
}


def time_text(at: datetime | None, precision: str = Precision.MINUTE) -> str:
    """A time as precisely as it is known; empty for none."""
    return f"{at:{FORMATS[Precision(precision or Precision.MINUTE)]}}" if at else ""


def span_text(span: timedelta) -> str:
    """Two units at most: 14 h 32 min, 3 d 4 h, 45 min."""
    minutes = round(span.total_seconds() / 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min"


def length_text(span: timedelta | None) -> str:
    """The same of a length that may not be known; empty for none."""
    return span_text(span) if span is not None else ""
