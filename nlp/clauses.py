"""One sentence as groups of names and cues in order: which role its words give to a group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from nlp import words
from nlp.cues import Cue
from nlp.document import EntityKind, Role
from nlp.names import Name, Signal
from nlp.sentences import Section

LONGEST_LINK = 8  # words between two members of a list
REACH = 18  # words between a name and its verb
NEAR = 4  # words between a cue and the name it governs

PREDICATES = frozenset({Cue.FELL, Cue.STRUCK, Cue.SPARED, Cue.SAYS, Cue.CARRIES, Cue.TROUBLE, Cue.OFFICE})
HARM = frozenset({Cue.FELL, Cue.STRUCK, Cue.TROUBLE, Cue.VICTIMS})


class Group(NamedTuple):
    """Names that share a role ("A, B and C"): token offsets, end excluded."""

    start: int
    end: int
    names: tuple[Name, ...]


class Judgement(NamedTuple):
    role: Role
    rule: str
    confidence: float


class Sentence(NamedTuple):
    """Token offsets, end excluded; cues in order; `lower` (hashes) and `capital` are of the whole text."""

    start: int
    end: int
    lower: Sequence[int]
    signals: Sequence[Signal]
    groups: Sequence[Group]
    capital: Sequence[bool]
    section: Section = Section.BODY


def group_names(names: Sequence[Name], lower: Sequence[int], capital: Sequence[bool]) -> list[Group]:
    """Neighbours in a list, or in one noun phrase ("AWS us-east-1", "Amazon's Kinesis"), are one group."""
    groups: list[list[Name]] = []
    for name in names:
        end = groups[-1][-1].end if groups else 0
        if groups and are_linked(lower[end : name.start], capital[end : name.start]):
            groups[-1].append(name)
        else:
            groups.append([name])
    return [Group(members[0].start, members[-1].end, tuple(members)) for members in groups]


def are_linked(gap: Sequence[int], capital: Sequence[bool]) -> bool:
    """Nothing between but commas, descriptions, and names that we do not know."""
    bare = without_brackets(gap)
    if len(bare) > LONGEST_LINK:
        return False
    strange = [word for word in bare if word not in words.LINKS]
    if not strange:
        return True
    if bare[0] not in words.SEPARATORS or len(bare) != len(gap):
        return False
    return all(is_capital for word, is_capital in zip(gap, capital, strict=True) if word not in words.LINKS)


def without_brackets(gap: Sequence[int]) -> list[int]:
    """ "Coinbase (1h 19 min), OKX (1h 17 min)" is a list of two."""
    kept: list[int] = []
    depth = 0
    for word in gap:
        depth += word in words.OPEN_BRACKET
        if not depth:
            kept.append(word)
        depth -= word in words.CLOSED_BRACKET and depth > 0
    return list(gap) if depth else kept


class Reader:
    """Asks one sentence about one group after the other."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        self.lower = sentence.lower
        self.is_harm = any(signal.cues & HARM for signal in sentence.signals)

    def judge(self, group: Group) -> Judgement | None:
        """The first that speaks: what stands right before, the verb after, what stands anywhere before."""
        return self.before(group) or self.after(group) or self.listed(group) or self.object_of(group)

    # -- right before the group --------------------------------------------------------------------

    def before(self, group: Group) -> Judgement | None:
        """Cues that govern the next name whatever else the sentence holds."""
        signal = self.governor(group)
        if signal is None:
            return None
        cues = signal.cues
        if Cue.EXCEPT in cues:
            return self.excepted(group)
        if Cue.CONTACT in cues:
            return Judgement(Role.MENTIONED, "contact", 0.9)
        if Cue.MOVE_TO in cues:
            return Judgement(Role.HOST, "moved-to", 0.9)
        if Cue.TOLD in cues and not self.is_hit_after(group):
            return Judgement(Role.SOURCE, "told", 0.9)
        if Cue.RUNS_ON in cues and not self.is_hit_after(group):
            return Judgement(Role.HOST, "runs-on", 0.9)
        return None

    def excepted(self, group: Group) -> Judgement:
        """ "Aside from X, other sites were also affected" counts X among them."""
        for signal in self.rightward(group.end):
            if signal.cues & HARM:
                between = self.lower[group.end : signal.start]
                if not words.FURTHER.isdisjoint(between):
                    return Judgement(Role.AFFECTED, "among-others", 0.7)
                break
        return Judgement(Role.NOT_AFFECTED, "excepted", 0.9)

    def governor(self, group: Group) -> Signal | None:
        """The cue right before the group, with nothing but articles and descriptions between."""
        signal = next(self.leftward(group.start), None)
        if signal is None or group.start - signal.end > NEAR:
            return None
        gap = self.lower[signal.end : group.start]
        return signal if words.FILLERS.issuperset(gap) else None

    def is_hit_after(self, group: Group) -> bool:
        """ "according to the Coinbase outage page" and "services that run on AWS us-east-1 went down"."""
        judgement = self.after(group)
        if judgement is None or judgement.role is not Role.AFFECTED:
            return False
        is_part = all(name.term.kind in (EntityKind.REGION, EntityKind.SERVICE) for name in group.names)
        return judgement.rule == "compound" or is_part

    # -- the verb after it -------------------------------------------------------------------------

    def after(self, group: Group) -> Judgement | None:
        end = group.end
        for signal in self.rightward(group.end):
            if Cue.TURN in signal.cues and signal.start > group.end + 1:
                return None
            if signal.start - end > REACH or self.is_new_subject(group, signal):
                return None
            judgement = self.predicate(group, signal)
            if judgement is not None:
                return judgement if judgement.role is not Role.MENTIONED else None
        return None

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
        if Cue.MARKET in cues and gap <= 2:
            return Judgement(Role.MENTIONED, "market", 0.8)
        if Cue.TROUBLE in cues and self.is_compound(group, signal):
            if all(name.term.observer for name in group.names):
                return Judgement(Role.SOURCE, "observer", 0.8)
            if self.is_negated(group.start):
                return Judgement(Role.NOT_AFFECTED, "no-trouble", 0.8)
            return Judgement(Role.AFFECTED, "compound", 0.9)
        if Cue.OFFICE in cues and gap <= 2 and words.FILLERS.issuperset(self.lower[group.end : signal.start]):
            return self.office(group, signal)
        if Cue.TROUBLE in cues and gap > 0 and self.is_own(signal):
            return Judgement(Role.AFFECTED, "own-trouble", 0.75)
        if cues & {Cue.SPARED, Cue.NORMAL}:
            return self.spared(group, signal)
        if Cue.STRUCK in cues and (Cue.FELL not in cues or self.voice(group, signal)):
            return self.struck(group, signal)
        if Cue.FELL in cues:
            return self.fell(group, signal)
        if Cue.SAYS in cues:
            return self.says(group, signal)
        if Cue.CARRIES in cues and gap <= NEAR:
            return Judgement(Role.HOST, "carries", 0.7)
        return None

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
        before = self.lower[max(self.sentence.start, group.start - REACH // 2) : group.start]
        if not words.PARTIAL.isdisjoint(before) or self.owns(group, signal):
            return None
        if not words.OTHERS.isdisjoint(before) and self.is_place(group):
            return Judgement(Role.MENTIONED, "elsewhere", 0.8)
        if Cue.NORMAL in signal.cues:
            return Judgement(Role.NOT_AFFECTED, "normal", 0.7)
        return Judgement(Role.NOT_AFFECTED, "spared", 0.9)

    def is_own(self, signal: Signal) -> bool:
        """ "its recent outage" """
        before = self.lower[max(self.sentence.start, signal.start - 3) : signal.start]
        return not words.POSSESSIVES.isdisjoint(before)

    def is_place(self, group: Group) -> bool:
        return any(name.term.kind is EntityKind.REGION for name in group.names)

    def office(self, group: Group, signal: Signal) -> Judgement | None:
        """ "Coinbase users" are Coinbase's trouble; its officers, pages and shares only speak of it."""
        if not words.PEOPLE.isdisjoint(self.lower[signal.start : signal.end]):
            return None
        found = self.complement(group, signal)
        return found or Judgement(Role.SOURCE, "office", 0.8)

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
        if all(name.term.observer for name in group.names):
            return Judgement(Role.SOURCE, "observer", 0.9)
        found = self.complement(group, signal)
        return found or Judgement(Role.SOURCE, "says", 0.8)

    def complement(self, group: Group, speech: Signal) -> Judgement | None:
        """What the speaker says of itself: "X said it was down", "X reported errors", "X says it is fine"."""
        said = speech.end
        for signal in self.rightward(speech.end):
            if Cue.TURN in signal.cues or signal.start - said > REACH:
                return None
            if any(said <= other.start < signal.start for other in self.sentence.groups):
                return None
            between = self.lower[said : signal.start]
            is_own = len(between) == 0 or not words.OWN_VOICE.isdisjoint(between)
            if signal.cues & {Cue.SPARED, Cue.NORMAL} and is_own and words.BELONGINGS.isdisjoint(between):
                return Judgement(Role.NOT_AFFECTED, "says-spared", 0.8)
            if not signal.cues & HARM or not is_own:
                continue
            if self.is_negated(signal.start):
                return Judgement(Role.NOT_AFFECTED, "says-not", 0.7)
            if Cue.FELL in signal.cues or Cue.TROUBLE in signal.cues or self.voice(group, signal):
                return Judgement(Role.AFFECTED, "says-hit", 0.75)
        return None

    # -- in a list, or as an object ----------------------------------------------------------------

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
        return Judgement(Role.MENTIONED, "list-of-users", 0.6) if is_user else None

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
            if self.is_other_between(signal, group):
                return None
            gap = without_brackets(self.lower[signal.end : group.start])
            negated = self.is_negated(signal.start)
            if Cue.VICTIMS in cues:
                return Judgement(Role.AFFECTED, "victims", 0.9)
            if Cue.STRUCK in cues and self.is_active(signal):
                return struck_object(negated, 0.85)
            if Cue.BLAMED in cues and words.FILLERS.issuperset(gap):
                if any(name.term.kind is not EntityKind.ORGANISATION for name in group.names):
                    return Judgement(Role.AFFECTED, "blamed", 0.7)
                return None
            if Cue.TROUBLE in cues and leads_to(gap):
                return struck_object(negated, 0.85)
            if Cue.SPARED in cues and leads_to(gap):
                return struck_object(True, 0.8)
            if Cue.REACH in cues and words.FILLERS.issuperset(gap):
                return self.reached(signal)
            if Cue.FELL in cues and (words.FILLERS.issuperset(gap) or leads_to(gap)):
                return struck_object(negated, 0.7)
            if cues & HARM and self.opens_list(group, gap):
                return struck_object(negated, 0.6)
        return None

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

    def is_active(self, signal: Signal) -> bool:
        """ "hit X", but not "was hit by X" nor "hit by X"."""
        if signal.end < self.sentence.end and self.lower[signal.end] == BY:
            return False
        before = self.lower[max(self.sentence.start, signal.start - 3) : signal.start]
        return words.AUXILIARIES.isdisjoint(before) or not words.NEGATIONS.isdisjoint(before)

    # -- walking -----------------------------------------------------------------------------------

    def leftward(self, token: int) -> Iterator[Signal]:
        return (signal for signal in reversed(self.sentence.signals) if signal.end <= token)

    def rightward(self, token: int) -> Iterator[Signal]:
        return (signal for signal in self.sentence.signals if signal.start >= token)

    def is_negated(self, token: int) -> bool:
        """A "not" shortly before, unless it is "not just"."""
        before = range(max(self.sentence.start, token - 3), token)
        return any(
            self.lower[place] in words.NEGATIONS and self.lower[place + 1] not in words.MERELY
            for place in before
        )

    def owns(self, group: Group, signal: Signal) -> bool:
        """ "X said customer funds were safe" says nothing of X's service."""
        return not words.BELONGINGS.isdisjoint(self.lower[group.end : signal.start])


def struck_object(negated: bool, confidence: float) -> Judgement:
    if negated:
        return Judgement(Role.NOT_AFFECTED, "object-spared", confidence)
    return Judgement(Role.AFFECTED, "object", confidence)


def leads_to(gap: Sequence[int]) -> bool:
    """ "outage at the exchange": a preposition, then nothing but articles and descriptions."""
    return len(gap) > 0 and gap[0] in words.PREPOSITIONS and words.DESCRIPTIONS.issuperset(gap[1:])


BY = next(iter(words.words("by")))
