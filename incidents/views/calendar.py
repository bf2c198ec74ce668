"""An incident as an iCalendar event (RFC 5545): lines end in CRLF and fold at 75 octets."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from incidents.models import Incident
from nlp.document import Precision

WIDEST = 75
LAST_DAYS = {Precision.DAY, Precision.MONTH, Precision.YEAR}


def calendar_of(incident: Incident, address: str) -> str:
    assert incident.started_at is not None, "an event has a start"
    fields = [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", "-//Faultline//Incidents//EN"),
        ("BEGIN", "VEVENT"),
        ("UID", f"{incident.slug}@{urlsplit(address).hostname}"),
        ("DTSTAMP", stamp(incident.changed_at)),
        *times(incident, incident.started_at),
        ("SUMMARY", escaped(incident.title)),
        (
            "DESCRIPTION",
            escaped(f"{incident.slug}, {incident.severity}, end {incident.end_state}\n{address}"),
        ),
        ("URL", address),
        ("TRANSP", "TRANSPARENT"),
        ("END", "VEVENT"),
        ("END", "VCALENDAR"),
    ]
    return "".join(folded(f"{name}:{value}") for name, value in fields)


def times(incident: Incident, started_at: datetime) -> list[tuple[str, str]]:
    """Whole days where no hour is known; without an end it is a moment."""
    if incident.start_precision in LAST_DAYS:
        last = incident.ended_at or started_at
        return [
            ("DTSTART;VALUE=DATE", f"{started_at:%Y%m%d}"),
            ("DTEND;VALUE=DATE", f"{last + timedelta(days=1):%Y%m%d}"),
        ]
    end = [("DTEND", stamp(incident.ended_at))] if incident.ended_at else []
    return [("DTSTART", stamp(started_at)), *end]


def stamp(at: datetime) -> str:
    return f"{at:%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    for mark in "\\;,":
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\r\n", "\\n").replace("\n", "\\n")


def folded(line: str) -> str:
    """In pieces of at most 75 octets; no character is cut in two."""
    pieces: list[str] = []
    piece = ""
    for character in line:
        if len((piece + character).encode()) > WIDEST - (1 if pieces else 0):
            pieces.append(piece)
            piece = ""
        piece += character
    return "\r\n ".join([*pieces, piece]) + "\r\n"
