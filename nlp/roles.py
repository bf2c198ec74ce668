"""From names and clauses to mentions: each name of a text with the role that it plays there."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from nlp import words
from nlp.candidates import Candidates
from nlp.clauses import LISTED, Reader
from nlp.components import LISTS
from nlp.contexts import IN_MONTH, YEAR, Context
from nlp.cues import Cue
from nlp.document import DocumentKind, EntityKind, Evidence, Mention, Role
from nlp.groups import Capitals, Group, Sentence, group_names
from nlp.names import Name, Signal, find_names
from nlp.sentences import Section
from nlp.unknown_names import ListReader
from nlp.vocabulary import Category, Term, find_term
from nlp.walking import Judgement

HOSTING = frozenset({Cue.RUNS_ON, Cue.CARRIES})
SISTERS = frozenset({("google-workspace", "gcp"), ("gcp", "google-workspace")})
ASIDE = frozenset({Section.RESPONSE, Section.FOLLOW_UP})
AMAZON = next(iter(words.words("amazon")))
SHOP = "amazon-com"
"""Who "Amazon" is where another's cloud took it down."""
PAST = frozenset({Cue.PAST, Cue.ECHO})


def find_mentions(
    found: Candidates, context: Context, section: Section, *, is_title: bool
) -> tuple[Mention, ...]:
    """Every name of one sentence in reading order, in its role; offsets are the sentence's own.

    `context` belongs to the whole document (`contexts.context_of`).
    """
    names, signals = find_names(found, context)
    if not (names or any(signal.cues & LISTS for signal in signals)):
        return ()
    lower = found.tokens.lower
    capital = Capitals(found.text, found.tokens.start)
    groups = group_names(names, signals, lower, capital)
    sentence = Sentence(0, len(lower), lower, signals, groups, capital, section)
    return tuple(MentionReader(found, context, is_title=is_title).read(sentence))


class MentionReader:
    """Judges the names of one sentence."""

    def __init__(self, found: Candidates, context: Context, *, is_title: bool) -> None:
        self.text = found.text
        self.tokens = found.tokens
        self.context = context
        self.is_title = is_title

    def read(self, sentence: Sentence) -> Iterator[Mention]:
        reader = Reader(sentence)
        judged: list[tuple[Group, Judgement]] = []
        for group in sentence.groups:
            judgement = reader.judge(group)
            if judgement is not None and self.is_bystander(group, judgement):
                judgement = None
            if judgement is not None:
                judged.append((group, judgement))
            for name in group.names:
                found = self.in_own_word(name, judgement) or self.by_default(name, reader, group)
                if found.role is Role.AFFECTED and self.is_past(group, sentence):
                    found = Judgement(Role.PAST, f"past-{found.rule}", found.confidence)
                term = self.as_victim(name, found) or name.term
                certainty = 1.0 if name.is_certain else 0.9
                yield self.mention(term.kind, term.slug, name.start, name.end, found, certainty)
        if self.context.kind is DocumentKind.NEWS and not self.is_title:
            yield from self.read_unknown(reader, judged)

    def is_bystander(self, group: Group, judgement: Judgement) -> bool:
        """Trackers, papers and indices are named beside an outage ("freezing contracts on the S&P 500"); they
        are hit where they are its subject."""
        return judgement.rule == "object" and all(name.term.observer for name in group.names)

    def read_unknown(self, reader: Reader, judged: list[tuple[Group, Judgement]]) -> Iterator[Mention]:
        for start, end, judgement in ListReader(reader).read(judged):
            if not self.is_past(Group(start, end, ()), reader.sentence):
                yield self.mention(EntityKind.ORGANISATION, "", start, end, judgement, 1.0)

    def mention(
        self, kind: EntityKind, slug: str, first: int, after: int, judgement: Judgement, certainty: float
    ) -> Mention:
        start = self.tokens.start[first]
        end = self.tokens.start[after - 1] + self.tokens.length[after - 1]
        return Mention(
            kind=kind,
            slug=slug,
            evidence=Evidence(None, start, end),
            text=self.text[start:end],
            role=judgement.role,
            rule=judgement.rule,
            confidence=round(judgement.confidence * certainty, 2),
        )

    def as_victim(self, name: Name, judgement: Judgement) -> Term | None:
        """The house of a provider among those whom another provider's failure took down: "Spotify, Amazon and
        Cloudflare"."""
        term = name.term
        if term.kind is not EntityKind.PROVIDER or judgement.role is not Role.AFFECTED:
            return None
        if term.slug == next(iter(self.context.providers), ""):
            return None
        is_shop = self.tokens.lower[name.start : name.end] == [AMAZON]
        return find_term(EntityKind.ORGANISATION, SHOP if is_shop else term.slug)

    def in_own_word(self, name: Name, judgement: Judgement | None) -> Judgement | None:
        """A provider that says "X is operating normally" tells that X is well again."""
        if self.is_traded(name.term):
            return Judgement(Role.MENTIONED, "network", 0.6)
        if judgement is None or not self.speaks_of(name.term) or name.term.kind is EntityKind.ORGANISATION:
            return judgement if judgement is None or not self.is_foreign(name.term) else None
        return None if judgement.rule == "normal" else judgement

    def is_traded(self, term: Term) -> bool:
        """An exchange names the networks whose coins it moves: "deposits for Solana are paused"."""
        is_exchange = self.context.kind is DocumentKind.EXCHANGE_STATUS
        return is_exchange and term.category is Category.BLOCKCHAIN_INFRA and not self.speaks_of(term)

    def is_foreign(self, term: Term) -> bool:
        """A provider tells of its own failures: another's region there is where a customer's data lies."""
        if self.context.kind not in (DocumentKind.PROVIDER_STATUS, DocumentKind.PIR):
            return False
        owner = term.slug if term.kind is EntityKind.PROVIDER else term.provider
        return bool(owner) and not self.speaks_of(term) and (owner, *self.context.speakers) not in SISTERS

    def speaks_of(self, term: Term) -> bool:
        return not self.context.speakers.isdisjoint((term.slug, term.provider))

    def by_default(self, name: Name, reader: Reader, group: Group) -> Judgement:
        """No word decides: in its own voice a speaker names what failed; elsewhere a name is only named."""
        term, is_news = name.term, self.context.kind is DocumentKind.NEWS
        if self.speaks_of(term):
            return self.own_word(term, reader, group)
        if self.is_foreign(term):
            return Judgement(Role.MENTIONED, "foreign", 0.6)
        if term.observer:
            return Judgement(Role.SOURCE, "observer", 0.6)
        if is_news and self.is_in_list_of_victims(term, reader, group):
            return Judgement(Role.AFFECTED, "listed-below", 0.7)
        is_place = term.kind is EntityKind.REGION and is_news
        if is_place and not reader.is_harm and (reader.tells_of(HOSTING) or reader.is_moved_to(group)):
            return Judgement(Role.HOST, "stands-in", 0.5)
        if is_place:
            return Judgement(Role.AFFECTED, "place-of-outage", 0.6)
        if term.kind is EntityKind.SERVICE and is_news and reader.is_harm:
            return Judgement(Role.AFFECTED, "named-with-harm", 0.5)
        return Judgement(Role.MENTIONED, "named", 0.5)

    def is_in_list_of_victims(self, term: Term, reader: Reader, group: Group) -> bool:
        """What stands, item by item, under "Which apps were affected?"."""
        if reader.sentence.section is not Section.VICTIMS or term.kind is EntityKind.PROVIDER:
            return False
        return len(group.names) >= LISTED or reader.is_item(group)

    def own_word(self, term: Term, reader: Reader, group: Group) -> Judgement:
        if self.is_title:
            return Judgement(Role.AFFECTED, "headline", 0.95)
        if term.kind in (EntityKind.PROVIDER, EntityKind.ORGANISATION):
            return Judgement(Role.AFFECTED, "speaker", 0.6)
        if term.kind is EntityKind.SERVICE and reader.sentence.section in ASIDE:
            return Judgement(Role.MENTIONED, "aside", 0.5)
        if term.kind is EntityKind.SERVICE and reader.is_item(group):
            return Judgement(Role.AFFECTED, "item", 0.5)
        if term.kind is EntityKind.SERVICE and self.is_beside_headline(term, reader, group):
            return Judgement(Role.MENTIONED, "beside-headline", 0.5)
        return Judgement(Role.AFFECTED, "own-word", 0.6 if reader.is_harm else 0.5)

    def is_beside_headline(self, term: Term, reader: Reader, group: Group) -> bool:
        """The headline named what failed: others tell where it shows ("missing in the Cloud Console")."""
        if not self.context.headlined or term.slug in self.context.headlined:
            return False
        return not reader.is_harm or reader.is_medium(group)

    def is_past(self, group: Group, sentence: Sentence) -> bool:
        """An earlier event's words reach to the end of their clause, and back to the last break."""
        return any(reaches(mark, group, sentence) for mark in self.past_marks(sentence))

    def past_marks(self, sentence: Sentence) -> Iterator[Signal]:
        for signal in sentence.signals:
            if not PAST.isdisjoint(signal.cues):
                yield signal
        for dates, past in ((YEAR, self.context.past_years), (IN_MONTH, self.context.past_months)):
            for hit in dates.finditer(self.text) if past else ():
                if hit[hit.lastindex or 0] in past:
                    token = bisect_left(self.tokens.start, hit.start())
                    yield Signal(token, token + 1, frozenset({Cue.PAST}))


def reaches(mark: Signal, group: Group, sentence: Sentence) -> bool:
    if mark.end <= group.start:
        between = range(mark.end, group.start)
        turns = [s for s in sentence.signals if Cue.TURN in s.cues and s.start in between]
        return not turns
    if mark.start < group.end or Cue.ECHO in mark.cues:
        return False
    gap = sentence.lower[group.end : mark.start]
    turned = any(Cue.TURN in s.cues and group.end <= s.start < mark.start for s in sentence.signals)
    return not turned and words.COMMAS.isdisjoint(gap) and words.LATER.isdisjoint(gap)


def settle(mentions: Iterable[Mention]) -> dict[tuple[EntityKind, str], Mention]:
    """For each entity the mention that decides: being hit or spared weighs more than being named.

    Of several that decide the surest one wins, and the first of those; a service or region of which a part
    was hit was hit, whatever is said of its other parts.
    """
    best: dict[tuple[EntityKind, str], Mention] = {}
    for mention in mentions:
        key = mention.kind, mention.slug
        if mention.slug and (key not in best or weight(mention) > weight(best[key])):
            best[key] = mention
    return best


def weight(mention: Mention) -> tuple[bool, bool, float]:
    is_part_hit = mention.role is Role.AFFECTED and mention.kind is not EntityKind.ORGANISATION
    return is_part_hit, mention.role in (Role.AFFECTED, Role.NOT_AFFECTED), mention.confidence
