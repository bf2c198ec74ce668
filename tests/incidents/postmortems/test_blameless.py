from __future__ import annotations

import pytest

from incidents.postmortems.blameless import hints

NAMES = ("Amazon Web Services", "Coinbase", "Binance", "Azure Front Door")
NAMED = [
    ("Maria Lopez pushed the change at noon.", "Maria Lopez"),
    ("The table was dropped by John Miller during the night.", "John Miller"),
    ("Then Priya had restarted the wrong node.", "Priya"),
    ("@jmiller ran the script.", "@jmiller"),
    ("The change of ada broke the build.", "ada"),
]
JUDGED = [
    ("The cause was human error.", "human error"),
    ("The operator carelessly typed the name.", "carelessly"),
    ("They should have known that.", "should have known"),
    ("The team failed to notice the alarm.", "failed to notice"),
    ("It was their fault.", "their fault"),
]
BLAMELESS = [
    "Amazon Web Services restarted the network in us-east-1.",
    "Coinbase disabled trading at 07:00.",
    "The deployment dropped an index that the query needs.",
    "Engineers rolled back the release.",
    "Nobody had tested the failover.",
    "A write to abc@example.org failed.",
    "Monitoring missed it, since the threshold was set too high.",
    "Azure Front Door removed the bad nodes.",
]


@pytest.mark.parametrize(("text", "words"), NAMED)
def test_a_person_named_in_a_cause_is_pointed_out(text: str, words: str) -> None:
    found = hints(text, is_cause=True, people=["ada"], names=NAMES)
    assert words in [hint.words for hint in found]


@pytest.mark.parametrize(("text", "words"), NAMED)
def test_a_person_named_elsewhere_is_not(text: str, words: str) -> None:
    assert hints(text, is_cause=False, people=["ada"], names=NAMES) == []


@pytest.mark.parametrize(("text", "words"), JUDGED)
def test_words_that_judge_are_pointed_out_everywhere(text: str, words: str) -> None:
    found = hints(text, is_cause=False)
    assert [hint.words for hint in found] == [words]
    assert found[0].why


@pytest.mark.parametrize("text", BLAMELESS)
def test_what_systems_companies_and_teams_did_is_no_blame(text: str) -> None:
    assert hints(text, is_cause=True, names=NAMES) == []
