"""One sentence's words about a group of names: before it, after it, and at the head of its list."""

from __future__ import annotations

from collections.abc import Sequence

from nlp import words
from nlp.cues import HARM, Cue
from nlp.document import EntityKind, Role
from nlp.groups import Group, without_brackets
from nlp.names import Signal
from nlp.subjects import SubjectReader
from nlp.walking import BY, NEAR, REACH, Judgement

LIST = 3  # names that make a list
LISTED = 2  # names behind a colon that do
LEADING = words.AUXILIARIES | words.ADVERBS | words.NOTED | words.DESCRIPTIONS
FINAL = frozenset({"contact", "elsewhere", "market", "list-of-users", "not-blamed"})


class Reader(SubjectReader):
    """Asks one sentence about one group after the other."""

    def judge(self, group: Group) -> Judgement | None:
        """The first that speaks: what stands right before, the verb after, what stands anywhere before."""
        for ask in (
            self.before,
            self.governed,
            self.headed,
            self.left_idle,
            self.after,
            self.listed,
            self.object_of,
        ):
            judgement = ask(group)
            if judgement is not None and (judgement.role is not Role.MENTIONED or judgement.rule in FINAL):
                return judgement
        return None

    def before(self, group: Group) -> Judgement | None:
        """Cues that govern the next name whatever else the sentence holds."""
        signal = self.governor(group)
        if signal is None:
            return self.priced(group) or self.moved_to(group)
        cues = signal.cues
        if Cue.EXCEPT in cues:
            return self.excepted(group)
        if Cue.CONTACT in cues:
            return Judgement(Role.MENTIONED, "contact", 0.9)
        if Cue.MOVE_TO in cues:
            return Judgement(Role.HOST, "moved-to", 0.9)
        if Cue.TOLD in cues and self.can_speak(group) and not self.is_hit_after(group):
            return self.spoken_for(group, signal) or Judgement(Role.SOURCE, "told", 0.9)
        if (
            Cue.INVERTED in cues
            and self.can_speak(group)
            and self.lower[signal.start - 1] in words.QUOTED
            and self.after(group) is None
        ):
            return Judgement(Role.SOURCE, "said", 0.8)
        if Cue.RUNS_ON in cues and not self.is_hit_after(group) and not self.is_failing_way(group, signal):
            return Judgement(Role.HOST, "runs-on", 0.9)
        if Cue.REACH in cues and self.is_provider(group) and self.reached(signal) is None:
            return Judgement(Role.HOST, "used", 0.7)
        return self.moved_to(group)

    def is_failing_way(self, group: Group, signal: Signal) -> bool:
        """ "affecting case creation through the | Support Center": by way of a service that fails with it"""
        if any(name.term.kind is not EntityKind.SERVICE for name in group.names):
            return False
        earlier = next(self.leftward(signal.start), None)
        return (
            earlier is not None
            and not earlier.cues.isdisjoint(HARM)
            and signal.start - earlier.end <= NEAR
            and not self.is_negated(earlier.start)
        )

    def spoken_for(self, group: Group, signal: Signal) -> Judgement | None:
        """ "a spokesperson for | X said that it was down" """
        return self.quoted(group, group.end) if self.lower[signal.end - 1] in words.OF else None

    def priced(self, group: Group) -> Judgement | None:
        """ "the price of | X" """
        signal = next(self.leftward(group.start), None)
        if signal is None or Cue.MARKET not in signal.cues or group.start - signal.end > NEAR:
            return None
        gap = self.lower[signal.end : group.start]
        return Judgement(Role.MENTIONED, "market", 0.8) if leads_to(gap) else None

    def moved_to(self, group: Group) -> Judgement | None:
        """ "moved its servers to | us-west-2" """
        if self.lower[group.start - 1 : group.start] != [TO]:
            return None
        signal = next(self.leftward(group.start), None)
        if signal is not None and Cue.MOVE in signal.cues and group.start - signal.end <= REACH // 2:
            return Judgement(Role.HOST, "moved-to", 0.9)
        return None

    def governed(self, group: Group) -> Judgement | None:
        """The object of the verb right before it: "did not hit X", "caused by X", "an outage at X"."""
        signal = next(self.leftward(group.start), None)
        if signal is None or group.start - signal.end > NEAR:
            return None
        gap = self.lower[signal.end : group.start]
        negated = self.is_negated(signal.start)
        if Cue.STRUCK in signal.cues and words.FILLERS.issuperset(gap) and self.is_active(signal):
            return struck_object(negated, 0.85)
        if Cue.BLAMED in signal.cues and words.FILLERS.issuperset(gap) and not self.is_organisation(group):
            return self.blamed(signal, 0.75)
        if Cue.TROUBLE in signal.cues and leads_to(gap):
            return struck_object(negated, 0.85)
        return None

    def blamed(self, signal: Signal, confidence: float) -> Judgement:
        """ "Neither was related to X", but not "did not load because of X"."""
        is_plain = True
        for token in range(signal.start - 1, self.sentence.start - 1, -1):
            if self.lower[token] in words.NEGATIONS and (is_plain or self.lower[token] in words.NEITHER):
                return Judgement(Role.MENTIONED, "not-blamed", confidence)
            is_plain = is_plain and self.lower[token] in words.AUXILIARIES | words.ADVERBS
            if signal.start - token > NEAR:
                break
        return Judgement(Role.AFFECTED, "blamed", confidence)

    def is_provider(self, group: Group) -> bool:
        return all(name.term.kind in (EntityKind.PROVIDER, EntityKind.REGION) for name in group.names)

    def excepted(self, group: Group) -> Judgement:
        """ "Aside from X, other sites were also affected" counts X among them."""
        for signal in self.rightward(group.end):
            if signal.cues & HARM:
                between = self.lower[group.end : signal.start]
                if not words.FURTHER.isdisjoint(between):
                    return Judgement(Role.AFFECTED, "among-others", 0.7)
                break
        return Judgement(Role.NOT_AFFECTED, "excepted", 0.9)

    def is_hit_after(self, group: Group) -> bool:
        """ "according to the Coinbase outage page" and "services that run on AWS us-east-1 went down"."""
        judgement = self.after(group)
        if judgement is None or judgement.role is not Role.AFFECTED:
            return False
        is_part = all(name.term.kind in (EntityKind.REGION, EntityKind.SERVICE) for name in group.names)
        return judgement.rule == "compound" or (is_part and judgement.rule != "own-trouble")

    def left_idle(self, group: Group) -> Judgement | None:
        """ "left | Ring doorbells dead": whom something left in a sorry state."""
        start = group.start
        while start > self.sentence.start and self.lower[start - 1] in words.FILLERS:
            start -= 1
        if start == self.sentence.start or self.lower[start - 1] not in words.LEAVING:
            return None
        state = self.lower[group.end : group.end + NEAR]
        return None if words.SORRY.isdisjoint(state) else Judgement(Role.AFFECTED, "left-idle", 0.8)

    def headed(self, group: Group) -> Judgement | None:
        """ "Affected, says the tracker: | X; Y; Z", "Not hit: | X": what stands before the colon decides."""
        head = group.start
        while head > self.sentence.start and self.lower[head - 1] in words.DESCRIPTIONS:
            head -= 1
        if head == self.sentence.start or self.lower[head - 1] not in words.COLON:
            return None
        heads = [signal for signal in self.leftward(head - 1) if signal.cues & (HARM | {Cue.SPARED})]
        if not heads or (heads[0].end < head - 1 and len(group.names) < LISTED):
            return None
        first = heads[-1]
        return struck_object(Cue.SPARED in first.cues or self.is_negated(first.start), 0.85)

    def listed(self, group: Group) -> Judgement | None:
        """ "platforms such as X and Y": the list takes its head's role."""
        signal = next(self.leftward(group.start), None)
        if signal is None or Cue.INCLUDING not in signal.cues or not self.introduces(signal, group):
            return None
        is_user = False
        for earlier in self.leftward(signal.start):
            cues = earlier.cues
            if Cue.TURN in cues:
                break
            if Cue.SPARED in cues or (cues & HARM and self.is_negated(earlier.start)):
                return Judgement(Role.NOT_AFFECTED, "list-spared", 0.8)
            if Cue.EXCEPT in cues:
                return Judgement(Role.NOT_AFFECTED, "list-excepted", 0.8)
            if cues & HARM or Cue.REACH in cues:
                return Judgement(Role.AFFECTED, "list", 0.85)
            is_user = is_user or bool(cues & {Cue.RUNS_ON, Cue.CARRIES})
        if is_user and self.is_hit_at_last(group):
            return Judgement(Role.AFFECTED, "list", 0.7)
        return Judgement(Role.MENTIONED, "list-of-users", 0.6) if is_user else None

    def is_hit_at_last(self, group: Group) -> bool:
        """ "services that rely on X, such as | Y updates and Z, also saw errors": the verb behind the list"""
        last = group.end
        for other in self.sentence.groups:
            gap = self.lower[last : other.start]
            if other.start < group.end or len(gap) > NEAR or words.SEPARATORS.isdisjoint(gap):
                continue
            judgement = self.after(other)
            if judgement is not None:
                return judgement.role is Role.AFFECTED
            last = other.end
        return False

    def introduces(self, signal: Signal, group: Group) -> bool:
        """ "including | websites and apps at the X" """
        gap = self.lower[signal.end : group.start]
        return len(gap) <= REACH // 2 and words.DESCRIPTIONS.issuperset(gap)

    def object_of(self, group: Group) -> Judgement | None:
        """ "the outage affected X", "problems at X", "unable to access X", "halted trading on X"."""
        for signal in self.leftward(group.start):
            cues = signal.cues
            if Cue.TURN in cues or group.start - signal.end > REACH:
                return None
            if self.is_other_between(signal, group) or self.is_broken_off(signal, group):
                return None
            gap = without_brackets(self.lower[signal.end : group.start])
            negated = self.is_negated(signal.start)
            if Cue.VICTIMS in cues:
                return Judgement(Role.AFFECTED, "victims", 0.9)
            if Cue.STRUCK in cues and self.is_active(signal):
                return struck_object(negated, 0.85)
            if cues & {Cue.BLAMED, Cue.AFTER} and words.FILLERS.issuperset(gap):
                return None if self.is_organisation(group) else self.blamed(signal, 0.7)
            if cues & {Cue.TROUBLE, Cue.SAYS} and leads_to(gap) and self.is_trouble(signal):
                return struck_object(negated, 0.85)
            if Cue.SPARED in cues and leads_to(gap):
                return struck_object(True, 0.8)
            if Cue.REACH in cues and words.DESCRIPTIONS.issuperset(gap):
                return self.reached(signal)
            if Cue.FELL in cues and (words.FILLERS.issuperset(gap) or leads_to(gap)):
                return struck_object(negated, 0.7)
            if cues & HARM and self.opens_list(group, gap):
                return struck_object(negated, 0.6)
        return None

    def is_trouble(self, signal: Signal) -> bool:
        """Trouble itself, or trouble that "was reported" at the name."""
        if Cue.TROUBLE in signal.cues:
            return True
        earlier = next(self.leftward(signal.start), None)
        between = self.lower[earlier.end : signal.start] if earlier else ()
        return earlier is not None and Cue.TROUBLE in earlier.cues and not words.BEING.isdisjoint(between)

    def opens_list(self, group: Group, gap: Sequence[int]) -> bool:
        """ "hit much of the web: X, Y and Z" """
        return (
            len(group.names) > 1
            and len(gap) > 0
            and gap[-1] in words.LIST_MARKS
            and (words.DESCRIPTIONS.issuperset(gap[:-1]))
        )

    def reached(self, reach: Signal) -> Judgement | None:
        """Access is trouble only where it failed."""
        for signal in self.leftward(reach.start):
            if reach.start - signal.end > NEAR:
                return None
            if signal.cues & HARM:
                return struck_object(self.is_negated(signal.start), 0.85)
        return None

    def is_other_between(self, signal: Signal, group: Group) -> bool:
        return any(signal.end <= other.start and other.end < group.start for other in self.sentence.groups)

    def is_broken_off(self, signal: Signal, group: Group) -> bool:
        """ "...; Gemini stayed up": a semicolon begins anew, unless it parts a list."""
        return (
            not words.FULL_BREAK.isdisjoint(self.lower[signal.end : group.start]) and len(group.names) < LIST
        )

    def is_active(self, signal: Signal) -> bool:
        """ "hit X", but not "was hit by X" nor "hit by X"."""
        if signal.end < self.sentence.end and self.lower[signal.end] == BY:
            return False
        before = self.lower[max(self.sentence.start, signal.start - 3) : signal.start]
        return words.BEING.isdisjoint(before) or not words.NEGATIONS.isdisjoint(before)


def struck_object(negated: bool, confidence: float) -> Judgement:
    if negated:
        return Judgement(Role.NOT_AFFECTED, "object-spared", confidence)
    return Judgement(Role.AFFECTED, "object", confidence)


def leads_to(gap: Sequence[int]) -> bool:
    """ "outage at the exchange", "problems were also reported at it": a preposition, then descriptions."""
    at = next((place for place, word in enumerate(gap) if word in words.PREPOSITIONS), None)
    if at is None or not words.DESCRIPTIONS.issuperset(gap[at:]):
        return False
    return LEADING.issuperset(gap[:at])


TO = next(iter(words.words("to")))
