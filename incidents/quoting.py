"""What may be shown of what others wrote: proving sentences, never a news article (design, idea 1)."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import F

from incidents.choices import PublisherKind
from incidents.models import Claim, Incident, Report
from nlp.document import INCIDENT, Field

LONGEST_QUOTE = 300

Claims = dict[tuple[str, str], list[Claim]]


def load_claims(incident: Incident) -> Claims:
    """The claims of an incident by subject and field, with their sentences cut out by the database."""
    found = (
        Claim.objects.filter(account__incident=incident)
        .select_related("account__report__source")
        .annotate(said_at=F("post__said_at"))
        .with_sentences()
        .order_by("-confidence", "seen_at", "pk")
    )
    by_field: Claims = defaultdict(list)
    for claim in found:
        by_field[claim.subject, claim.field].append(claim)
    return by_field


def reports_of(incident: Incident, claims: Claims) -> list[Report]:
    """The reports that tell of an incident, and the pages that they cite, the dated ones first."""
    cited = {f"web:{claim.key}" for claim in claims[INCIDENT, Field.LINK]}
    telling = Report.objects.filter(accounts__incident=incident).values("pk")
    either = telling.union(Report.objects.filter(key__in=cited).values("pk"))
    found = Report.objects.filter(pk__in=either).select_related("source")
    return list(found.order_by("published_at", "-is_read", "title", "pk"))


def sentence_of(claim: Any) -> str:
    """The words that prove a claim of `load_claims`; empty where a structured field does."""
    sentence = claim.sentence or ""
    if not sentence and claim.start is not None and claim.post_id is None:
        sentence = claim.account.report.title[claim.start : claim.end]
    return shorten(sentence)


def shorten(sentence: str) -> str:
    """A sentence for show: whole where it is short, else cut at a word."""
    told = " ".join(sentence.split())
    if len(told) <= LONGEST_QUOTE:
        return told
    return told[: LONGEST_QUOTE - 1].rsplit(" ", 1)[0] + "…"


def is_press(report: Report) -> bool:
    """Of news only title, link, date and the sentences that prove something are shown."""
    return report.source.publisher_kind == PublisherKind.PRESS
