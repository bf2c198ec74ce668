"""The tokenizer spares spaCy's rules where they cannot apply, and cuts as they would."""

from __future__ import annotations

import pytest
import spacy

from nlp.pipeline import load_pipeline

SENTENCES = [
    "Errors rose, then fell: all is well.",
    "It's Coinbase's (and Kraken's) outage; they can't log in!",
    "At 10:40am we lost 5km of cable, 30% of hosts and US$20...",
    "Requests to us-east-1, eu-west-1 and U.S. sites failed.",
    "See https://status.example.com/now, or write to ops@example.com.",
    "Überlastung in Zürich’s “Rechenzentrum”, café*, naïve_ and 東京。",
    "Disk_full... wait… what?! (no) [yes] {maybe} <end>",
    "At 40°C. the chillers stopped. NASA. said so, e.g. twice.",
]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_cuts_a_sentence_where_spacy_does(sentence: str) -> None:
    expected = [token.text for token in spacy.blank("en").make_doc(sentence)]
    assert [token.text for token in load_pipeline().make_doc(sentence)] == expected
