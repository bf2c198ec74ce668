"""Whom an incident reached, on the page of the one and of the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from incidents.choices import HitGrade, HitStatus, OrganisationKind
from incidents.dossier import Dossier
from incidents.models import Claim, Impact, Incident, Report
from incidents.views.facts import Quote, Texts, quotes_for
from incidents.views.rows import IncidentRow, Link, When, incident_row, span_text, when
from nlp.document import Field

GRADE_TONE = {
    HitGrade.STATED_BY_ORGANISATION: "strong",
    HitGrade.STATED_BY_PROVIDER: "strong",
    HitGrade.REPORTED_BY_PRESS: "",
}
ORDER = [grade.value for grade in HitGrade]
NOT_AFFECTED = "not-affected"


@dataclass(frozen=True, slots=True)
class HitRow:
    """`quotes` speak for the hit, `against` say that there was none or name another cause.

    `cites` are the pages by which who tells of it proves it.
    """

    organisation: Link
    kind: str
    grade: str
    tone: str
    status: str
    impairments: tuple[str, ...]
    start: When | None
    end: When | None
    lag: str
    before_admission: str
    reasons: tuple[str, ...]
    own: Incident | None
    through: Link | None
    publishers: int
    quotes: tuple[Quote, ...]
    against: tuple[Quote, ...]
    cites: tuple[Link, ...]

    @property
    def words(self) -> Quote | None:
        """The first sentence that says it."""
        return next((quote for quote in self.quotes if quote.sentence), None)

    @property
    def stands(self) -> bool:
        return self.status != HitStatus.REJECTED and self.grade != HitGrade.STATED_NOT_AFFECTED.label


def hit_rows(dossier: Dossier, texts: Texts) -> list[HitRow]:
    """Whom the incident reached, the best proven first."""
    known, claims = dossier.impacts, dossier.claims
    links = {
        one.organisation.slug: Link(one.organisation.name, one.organisation.get_absolute_url())
        for one in known
    }
    pages = {report.key: report for report in dossier.reports}
    rows = []
    for one in known:
        subject = f"organisation:{one.organisation.slug}"
        told = [claim for (about, _), found in claims.items() if about == subject for claim in found]
        told = [*dossier.own_words(one.own_incident_id), *told]
        rows.append((place_of(one), hit_row(one, told, texts, links, pages)))
    rows.sort(key=lambda pair: (*pair[0][:2], -pair[1].publishers, pair[0]))
    return [row for _, row in rows]


def place_of(impact: Impact) -> tuple[bool, int, bool, str]:
    """Facts before candidates, the best proven first; of equals exchanges before others, then by name."""
    is_exchange = impact.organisation.kind == OrganisationKind.EXCHANGE
    is_waiting = impact.status == HitStatus.CANDIDATE
    return is_waiting, ORDER.index(impact.grade), not is_exchange, impact.organisation.name


def hit_row(
    impact: Impact,
    told: Sequence[Claim],
    texts: Texts,
    links: Mapping[str, Link],
    pages: Mapping[str, Report],
) -> HitRow:
    against = [claim for claim in told if claim.key == NOT_AFFECTED or claim.field == Field.OTHER_CAUSE]
    cited = [claim for claim in told if claim.field == Field.LINK]
    speaks_for = [claim for claim in told if claim not in against and claim not in cited]
    impacts = [claim for claim in speaks_for if claim.field in (Field.IMPACT, Field.PROVIDER)]
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
        before_admission=admission_text(impact),
        reasons=tuple(str(reason) for reason in impact.reasons),
        own=impact.own_incident,
        through=links.get(impact.shown.get("through", "")),
        publishers=len({claim.account.report.source.publisher for claim in impacts if claim.account}),
        quotes=quotes_for(speaks_for, texts),
        against=quotes_for(against, texts),
        cites=tuple(dict.fromkeys(cited_page(claim.key, pages) for claim in cited)),
    )


def cited_page(url: str, pages: Mapping[str, Report]) -> Link:
    page = pages.get(f"web:{url}")
    return Link(page.source.publisher if page else urlsplit(url).hostname or url, url)


def lag_text(impact: Impact) -> str:
    """How long after the outage began, where both are known."""
    begun = impact.incident.started_at
    if impact.started_at is None or begun is None or impact.incident.start_is_bound:
        return ""
    lag = impact.started_at - begun
    return f"+{span_text(lag)}" if lag >= timedelta() else f"{span_text(-lag)} before"


def admission_text(impact: Impact) -> str:
    """How long it was felt before the provider first spoke of it, or how long after."""
    spoke = impact.incident.first_public_at
    if impact.started_at is None or spoke is None:
        return ""
    lag = spoke - impact.started_at
    return f"{span_text(abs(lag))} {'before' if lag >= timedelta() else 'after'} the provider’s first word"


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
