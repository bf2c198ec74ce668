"""A fact that a team knows better than the record goes to the record's analysts, who decide on it there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.crypto import salted_hmac

from incidents.corrections import TooMany, send
from incidents.models import Correction, Postmortem, Proposal, User
from incidents.postmortems.choices import Visibility

BOUND = {
    "severity": "severity",
    "cause": "cause",
    "started_at": "start",
    "ended_at": "end",
}
"""The facts that the record holds too, and how a sentence calls them."""


def propose(postmortem: Postmortem, changed: dict[str, tuple[Any, Any]], person: User) -> list[str]:
    """Send what was changed away from the record; the fields that were sent.

    A private post-mortem says nothing to anybody outside its team, so it proposes nothing.
    """
    incident = postmortem.incident
    if incident is None or postmortem.visibility == Visibility.PRIVATE:
        return []
    sent = []
    for field, (before, after) in changed.items():
        if field not in BOUND or not after or after == getattr(incident, field):
            continue
        text = (
            f"{BOUND[field].capitalize()}: {told(after)} instead of {told(before)}, says {postmortem.team}."
        )
        correction = Correction(
            incident=incident.shown_as or incident,
            text=text,
            sender=str(postmortem.team),
            origin=salted_hmac("incidents.proposals", postmortem.slug, algorithm="sha256").hexdigest(),
        )
        try:
            send(correction)
        except TooMany:
            break
        if correction.pk:
            Proposal.objects.create(
                postmortem=postmortem, field=field, value=told(after), correction=correction, person=person
            )
            sent.append(field)
    return sent


def told(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M} UTC"
    return str(value).replace("-", " ") if value else "nothing"
