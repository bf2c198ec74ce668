"""The data files hold together: whatever one names, another lists."""

from pathlib import Path

import pytest

from incidents.reports import NewReport
from ingest import catalogue
from ingest.canonical import canonical_url
from ingest.catalogue.reports import listed_pages, report_of
from nlp.document import EntityKind, Field
from nlp.vocabulary import load_terms

NAMES = {row.slug: row.name for row in catalogue.organisations()}


def known(kind: EntityKind) -> set[str]:
    return {term.slug for term in load_terms() if term.kind == kind}


def reports() -> dict[str, NewReport]:
    outages = catalogue.outages()
    listed = listed_pages(outages)
    return {outage.id: report_of(outage, NAMES, listed) for outage in outages}


def test_every_region_is_in_the_vocabulary_or_a_listed_place() -> None:
    regions = known(EntityKind.REGION) | {place.slug for place in catalogue.places()}
    assert {region for outage in catalogue.outages() for region in outage.regions} <= regions


def test_every_provider_is_known() -> None:
    providers = known(EntityKind.PROVIDER) | {row.slug for row in catalogue.providers()}
    assert {outage.provider for outage in catalogue.outages()} - {""} <= providers
    assert {place.slug.split(":")[0] for place in catalogue.places()} <= providers


def test_every_organisation_is_listed_once() -> None:
    rows = catalogue.organisations()
    assert len(NAMES) == len(rows)
    named = {hit.organisation for outage in catalogue.outages() for hit in outage.affected}
    named |= {slug for outage in catalogue.outages() for slug in outage.organisations}
    named |= {edge.organisation for edge in catalogue.edges()}
    named |= {source.organisation for source in catalogue.sources()} - {""}
    assert named <= set(NAMES)


def test_exchanges_brokers_wallets_and_data_services_are_in_the_vocabulary_under_the_same_slug() -> None:
    ours = {row.slug for row in catalogue.organisations() if row.kind != "other"}
    assert ours <= known(EntityKind.ORGANISATION)


def test_an_outage_has_one_owner_and_its_related_ones_exist() -> None:
    outages = {outage.id: outage for outage in catalogue.outages()}
    assert len(outages) == len(catalogue.outages())
    for outage in outages.values():
        assert bool(outage.provider) != bool(outage.organisations), outage.id
        assert set(outage.related) <= set(outages), outage.id
        assert outage.ended_at is None or outage.ended_at >= outage.started_at, outage.id


def test_control_cases_are_outages_of_organisations() -> None:
    controls = [outage for outage in catalogue.outages() if outage.is_control]
    assert controls
    assert all(outage.organisations and not outage.provider for outage in controls)


def test_every_edge_ends_at_something_listed_and_has_a_proof() -> None:
    targets = {
        "provider": known(EntityKind.PROVIDER) | {row.slug for row in catalogue.providers()},
        "region": known(EntityKind.REGION) | {place.slug for place in catalogue.places()},
        "organisation": set(NAMES),
    }
    for edge in catalogue.edges():
        kind, slug = edge.target.split(":", 1)
        assert edge.proofs, edge
        if kind in targets:
            assert slug in targets[kind], edge
        else:
            assert slug.split(":")[0] in targets["provider"], edge


def test_sentences_of_claims_stand_in_the_text() -> None:
    for report in reports().values():
        for account in report.accounts:
            for fact in account.facts:
                if fact.evidence.passage is not None:
                    text = report.posts[fact.evidence.passage].text
                    assert text[fact.evidence.start : fact.evidence.end].strip()


def test_a_hit_shows_its_own_sentence() -> None:
    report = reports()["aws-2025-10-20-us-east-1-dynamodb-dns"]
    impact = next(
        fact
        for fact in report.accounts[0].facts
        if fact.field == Field.IMPACT and fact.subject == "organisation:coinbase"
    )
    sentence = report.posts[0].text[impact.evidence.start : impact.evidence.end]
    assert sentence.startswith("Coinbase: ")


def test_a_hit_names_the_pages_that_tell_of_it_and_not_all_that_the_entry_cites() -> None:
    told = {outage.id: outage for outage in catalogue.outages()}
    outage = told["aws-2025-04-15-ap-northeast-1-power"]
    facts = reports()[outage.id].accounts[0].facts
    for hit in outage.affected:
        links = [
            fact
            for fact in facts
            if (fact.field, fact.subject) == (Field.LINK, f"organisation:{hit.organisation}")
        ]
        assert {fact.key for fact in links} == {canonical_url(url) for url in hit.sources}
        assert len(links) < len(outage.sources)


def test_a_day_of_several_organisations_is_an_account_of_each() -> None:
    report = reports()["other-2021-05-19-price-crash-overload"]
    owners = [account.organisation for account in report.accounts]
    assert len(owners) == len(set(owners)) > 3
    assert all(not account.provider for account in report.accounts)


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "places.jsonl").write_text('{"slug": "aws:global"}\n{"slug": \n')
    with pytest.raises(catalogue.CatalogueError, match=r"places\.jsonl, line 1: .*correct the line"):
        list(catalogue.read("places.jsonl", lambda row: catalogue.ListedPlace(**row), tmp_path))


@pytest.mark.parametrize(
    ("about", "precision", "last"),
    [("2021-12", "month", "2021-12-31"), ("2017", "year", "2017-12-31"), ("2024-02-29", "day", "2024-02-29")],
)
def test_a_period_counts_to_its_last_day(about: str, precision: str, last: str) -> None:
    span = catalogue.period(about, precision)
    assert span is not None
    assert span[1].isoformat() == last


def test_an_undated_page_has_no_period() -> None:
    assert catalogue.period("", "") is None
