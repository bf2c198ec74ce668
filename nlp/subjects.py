"""The verb after a name: what a sentence says of the name as its subject."""

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


class SubjectReader(Walker):
    """Asks what a group does or suffers."""

    def after(self, group: Group) -> Judgement | None:
        if self.is_in_brackets(group):
            return None
        end = group.end
        for signal in self.rightward(group.end):
            if not words.FULL_BREAK.isdisjoint(self.lower[group.end : signal.start]):
                return None
            if Cue.TURN in signal.cues and not self.is_aside(group, signal):
                return None
            if signal.start - end > REACH or self.is_new_subject(group, signal):
                return None
            judgement = self.predicate(group, signal)
            if judgement is not None:
                return judgement
        return None

    def is_in_brackets(self, group: Group) -> bool:
        """ "Coinbase, which runs on AWS, went down": what follows is not about AWS."""
        if self.lower[group.end : group.end + 1] == [] or self.lower[group.end] not in words.BREATH:
            return False
        governor = self.governor(group)
        relative = next(self.leftward(governor.start), None) if governor else None
        return (
            governor is not None
            and relative is not None
            and Cue.RELATIVE in relative.cues
            and governor.start - relative.end <= NEAR
        )

    def can_speak(self, group: Group) -> bool:
        """Services and regions say nothing: their owner does."""
        return any(name.term.kind in (EntityKind.PROVIDER, EntityKind.ORGANISATION) for name in group.names)

    def is_organisation(self, group: Group) -> bool:
        return all(name.term.kind is EntityKind.ORGANISATION for name in group.names)

    def is_aside(self, group: Group, signal: Signal) -> bool:
        """ "Coinbase, however, went down" """
        after = self.lower[signal.end : signal.end + 1]
        return signal.start == group.end + 1 and bool(after) and after[0] in words.BREATH

    def is_new_subject(self, group: Group, signal: Signal) -> bool:
        """Does another name stand between, other than in a side remark ("which runs on AWS")?"""
        for other in self.sentence.groups:
            if group.end <= other.start and other.end <= signal.start:
                before = other.start - 1
                if self.lower[before] in words.PREPOSITIONS or self.governor(other) is not None:
                    continue
                return True
        return False

    def predicate(self, group: Group, signal: Signal) -> Judgement | None:
        """What this cue says of the group as its subject; None reads on, MENTIONED stops."""
        cues, gap = signal.cues, signal.start - group.end
        if cues & HARM and self.is_among(group, signal):
            return self.fell(group, signal)
        if Cue.MARKET in cues and gap <= 2:
            return Judgement(Role.MENTIONED, "market", 0.8)
        if Cue.TROUBLE in cues and self.is_compound(group, signal):
            if all(name.term.observer for name in group.names):
                return Judgement(Role.SOURCE, "observer", 0.8)
            if self.lower[max(self.sentence.start, group.start - 1)] in words.NONE:
                return Judgement(Role.NOT_AFFECTED, "no-trouble", 0.8)
            return Judgement(Role.AFFECTED, "compound", 0.9)
        if (
            Cue.OFFICE in cues
            and self.can_speak(group._replace(names=group.names[-1:]))
            and gap <= 2
            and words.FILLERS.issuperset(self.lower[group.end : signal.start])
        ):
            return self.office(group, signal)
        if Cue.TROUBLE in cues and gap > 0 and self.is_own(signal):
            return Judgement(Role.AFFECTED, "own-trouble", 0.75)
        if cues & {Cue.SPARED, Cue.NORMAL}:
            return self.spared(group, signal)
        if Cue.STRUCK in cues and (Cue.FELL not in cues or self.voice(group, signal)):
            return self.struck(group, signal)
        if Cue.FELL in cues or (Cue.DOWN in cues and self.is_down(group, signal)):
            return self.fell(group, signal)
        if Cue.SAYS in cues:
            return self.says(group, signal) if self.can_speak(group) else None
        if Cue.VICTIMS in cues and gap == 0:
            return self.fell(group, signal)  # "Starbucks, Kroger | apps down"
        if Cue.VICTIMS in cues and not words.BEING.isdisjoint(self.lower[group.end : signal.start]):
            return self.fell(group, signal)
        if Cue.CARRIES in cues and gap <= NEAR and not self.is_organisation(group):
            return Judgement(Role.HOST, "carries", 0.7)
        return None

    def is_among(self, group: Group, signal: Signal) -> bool:
        """ "X and Y | were among hundreds of companies | hit" """
        gap = self.lower[group.end : signal.start]
        among = next((place for place, word in enumerate(gap) if word in words.AMONG), 0)
        return among > 0 and gap[among - 1] in words.AUXILIARIES | words.ADVERBS

    def is_compound(self, group: Group, signal: Signal) -> bool:
        gap = self.lower[group.end : signal.start]
        return (
            len(gap) <= NEAR
            and words.COMMAS.isdisjoint(gap)
            and words.PREPOSITIONS.isdisjoint(gap)
            and (words.AUXILIARIES.isdisjoint(gap) or (gap[0] in words.AUXILIARIES and len(gap) <= 3))
            and not any(
                other.start >= group.end and other.end <= signal.start for other in self.sentence.signals
            )
        )

    def spared(self, group: Group, signal: Signal) -> Judgement | None:
        """Of a part that works nothing follows for the rest, and of other zones nothing for this one."""
        before = self.phrase_before(group)
        if not words.PARTIAL.isdisjoint(before) or self.owns(group, signal):
            return None
        if not words.OTHERS.isdisjoint(before) and self.is_place(group):
            return Judgement(Role.MENTIONED, "elsewhere", 0.8)
        if Cue.NORMAL in signal.cues:
            return Judgement(Role.NOT_AFFECTED, "normal", 0.7)
        return Judgement(Role.NOT_AFFECTED, "spared", 0.9)

    def phrase_before(self, group: Group) -> list[int]:
        """The words of the group's own phrase, back to the last mark."""
        found: list[int] = []
        for token in range(group.start - 1, max(self.sentence.start, group.start - REACH // 2) - 1, -1):
            if self.lower[token] in words.COMMAS:
                break
            found.append(self.lower[token])
        return found

    def is_own(self, signal: Signal) -> bool:
        """ "its recent outage" """
        before = self.lower[max(self.sentence.start, signal.start - 3) : signal.start]
        return not words.POSSESSIVES.isdisjoint(before)

    def is_place(self, group: Group) -> bool:
        return any(name.term.kind is EntityKind.REGION for name in group.names)

    def is_down(self, group: Group, signal: Signal) -> bool:
        """ "Coinbase, Robinhood down", "AWS is back down", but not "down 5%"."""
        following = self.lower[signal.end : signal.end + 2]
        if not words.MEASURES.isdisjoint(following):
            return False
        between = self.lower[group.end : signal.start]
        return (words.AUXILIARIES | words.ADVERBS | words.DOWNERS).issuperset(between)

    def office(self, group: Group, signal: Signal) -> Judgement | None:
        """ "Coinbase users" are Coinbase's trouble; its officers, pages and shares only speak of it."""
        if not words.PEOPLE.isdisjoint(self.lower[signal.start : signal.end]):
            return None
        found = self.quoted(group, signal.end) or self.blames(group, signal)
        return found or Judgement(Role.SOURCE, "office", 0.8)

    def quoted(self, group: Group, start: int) -> Judgement | None:
        """What is said for a group by its officer: "A spokesperson for X told us that it was down"."""
        for signal in self.rightward(start):
            if signal.start - start > REACH or Cue.TURN in signal.cues:
                return None
            if Cue.SAYS in signal.cues:
                return self.complement(group, signal)
        return None

    def fell(self, group: Group, signal: Signal) -> Judgement | None:
        if self.is_negated(signal.start):
            return self.spared(group, signal)
        return Judgement(Role.AFFECTED, "fell", 0.85)

    def struck(self, group: Group, signal: Signal) -> Judgement | None:
        if signal.start > group.end and self.lower[signal.start - 1] in words.DETERMINERS:
            return None  # "the affected zone"
        voice = self.voice(group, signal)
        if voice == "passive":
            if self.is_negated(signal.start):
                return self.spared(group, signal)
            return Judgement(Role.AFFECTED, "struck", 0.9)
        if any(name.term.kind is not EntityKind.ORGANISATION for name in group.names):
            return Judgement(Role.AFFECTED, "struck-others", 0.6)
        return Judgement(Role.MENTIONED, "agent", 0.5)

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

    def owns(self, group: Group, signal: Signal) -> bool:
        """ "X said customer funds were safe" says nothing of X's service."""
        return not words.BELONGINGS.isdisjoint(self.lower[group.end : signal.start])


BY = next(iter(words.words("by")))
