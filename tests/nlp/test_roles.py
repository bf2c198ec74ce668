"""What each name of a sentence does there, by our own labelled sentences."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nlp.document import EntityKind, Evidence, Mention, Role
from nlp.roles import settle
from tests.nlp.readers import make_document, read_mentions, slugs_by_role

LABELLED = [
    json.loads(line)
    for line in (Path(__file__).parent / "labelled_names.jsonl").read_text(encoding="utf-8").splitlines()
]
OTHER_ROLES = [role for role in Role if role is not Role.AFFECTED]


def read_row(row: dict[str, Any]) -> list[Mention]:
    fields = {name: row[name] for name in ("title", "provider", "organisation") if name in row}
    return read_mentions(make_document(row["text"], kind=row["kind"], **fields))


@pytest.mark.parametrize("row", LABELLED, ids=[row["text"][:60] for row in LABELLED])
def test_reads_the_roles_of_a_labelled_sentence(row: dict[str, Any]) -> None:
    mentions = read_row(row)
    roles = slugs_by_role(mentions)
    assert without_owners(roles[Role.AFFECTED]) == without_owners(set(row["affected"]))
    for role in OTHER_ROLES:
        assert roles[role] >= set(row.get(role.value, ())), role
    assert {m.text for m in mentions if not m.slug} == set(row.get("unknown", ()))


def without_owners(slugs: set[str]) -> set[str]:
    """A provider of whose regions or services some were hit was hit, said or not."""
    return slugs - {slug.partition(":")[0] for slug in slugs if ":" in slug}


def test_the_labelled_sentences_hold_every_role() -> None:
    assert {role for role in Role if any(row.get(role.value) for row in LABELLED)} == set(Role)


def test_a_mention_points_to_its_own_words() -> None:
    text = "Outages:\nAn AWS outage hit Coinbase and Zibblewire, São Paulo traders said."
    for mention in read_mentions(make_document(text)):
        assert text[mention.evidence.start : mention.evidence.end] == mention.text


def test_a_title_is_told_apart_from_the_text() -> None:
    mentions = read_mentions(make_document("AWS was down.", title="AWS outage hits Coinbase"))
    assert [(m.slug, m.evidence.passage) for m in mentions] == [("aws", None), ("coinbase", None), ("aws", 0)]


def mention(role: Role, confidence: float, kind: EntityKind = EntityKind.ORGANISATION) -> Mention:
    return Mention(kind, "okx", Evidence(0, 0, 3), "OKX", role, "rule", confidence)


def test_being_hit_weighs_more_than_being_named() -> None:
    named, hit = mention(Role.SOURCE, 0.9), mention(Role.AFFECTED, 0.6)
    assert settle([named, hit]) == settle([hit, named]) == {(EntityKind.ORGANISATION, "okx"): hit}


def test_of_hit_and_spared_the_surer_one_counts() -> None:
    hit, spared = mention(Role.AFFECTED, 0.6), mention(Role.NOT_AFFECTED, 0.9)
    assert settle([hit, spared])[EntityKind.ORGANISATION, "okx"] is spared


def test_a_service_of_which_a_part_was_hit_was_hit() -> None:
    hit = mention(Role.AFFECTED, 0.6, EntityKind.SERVICE)
    spared = mention(Role.NOT_AFFECTED, 0.9, EntityKind.SERVICE)
    assert settle([spared, hit])[EntityKind.SERVICE, "okx"] is hit


def test_a_year_gone_by_makes_an_event_past() -> None:
    lead = "Cloudflare went down on Tuesday. " + "The company is looking into it. " * 12
    mentions = read_mentions(make_document(lead + "In 2022, an outage there took down Bitfinex."))
    assert slugs_by_role(mentions)[Role.PAST] == {"bitfinex"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t ",
        "a" * 100_000,
        "\x00\x01 AWS \x02 outage",
        "انقطاع AWS في us-east-1",
        "AWS 東京リージョンで障害が発生しました。EC2 に影響。" * 200,
        "Coinbase, " * 5_000,
        "((((" * 5_000,
        ". " * 20_000,
    ],
)
def test_any_text_is_read(text: str) -> None:
    for found in read_mentions(make_document(text)):
        assert text[found.evidence.start : found.evidence.end] == found.text
