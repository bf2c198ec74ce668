"""The vocabulary is whole, well formed, and found by any spelling."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from nlp.document import EntityKind
from nlp.vocabulary import Category, certain_spellings, find_term, fold, load_terms, terms_named

TERMS = load_terms()


def of_kind(kind: EntityKind, provider: str = "") -> list[str]:
    return [term.slug for term in TERMS if term.kind is kind and term.provider == provider]


def test_each_slug_is_one_term_of_its_kind() -> None:
    counts = Counter((term.kind, term.slug) for term in TERMS)
    assert [key for key, count in counts.items() if count > 1] == []


def test_services_and_regions_carry_their_provider() -> None:
    providers = set(of_kind(EntityKind.PROVIDER)) | {"google-workspace"}
    for term in TERMS:
        if term.kind in (EntityKind.REGION, EntityKind.SERVICE):
            assert term.provider in providers, term.slug
            assert term.slug.startswith(f"{term.provider}:")


def test_regions_have_the_code_of_their_slug() -> None:
    for term in TERMS:
        if term.kind is EntityKind.REGION:
            assert term.slug == f"{term.provider}:{term.code}"


def test_organisations_have_a_category() -> None:
    assert all(t.category in Category for t in TERMS if t.kind is EntityKind.ORGANISATION)


def test_a_name_is_listed_once_in_its_term() -> None:
    for term in TERMS:
        listed = (*term.aliases, *term.contextual)
        assert len(listed) == len(set(listed)), term.slug


def test_no_certain_name_belongs_to_two_services() -> None:
    owners: dict[str, set[str]] = {}
    for term in TERMS:
        if term.kind is EntityKind.SERVICE:
            for name in certain_spellings(term):
                owners.setdefault(fold(name), set()).add(term.slug)
    assert {name: slugs for name, slugs in owners.items() if len(slugs) > 1} == {}


@pytest.mark.parametrize(
    ("provider", "least"),
    [("aws", 37), ("azure", 65), ("gcp", 43), ("alibaba", 28)],
)
def test_every_region_of_the_large_providers_is_there(provider: str, least: int) -> None:
    assert len(of_kind(EntityKind.REGION, provider)) >= least


@pytest.mark.parametrize(
    ("provider", "least"), [("aws", 250), ("azure", 180), ("gcp", 180), ("cloudflare", 40)]
)
def test_hundreds_of_services_are_there(provider: str, least: int) -> None:
    assert len(of_kind(EntityKind.SERVICE, provider)) >= least


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Amazon Elastic Compute Cloud", "aws:ec2"),
        ("AWS EC2", "aws:ec2"),
        ("ELB", "aws:elb"),
        ("Amazon Elastic MapReduce", "aws:emr"),
        ("AWS Single Sign-On", "aws:iam-identity-center"),
        ("Internet Connectivity", "aws:internet-connectivity"),
        ("Azure Active Directory", "azure:entra-id"),
        ("Microsoft Entra ID", "azure:entra-id"),
        ("AFD", "azure:front-door"),
        ("GKE", "gcp:kubernetes-engine"),
        ("Google BigQuery", "gcp:bigquery"),
        ("East US 2", "azure:eastus2"),
        ("eastus2", "azure:eastus2"),
        ("US East (N. Virginia)", "aws:us-east-1"),
        ("Gate.io", "gate"),
        ("Huobi", "huobi"),
        ("BitMax", "ascendex"),
        ("Deutsche Boerse", "deutsche-boerse"),
        ("Disney Plus", "disney-plus"),
    ],
)
def test_names_old_short_and_long_lead_to_the_term(name: str, slug: str) -> None:
    assert [term.slug for term in terms_named(name)] == [slug]


def test_a_city_names_a_region_of_each_provider_there() -> None:
    assert {term.slug for term in terms_named("Tokyo", EntityKind.REGION)} >= {
        "aws:ap-northeast-1",
        "gcp:asia-northeast1",
    }
    assert [t.slug for t in terms_named("Tokyo", provider="gcp")] == ["gcp:asia-northeast1"]


def test_unknown_names_lead_nowhere() -> None:
    assert terms_named("Nowhere Cloud 9000") == ()
    assert find_term(EntityKind.REGION, "aws:us-east-10") is None


@pytest.mark.parametrize(
    ("written", "folded"),
    [("São Paulo", "sao paulo"), ("Disney+", "disney plus"), ("AT&T", "at and t"), ("  E*TRADE ", "e trade")],
)
def test_folding_forgets_case_accents_and_punctuation(written: str, folded: str) -> None:
    assert fold(written) == folded


@pytest.mark.shared
def test_every_organisation_of_the_catalogue_keeps_its_slug(shared: Path) -> None:
    lines = (shared / "catalogue" / "organisations.jsonl").read_text().splitlines()
    for row in map(json.loads, lines):
        term = find_term(EntityKind.ORGANISATION, row["slug"])
        assert term is not None, row["slug"]
        assert term.category == row["kind"]
        for name in (row["name"], *row["aliases"]):
            assert row["slug"] in {t.slug for t in terms_named(name)}, name
