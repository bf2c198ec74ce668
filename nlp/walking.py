"""One sentence, cue by cue: what stands left and right of a group of names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from nlp import words
from nlp.cues import HARM, Cue
from nlp.document import EntityKind, Role
from nlp.groups import Group, Sentence
from nlp.names import Signal

REACH = 18  # words between a name and its verb
NEAR = 4  # words between a cue and the name it governs
BY = next(iter(words.words("by")))


class Judgement(NamedTuple):
    role: Role
    rule: str
    confidence: float


class Walker:
    """Steps through the cues of one sentence."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        self.lower = sentence.lower
        self.is_harm = any(signal.cues & HARM for signal in sentence.signals)

    def governor(self, group: Group) -> Signal | None:
        """The cue right before the group, with nothing but articles and descriptions between."""
        signal = next(self.leftward(group.start), None)
        if signal is None or group.start - signal.end > NEAR:
            return None
        gap = self.lower[signal.end : group.start]
        return signal if words.FILLERS.issuperset(gap) else None

    def leftward(self, token: int) -> Iterator[Signal]:
        return (signal for signal in reversed(self.sentence.signals) if signal.end <= token)

    def rightward(self, token: int) -> Iterator[Signal]:
        return (signal for signal in self.sentence.signals if signal.start >= token)

    def tells_of(self, cues: frozenset[Cue]) -> bool:
        return any(signal.cues & cues for signal in self.sentence.signals)

    def is_negated(self, token: int) -> bool:
        """A "not" shortly before, unless it is "not just", or "no longer": that was hit."""
        before = range(max(self.sentence.start, token - 3), token)
        return any(
            self.lower[place] in words.NEGATIONS and self.lower[place + 1] not in words.MERELY
            for place in before
        )

    def is_medium(self, group: Group) -> bool:
        """ "in the Cloud Console", "to Cloud Monitoring" """
        for token in range(group.start - 1, max(self.sentence.start, group.start - NEAR) - 1, -1):
            if self.lower[token] not in words.FILLERS:
                # "customers using Cosmos DB" are told what failed.
                is_of_people = self.lower[token - 1] in words.PEOPLE and self.lower[token] in words.USING
                return self.lower[token] in words.MEDIA and not is_of_people
        return False

    def is_moved_to(self, group: Group) -> bool:
        """ "will shift its systems to Google Cloud in | London" """
        for signal in self.leftward(group.start):
            if Cue.TURN in signal.cues:
                return False
            if signal.cues & {Cue.MOVE, Cue.MOVE_TO}:
                return True
        return False

    def is_item(self, group: Group) -> bool:
        """A line of names and no more ("* Cloud Run"), or one that its name heads ("- Cloud Run: errors")."""
        sentence = self.sentence
        names = {token for other in sentence.groups for token in range(other.start, other.end)}
        others = {n: self.lower[n] for n in range(sentence.start, sentence.end) if n not in names}
        if words.MARKS.issuperset(others.values()):
            return True
        is_headed = self.lower[group.end : group.end + 1] == [*words.COLON]
        return is_headed and words.MARKS.issuperset(word for n, word in others.items() if n < group.start)

    def can_speak(self, group: Group) -> bool:
        """Services and regions say nothing: their owner does."""
        return any(name.term.kind in (EntityKind.PROVIDER, EntityKind.ORGANISATION) for name in group.names)

    def is_organisation(self, group: Group) -> bool:
        return all(name.term.kind is EntityKind.ORGANISATION for name in group.names)

    def voice(self, group: Group, signal: Signal) -> str:
        """Passive after a form of "to be" or before "by"; a participle right after a comma is passive too."""
        if signal.end < self.sentence.end and self.lower[signal.end] == BY:
            return "passive"
        for token in range(signal.start - 1, group.end - 1, -1):
            word = self.lower[token]
            if word in words.AUXILIARIES:
                return "passive"
            if word not in words.ADVERBS and word not in words.NEGATIONS:
                return ""
        return ""
