"""The backtest over the catalogue's own outages."""

from __future__ import annotations

from ingest.backtesting import declared_edges, in_rows, measured, past_outages, what_failed
from ingest.catalogue import outages


def test_every_outage_that_reached_an_exchange_is_tested() -> None:
    tested = past_outages()
    assert len(tested) > 20
    assert all(outage.hit and outage.failed for outage in tested)


def test_a_worldwide_outage_is_the_providers_and_a_regional_one_the_regions() -> None:
    failed = {outage.id: what_failed(outage) for outage in outages()}
    assert failed["cloudflare-2019-07-02-waf-regex"] == {"provider:cloudflare"}
    assert failed["aws-2025-10-20-us-east-1-dynamodb-dns"] == {"region:aws:us-east-1"}
    assert failed["other-2020-11-11-infura-consensus"] == {"organisation:infura"}


def test_october_2025_is_foreseen_for_coinbase_and_not_for_coinmarketcap() -> None:
    checked = {outage.id: told for outage, told in measured()["stated dependencies"].checked}
    told = checked["aws-2025-10-20-us-east-1-dynamodb-dns"]
    assert "organisation:coinbase" in told.right
    assert "organisation:coinmarketcap" in told.missed


def test_earlier_outages_add_foresight_and_take_none_away() -> None:
    found = measured()
    stated, seen = found["stated dependencies"], found["and earlier outages"]
    for (_, before), (_, after) in zip(stated.checked, seen.checked, strict=True):
        assert before.right <= after.right
    assert seen.count("right") > stated.count("right")


def test_no_proof_of_the_catalogue_is_known_before_its_time_is_over() -> None:
    for edge in declared_edges():
        for proof in edge.proofs:
            assert (proof.known_at is None) == (proof.about_to is None)
            assert proof.known_at is None or proof.known_at.date() == proof.about_to


def test_the_table_has_a_line_for_each_set_of_edges() -> None:
    title, columns, *rows = in_rows(measured())
    assert "no hindsight" in title
    assert "precision" in columns and "recall" in columns
    assert len(rows) == 2
