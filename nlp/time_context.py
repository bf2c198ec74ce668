"""The words around each time, in lower case, as far as they speak of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from nlp import time_cues
from nlp.document import FoundTime, Precision
from nlp.sentences import Sentence, Text
from nlp.times import STAMP

FINE = (Precision.MINUTE, Precision.HOUR)
REACH = 110  # a cue further away speaks of something else
LEAD = 150


class Tenor:
    """What a whole sentence is about, in lower case; read once for all of its times, as far as they ask."""

    def __init__(self, words: str) -> None:
        self.words = words

    @cached_property
    def is_outage(self) -> bool:
        return time_cues.OUTAGE.search(self.words) is not None

    @cached_property
    def is_experienced(self) -> bool:
        return time_cues.EXPERIENCED.search(self.words) is not None

    @cached_property
    def is_prices(self) -> bool:
        return time_cues.PRICES.search(self.words) is not None

    @cached_property
    def is_measured(self) -> bool:
        return time_cues.MEASURED.search(self.words) is not None and not self.is_experienced

    @cached_property
    def is_act(self) -> bool:
        return time_cues.ACTS.search(self.words) is not None


@dataclass(frozen=True, slots=True)
class Around:
    """`lead` is all that stands before the time in its sentence: one promise holds for a list of times.
    `before` and `after` reach as far as the next times: a cue belongs to the nearest."""

    sentence: Sentence
    tenor: Tenor
    lead: str
    before: str
    after: str


def arounds(text: Text, times: Sequence[FoundTime]) -> Iterator[tuple[FoundTime, Around]]:
    tenors: dict[Sentence, Tenor] = {}
    for i, time in enumerate(times):
        sentence = text.at(time.evidence.passage, time.evidence.start or 0)
        if sentence is None:
            continue
        if sentence not in tenors:
            tenors[sentence] = Tenor(text.low[sentence])
        last = times[i - 1] if i and owns_its_cue(times[i - 1], time, sentence) else None
        coming = times[i + 1] if i + 1 < len(times) and owns_its_cue(times[i + 1], time, sentence) else None
        yield time, cut(tenors[sentence], sentence, time, last, coming)


def cut(
    tenor: Tenor, sentence: Sentence, time: FoundTime, last: FoundTime | None, coming: FoundTime | None
) -> Around:
    start, end = (time.evidence.start or 0) - sentence.start, (time.evidence.end or 0) - sentence.start
    floor = max(0, start - REACH, (last.evidence.end or 0) - sentence.start if last else 0)
    ceiling = min(end + REACH, (coming.evidence.start or 0) - sentence.start if coming else end + REACH)
    words = tenor.words
    return Around(
        sentence, tenor, words[max(0, start - LEAD) : start], words[floor:start], words[end:ceiling]
    )


def owns_its_cue(other: FoundTime, time: FoundTime, sentence: Sentence) -> bool:
    """Two clocks, or two days, have a cue each. "Oct 20, ... at 5:30" is one statement, and so is "restored
    six hours later, after 4.30am"."""
    start = other.evidence.start or 0
    is_inside = other.evidence.passage == sentence.passage and sentence.start <= start < sentence.end
    is_alike = (other.precision in FINE) == (time.precision in FINE)
    return is_inside and is_alike and other.rule not in (STAMP, "event-relative")
