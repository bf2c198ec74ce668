"""The questions asked of post-mortems. Readers ask for publications, writers for working copies."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import models
from django.db.models import Q

from incidents.postmortems.choices import UNFINISHED, State, Visibility

SHOWN = ("postmortem", "number", "note", "published_at", "rendered")
WORDS = SearchVector("title", "words", config="english")
OUT = (State.PUBLISHED, State.AMENDED)


class TemplateQuerySet(models.QuerySet[Any]):
    def offered(self) -> Self:
        return self.filter(is_offered=True).order_by("position", "pk")


class PostmortemQuerySet(models.QuerySet[Any]):
    """Working copies: what a team writes on, published or not."""

    def writable_by(self, person: Any) -> Self:
        """Those of the person's teams; an admin's are all."""
        if not person.is_authenticated:
            return self.none()
        return self if person.is_admin else self.filter(team__in=list(person.roles))

    def for_reading(self) -> Self:
        """In one query of the columns that a reader's page shows: a query costs by its columns and joins."""
        return self.select_related("publication").only(
            *("slug", "state", "visibility", "team", "withdrawn_because", "shown_at"),
            *(f"publication__{column}" for column in SHOWN),
        )

    def unpublished(self) -> Self:
        return self.filter(state__in=(State.DRAFT, State.IN_REVIEW))


class PublicationQuerySet(models.QuerySet[Any]):
    """What was published, word for word."""

    def current(self) -> Self:
        """The newest of each post-mortem that is not withdrawn."""
        return self.filter(current_of__state__in=OUT)

    def visible_to(self, person: Any) -> Self:
        """Those that a person, or a stranger, may read."""
        if person.is_authenticated and person.is_admin:
            return self
        shown = Q(postmortem__visibility=Visibility.PUBLIC)
        if person.is_authenticated:
            shown |= Q(postmortem__visibility=Visibility.INTERNAL) | Q(
                postmortem__team__in=list(person.roles)
            )
        return self.filter(shown)

    def public(self) -> Self:
        """Those that everybody may read: what feeds, the API and the search of strangers show."""
        return self.current().filter(postmortem__visibility=Visibility.PUBLIC)

    def matching(self, words: str) -> Self:
        """Those whose title or text holds the words; quotes, OR and - work as on the web."""
        query = SearchQuery(words, search_type="websearch", config="english")
        return self.annotate(told=WORDS).filter(told=query)

    def for_list(self) -> Self:
        return self.select_related("postmortem__team").defer("document", "rendered", "words")


class ActionQuerySet(models.QuerySet[Any]):
    def visible_to(self, person: Any) -> Self:
        """Actions belong to the people who carry them out: those of the person's teams."""
        if not person.is_authenticated:
            return self.none()
        return self if person.is_admin else self.filter(postmortem__team__in=list(person.roles))

    def standing(self) -> Self:
        """Not of a post-mortem that was withdrawn."""
        return self.exclude(postmortem__state=State.WITHDRAWN)

    def unfinished(self) -> Self:
        return self.filter(state__in=UNFINISHED)

    def overdue(self, today: date) -> Self:
        return self.unfinished().filter(due__lt=today)
