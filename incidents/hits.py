"""Whom an incident hit: with what evidence (grade), and what stands of it (status). Pure.

Overlap is not cause. What somebody states is shown; what only falls together waits for a person; and an
organisation that states another cause is not hit by what happened to fall in the same hours.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from incidents.choices import HitGrade, HitStatus
from incidents.choosing import Chosen, Judged, choose, choose_set, judge
from incidents.ranks import OWN, Voice
from incidents.reliance import Dependence, Leaning, Outage, by_organisation, way_in_words, way_to
from incidents.telling import Told
from nlp.document import INCIDENT, Field

AFFECTED, NOT_AFFECTED = "affected", "not-affected"
EARLY = timedelta(minutes=30)
"""An organisation may notice before the provider's stated start."""
LAG = timedelta(hours=2)
"""Without a declared dependency, only what fell soon after is a candidate."""
LIKELY = 0.5
"""From which confidence on a sentence's words are taken for a statement."""
CATALOGUE = frozenset({Voice.CATALOGUE_HIGH, Voice.CATALOGUE_MEDIUM, Voice.CATALOGUE_LOW})
SEVERE = frozenset({"major", "critical"})
ORDER = list(HitGrade)


@dataclass(frozen=True, slots=True)
class HitRuling:
    organisation: str
    accepts: bool
    order: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    organisation: str
    grade: HitGrade
    status: HitStatus
    reasons: tuple[str, ...]
    own_incident: int | None = None
    impairments: tuple[str, ...] = ()
    started_at: datetime | None = None
    ended_at: datetime | None = None
    values: tuple[Chosen, ...] = ()
    through: str = ""
    """The organisation between it and what failed: an exchange whose RPC vendor stands on the cloud."""


def grade_hits(
    outage: Outage,
    told: Told,
    *,
    own: Collection[Outage] = (),
    rivals: Collection[Outage] = (),
    dependencies: Iterable[Dependence] = (),
    rulings: Iterable[HitRuling] = (),
    at: datetime | None = None,
) -> tuple[Hit, ...]:
    """All hits of one incident, by organisation.

    `own` are organisations' outages near it in time, `rivals` the other incidents that those may be due to.
    """
    leaning = by_organisation(dependencies)
    found: dict[str, Hit] = {}
    for hit in (*stated(told, at), *(h for one in own for h in inferred(outage, one, rivals, leaning))):
        before = found.get(hit.organisation)
        found[hit.organisation] = both(before, hit) if before else hit
    for ruling in sorted(rulings, key=lambda ruling: ruling.order):
        found[ruling.organisation] = ruled(ruling, found.get(ruling.organisation))
    return tuple(
        linked(found[name], found, outage, leaning)
        for name in sorted(found)
        if f"organisation:{name}" != outage.owner
    )


def linked(hit: Hit, found: Mapping[str, Hit], outage: Outage, leaning: Leaning) -> Hit:
    """A hit that came by way of another organisation, which was hit as well, says so: a chain stays one."""
    way = way_to(hit.organisation, outage, leaning)
    middle = way[0].target.partition(":")[2] if len(way) > 1 else ""
    return replace(hit, through=middle) if middle in found and stands(found[middle]) else hit


def stands(hit: Hit) -> bool:
    return hit.status in {HitStatus.SHOWN, HitStatus.ACCEPTED} and hit.grade != HitGrade.STATED_NOT_AFFECTED


def stated(told: Told, at: datetime | None) -> Iterable[Hit]:
    """What the incident's own reports say of organisations."""
    by_subject: dict[str, dict[Field, list[Judged]]] = defaultdict(lambda: defaultdict(list))
    for one in judge(told, at):
        if one.said.subject != INCIDENT:
            by_subject[one.said.subject][one.said.field].append(one)
    for subject, fields in sorted(by_subject.items()):
        if fields[Field.IMPACT]:
            yield stated_hit(subject.partition(":")[2], fields)


def stated_hit(organisation: str, fields: dict[Field, list[Judged]]) -> Hit:
    impact = choose(fields[Field.IMPACT])
    best = fields[Field.IMPACT][0]
    assert impact is not None
    cause = choose(fields[Field.OTHER_CAUSE])
    start, end = choose(fields[Field.STARTED_AT]), choose(fields[Field.ENDED_AT])
    impaired = choose_set(fields[Field.IMPAIRMENT])
    reasons = [f"{impact.voice}: {impact.key}", f"by {', '.join(impact.publishers_for)}"]
    if impact.publishers_against:
        reasons.append(f"against: {', '.join(impact.publishers_against)}")
    status = HitStatus.SHOWN if is_sure(best) else HitStatus.CANDIDATE
    if impact.key == AFFECTED and cause and fields[Field.OTHER_CAUSE][0].rank <= best.rank:
        reasons.append(f"another cause is stated: {cause.value}")
        status = HitStatus.REJECTED
    return Hit(
        organisation=organisation,
        grade=HitGrade.STATED_NOT_AFFECTED if impact.key == NOT_AFFECTED else grade_of(best),
        status=status,
        reasons=tuple(reasons),
        impairments=tuple(one.key for one in impaired),
        started_at=start.at if start else None,
        ended_at=end.at if end and (start is None or end.at >= start.at) else None,
        values=tuple(one for one in (impact, cause, start, end, *impaired) if one),
    )


def grade_of(best: Judged) -> HitGrade:
    """By who says so; the catalogue's rule names whose word it cites ("catalogue:exchange-status")."""
    if best.voice in CATALOGUE:
        cited = best.said.rule.partition(":")[2]
        if cited == "exchange-status":
            return HitGrade.STATED_BY_ORGANISATION
        return HitGrade.STATED_BY_PROVIDER if cited.startswith("provider-") else HitGrade.REPORTED_BY_PRESS
    if best.voice in OWN or best.voice == Voice.PERSON:
        return HitGrade.STATED_BY_ORGANISATION
    return HitGrade.STATED_BY_PROVIDER if best.voice == Voice.PROVIDER else HitGrade.REPORTED_BY_PRESS


def is_sure(best: Judged) -> bool:
    return (
        best.voice != Voice.CATALOGUE_LOW and best.said.confidence >= LIKELY
    ) or best.voice == Voice.PERSON


def inferred(outage: Outage, own: Outage, rivals: Collection[Outage], leaning: Leaning) -> Iterable[Hit]:
    """What an organisation's own outage says of its cause, or how it falls together with this one."""
    organisation = own.owner.partition(":")[2]
    if own.owner == outage.owner or own.is_maintenance or outage.is_maintenance or not near(outage, own):
        return
    way = way_to(organisation, outage, leaning)
    hit = Hit(
        organisation=organisation,
        grade=HitGrade.OVERLAP,
        status=HitStatus.CANDIDATE,
        reasons=(lag_in_words(outage, own),),
        own_incident=own.id,
        impairments=tuple(sorted(own.impairments)),
        started_at=own.started_at,
        ended_at=own.ended_at,
    )
    if outage.owner.partition(":")[2] in own.blames and fits_places(outage, own):
        yield blamed(hit, outage, own, rivals)
    elif cause := own.other_cause or blamed_elsewhere(own):
        if way:
            yield rejected(graded(hit, HitGrade.DECLARED_AND_OVERLAP, way_in_words(way)), cause)
    elif way:
        yield graded(hit, HitGrade.DECLARED_AND_OVERLAP, way_in_words(way))
    elif soon_after(outage, own) and outage.severity in SEVERE:
        yield hit


def blamed(hit: Hit, outage: Outage, own: Outage, rivals: Collection[Outage]) -> Hit:
    """It names the provider: a hit, unless another of the provider's incidents fits as well."""
    grade = HitGrade.STATED_BY_ORGANISATION if own.is_own_word else HitGrade.REPORTED_BY_PRESS
    hit = graded(hit, grade, f"names {outage.owner.partition(':')[2]} as its cause")
    closer = [
        other
        for other in rivals
        if other.id != outage.id
        and other.owner == outage.owner
        and near(other, own)
        and fits_places(other, own)
        if closeness(other, own) <= closeness(outage, own)
    ]
    if closer:
        return replace(hit, reasons=(*hit.reasons, "another incident of it fits as well"))
    return replace(hit, status=HitStatus.SHOWN)


def graded(hit: Hit, grade: HitGrade, reason: str) -> Hit:
    return replace(hit, grade=grade, reasons=(*hit.reasons, reason))


def blamed_elsewhere(own: Outage) -> str:
    """Whom it blames, or where, when that is not what failed here."""
    return ", ".join([*sorted(own.blames), *(sorted(own.regions) if own.blames else ())])


def rejected(hit: Hit, cause: str) -> Hit:
    return replace(
        hit, status=HitStatus.REJECTED, reasons=(*hit.reasons, f"another cause is stated: {cause}")
    )


def near(outage: Outage, own: Outage) -> bool:
    """Whether it began while the other went on."""
    if outage.started_at is None or own.started_at is None:
        return False
    last = outage.ended_at or outage.started_at + timedelta(days=1)
    return outage.started_at - EARLY <= own.started_at <= last


def soon_after(outage: Outage, own: Outage) -> bool:
    return bool(outage.started_at and own.started_at and own.started_at - outage.started_at <= LAG)


def closeness(outage: Outage, own: Outage) -> tuple[bool, bool, timedelta]:
    """How well an incident explains an outage; less is better."""
    assert outage.started_at is not None and own.started_at is not None
    named = bool((outage.regions & own.regions) or (outage.services & own.services))
    return (not named, outage.severity not in SEVERE, abs(own.started_at - outage.started_at))


def fits_places(outage: Outage, own: Outage) -> bool:
    return not (outage.regions and own.regions) or bool(outage.regions & own.regions)


def lag_in_words(outage: Outage, own: Outage) -> str:
    if outage.started_at is None or own.started_at is None:
        return "no times to compare"
    minutes = round((own.started_at - outage.started_at) / timedelta(minutes=1))
    when = f"{minutes} minutes after" if minutes >= 0 else f"{-minutes} minutes before"
    return f"its own outage began {when} this one"


def both(a: Hit, b: Hit) -> Hit:
    """Two kinds of evidence for one organisation: the better grade, with the reasons of both."""
    first, second = sorted((a, b), key=lambda hit: (strength(hit), hit.own_incident or 0))
    return replace(
        first,
        reasons=(*first.reasons, *(reason for reason in second.reasons if reason not in first.reasons)),
        own_incident=first.own_incident or second.own_incident,
        impairments=tuple(sorted({*first.impairments, *second.impairments})),
        started_at=first.started_at or second.started_at,
        ended_at=first.ended_at if first.started_at else second.ended_at,
        values=first.values or second.values,
    )


def strength(hit: Hit) -> tuple[int, int]:
    """What the organisation or the provider denies outweighs what only falls together."""
    order = ORDER.index(hit.grade)
    if hit.grade == HitGrade.STATED_NOT_AFFECTED:
        order = ORDER.index(HitGrade.REPORTED_BY_PRESS)
    return order, 0 if hit.status == HitStatus.SHOWN else 1


def ruled(ruling: HitRuling, hit: Hit | None) -> Hit:
    """A person's word; it stands also where no evidence is left."""
    status = HitStatus.ACCEPTED if ruling.accepts else HitStatus.REJECTED
    if hit is None:
        return Hit(ruling.organisation, HitGrade.OVERLAP, status, ("a person says so",))
    word = "accepted" if ruling.accepts else "rejected"
    return replace(hit, status=status, reasons=(*hit.reasons, f"{word} by a person"))
