"""Who speaks, and what it says of itself: "X said it was down", "X blamed Y"."""

from __future__ import annotations

from nlp import words
from nlp.cues import HARM, Cue
from nlp.document import Role
from nlp.groups import Group
from nlp.names import Signal
from nlp.walking import NEAR, REACH, Judgement, Walker


class SpeechReader(Walker):
    """Asks what a group says."""

    def quoted(self, group: Group, start: int) -> Judgement | None:
        """What is said for a group by its officer: "A spokesperson for X told us that it was down"."""
        for signal in self.rightward(start):
            if signal.start - start > REACH or Cue.TURN in signal.cues:
                return None
            if Cue.SAYS in signal.cues:
                return self.complement(group, signal)
        return None

    def says(self, group: Group, signal: Signal) -> Judgement | None:
        commas = sum(word in words.BREATH for word in self.lower[group.end : signal.start])
        if commas % 2:
            return None  # "..., traders said": the sentence's own remark
        found = self.complement(group, signal) or self.blames(group, signal)
        return found or Judgement(Role.SOURCE, "says", 0.8)

    def blames(self, group: Group, speech: Signal) -> Judgement | None:
        """Who blames a provider was hit: "X blamed AWS", "X's head said the cause was AWS"."""
        if not self.is_organisation(group) or all(name.term.observer for name in group.names):
            return None
        for other in self.sentence.groups:
            if speech.end <= other.start <= speech.end + REACH:
                governor = self.governor(other)
                before = self.lower[speech.start : other.start]
                is_blamed = governor is not None and Cue.BLAMED in governor.cues
                if not self.is_organisation(other) and (is_blamed or not words.CAUSE.isdisjoint(before)):
                    return Judgement(Role.AFFECTED, "blames", 0.65)
        return None

    def complement(self, group: Group, speech: Signal) -> Judgement | None:
        """What the speaker says of itself: "X said it was down", "X reported errors", "X says it is fine"."""
        if all(name.term.observer for name in group.names):
            return None
        said = speech.end
        for signal in self.rightward(speech.end):
            if signal.cues & {Cue.TURN, Cue.AFTER} or signal.start - said > REACH:
                return None
            between = self.lower[said : signal.start]
            is_well = not signal.cues.isdisjoint({Cue.SPARED, Cue.NORMAL})
            if not is_well and signal.cues.isdisjoint(HARM):
                continue
            if Cue.TROUBLE in signal.cues and not words.POSSESSIVES.isdisjoint(between[-3:]):
                return Judgement(Role.AFFECTED, "own-trouble", 0.75)
            if self.is_about_others(group, said, signal):
                return None
            if is_well and words.BELONGINGS.isdisjoint(between):
                return Judgement(Role.NOT_AFFECTED, "says-spared", 0.8)
            if signal.cues.isdisjoint(HARM):
                continue
            sure = 0.75 if not between or not words.OWN_VOICE.isdisjoint(between) else 0.6
            if self.is_negated(signal.start):
                return Judgement(Role.NOT_AFFECTED, "says-not", sure)
            if Cue.FELL in signal.cues or Cue.TROUBLE in signal.cues or self.voice(group, signal):
                return Judgement(Role.AFFECTED, "says-hit", sure)
        return None

    def is_about_others(self, group: Group, said: int, signal: Signal) -> bool:
        between = self.lower[said : signal.start]
        if not words.POSSESSIVES.isdisjoint(between[:NEAR]):
            return False  # "X said several of its nodes, among them those for Y, were down"
        return not words.STRANGERS.isdisjoint(between) or any(
            said <= other.start < signal.start and not (self.is_part(other, group) or self.is_stage(other))
            for other in self.sentence.groups
        )

    def is_stage(self, other: Group) -> bool:
        """ "X told users on Twitter that it was down": where it was said."""
        governor = self.governor(other)
        return governor is not None and Cue.TOLD in governor.cues

    def is_part(self, other: Group, group: Group) -> bool:
        """A provider speaks of its own services and regions; those whom it speaks to are nobody's."""
        owners = {name.term.slug for name in group.names}
        return all(
            name.term.provider in owners or name.term.slug in owners or name.term.observer
            for name in other.names
        )
