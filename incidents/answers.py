"""Rows of the record as the API gives them: plain dicts, public parts only."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from incidents.figures import duration_of
from incidents.models import Claim, Dependency, Impact, Incident, Organisation, Post, Report, Source
from incidents.quoting import is_press, load_claims, reports_of, sentence_of, shorten


def incident_json(incident: Incident) -> dict[str, Any]:
    span = duration_of(incident)
    return {
        "id": incident.slug,
        "url": incident.get_absolute_url(),
        "title": incident.title,
        "provider": incident.provider.slug if incident.provider else None,
        "organisation": incident.organisation.slug if incident.organisation else None,
        "severity": incident.severity,
        "severity_word": incident.severity_word,
        "status": incident.status,
        "cause": incident.cause,
        "started_at": incident.started_at,
        "start_precision": incident.start_precision,
        "start_is_bound": incident.start_is_bound,
        "ended_at": incident.ended_at,
        "end_precision": incident.end_precision,
        "end_state": incident.end_state,
        "duration_minutes": round(span.total_seconds() / 60) if span is not None else None,
        "first_public_at": incident.first_public_at,
        "is_maintenance": incident.is_maintenance,
        "regions": incident.regions,
        "services": incident.services,
        "symptoms": incident.symptoms,
        "hit": incident.hit,
        "report_count": incident.report_count,
        "publisher_count": incident.publisher_count,
        "opened_at": incident.opened_at,
        "changed_at": incident.changed_at,
    }


def detail_json(incident: Incident) -> dict[str, Any]:
    impacts = incident.impacts.select_related("organisation", "own_incident").order_by("organisation__slug")
    claims = load_claims(incident)
    return {
        **incident_json(incident),
        "values": incident.shown.get("values", []),
        "impacts": [impact_json(impact) for impact in impacts],
        "reports": reports_json(reports_of(incident, claims)),
        "claims": [claim_json(claim) for found in claims.values() for claim in found],
    }


def impact_json(impact: Impact) -> dict[str, Any]:
    return {
        "organisation": impact.organisation.slug,
        "name": impact.organisation.name,
        "grade": impact.grade,
        "status": impact.status,
        "impairments": impact.impairments,
        "started_at": impact.started_at,
        "ended_at": impact.ended_at,
        "reasons": impact.reasons,
        "own_incident": impact.own_incident.slug if impact.own_incident else None,
    }


def reports_json(reports: list[Report]) -> list[dict[str, Any]]:
    """Of news without its posts (design, idea 1)."""
    posts: defaultdict[int, list[Post]] = defaultdict(list)
    shown = [report for report in reports if not is_press(report)]
    for post in Post.objects.current().filter(report__in=shown).order_by("report", "position"):
        posts[post.report_id].append(post)
    return [
        {
            "key": report.key,
            "source": report.source.slug,
            "publisher": report.source.publisher,
            "kind": report.kind,
            "url": report.url,
            "title": report.title,
            "published_at": report.published_at,
            "first_seen_at": report.first_seen_at,
            "is_read": report.is_read,
            "posts": [
                {"said_at": post.said_at, "status": post.status, "text": post.text}
                for post in posts[report.pk]
            ],
        }
        for report in reports
    ]


def claim_json(claim: Claim) -> dict[str, Any]:
    assert claim.account is not None
    return {
        "subject": claim.subject,
        "field": claim.field,
        "value": shorten(claim.value),
        "key": shorten(claim.key),
        "precision": claim.precision,
        "report": claim.account.report.key,
        "origin": claim.origin,
        "rule": claim.rule,
        "confidence": claim.confidence,
        "seen_at": claim.seen_at,
        "gone_at": claim.gone_at,
        "path": claim.path,
        "sentence": sentence_of(claim),
    }


def organisation_json(organisation: Organisation) -> dict[str, Any]:
    return {
        "slug": organisation.slug,
        "name": organisation.name,
        "kind": organisation.kind,
        "url": organisation.get_absolute_url(),
        "status_url": organisation.status_url,
        "notes": organisation.notes,
    }


def dependency_json(edge: Dependency) -> dict[str, Any]:
    return {
        "id": edge.pk,
        "organisation": edge.organisation.slug,
        "relation": edge.relation,
        "target": edge.target,
        "redundancy_group": edge.redundancy_group,
        "ended_on": edge.ended_on.isoformat() if edge.ended_on else None,
        "note": edge.note,
        "proofs": [
            {
                "publisher": proof.publisher,
                "about": proof.about,
                "grade": proof.grade,
                "confidence": proof.confidence,
                "url": proof.url,
                "sentence": shorten(proof.sentence),
                "known_at": proof.known_at,
            }
            for proof in edge.proofs.all()
        ],
    }


def source_json(source: Source) -> dict[str, Any]:
    return {
        "slug": source.slug,
        "name": source.name,
        "publisher": source.publisher,
        "publisher_kind": source.publisher_kind,
        "url": source.url,
        "state": source.state,
        "state_reason": source.state_reason,
        "last_read_at": source.last_read_at,
        "last_changed_at": source.last_changed_at,
    }
