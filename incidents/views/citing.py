"""How a page of the record is cited: with its number, the time that it was read for, and its address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from incidents.models import Incident


@dataclass(frozen=True, slots=True)
class Citation:
    text: str
    bibtex: str


def cite(incident: Incident, at: datetime, *, is_past: bool) -> Citation:
    address = f"{settings.FAULTLINE_URL.rstrip('/')}{incident.get_absolute_url()}?at={at:%Y-%m-%dT%H:%MZ}"
    told = "as known at" if is_past else "as of"
    title = incident.title or "Untitled"
    text = f"Faultline, {incident.slug}: “{title}”, {told} {at:%-d %B %Y, %H:%M} UTC. {address}"
    key = incident.slug.lower().replace("-", "")
    bibtex = (
        f"@misc{{{key},\n  title = {{{title}}},\n  author = {{{{Faultline}}}},\n  year = {{{at:%Y}}},\n"
        f"  note = {{{incident.slug}, {told} {at:%Y-%m-%d %H:%M} UTC}},\n  url = {{{address}}}\n}}"
    )
    return Citation(text, bibtex)
