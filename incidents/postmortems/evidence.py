"""The posts and claims of an incident as moments of a timeline, each with the keys that prove it for good."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from incidents.models import Claim, Impact, Incident, Post, Report, TimelineEntry
from incidents.postmortems.choices import EntryKind
from incidents.quoting import Claims, is_press, load_claims, reports_of, sentence_of, shorten
from nlp.document import INCIDENT, Field, Phase

KINDS = {
    Phase.INVESTIGATING: EntryKind.DETECTION,
    Phase.IDENTIFIED: EntryKind.DIAGNOSIS,
    Phase.MONITORING: EntryKind.REPAIR,
    Phase.RESOLVED: EntryKind.REPAIR,
}
STATED = {
    Field.STARTED_AT: "Impact begins",
    Field.ENDED_AT: "Impact ends",
    Field.CAUSE: "Stated cause",
    Field.TRIGGER: "Stated trigger",
}
"""The claims that a drawer offers, and how an entry made of one begins."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that may become an entry. `key` names it in a form: of a post or of a claim, it lasts."""

    key: str
    text: str
    at: datetime | None
    precision: str
    kind: EntryKind
    report: str
    post: str
    publisher: str
    url: str
    is_claim: bool = False

    def entry(self, *, is_drawn: bool = False) -> TimelineEntry:
        """As a row that belongs to no post-mortem yet."""
        return TimelineEntry(
            at=self.at,
            precision=self.precision or "minute",
            kind=self.kind,
            text=self.text,
            is_star=self.is_claim,
            report_key=self.report,
            post_ref=self.post,
            publisher=self.publisher,
            url=self.url,
            is_drawn=is_drawn,
        )


def moments(incident: Incident, claims: Claims | None = None) -> list[Moment]:
    """All that the record can tell of an incident, in order of time; what names no time comes last."""
    claims = load_claims(incident) if claims is None else claims
    reports = reports_of(incident, claims)
    found = [*posts_of(reports, claims), *stated(incident, claims), *reached(incident)]
    return sorted(found, key=lambda one: (one.at is None, one.at or incident.opened_at, one.key))


def posts_of(reports: Iterable[Report], claims: Claims) -> Iterator[Moment]:
    """Each wording once: many feeds reprint a story. Of news nothing but proving sentences may be shown."""
    by_pk = {report.pk: report for report in reports if not is_press(report)}
    phases = {claim.post_id: claim.value for claim in claims[INCIDENT, Field.PHASE] if claim.post_id}
    told: set[str] = set()
    for post in Post.objects.current().filter(report__in=by_pk).order_by("said_at", "report", "position"):
        text = shorten(post.text)
        if post.said_at is None or not text or text in told:
            continue
        told.add(text)
        yield of_post(post, by_pk[post.report_id], phases.get(post.pk, ""))


def of_post(post: Post, report: Report, phase: str) -> Moment:
    return Moment(
        key=f"post:{report.key}:{post.ref}",
        text=shorten(post.text),
        at=post.said_at,
        precision=post.precision,
        kind=KINDS.get(Phase(phase), EntryKind.EVENT) if phase in list(Phase) else EntryKind.EVENT,
        report=report.key,
        post=post.ref,
        publisher=report.source.publisher,
        url=report.url,
    )


def stated(incident: Incident, claims: Claims) -> Iterator[Moment]:
    """The shown start, end and causes, each by its best proof."""
    shown = {
        (one["field"], one["key"])
        for one in incident.shown.get("values", ())
        if one["subject"] == INCIDENT and one["field"] in STATED
    }
    for field, key in sorted(shown):
        proof = next((claim for claim in claims[INCIDENT, field] if claim.key == key and claim.account), None)
        if proof is not None:
            yield of_claim(proof, Field(field), incident)


def of_claim(claim: Claim, field: Field, incident: Incident) -> Moment:
    at = {Field.STARTED_AT: incident.started_at, Field.ENDED_AT: incident.ended_at}.get(field)
    report = claim.account.report  # type: ignore[union-attr]  # asked of those that have one
    sentence = sentence_of(claim)
    value = "" if at else f": {claim.value.replace('-', ' ')}"
    quote = f" “{sentence}”" if sentence and field != Field.TRIGGER else ""
    return Moment(
        key=f"claim:{report.key}:{field}:{claim.key}"[:600],
        text=f"{STATED[field]}{shorten(value)}.{quote}",
        at=at,
        precision=claim.precision,
        kind=EntryKind.KEY if at else EntryKind.DIAGNOSIS,
        report=report.key,
        post=claim.post.ref if claim.post else "",
        publisher=report.source.publisher,
        url=report.url,
        is_claim=True,
    )


def reached(incident: Incident) -> Iterator[Moment]:
    """When the outage reached whom, as far as that is known."""
    for impact in Impact.objects.shown().filter(incident=incident).select_related("organisation"):
        if impact.started_at is None:
            continue
        words = ", ".join(word.replace("-", " ") for word in impact.impairments)
        yield Moment(
            key=f"hit:{incident.slug}:{impact.organisation.slug}",
            text=f"{impact.organisation.name} is reached{f': {words}' if words else ''}.",
            at=impact.started_at,
            precision="minute",
            kind=EntryKind.EVENT,
            report="",
            post="",
            publisher=impact.get_grade_display(),
            url=incident.get_absolute_url(),
            is_claim=True,
        )
