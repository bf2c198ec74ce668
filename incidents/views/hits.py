"""Whom an incident reached, on the page of the one and of the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from incidents.choices import HitGrade, HitStatus
from incidents.models import Impact, Incident
from incidents.quoting import Claims
from incidents.views.facts import Quote, quotes_for
from incidents.views.rows import IncidentRow, Link, When, incident_row, span_text, when

GRADE_TONE = {
    HitGrade.STATED_BY_ORGANISATION: "strong",
    HitGrade.STATED_BY_PROVIDER: "strong",
    HitGrade.REPORTED_BY_PRESS: "",
}


@dataclass(frozen=True, slots=True)
class HitRow:
    organisation: Link
    kind: str
    grade: str
    tone: str
    status: str
    impairments: tuple[str, ...]
    start: When | None
    end: When | None
    lag: str
    reasons: tuple[str, ...]
    own: Incident | None
    quotes: tuple[Quote, ...]

    @property
    def stands(self) -> bool:
        return self.status != HitStatus.REJECTED and self.grade != HitGrade.STATED_NOT_AFFECTED.label


def hit_rows(incident: Incident, claims: Claims) -> list[HitRow]:
    """Whom the incident reached, the best proven first."""
    order = [grade.value for grade in HitGrade]
    impacts = incident.impacts.select_related("organisation", "own_incident")
    return [
        hit_row(impact, claims)
        for impact in sorted(impacts, key=lambda i: (order.index(i.grade), i.organisation.name))
    ]


def hit_row(impact: Impact, claims: Claims) -> HitRow:
    subject = f"organisation:{impact.organisation.slug}"
    told = [claim for (about, _), found in claims.items() if about == subject for claim in found]
    return HitRow(
        organisation=Link(impact.organisation.name, impact.organisation.get_absolute_url()),
        kind=impact.organisation.get_kind_display().lower(),
        grade=impact.get_grade_display(),
        tone=GRADE_TONE.get(HitGrade(impact.grade), "weak"),
        status=impact.status,
        impairments=tuple(word.replace("-", " ") for word in impact.impairments),
        start=when(impact.started_at),
        end=when(impact.ended_at),
        lag=lag_text(impact),
        reasons=tuple(str(reason) for reason in impact.reasons),
        own=impact.own_incident,
        quotes=quotes_for(told),
    )


def lag_text(impact: Impact) -> str:
    """How long after the outage began, where both are known."""
    begun = impact.incident.started_at
    if impact.started_at is None or begun is None or impact.incident.start_is_bound:
        return ""
    lag = impact.started_at - begun
    return f"+{span_text(lag)}" if lag >= timedelta() else f"{span_text(-lag)} before"


@dataclass(frozen=True, slots=True)
class HitByRow:
    """An outage, as the page of an organisation that it reached lists it."""

    row: IncidentRow
    grade: str
    tone: str
    status: str
    lag: str
    impairments: tuple[str, ...]


def hit_by_row(impact: Impact) -> HitByRow:
    return HitByRow(
        row=incident_row(impact.incident, {}),
        grade=impact.get_grade_display(),
        tone=GRADE_TONE.get(HitGrade(impact.grade), "weak"),
        status=impact.status,
        lag=lag_text(impact),
        impairments=tuple(word.replace("-", " ") for word in impact.impairments),
    )
