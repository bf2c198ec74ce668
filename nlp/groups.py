"""Names that stand together in a sentence: "A, B and C" is one group and shares one role."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from nlp import words
from nlp.cues import Cue
from nlp.names import Name, Signal
from nlp.sentences import Section

LONGEST_LINK = 12  # words between two members of a list
DESCRIBED = 2  # plain words that may tell what the next one is


class Capitals:
    """Does a token start with a capital? Asked of few tokens, so looked up when asked."""

    def __init__(self, text: str, starts: Sequence[int]) -> None:
        self.text = text
        self.starts = starts

    def __getitem__(self, token: int) -> bool:
        start = self.starts[token]
        # The space that ends a text is a token behind its last letter.
        return self.text[start : start + 1].isupper()


class Group(NamedTuple):
    """Names that share a role ("A, B and C"): token offsets, end excluded."""

    start: int
    end: int
    names: tuple[Name, ...]


class Sentence(NamedTuple):
    """Token offsets, end excluded; cues in order; `lower` (hashes) and `capital` are of the whole text."""

    start: int
    end: int
    lower: Sequence[int]
    signals: Sequence[Signal]
    groups: Sequence[Group]
    capital: Capitals
    section: Section = Section.BODY


def group_names(
    names: Sequence[Name], signals: Sequence[Signal], lower: Sequence[int], capital: Capitals
) -> list[Group]:
    """Neighbours in a list, or in one noun phrase ("AWS us-east-1", "Amazon's Kinesis"), are one group."""
    speaking = {signal.start for signal in signals if Cue.SAYS in signal.cues}
    told = {signal.end for signal in signals if Cue.TOLD in signal.cues}
    groups: list[list[Name]] = []
    for name in names:
        last = groups[-1][-1] if groups else None
        if (
            last is not None
            and not is_remark(last, name, lower, speaking, told)
            and are_linked(last.end, name.start, lower, capital)
        ):
            groups[-1].append(name)
        else:
            groups.append([name])
    return [Group(members[0].start, members[-1].end, tuple(members)) for members in groups]


def is_remark(last: Name, name: Name, lower: Sequence[int], speaking: set[int], told: set[int]) -> bool:
    """ "According to A, B failed" and "... hit B, A said" are no lists of A and B."""
    if not words.BREATH.issuperset(lower[last.end : name.start]) or last.end == name.start:
        return False
    return name.end in speaking or last.start in told


def are_linked(start: int, end: int, lower: Sequence[int], capital: Capitals) -> bool:
    """Nothing between but commas, descriptions, and names that we do not know."""
    if end - start > 3 * LONGEST_LINK:
        return False
    gap = lower[start:end]
    bare = without_brackets(gap)
    if len(bare) > LONGEST_LINK:
        return False
    if words.LINKS.issuperset(bare):
        return True
    for pair in (words.AS_WELL_AS, words.BUT_ALSO):
        if pair.issubset(bare):
            return words.LINKS.union(pair).issuperset(bare)
    if len(bare) != len(gap) or words.SEPARATORS.isdisjoint(gap):
        return False
    if is_described(gap, capital, start):
        return True
    # "Vodafone UK and ...": two words more may belong to the name before.
    first = next(place for place, word in enumerate(gap) if word in words.SEPARATORS)
    strange = (capital[start + place] for place, word in enumerate(gap) if word not in words.LINKS)
    return first <= 2 and all(strange)


def is_described(gap: Sequence[int], capital: Capitals, start: int) -> bool:
    """ "Lloyds Bank and the tax office HMRC": a few plain words tell what the next name is."""
    if gap[0] not in words.SEPARATORS:
        return False
    if len(gap) > 2 and gap[-1] in words.OF and gap[-2] in words.HOLDINGS:
        gap = gap[:-2]  # "Outlook and the websites of | Costco"
    plain = [word for word in gap if word not in words.LINKS]
    return (
        len([word for word in plain if word not in words.DEMONYMS]) <= DESCRIBED
        and words.CLAUSES.isdisjoint(gap)
        and not any(capital[start + place] for place, word in enumerate(gap) if word not in words.DEMONYMS)
    )


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
