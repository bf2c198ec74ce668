"""The verb after a name: what a sentence says of the name as its subject."""

from __future__ import annotations

from nlp import words
from nlp.cues import HARM, Cue
from nlp.document import EntityKind, Role
from nlp.groups import Group
from nlp.names import Signal
from nlp.speech import SpeechReader
from nlp.walking import NEAR, REACH, Judgement

LEAST_APPOSITION = 3  # two commas and an article
PAIR = 2


class SubjectReader(SpeechReader):
    """Asks what a group does or suffers."""

    def after(self, group: Group) -> Judgement | None:
        if self.is_in_brackets(group):
            return None
        aside = self.relative_clause(group)
        beyond = self.told_from(group, aside) if aside else None
        if beyond is not None and beyond.role in (Role.AFFECTED, Role.NOT_AFFECTED):
            return beyond
        return self.told_from(group, group.end) or beyond

    def relative_clause(self, group: Group) -> int:
        """Where ", which stumbled in August 2024," ends: what comes then is said of the name too, and weighs
        more. 0 where none follows."""
        first = group.end
        if self.lower[first : first + 1] == [] or self.lower[first] not in words.BREATH:
            return 0
        opens = next(self.rightward(first), None)
        if opens is None or opens.start != first + 1 or Cue.RELATIVE not in opens.cues:
            return 0
        closes = (n for n in range(first + 1, self.sentence.end) if self.lower[n] in words.BREATH)
        return next(closes, -1) + 1

    def told_from(self, group: Group, end: int) -> Judgement | None:
        """What the first telling cue from here on says of the group."""
        for signal in self.rightward(end):
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

    def is_aside(self, group: Group, signal: Signal) -> bool:
        """ "Coinbase, however, went down" """
        after = self.lower[signal.end : signal.end + 1]
        return signal.start == group.end + 1 and bool(after) and after[0] in words.BREATH

    def is_new_subject(self, group: Group, signal: Signal) -> bool:
        """Does another name stand between, other than in a side remark ("which runs on AWS") or an apposition
        ("X, the gateway behind Y, went down")?"""
        if self.is_apposition(group.end, signal.start):
            return False
        for other in self.sentence.groups:
            if group.end <= other.start and other.end <= signal.start:
                before = other.start - 1
                if self.lower[before] in words.PREPOSITIONS or self.governor(other) is not None:
                    continue
                return True
        return False

    def is_apposition(self, start: int, end: int) -> bool:
        """Two commas around a few words, and no verb among those."""
        gap = self.lower[start:end]
        return (
            len(gap) > LEAST_APPOSITION
            and gap[0] in words.BREATH
            and gap[1] in words.ARTICLES
            and gap[-1] in words.BREATH
            and sum(word in words.BREATH for word in gap) == PAIR
        )

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

    def fell(self, group: Group, signal: Signal) -> Judgement | None:
        if self.is_negated(signal.start):
            return self.spared(group, signal)
        if self.is_unrelated(signal):
            return Judgement(Role.MENTIONED, "unrelated", 0.7)
        return Judgement(Role.AFFECTED, "fell", 0.85)

    def is_unrelated(self, fall: Signal) -> bool:
        """ "X halted flights, but said its problem was not related to Y": another outage than the text's."""
        return any(
            signal.cues & {Cue.BLAMED, Cue.EXCEPT}
            and not words.UNRELATED.isdisjoint(self.lower[signal.start - 1 : signal.end])
            and not words.POSSESSIVES.isdisjoint(self.lower[fall.end : signal.start])
            for signal in self.rightward(fall.end)
        )

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

    def owns(self, group: Group, signal: Signal) -> bool:
        """ "X said customer funds were safe" says nothing of X's service."""
        return not words.BELONGINGS.isdisjoint(self.lower[group.end : signal.start])
