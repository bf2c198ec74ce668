"""What the queue offers as the likely answers: known names that look alike, incidents of about that time."""

from __future__ import annotations

from datetime import timedelta
from difflib import SequenceMatcher
from functools import lru_cache

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from incidents.models import Account, Incident
from nlp.document import EntityKind
from nlp.vocabulary import Term, fold, load_terms, spellings

OFFERED = 5
AROUND = timedelta(days=30)
ALIKE = 0.55


def incidents_near(account: Account) -> list[Incident]:
    """Of the same owner, about when the report was published, the closest first."""
    said_at = account.report.published_at or account.report.first_seen_at
    span = DateTimeTZRange(said_at - AROUND, said_at + timedelta(days=2), "[]")
    near = Incident.objects.live().filter(owner=account.owner, window__overlap=span)
    dated = near.exclude(started_at=None).only("slug", "title", "started_at")
    return sorted(dated, key=lambda row: (abs(row.started_at - said_at), row.slug))[:OFFERED]


@lru_cache(maxsize=500)
def terms_like(kind: EntityKind, provider: str, name: str) -> tuple[Term, ...]:
    """Known names of that kind, of one provider if any is named, written alike; the nearest first."""
    folded = fold(name)
    scored = []
    for term in load_terms():
        if term.kind is kind and (not provider or term.provider == provider):
            score = max(likeness(folded, fold(spelling)) for spelling in spellings(term))
            if score >= ALIKE:
                scored.append((-score, term.slug, term))
    return tuple(term for _, _, term in sorted(scored, key=lambda found: found[:2])[:OFFERED])


def likeness(one: str, other: str) -> float:
    """Of 0 to 1; words in common count, whatever their order."""
    if not one or not other:
        return 0.0
    words, others = set(one.split()), set(other.split())
    shared = len(words & others) / len(words | others)
    matcher = SequenceMatcher(None, one, other)
    if matcher.real_quick_ratio() < ALIKE:
        return shared
    return max(shared, matcher.ratio())
