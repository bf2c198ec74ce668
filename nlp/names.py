"""Which of the phrases found are names: the longest wins, and ordinary words need a context."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from nlp.candidates import Candidates
from nlp.components import Sense
from nlp.contexts import Context
from nlp.cues import Cue
from nlp.document import DocumentKind, EntityKind
from nlp.vocabulary import Category, Term
from nlp.words import AUXILIARIES, SEPARATORS, words

# A city is a region only where a data centre is spoken of: people live in Tokyo as well.
SITE_WORDS = words(
    """region regions zone zones az azs datacenter datacenters datacentre datacentres center centers centre
    centres facility facilities servers server site campus hub cluster infrastructure availability"""
)
OPENING = words("(")
LISTING = words(", and")
IN = words("in")
TOPICS = frozenset({Cue.TRADE, Cue.HOSTING})
TELLING = frozenset({Cue.SAYS, Cue.OFFICE, Cue.FELL, Cue.STRUCK})


class Name(NamedTuple):
    """A name that counts: token offsets, end excluded."""

    start: int
    end: int
    term: Term
    is_certain: bool


class Signal(NamedTuple):
    """A cue of a role: token offsets, end excluded."""

    start: int
    end: int
    cues: frozenset[Cue]


class Found(NamedTuple):
    names: list[Name]
    signals: list[Signal]


class Candidate(NamedTuple):
    start: int
    end: int
    senses: tuple[Sense, ...]
    cues: frozenset[Cue]


def find_names(found: Candidates, context: Context) -> Found:
    """Names and cues of one sentence in reading order, none inside another."""
    reader = NameReader(found, context)
    taken = bytearray(len(found.tokens.start))
    names = sorted(reader.claim(taken))
    signals = sorted(reader.claim_signals(taken))
    return Found(names, signals)


class NameReader:
    """Reads one sentence's candidates in one context."""

    def __init__(self, found: Candidates, context: Context) -> None:
        self.text = found.text
        self.tokens = found.tokens
        self.hits = found.hits
        self.places = found.places
        self.context = context
        self.owners = sorted(self.named_providers())
        self.at = {hit.start: hit for hit in found.hits}

    def claim(self, taken: bytearray) -> Iterator[Name]:
        """Longest first; a phrase that is no name here leaves its words to shorter ones."""
        for candidate in sorted(self.candidates(), key=lambda c: (c.start - c.end, c.start)):
            start, end = candidate.start, candidate.end
            if taken.find(1, start, end) >= 0:
                continue
            sense = self.choose(candidate)
            if sense is not None:
                yield Name(start, end, sense.term, sense.is_certain)
            elif candidate.senses or candidate.cues:
                continue
            taken[start:end] = b"\1" * (end - start)

    def claim_signals(self, taken: bytearray) -> Iterator[Signal]:
        signals = [hit for hit in self.hits if not hit.meaning.cues <= TOPICS]
        for start, end, meaning in sorted(signals, key=lambda hit: (hit.start - hit.end, hit.start)):
            if taken.find(1, start, end) < 0:
                taken[start:end] = b"\1" * (end - start)
                if Cue.NOTHING not in meaning.cues:
                    yield Signal(start, end, meaning.cues)

    def candidates(self) -> Iterator[Candidate]:
        for start, end, meaning in self.hits:
            if meaning.senses or not meaning.cues:
                yield Candidate(start, end, meaning.senses, meaning.cues)
        for start, end, terms, exact in self.places:
            first = bisect_right(self.tokens.start, start) - 1
            last = bisect_left(self.tokens.start, end)
            senses = tuple(Sense(term, rank < exact) for rank, term in enumerate(terms))
            yield Candidate(first, last, senses, frozenset())

    def choose(self, candidate: Candidate) -> Sense | None:
        """The sense that this context allows; of several providers the nearest, else the main one."""
        allowed = [sense for sense in candidate.senses if self.allows(sense, candidate)]
        if len(allowed) < 2:
            return allowed[0] if allowed else None
        spoken = [sense for sense in allowed if sense.term.provider in self.context.speakers]
        certain = [sense for sense in allowed if sense.is_certain]
        if self.context.kind is DocumentKind.NEWS and not certain and self.is_among_others(candidate):
            allowed = [s for s in allowed if s.term.kind is EntityKind.ORGANISATION] or allowed
        order = self.provider_order(candidate.start)
        return min(spoken or certain or allowed, key=lambda sense: order.get(sense.term.provider, len(order)))

    def is_among_others(self, candidate: Candidate) -> bool:
        """ "Peloton, Chime and Hulu": in a list of companies the bank of that name, not the service."""
        lower = self.tokens.lower
        for hit in self.hits:
            is_before = hit.end <= candidate.start
            first, after = (hit.end, candidate.start) if is_before else (candidate.end, hit.start)
            is_company = {sense.term.kind for sense in hit.meaning.senses} == {EntityKind.ORGANISATION}
            if is_company and first < after <= first + 3 and not SEPARATORS.isdisjoint(lower[first:after]):
                return True
        return False

    def provider_order(self, token: int) -> dict[str, int]:
        near = self.provider_before(token)
        order = dict.fromkeys((near, *self.context.providers, "aws", "azure", "gcp"))
        return {provider: rank for rank, provider in enumerate(order)}

    def named_providers(self) -> Iterator[tuple[int, str]]:
        """Where a provider in play is named, and which."""
        for hit in self.hits:
            for sense in hit.meaning.senses[:1]:
                if sense.term.kind is EntityKind.PROVIDER and sense.term.slug in self.context.providers:
                    yield hit.start, sense.term.slug
                    yield hit.end, sense.term.slug

    def provider_before(self, token: int) -> str:
        """The provider named last before this word, else first after it."""
        named = self.owners
        return min(named, key=lambda owner: (owner[0] > token, abs(owner[0] - token)))[1] if named else ""

    def allows(self, sense: Sense, candidate: Candidate) -> bool:
        if sense.is_capital and not self.is_capital(candidate.start):
            return False
        if sense.is_acronym and not self.is_upper(candidate.start):
            return False
        if sense.is_certain:
            return True
        term = sense.term
        if term.kind is EntityKind.ORGANISATION:
            return self.allows_organisation(term, candidate)
        if term.kind is EntityKind.PROVIDER:
            return term.slug in self.context.providers
        if term.provider not in self.context.providers:
            return False
        return not sense.is_place or self.is_site(term, candidate)

    def is_capital(self, token: int) -> bool:
        first = self.text[self.tokens.start[token]]
        return not first.islower()

    def is_upper(self, token: int) -> bool:
        start = self.tokens.start[token]
        return self.text[start : start + self.tokens.length[token]].isupper()

    def allows_organisation(self, term: Term, candidate: Candidate) -> bool:
        """An ordinary word is a company only in an outage's account, a venue only where trade is told of."""
        following = self.at.get(candidate.end)
        stands_on = following is not None and Cue.RUNS_ON in following.meaning.cues
        if term.slug in self.context.speakers or (stands_on and self.context.providers):
            return True
        if not self.context.is_outage:
            return False
        if term.category is not Category.OTHER:
            return self.context.is_trade and not self.context.speakers
        return self.context.kind is DocumentKind.NEWS and not self.is_doubtful(candidate)

    def is_doubtful(self, candidate: Candidate) -> bool:
        """The first word of a sentence has a capital anyhow, unless a verb, harm or an officer follows."""
        if candidate.start or candidate.end > 1 or self.heads_list(candidate.end):
            return False
        if (
            self.tokens.lower[candidate.end : candidate.end + 1]
            and self.tokens.lower[candidate.end] in AUXILIARIES
        ):
            return False
        following = self.at.get(candidate.end)
        return following is None or following.meaning.cues.isdisjoint(TELLING)

    def heads_list(self, token: int) -> bool:
        """ "Claude, Canva and LinkedIn" """
        coming = self.tokens.lower[token : token + 2]
        return len(coming) == 2 and coming[0] in LISTING and self.is_capital(token + 1)

    def is_site(self, term: Term, candidate: Candidate) -> bool:
        """Does this sentence speak of data centres, or the provider of its own regions?"""
        if term.provider in self.context.speakers:
            return True
        if not SITE_WORDS.isdisjoint(self.tokens.lower):
            return True
        before = candidate.start - 1
        if before >= 0 and self.tokens.lower[before] in OPENING:
            return True
        owner = bisect_left(self.owners, (before, ""))
        return any(
            slug == term.provider and before <= place <= candidate.start
            for place, slug in self.owners[owner : owner + 4]
        ) or self.is_of_trouble(term, before)

    def is_of_trouble(self, term: Term, before: int) -> bool:
        """ "the AWS failure in | Virginia" """
        if before < 0 or self.tokens.lower[before] not in IN:
            return False
        trouble = {h.start for h in self.hits if h.end == before and Cue.TROUBLE in h.meaning.cues}
        return any(slug == term.provider and place in trouble for place, slug in self.owners)
