"""The words around each time, in lower case, as far as they speak of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from nlp import time_cues
from nlp.document import FoundTime, Precision
from nlp.lines import Line
from nlp.sentences import Sentence, Text
from nlp.times import STAMP

FINE = (Precision.MINUTE, Precision.HOUR)
REACH = 110  # a cue further away speaks of something else
LEAD = 150


class Tenor:
    """What a whole sentence is about, in lower case; read once for all of its times, as far as they ask.

    `roles` is what `nlp.time_roles` made of its times, by where they stand.
    """

    def __init__(self, line: Line) -> None:
        self.words = line.low
        self.roles: dict[tuple[object, ...], Any] = {}

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


@dataclass(slots=True)
class Around:
    """Where a time stands in its sentence. Cues are sought from `floor` to `ceiling`, which reach as far as
    the next times: a cue belongs to the nearest."""

    sentence: Sentence
    tenor: Tenor
    start: int
    end: int
    floor: int
    ceiling: int

    @property
    def lead(self) -> str:
        """All that stands before the time: one promise holds for a list of times."""
        return self.tenor.words[max(0, self.start - LEAD) : self.start]

    @property
    def before(self) -> str:
        return self.tenor.words[self.floor : self.start]

    @property
    def after(self) -> str:
        return self.tenor.words[self.end : self.ceiling]


def arounds(text: Text, times: Sequence[FoundTime]) -> Iterator[tuple[FoundTime, Around]]:
    sentences = [text.around(time.evidence) for time in times]
    for i, (time, sentence) in enumerate(zip(times, sentences, strict=True)):
        if sentence is None:
            continue
        last = times[i - 1] if i and owns_its_cue(times[i - 1], time, sentence) else None
        coming = times[i + 1] if i + 1 < len(times) and owns_its_cue(times[i + 1], time, sentence) else None
        yield time, place(text.line[sentence].read(Tenor), sentence, time, last, coming)


def place(
    tenor: Tenor, sentence: Sentence, time: FoundTime, last: FoundTime | None, coming: FoundTime | None
) -> Around:
    start, end = (time.evidence.start or 0) - sentence.start, (time.evidence.end or 0) - sentence.start
    floor = max(0, start - REACH, (last.evidence.end or 0) - sentence.start if last else 0)
    ceiling = min(end + REACH, (coming.evidence.start or 0) - sentence.start if coming else end + REACH)
    return Around(sentence, tenor, start, end, floor, ceiling)


def owns_its_cue(other: FoundTime, time: FoundTime, sentence: Sentence) -> bool:
    """Two clocks, or two days, have a cue each. "Oct 20, ... at 5:30" is one statement, and so is "restored
    six hours later, after 4.30am"."""
    start = other.evidence.start or 0
    is_inside = other.evidence.passage == sentence.passage and sentence.start <= start < sentence.end
    is_alike = (other.precision in FINE) == (time.precision in FINE)
    return is_inside and is_alike and other.rule not in (STAMP, "event-relative")
