"""Brings the catalogue tables up to date with the vocabulary of `nlp`. May run any number of times."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from incidents.models import Alias, Organisation, Provider, Region, Service
from nlp.document import EntityKind
from nlp.vocabulary import Category, Term, fold, load_terms


@transaction.atomic
def load_vocabulary() -> dict[str, int]:
    """Write every term and its other spellings; the number of terms by kind. Rows that people added stay."""
    terms = {kind: [term for term in load_terms() if term.kind is kind] for kind in EntityKind}
    Provider.objects.bulk_create(
        [Provider(slug=term.slug, name=term.name) for term in terms[EntityKind.PROVIDER]],
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=["name"],
    )
    owners = dict(Provider.objects.values_list("slug", "pk"))
    Region.objects.bulk_create(
        [as_region(term, owners[term.provider]) for term in terms[EntityKind.REGION]],
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=["provider", "code", "name", "city", "country"],
    )
    Service.objects.bulk_create(
        [
            Service(slug=term.slug, provider_id=owners[term.provider], name=term.name)
            for term in terms[EntityKind.SERVICE]
        ],
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=["provider", "name"],
    )
    Organisation.objects.bulk_create(
        [
            Organisation(slug=term.slug, name=term.name, kind=term.category or Category.OTHER)
            for term in terms[EntityKind.ORGANISATION]
        ],
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=["name", "kind"],
    )
    Alias.objects.bulk_create(aliases(load_terms()), ignore_conflicts=True)
    return {kind.value: len(found) for kind, found in terms.items()}


def as_region(term: Term, owner: int) -> Region:
    return Region(
        slug=term.slug,
        provider_id=owner,
        code=term.code or term.slug.split(":", 1)[1],
        name=term.name,
        city=term.city,
        country=term.country,
    )


def aliases(terms: Iterable[Term]) -> list[Alias]:
    """Every spelling but a term's own name, once for each folded form."""
    rows: dict[tuple[EntityKind, str, str], Alias] = {}
    for term in terms:
        for name in (*term.certain, *term.contextual):
            if name != term.name and fold(name):
                rows.setdefault(
                    (term.kind, term.slug, fold(name)),
                    Alias(kind=term.kind, slug=term.slug, name=name, folded=fold(name)),
                )
    return list(rows.values())
