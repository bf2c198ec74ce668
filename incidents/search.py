"""Words in, incidents out: PostgreSQL's full text search."""

from __future__ import annotations

import re

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Q

from incidents.querysets import IncidentQuerySet

NUMBER = re.compile(r"inc-\d{4}-\d+", re.IGNORECASE)
TOLD = SearchVector("title", "summary", config="english")


def matching(incidents: IncidentQuerySet, words: str) -> IncidentQuerySet:
    """Incidents whose title or summary holds the words, or whose number they are. Quotes, OR and - work."""
    if NUMBER.fullmatch(words.strip()):
        return incidents.filter(slug=words.strip().upper())
    query = SearchQuery(words, search_type="websearch", config="english")
    holds = Q(told=query) | Q(regions__contains=[words.lower()]) | Q(services__contains=[words.lower()])
    found: IncidentQuerySet = incidents.annotate(told=TOLD).filter(holds)
    return found
