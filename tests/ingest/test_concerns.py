"""News that can concern no outage are left out before extraction: cheaply, and none that it would keep."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

from ingest.bench.bodies import news
from ingest.concerns import at_first_look, by_its_sentences, can_concern_an_outage, extract
from ingest.drawing import Voice, as_document
from ingest.kinds import Context, all_kinds
from nlp import extraction
from nlp.document import Document, DocumentKind, Passage, Relevance

LABELLED = Path(__file__).resolve().parents[1] / "nlp"


def article(text: str, title: str = "News", kind: DocumentKind = DocumentKind.NEWS) -> Document:
    return Document(key="web:https://e.example/1", kind=kind, passages=(Passage(text),), title=title)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Customers of Kraken were unable to log in for an hour.", "Kraken"),
        ("Nothing is known yet.", "Exchange goes down"),
        ("The wallet runs on Amazon Web Services.", "Behind the scenes"),
        ("Trading was halted\nfor two hours.", "A long day"),
    ],
)
def test_what_tells_of_trouble_or_of_what_stands_on_a_cloud_is_kept(text: str, title: str) -> None:
    assert can_concern_an_outage(article(text, title))


@pytest.mark.parametrize(
    "text",
    [
        "Kraken lists three further tokens and lowers its fees.",
        "Bitcoin is down 4 % since Monday.",
        "The fund uses the money for hiring, and Amazon Web Services shows new machines.",
        "",
    ],
)
def test_what_tells_of_neither_is_left_out(text: str) -> None:
    told = extract(article(text))
    assert (told.accounts, told.relevance, told.version) == ((), Relevance.NOT_AN_OUTAGE, extraction.VERSION)


def test_a_providers_own_word_is_extracted_whatever_it_says() -> None:
    document = article("All is well.", kind=DocumentKind.PROVIDER_STATUS)
    assert extract(document) == extraction.extract(document)


def test_no_labelled_sentence_of_an_outage_is_left_out() -> None:
    lines = [line for path in sorted(LABELLED.glob("*.jsonl")) for line in path.read_text().splitlines()]
    texts = [text for line in lines if (text := json.loads(line).get("text"))]
    told = [article(text) for text in texts]
    kept = [document for document in told if extraction.extract(document).accounts]
    assert len(kept) > 20
    assert all(map(can_concern_an_outage, kept))


@pytest.mark.shared
def test_of_real_feeds_few_articles_pass_and_none_is_missed(shared: Path) -> None:
    entries = [
        entry
        for path in sorted((shared / "feeds/news").rglob("*.xml"))
        for entry in all_kinds()["news-feed"]
        .read(path.read_bytes(), Context(url="https://e.example/"))
        .entries
    ]
    told = [as_document(entry.key, entry, Voice("press")) for entry in entries]
    passing = [document for document in told if can_concern_an_outage(document)]
    assert 0.02 < len(passing) / len(told) < 0.15
    missed = [d.title for d in told if d not in passing and extraction.extract(d).accounts]
    assert missed == []


def first_looks(texts: list[str]) -> list[tuple[bool, bool]]:
    """For each text: does it pass the first look, and do its sentences tell?"""
    told = [article(text) for text in texts]
    return [(at_first_look(document), by_its_sentences(document)) for document in told]


def test_whatever_its_sentences_tell_passes_the_first_look() -> None:
    lines = [line for path in sorted(LABELLED.glob("*.jsonl")) for line in path.read_text().splitlines()]
    texts = [text for line in lines if (text := json.loads(line).get("text"))]
    joined = [between.join(pair) for pair in pairwise(texts) for between in (" ", "\n", ". ", ",\n")]
    looks = first_looks([*texts, *joined])
    assert sum(told for _, told in looks) > 1_000
    assert [told for passes, told in looks if told and not passes] == []


def test_most_articles_that_tell_of_nothing_are_never_cut_into_sentences() -> None:
    entries = all_kinds()["news-feed"].read(news(200), Context(url="https://e.example/")).entries
    looks = first_looks([entry.posts[0].text for entry in entries])
    passing, telling = (sum(column) for column in zip(*looks, strict=True))
    assert telling <= passing < 2 * telling < len(looks) / 2


def test_a_sentence_that_is_cut_within_a_word_is_looked_at() -> None:
    unbroken = "a-" * 997 + "outage" + "x" * 600
    assert first_looks([unbroken]) == [(True, True)]
