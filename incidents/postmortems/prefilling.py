"""The half of a post-mortem that the record writes: facts, text and timeline, each linked to its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q

from incidents.choices import EndState
from incidents.models import Impact, Incident, Organisation, Region, Service, TimelineEntry
from incidents.postmortems.choices import SectionKind
from incidents.postmortems.documents import plain
from incidents.postmortems.evidence import moments
from incidents.quoting import Claims, load_claims, sentence_of
from incidents.times import span_text, time_text
from nlp.document import INCIDENT, Cause, Field, Severity

MOST_ENTRIES = 60
MOST_SIMILAR = 5


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the record tells: values of facts, text by kind of section, and the moments of the timeline."""

    facts: dict[str, Any]
    sections: dict[str, str]
    entries: list[TimelineEntry]


def draw(incident: Incident) -> Drawn:
    claims = load_claims(incident)
    texts = {
        SectionKind.SUMMARY: summary(incident),
        SectionKind.IMPACT: impact(incident),
        SectionKind.DETECTION: detection(incident),
        SectionKind.TRIGGER: quoted(incident, claims, Field.TRIGGER),
        SectionKind.ROOT_CAUSE: quoted(incident, claims, Field.CAUSE),
        SectionKind.SIMILAR: similar_text(incident),
    }
    told = [moment for moment in moments(incident, claims) if moment.at]
    return Drawn(
        facts=facts(incident),
        sections={str(kind): text for kind, text in texts.items() if text},
        entries=[moment.entry(is_drawn=True) for moment in told[:MOST_ENTRIES]],
    )


def facts(incident: Incident) -> dict[str, Any]:
    """The values that a post-mortem and the record both hold. A bound is no start, and no end."""
    is_known = incident.end_state == EndState.KNOWN
    return {
        "severity": incident.severity,
        "cause": incident.cause,
        "started_at": None if incident.start_is_bound else incident.started_at,
        "start_precision": incident.start_precision or "minute",
        "ended_at": incident.ended_at if is_known else None,
        "end_precision": incident.end_precision or "minute",
        "detected_at": incident.first_public_at,
    }


def as_drawn(values: dict[str, Any]) -> dict[str, Any]:
    """The facts as they are kept, to be compared later."""
    return {name: plain(value) for name, value in values.items()}


def summary(incident: Incident) -> str:
    owner = incident.provider or incident.organisation
    told = [f"[{incident.slug}]({incident.get_absolute_url()}): {link_text(incident.title)}."]
    if owner:
        told.append(f"{link(owner.name, owner.get_absolute_url())}, {window(incident)}.")
    if incident.severity != Severity.UNKNOWN:
        told.append(f"Severity {incident.severity}.")
    if incident.regions:
        told.append(f"Regions: {', '.join(named(Region, incident.regions))}.")
    if incident.services:
        told.append(f"Services: {', '.join(named(Service, incident.services[:12]))}.")
    if incident.hit:
        told.append(f"It reached {', '.join(named(Organisation, incident.hit))}.")
    told.append(f"Told by {counted(incident.publisher_count, 'publisher')}.")
    return "\n".join(told)


def window(incident: Incident) -> str:
    start = time_text(incident.started_at, incident.start_precision)
    end = time_text(incident.ended_at, incident.end_precision)
    if incident.started_at is None:
        return "with no start known"
    begun = f"from {'not later than ' * incident.start_is_bound}{start} UTC"
    if incident.end_state == EndState.KNOWN and incident.ended_at:
        lasted = span_text(incident.ended_at - incident.started_at)
        return f"{begun} to {end} UTC ({lasted})"
    if incident.end_state == EndState.BOUNDED:
        return f"{begun}, over by {end} UTC"
    return f"{begun}, {'still going on' if incident.end_state == EndState.ONGOING else 'with no end known'}"


def impact(incident: Incident) -> str:
    """A table of whom it reached; of an organisation's own incident, its row in the provider's."""
    rows = list(
        Impact.objects.shown()
        .filter(Q(incident=incident) | Q(own_incident=incident))
        .select_related("organisation", "incident")
        .order_by("started_at", "organisation__name")
    )
    if not rows:
        return ""
    head = "| Organisation | Impaired | From, UTC | To | After | Evidence |\n|---|---|---|---|---|---|"
    return "\n".join([head, *(impact_row(row) for row in rows)])


def impact_row(row: Impact) -> str:
    begun = row.incident.started_at
    after = ""
    if row.started_at and begun and row.started_at >= begun and not row.incident.start_is_bound:
        after = f"+{span_text(row.started_at - begun)}"
    cells = (
        link(row.organisation.name, row.organisation.get_absolute_url()),
        ", ".join(word.replace("-", " ") for word in row.impairments) or "not said",
        time_text(row.started_at) or "not said",
        time_text(row.ended_at) or "not said",
        after,
        link(row.get_grade_display(), f"{row.incident.get_absolute_url()}#hits"),
    )
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def detection(incident: Incident) -> str:
    """Admission delay: from the start of the impact to the first public post."""
    first, start = incident.first_public_at, incident.started_at
    if first is None:
        return ""
    told = f"The first public post is of {time_text(first)} UTC"
    if start and not incident.start_is_bound:
        delay = first - start
        late = f"{span_text(delay)} after the impact began" if delay >= timedelta() else "before the impact"
        told += f", {late}"
    return f"{told} ([evidence]({incident.get_absolute_url()}#story))."


def quoted(incident: Incident, claims: Claims, field: Field) -> str:
    """What is stated of a cause, each value once, in the words that prove it."""
    if field == Field.CAUSE and incident.cause == Cause.UNKNOWN:
        return ""
    told: dict[str, str] = {}
    for claim in claims[INCIDENT, field]:
        if claim.key in told or claim.account is None or claim.gone_at is not None:
            continue
        report = claim.account.report
        source = link(report.source.publisher, report.url or incident.get_absolute_url())
        sentence = sentence_of(claim)
        value = (
            "" if field == Field.TRIGGER else f"{claim.value.replace('-', ' ').capitalize()}, says {source}"
        )
        words = f"“{link_text(sentence)}”" if sentence else ""
        told[claim.key] = f"- {value}{': ' if value and words else ''}{words}" + (
            "" if value else f" ({source})"
        )
    return "\n".join(list(told.values())[:4])


def similar_text(incident: Incident) -> str:
    return "\n".join(
        f"- {link(other.slug, other.get_absolute_url())} {link_text(other.title)}, "
        f"{time_text(other.started_at)}: {why}."
        for other, why in similar(incident)
    )


def similar(incident: Incident) -> list[tuple[Incident, str]]:
    """Earlier outages of the same owner in the same regions or services, with what they share."""
    if not (incident.regions or incident.services) or incident.started_at is None:
        return []
    owned = Incident.objects.live().filter(
        provider=incident.provider_id, organisation=incident.organisation_id, is_maintenance=False
    )
    shared = Q(regions__overlap=incident.regions) | Q(services__overlap=incident.services)
    near = owned.filter(shared, started_at__lt=incident.started_at).exclude(pk=incident.pk)
    found = near.order_by("-started_at")[:200]
    weighed = [(len(common(incident, other)), other.started_at, other) for other in found]
    best = sorted(weighed, key=lambda one: (-one[0], -one[1].timestamp()))[:MOST_SIMILAR]
    return [(other, f"same {', '.join(common(incident, other)[:4])}") for _, _, other in best]


def common(one: Incident, other: Incident) -> list[str]:
    """Regions, services and cause that both have, by their codes."""
    shared = [slug for slug in [*one.regions, *one.services] if slug in {*other.regions, *other.services}]
    if one.cause == other.cause != Cause.UNKNOWN:
        shared.append(one.get_cause_display())
    return [slug.partition(":")[2] or slug for slug in shared]


def named(model: type[Any], slugs: list[str]) -> list[str]:
    """Links by name, in the order of the slugs; one that the catalogue lacks stays a word."""
    found = {row.slug: row for row in model.objects.filter(slug__in=slugs)}
    return [
        link(found[slug].name or slug, found[slug].get_absolute_url()) if slug in found else slug
        for slug in slugs
    ]


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


def link(text: str, url: str) -> str:
    """A Markdown link; addresses with brackets or spaces stay whole between angles."""
    return (
        f"[{link_text(text)}]({url})"
        if url and not set(url) & set(" ()<>")
        else f"[{link_text(text)}](<{url}>)"
    )


def link_text(text: str) -> str:
    """Words of others as words: nothing in them is taken for Markdown."""
    told = " ".join(text.split())
    return "".join(f"\\{char}" if char in "\\`*_[]<>|#~" else char for char in told)
