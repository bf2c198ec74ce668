"""What the words of a sentence may name, whatever the text around it: read once a sentence."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate, pairwise
from typing import Any

from nlp.components import Hit, Meaning, Tokens
from nlp.cues import Cue
from nlp.document import EntityKind, Mention
from nlp.lines import Line
from nlp.pipeline import load_pipeline
from nlp.regions import Place
from nlp.vocabulary import Term

NO_TOKENS = Tokens([], [], [])
BETWEEN = "\n"
"""No name and no cue reaches over it."""


@dataclass(slots=True)
class Candidates:
    """The phrases of the vocabulary and the region codes in one sentence, in its own offsets.

    `may_name`: some of them may be names, or open a list of unknown ones; else only the cues count, and the
    rest is empty.
    """

    text: str = ""
    cues: frozenset[Cue] = frozenset()
    may_name: bool = False
    hits: Sequence[Hit] = ()
    places: Sequence[Place] = ()
    tokens: Tokens = NO_TOKENS
    certain: tuple[Term, ...] = ()
    """What those surely mean that need no context."""
    likely: tuple[Term, ...] = ()
    """What each most probably means, context or not."""
    vague: frozenset[str] = frozenset()
    """Providers named by their owner's name only: "Amazon's cloud", "the Google outage"."""
    mentions: dict[Any, tuple[Mention, ...]] = field(default_factory=dict)
    """What `nlp.roles` made of it, by context."""


def candidates(line: Line) -> Candidates:
    """Those of one sentence; `read_candidates` reads many at once."""
    return next(in_each([line]))


def read_candidates(lines: Iterable[Line]) -> None:
    """Sentences that were not read before go through the pipeline together: each doc has its price."""
    new = [line for line in dict.fromkeys(lines) if not line.knows(candidates)]
    for line, found in zip(new, in_each(new), strict=True):
        line.keep(candidates, found)


def in_each(lines: Sequence[Line]) -> Iterator[Candidates]:
    if not lines:
        return
    doc = load_pipeline()(BETWEEN.join(line.text for line in lines))
    hits, places, tokens = doc._.matched
    starts = list(accumulate((len(line.text) + len(BETWEEN) for line in lines), initial=0))
    firsts = [bisect_left(tokens.start, start) for start in starts]
    hit_at = cuts([start for start, _, _ in hits], firsts)
    place_at = cuts([place.start for place in places], starts)
    for n, line in enumerate(lines):
        own_hits, own_places = hits[slice(*hit_at[n])], places[slice(*place_at[n])]
        cues = frozenset().union(*[meaning.cues for _, _, meaning in own_hits])
        if own_places or any(meaning.may_name for _, _, meaning in own_hits):
            cut = (firsts[n], firsts[n + 1], starts[n])
            yield naming(line.text, cues, own_hits, own_places, tokens, cut)
        else:
            yield nameless(cues)


@cache
def nameless(cues: frozenset[Cue]) -> Candidates:
    return Candidates(cues=cues)


def cuts(positions: Sequence[int], edges: Sequence[int]) -> list[tuple[int, int]]:
    """Between which of the sorted positions each stretch lies."""
    return list(pairwise(bisect_left(positions, edge) for edge in edges))


def naming(
    text: str,
    cues: frozenset[Cue],
    hits: Sequence[tuple[int, int, Meaning]],
    places: Sequence[Place],
    tokens: Tokens,
    cut: tuple[int, int, int],
) -> Candidates:
    first, after, start = cut
    senses = [meaning.senses[0] for _, _, meaning in hits if meaning.senses]
    return Candidates(
        text,
        cues,
        may_name=True,
        hits=[Hit(a - first, b - first, meaning) for a, b, meaning in hits],
        places=[Place(p.start - start, p.end - start, p.terms, p.exact) for p in places],
        tokens=Tokens(
            tokens.lower[first:after],
            [place - start for place in tokens.start[first:after]],
            tokens.length[first:after],
        ),
        certain=tuple([sense.term for sense in senses if sense.is_certain]),
        likely=tuple([sense.term for sense in senses]),
        vague=frozenset(vague(hits)),
    )


def vague(hits: Iterable[tuple[int, int, Meaning]]) -> Iterator[str]:
    for _, _, meaning in hits:
        for sense in meaning.senses:
            if not sense.is_certain and sense.term.kind is EntityKind.PROVIDER:
                yield sense.term.slug
