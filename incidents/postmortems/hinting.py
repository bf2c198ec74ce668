"""Blameless hints with the names that the record and the teams know."""

from __future__ import annotations

from functools import cache

from incidents.models import User
from incidents.postmortems.blameless import Hint, hints
from nlp.vocabulary import load_terms


def hints_for(text: str, person: User, *, is_cause: bool) -> list[Hint]:
    """What to read again; people of one's own teams are known by name."""
    people = colleagues(person) if is_cause and text else ()
    return hints(text, is_cause=is_cause, people=people, names=known_names())


def colleagues(person: User) -> list[str]:
    rows = User.objects.filter(memberships__team__in=list(person.roles)).distinct()
    return [name for row in rows for name in (row.name, row.username) if name]


@cache
def known_names() -> tuple[str, ...]:
    """Companies, regions and services: they do things without being anybody."""
    return tuple({name for term in load_terms() for name in (term.name, *term.aliases) if name})
