"""One text, several incidents: which sentences and times tell of another one than the text's main subject.

A date of another outage opens an episode; the sentences after it, to the end of the paragraph, belong to it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import takewhile

from nlp.document import DocumentKind, EntityKind, FoundTime, Mention, Precision, Role
from nlp.sentences import Sentence, Text
from nlp.time_anchors import sane
from nlp.time_roles import JudgedTime, TimeRole, judge
from nlp.vocabulary import find_term

TELLS = frozenset({TimeRole.WINDOW, TimeRole.START, TimeRole.EVENT, TimeRole.PAST})
FOLLOWS = frozenset({TimeRole.END})
NAMED = frozenset({Role.AFFECTED, Role.PAST, Role.MENTIONED})
WIDTH = {
    Precision.MINUTE: timedelta(minutes=1),
    Precision.HOUR: timedelta(hours=1),
    Precision.DAY: timedelta(days=1),
    Precision.MONTH: timedelta(days=30),
    Precision.YEAR: timedelta(days=365),
}
FINENESS = [Precision.DAY, Precision.HOUR, Precision.MINUTE, Precision.MONTH, Precision.YEAR]
"""An episode goes by its day; a clock time may be of a part of it, a month is vague."""
CLOSE = timedelta(hours=36)
"""Times of one owner no further apart are of one incident: zones and nights lie between."""
LATELY = timedelta(days=40)
FRESH = 3
FAR = timedelta(days=7)
"""An outage dated further away than this is another one, even where the text does not say so."""
ANOTHER = re.compile(
    r"\b(?:another|second|third|fourth|similar|previous(?:ly)?|earlier|prior|recent|followed by|later|ago|"
    r"also (?:suffered|went|experienced|had)|last (?:year|month|week)|the one that|in fact|meanwhile|"
    r"separate(?:ly)?)\b"
)
OUTAGE_NOUN = re.compile(
    r"\b(?:outages?|disruptions?|interruptions?|incidents?|failures?|downtime|blackouts?|meltdowns?|glitch(?:es)?|"
    r"(?:was|were) down|went (?:down|offline|dark)|knocked|failed|fell over|crashed|stopped|halted|lost|"
    r"unavailable|unable|could not|broke down|suspended|vanished|keeled|froze|frozen|fiasco|debacle|"
    r"congest\w+|collaps\w+|(?:power|lights) went out|power loss|overheat\w*|locked out|halts?|hiccup)\b"
)
OUTAGES_AT_LARGE = re.compile(
    r"\b(?:outages|failures|incidents|disruptions|blackouts|meltdowns|downtimes|breakdowns)\b"
    r"|\b(?:timeline|chronology|history|dates)\b"
)
"""What a list of outages promises in its title or at its head."""
LISTED = 3
"""So many days make a list."""
KEYS = {Precision.MONTH: 7, Precision.YEAR: 4}


@dataclass(slots=True)
class Episode:
    """What the text tells of one incident. `time` is its date, None where it has only a place."""

    provider: str
    time: FoundTime | None
    place: str = ""
    sentences: list[Sentence] = field(default_factory=list)
    openings: dict[Sentence, None] = field(default_factory=dict)
    times: list[FoundTime] = field(default_factory=list)
    weight: int = 0
    span: tuple[datetime, datetime] | None = None

    @property
    def slot(self) -> str:
        """Made from content, so that it lasts when the text is read again or reworded."""
        when = self.time.at.isoformat()[: KEYS.get(self.time.precision, 10)] if self.time else self.place
        return f"{self.provider}/{when}" if self.provider else when

    def add(self, time: FoundTime) -> None:
        """One more of its times; a date stands for the episode before anything vaguer."""
        self.times.append(time)
        start, end = self.span or (time.at, time.at)
        self.span = min(start, time.at), max(end, time.end_at or time.at + WIDTH[time.precision])
        if self.time is None or vagueness(time) < vagueness(self.time):
            self.time = time

    def holds(self, time: FoundTime, provider: str) -> bool:
        if self.span is None or (provider and self.provider and provider != self.provider):
            return False
        start, end = self.span
        if time.rule == "weekday" and any(own.at.weekday() == time.at.weekday() for own in self.times):
            return abs(time.at - start) <= 2 * FAR
        return start - CLOSE <= time.at <= end + CLOSE


@dataclass(frozen=True, slots=True)
class Parts:
    """The text's main episode, and the others in the order in which they are told."""

    main: Episode
    others: tuple[Episode, ...]


def read_parts(text: Text, times: Sequence[FoundTime], mentions: Sequence[Mention], provider: str) -> Parts:
    """Only news is a round-up; a record or a review tells of its own incident."""
    whole = Episode(provider, None, sentences=list(text.sentences), times=list(times))
    if text.document.kind is not DocumentKind.NEWS:
        return Parts(whole, ())
    named = providers_by_sentence(text, mentions)
    judged = judge(text, times)
    is_list = lists_outages(text, judged)
    dated = episodes(text, judged, named, provider, is_list=is_list)
    published = sane(text.document.published_at)
    main = max(dated, key=lambda episode: subject_rank(episode, published, is_list=is_list), default=whole)
    hit = hit_in(text, mentions)
    others = [e for e in dated if e is not main and (is_list or is_another(text, e, main, hit))]
    for episode in others:
        episode.sentences = [s for s in episode.sentences if not is_back(s, episode, main, hit)]
    others += undated(text, mentions, named, provider, others)
    told = {sentence for episode in others for sentence in episode.sentences}
    aside = {id(time) for episode in others for time in episode.times}
    return Parts(
        Episode(
            provider,
            main.time,
            sentences=[sentence for sentence in text.sentences if sentence not in told],
            times=[time for time in times if id(time) not in aside and not is_other_week(time, main)],
        ),
        tuple(others),
    )


def subject_rank(episode: Episode, published: datetime | None, *, is_list: bool) -> tuple[int, int]:
    """A list is written when the last of its outages is fresh; else what the text dwells on counts too."""
    fresh = is_fresh(episode, published)
    return (fresh if is_list else 0, episode.weight + fresh)


def is_fresh(episode: Episode, published: datetime | None) -> int:
    """News is written about what happened lately: of two outages told alike that one is the subject."""
    if published is None or episode.span is None:
        return 0
    return FRESH if timedelta(0) <= published - episode.span[0] <= LATELY else 0


def vagueness(time: FoundTime) -> tuple[int, bool]:
    """A date says more than "two weeks earlier"."""
    return FINENESS.index(time.precision), "relative" in time.rule


def is_other_week(time: FoundTime, main: Episode) -> bool:
    """ "Monday's outage" is the main one where that fell on a Monday, however late the text was written."""
    if time.rule != "weekday" or main.time is None or main.time.rule == "weekday":
        return False
    return time.at.weekday() == main.time.at.weekday() and time.at.date() != main.time.at.date()


def episodes(
    text: Text, judged: Iterable[JudgedTime], named: dict[Sentence, str], provider: str, *, is_list: bool
) -> list[Episode]:
    """Times that lie together and name no different provider are one episode. In a list of outages each day
    is of one, whatever words it has."""
    found: list[Episode] = []
    for one in judged:
        if not (is_telling(text, one) or (is_list and is_day(one))):
            continue
        owner = named.get(one.sentence, "")
        home = next((e for e in reversed(found) if e.holds(one.time, owner)), None)
        if home is None and one.role in FOLLOWS:
            continue
        if home is None:
            home = Episode(owner or provider, one.time)
            found.append(home)
        home.add(one.time)
        home.weight += weight(text, one)
        home.openings[one.sentence] = None
    openings = {sentence for episode in found for sentence in episode.openings}
    for episode in found:
        episode.sentences = list(told_of(text, episode, openings, named))
    return found


def told_of(
    text: Text, episode: Episode, openings: set[Sentence], named: dict[Sentence, str]
) -> Iterator[Sentence]:
    """The sentences that date an episode, and those that go on from there until one dates it again, or
    another."""
    for opening in episode.openings:
        yield opening
        followers = following(text, opening, named, episode.provider)
        yield from takewhile(lambda sentence: sentence not in openings, followers)


def lists_outages(text: Text, judged: Iterable[JudgedTime]) -> bool:
    """Does the text go through several outages, day by day?"""
    if not any(OUTAGES_AT_LARGE.search(text.low[sentence]) for sentence in text.sentences[:2]):
        return False
    return len({one.time.at.date() for one in judged if is_day(one) and one.time.rule != "weekday"}) >= LISTED


def is_day(one: JudgedTime) -> bool:
    """A day, or a clock on one, that is neither promised nor a post's own."""
    is_exact = one.time.precision not in (Precision.MONTH, Precision.YEAR)
    return is_exact and one.time.rule != "clock" and one.role not in (TimeRole.AHEAD, TimeRole.POSTED)


def is_telling(text: Text, one: JudgedTime) -> bool:
    """Does this time date an outage? A month does where its sentence speaks of one; a year is too wide."""
    if one.time.precision is Precision.YEAR:
        return False
    if one.role is TimeRole.MENTION:
        return OUTAGE_NOUN.search(text.low[one.sentence]) is not None
    return one.role in TELLS | FOLLOWS


def weight(text: Text, one: JudgedTime) -> int:
    """How much this time speaks for its episode as the subject of the whole text."""
    if one.role is TimeRole.PAST:
        return 0
    if one.sentence.passage is None:
        return 4
    if one.sentence is next(iter(text.of.get(0, ())), None):
        return 3  # "the third outage in ten days" may be how a story of that one begins
    if ANOTHER.search(text.low[one.sentence]):
        return 0
    return 3 if one.sentence in text.sentences[:4] else 1


def following(
    text: Text, sentence: Sentence, named: dict[Sentence, str], provider: str
) -> Iterator[Sentence]:
    """The sentences up to the end of the paragraph, while no other provider comes up."""
    group = text.of[sentence.passage]
    passage = "" if sentence.passage is None else text.document.passages[sentence.passage].text
    last = sentence
    for follower in group[bisect_right(text.starts[sentence.passage], sentence.start) :]:
        if "\n" in passage[last.end : follower.start] or named.get(follower, provider) != provider:
            return
        yield follower
        last = follower


def hit_in(text: Text, mentions: Iterable[Mention]) -> dict[Sentence, set[str]]:
    """Whom each sentence shows as hit, now or before."""
    found: dict[Sentence, set[str]] = {}
    for mention in mentions:
        sentence = text.around(mention.evidence)
        if sentence is not None and mention.role in (Role.AFFECTED, Role.PAST) and mention.slug:
            found.setdefault(sentence, set()).add(mention.slug)
    return found


def hits(episode: Episode, hit: dict[Sentence, set[str]]) -> set[str]:
    """Whom the sentences that date it show as hit."""
    return set[str]().union(*(hit.get(sentence, set()) for sentence in episode.openings))


def is_back(sentence: Sentence, episode: Episode, main: Episode, hit: dict[Sentence, set[str]]) -> bool:
    """Does the story turn back here from the other outage to its subject?"""
    told = hit.get(sentence, set())
    is_dated = sentence in episode.openings
    return not is_dated and bool(told & hits(main, hit)) and told.isdisjoint(hits(episode, hit))


def is_of_others(episode: Episode, main: Episode, hit: dict[Sentence, set[str]]) -> bool:
    """Do the sentences that date it tell of nobody that was hit in the main one?"""
    own, its = hits(episode, hit), hits(main, hit)
    return bool(own) and bool(its) and own.isdisjoint(its)


def is_another(text: Text, episode: Episode, main: Episode, hit: dict[Sentence, set[str]]) -> bool:
    """Is this date told as an outage of its own?"""
    if episode.span is None or main.span is None:
        return False
    low = text.low[episode.sentences[0]]
    if not OUTAGE_NOUN.search(low):
        return False
    if episode.provider != main.provider:
        return True
    away = max(episode.span[0] - main.span[1], main.span[0] - episode.span[1])
    if away > FAR or ANOTHER.search(low) is not None:
        return True
    return away > CLOSE and is_of_others(episode, main, hit)


def undated(
    text: Text,
    mentions: Sequence[Mention],
    named: dict[Sentence, str],
    provider: str,
    others: Sequence[Episode],
) -> list[Episode]:
    """Another outage that has a place and no date: "after a similar outage in its Stockholm region"."""
    dated = {sentence for episode in others for sentence in episode.sentences}
    hit_now = {m.slug for m in mentions if m.kind is EntityKind.REGION and m.role is Role.AFFECTED}
    found: dict[str, Episode] = {}
    for mention in mentions:
        sentence = text.around(mention.evidence)
        if mention.kind is not EntityKind.REGION or mention.role is not Role.PAST or sentence is None:
            continue
        if mention.slug in hit_now or sentence in dated or not OUTAGE_NOUN.search(text.low[sentence]):
            continue
        owner, _, code = mention.slug.partition(":")
        episode = found.setdefault(mention.slug, Episode(named.get(sentence, owner) or provider, None, code))
        episode.sentences.append(sentence)
    return list(found.values())


def providers_by_sentence(text: Text, mentions: Sequence[Mention]) -> dict[Sentence, str]:
    """Whose outage a sentence tells of: the last provider that it shows as hit, now or in the past; else the
    first victim, where that is a provider as well ("Cloudflare went down")."""
    found: dict[Sentence, str] = {}
    first: dict[Sentence, str] = {}
    for mention in mentions:
        sentence = text.around(mention.evidence)
        if sentence is None or mention.role not in (Role.AFFECTED, Role.PAST):
            continue
        if mention.kind is EntityKind.PROVIDER:
            found[sentence] = mention.slug
        first.setdefault(sentence, mention.slug)
    victims = {s: slug for s, slug in first.items() if find_term(EntityKind.PROVIDER, slug)}
    return alone(text, mentions) | victims | found


def alone(text: Text, mentions: Iterable[Mention]) -> dict[Sentence, str]:
    """The only provider that a sentence is about, by its own name or by that of a part of it."""
    owners: dict[Sentence, set[str]] = {}
    for mention in mentions:
        sentence = text.around(mention.evidence)
        if sentence is not None and mention.kind is not EntityKind.ORGANISATION and mention.role in NAMED:
            owners.setdefault(sentence, set()).add(mention.slug.partition(":")[0])
    return {sentence: min(slugs) for sentence, slugs in owners.items() if len(slugs) == 1}
