"""Words in, incidents out: PostgreSQL's full text search, and the names that the record knows."""

from __future__ import annotations

import re
from collections import defaultdict

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Q

from incidents.querysets import IncidentQuerySet
from nlp.document import EntityKind
from nlp.vocabulary import terms_named

NUMBER = re.compile(r"inc-\d{4}-\d+", re.IGNORECASE)
TOLD = SearchVector("title", "summary", config="english")


def matching(incidents: IncidentQuerySet, words: str) -> IncidentQuerySet:
    """Incidents whose title or summary holds the words, or that they name: a number, a place, a service,
    an exchange. Quotes, OR and - work as on the web.
    """
    if NUMBER.fullmatch(words.strip()):
        return incidents.filter(slug=words.strip().upper())
    query = SearchQuery(words, search_type="websearch", config="english")
    found: IncidentQuerySet = incidents.annotate(told=TOLD).filter(Q(told=query) | touching(words))
    return found


def touching(name: str) -> Q:
    """Incidents of the thing that goes by this name."""
    slugs: defaultdict[EntityKind, list[str]] = defaultdict(list)
    for term in terms_named(name):
        slugs[term.kind].append(term.slug)
    return (
        Q(provider__slug__in=slugs[EntityKind.PROVIDER])
        | Q(regions__overlap=slugs[EntityKind.REGION])
        | Q(services__overlap=slugs[EntityKind.SERVICE])
        | Q(hit__overlap=slugs[EntityKind.ORGANISATION])
        | Q(organisation__slug__in=slugs[EntityKind.ORGANISATION])
    )
