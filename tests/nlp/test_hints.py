"""Hints: what a sentence's words promise, and that no pattern finds anything where its hint is missing."""

from __future__ import annotations

import re

import pytest

from nlp import posts, time_cues
from nlp.hints import Hint
from nlp.lines import Line

HINTED = [
    (posts.RESOLVING, time_cues.RESOLVED),
    (posts.GOING_ON, time_cues.STILL_OPEN),
    (posts.PROMISING, time_cues.UPDATE_PROMISED),
    (posts.POINTING, time_cues.POINTER),
]
SENTENCES = [
    "The issue has been resolved, and all systems are fully operational.",
    "Service was now fully restored; the fault is remediated and its cause mitigated or fixed.",
    "Requests had since recovered, and we have now mitigated the underlying networking problem.",
    "Everything is operating normally, that is back to normal.",
    "Resolved: completed - the site is accessible again and has resumed full trading.",
    "We continue to investigate and are working towards a fix; repairs are in progress.",
    "It is still seeing errors. We are actively investigating; continuing experience tells.",
    "We will share another status update by noon. Next update at 13:00.",
    "This has been merged into another incident, and is tracked as part of that incident.",
]


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize(("hint", "pattern"), HINTED)
def test_nothing_is_found_without_its_hint(hint: Hint, pattern: re.Pattern[str], sentence: str) -> None:
    line = Line(sentence)
    assert line.gives(hint) or not pattern.search(line.low)


@pytest.mark.parametrize(("hint", "pattern"), HINTED)
def test_each_pattern_finds_something_in_these_sentences(hint: Hint, pattern: re.Pattern[str]) -> None:
    assert any(pattern.search(Line(sentence).low) for sentence in SENTENCES)


def test_a_hint_is_given_by_any_of_its_words_and_by_no_other() -> None:
    hint = Hint("overheat ups")
    assert Line("Two disks overheated.").gives(hint)
    assert Line("The UPS failed").gives(hint)
    assert not Line("The upset heat pump").gives(hint)
