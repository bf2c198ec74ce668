"""What a message says: the same facts for a mail and for a webhook."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from incidents.models import Incident, Watch


@dataclass(frozen=True, slots=True)
class Message:
    """Times are ISO 8601 in UTC; regions, services and hit are slugs; empty where nothing is known."""

    incident: str
    url: str
    title: str
    owner: str
    status: str
    severity: str
    end_state: str
    started_at: str
    ended_at: str
    regions: list[str]
    services: list[str]
    hit: list[str]
    merged_into: str
    watch: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def headline(self) -> str:
        """One line: what it is about and how it stands."""
        if self.merged_into:
            return f"{self.incident} is now part of {self.merged_into}"
        if self.status == "withdrawn":
            return f"{self.incident} was withdrawn"
        standing = ", ".join(word for word in (self.status, self.severity) if word != "unknown")
        return f"{self.incident} {self.owner}: {standing or 'state unknown'}"

    @property
    def text(self) -> str:
        """The body of a mail."""
        rows = (
            ("Started", self.started_at or "unknown"),
            ("Ended", self.ended_at or self.end_state),
            ("Regions", ", ".join(self.regions)),
            ("Services", ", ".join(self.services)),
            ("Reached", ", ".join(self.hit)),
        )
        facts = "\n".join(f"{name}: {value}" for name, value in rows if value)
        return f"{self.headline}\n{self.title}\n\n{facts}\n\n{self.url}\n"


def message_of(incident: Incident, watch: Watch) -> Message:
    owner = incident.provider or incident.organisation
    merged = incident.shown_as
    return Message(
        incident=incident.slug,
        url=settings.FAULTLINE_URL + incident.get_absolute_url(),
        title=incident.title,
        owner=owner.name if owner else "",
        status=incident.status,
        severity=incident.severity,
        end_state=incident.end_state,
        started_at=stamp(incident.started_at),
        ended_at=stamp(incident.ended_at),
        regions=incident.regions,
        services=incident.services,
        hit=incident.hit,
        merged_into=merged.slug if merged else "",
        watch=watch.name,
    )


def sample_message(watch: Watch) -> Message:
    """What the test button sends: in every field what a real one could hold."""
    return Message(
        incident="INC-0000-0000",
        url=settings.FAULTLINE_URL + reverse("ingest:watches"),
        title="This is a test: nothing happened.",
        owner="Faultline",
        status="resolved",
        severity="none",
        end_state="known",
        started_at="2025-10-20T06:48:00+00:00",
        ended_at="2025-10-20T09:24:00+00:00",
        regions=["aws:us-east-1"],
        services=["aws:dynamodb"],
        hit=["coinbase"],
        merged_into="",
        watch=watch.name,
    )


def stamp(at: datetime | None) -> str:
    return at.isoformat() if at else ""
