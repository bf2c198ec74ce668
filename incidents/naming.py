"""What people say of names that the vocabulary lacks: another spelling, a new organisation, or nothing.

What they said is handed to extraction as data, and the reports that use the name are drawn again.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify

from incidents.choices import VerdictKind
from incidents.models import (
    Alias,
    Organisation,
    Post,
    Provider,
    Region,
    Report,
    Service,
    UnknownName,
    User,
    Verdict,
)
from incidents.readings import ask_for
from incidents.verdicts import VerdictRefused, require_analyst
from nlp.document import EntityKind
from nlp.vocabulary import Category, Term, find_term, fold, terms_named

TABLES: Mapping[EntityKind, type[Provider | Region | Service | Organisation]] = {
    EntityKind.PROVIDER: Provider,
    EntityKind.REGION: Region,
    EntityKind.SERVICE: Service,
    EntityKind.ORGANISATION: Organisation,
}


@transaction.atomic
def explain_name(key: str, name: str, slug: str, *, person: User, reason: str = "") -> Verdict:
    """The name stands for what goes by the slug; for nothing of ours where the slug is empty."""
    require_analyst(person)
    kind = kind_of(key)
    if slug and not TABLES[kind].objects.filter(slug=slug).exists():
        raise VerdictRefused(f"no {kind} is called {slug}")
    verdict = Verdict.objects.create(
        kind=VerdictKind.NAME,
        a=key,
        b=name,
        value_key=slug,
        accepts=bool(slug),
        person=person,
        reason=reason,
    )
    if slug:
        Alias.objects.get_or_create(kind=kind, slug=slug, folded=fold(name), defaults={"name": name})
        ask_for(reports_that_use(key, name))
    return verdict


@transaction.atomic
def new_organisation(key: str, name: str, *, kind: str, person: User, reason: str = "") -> Verdict:
    """The name is that of an organisation which the record does not know yet."""
    if kind_of(key) is not EntityKind.ORGANISATION:
        raise VerdictRefused("only an organisation can be new; map a code to what it stands for")
    slug = slugify(name)[:50]
    if not slug:
        raise VerdictRefused(f"{name!r} makes no address")
    Organisation.objects.get_or_create(slug=slug, defaults={"name": name[:120], "kind": kind})
    return explain_name(key, name, slug, person=person, reason=reason)


def forget_name(verdict: Verdict) -> None:
    """What a verdict made of a name, when it is taken back. An organisation that it brought stays listed."""
    if not verdict.accepts:
        return
    kind = kind_of(verdict.a)
    if not any(term.slug == verdict.value_key for term in terms_named(verdict.b, kind)):
        Alias.objects.filter(kind=kind, slug=verdict.value_key, folded=fold(verdict.b)).delete()
    ask_for(reports_that_use(verdict.a, verdict.b))


def kind_of(key: str) -> EntityKind:
    return EntityKind(key.partition(":")[0])


def reports_that_use(key: str, name: str) -> set[str]:
    """By key: those that the name was found in, and those whose words hold it."""
    kind, _, slug = key.partition(":")
    found = UnknownName.objects.filter(kind=kind, slug=slug).values_list("report__key", flat=True)
    worded = Post.objects.filter(text__icontains=name).values_list("report__key", flat=True)
    titled = Report.objects.filter(Q(title__icontains=name)).values_list("key", flat=True)
    return {*found, *worded, *titled}


def given_terms() -> tuple[Term, ...]:
    """What people added to the vocabulary, for extraction: each name with what it stands for."""
    said = Verdict.objects.standing().filter(kind=VerdictKind.NAME).order_by("pk")
    newest = {key: (name, slug) for key, name, slug in said.values_list("a", "b", "value_key")}
    organisations = Organisation.objects.in_bulk({slug for _, slug in newest.values()}, field_name="slug")
    terms = []
    for key, (name, slug) in sorted(newest.items()):
        kind = kind_of(key)
        if slug and find_term(kind, slug):
            terms.append(Term(kind, slug, name, provider=provider_of(kind, slug)))
        elif slug in organisations and kind is EntityKind.ORGANISATION:
            row = organisations[slug]
            terms.append(Term(kind, slug, row.name, aliases=(name,), category=Category(row.kind)))
    return tuple(terms)


def provider_of(kind: EntityKind, slug: str) -> str:
    return slug.partition(":")[0] if kind in (EntityKind.REGION, EntityKind.SERVICE) else ""
