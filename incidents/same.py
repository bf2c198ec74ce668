"""Do two accounts tell of one outage? Yes, no or cannot decide, with reasons in words: pure and symmetric."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from incidents.choices import PairAnswer
from incidents.profiles import Profile

APART = timedelta(hours=48)
"""Accounts further apart in time are never joined directly."""
AT_ONCE = timedelta(minutes=15)
"""Parts of one event that the provider posts once per region or service start this close together."""
GOES_ON = timedelta(hours=3)
"""One item a post: the next post of an event comes within this time."""
ZONES = timedelta(hours=14)
"""A stated day may be the day of another zone."""
ALIKE = 0.85
"""Share of common words from which two texts are one text with a name replaced."""
ENOUGH, WORTH_A_LOOK = 0.5, 0.35
LONE = 0.45
"""A yes that is less than enough: it holds only where there is no other (`clustering`)."""

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    answer: PairAnswer
    score: float
    reasons: tuple[str, ...]

    @property
    def is_yes(self) -> bool:
        return self.answer == PairAnswer.YES


def yes(score: float, *reasons: str) -> Answer:
    return Answer(PairAnswer.YES, score, reasons)


def no(*reasons: str) -> Answer:
    return Answer(PairAnswer.NO, 0.0, reasons)


def cannot_decide(score: float, *reasons: str) -> Answer:
    return Answer(PairAnswer.CANNOT_DECIDE, score, reasons)


def same_outage(a: Profile, b: Profile) -> Answer:
    """Judge two accounts by what they say alone, never by what others say or where they stand."""
    a, b = sorted((a, b), key=lambda profile: profile.key)
    judge = between_records if a.is_strong and b.is_strong else weigh
    return ruled_out(a, b) or tied(a, b) or judge(a, b)


def ruled_out(a: Profile, b: Profile) -> Answer | None:
    """What no likeness can outweigh."""
    if not a.owner or a.owner != b.owner:
        return no("another provider or organisation")
    if a.report == b.report:
        return no("one report tells of them as two incidents")
    if a.is_maintenance != b.is_maintenance:
        return no("one is maintenance, the other an outage")
    if (away := apart(a, b)) and away > APART and not a.ids & b.ids:
        return no(f"{in_words(away)} apart")
    return None


def tied(a: Profile, b: Profile) -> Answer | None:
    """Where the sources themselves say that it is one event."""
    if ids := a.ids & b.ids:
        return yes(1.0, f"both carry {min(ids)}")
    pages = pages_of(a, b)
    if not pages or numbered_apart(a, b):
        return None
    reason = f"both point to {min(pages)}"
    if a.earliest is None or b.earliest is None:
        return cannot_decide(0.4, reason, "one gives no date")
    return yes(0.95, reason)


def pages_of(a: Profile, b: Profile) -> frozenset[str]:
    """Addresses of single events that both name, or that one has and the other names."""
    return (a.links | frozenset({a.address})) & (b.links | frozenset({b.address})) - {""}


def numbered_apart(a: Profile, b: Profile) -> bool:
    """Whether one publisher gave the two two numbers of its own."""
    return bool(a.numbering) and a.numbering == b.numbering


def between_records(a: Profile, b: Profile) -> Answer:
    """Two records of the provider's (or organisation's) own: one event only where they tie the two."""
    if a.earliest is None or b.earliest is None:
        return no("one gives no date")
    likeness = len(a.words & b.words) / (len(a.words | b.words) or 1)
    at_once = a.start is not None and b.start is not None and abs(a.start - b.start) <= AT_ONCE
    if at_once and likeness >= ALIKE:
        return repeated(a, b, likeness)
    if numbered_apart(a, b):
        return numbered(a, b)
    if a.regions and b.regions and not a.regions & b.regions:
        return no("other regions")
    if a.causes and b.causes and not a.causes & b.causes:
        return no(f"other causes: {listed(a.causes)} and {listed(b.causes)}")
    return weigh_records(a, b, likeness=likeness)


def repeated(a: Profile, b: Profile, likeness: float) -> Answer:
    """One text with a name replaced, posted at once: once per region or service of one event.

    A publisher that numbers its incidents ties two numbers so only where it files them alike.
    """
    score = 0.5 + likeness * 0.4
    reasons = ("near-identical text", "starts within 15 minutes")
    if numbered_apart(a, b) and a.headline != b.headline:
        return cannot_decide(score, *reasons, "the publisher numbers them as two")
    return yes(score, *reasons)


def numbered(a: Profile, b: Profile) -> Answer:
    """Two numbers of one publisher are two incidents, unless one sends its readers to the other."""
    if sends := ({a.address} & b.links) | ({b.address} & a.links):
        return cannot_decide(0.6, f"one points to {min(sends)}", "the publisher numbers them as two")
    return no("the publisher numbers them as two")


def weigh_records(a: Profile, b: Profile, *, likeness: float) -> Answer:
    """Same region or none, no contradiction: does one name the other, or carry on where it stopped?"""
    where, meets = a.regions & b.regions, overlap(a, b)
    named = (a.services & b.headline) | (b.services & a.headline)
    if not a.headline | b.headline:  # neither says what it is filed under
        named = a.services & b.services
    titles = a.title & b.title
    reasons = [f"same region: {listed(where)}"] if where else []
    reasons += [f"both name {listed(named)}"] if named else []
    reasons += ["their times overlap"] if meets else []
    if named and meets and where:
        return yes(0.7 + 0.2 * likeness, *reasons)
    if named and meets and bool(a.regions) != bool(b.regions):
        return yes(0.6 + 0.2 * likeness, *reasons, "one is of no region")
    if named and titles and (where or not a.regions | b.regions) and apart(a, b) <= GOES_ON:
        return yes(0.6 + 0.2 * likeness, *reasons, f"titles share {listed(titles)}")
    if where and a.is_exact and b.is_exact and a.start == b.start:
        return yes(0.75, *reasons, "stated to start in the same minute")
    if a.symptoms and b.symptoms and not a.symptoms & b.symptoms:
        return no(f"other symptoms: {listed(a.symptoms)} and {listed(b.symptoms)}")
    if where and meets:
        return cannot_decide(0.4 + 0.2 * likeness, *reasons, "nothing ties the two")
    return no("nothing ties the two")


def weigh(a: Profile, b: Profile) -> Answer:
    """At least one is press or a round-up: weigh what agrees."""
    if a.earliest is None or b.earliest is None:
        return no("one gives no date")
    if numbered_apart(a, b):
        return no("the publisher numbers them as two")
    if a.regions and b.regions and not a.regions & b.regions:
        return no("other regions")
    score, reasons = 0.0, list[str]()
    for points, reason in evidence(a, b):
        score += points
        reasons.append(reason)
    if score >= ENOUGH:
        return yes(min(score, 0.94), *reasons)
    if a.is_counted != b.is_counted and not {a.severity, b.severity} & {"minor", "none"}:
        return yes(LONE, *reasons, "the day of one is only counted from another event")
    return cannot_decide(score, *reasons) if score >= WORTH_A_LOOK else no(*reasons)


def evidence(a: Profile, b: Profile) -> Iterator[tuple[float, str]]:
    yield closeness(a, b)
    for points, shared, reason in (
        (0.25, a.regions & b.regions, "same region"),
        (0.15, a.services & b.services, "same service"),
        (0.20, a.organisations & b.organisations, "same organisations hit"),
        (0.10, a.causes & b.causes, "same cause"),
        (0.05, a.title & b.title, "titles share"),
    ):
        if shared:
            yield points, f"{reason}: {listed(shared)}"
    if a.causes and b.causes and not a.causes & b.causes:
        yield -0.1, f"other causes: {listed(a.causes)} and {listed(b.causes)}"
    if {a.severity, b.severity} & {"critical", "major"}:
        yield 0.05, "a severe outage, which press writes about"
    elif {a.severity, b.severity} & {"minor", "none"}:
        yield -0.1, "a minor one, by its own word"


def closeness(a: Profile, b: Profile) -> tuple[float, str]:
    away = apart(a, b)
    if away > ZONES:
        return 0.1, f"{in_words(away)} apart"
    if a.is_vague or b.is_vague:
        return 0.4, "told in the days after"
    if a.is_exact and b.is_exact and a.start and b.start and abs(a.start - b.start) <= timedelta(hours=2):
        return 0.6, "start within two hours"
    return (0.5, "the same time") if overlap(a, b) else (0.35, "the same day in some zone")


def apart(a: Profile, b: Profile) -> timedelta:
    """The time between the two spans; none where they touch or one gives no date."""
    if a.earliest is None or a.latest is None or b.earliest is None or b.latest is None:
        return timedelta()
    return max(a.earliest - b.latest, b.earliest - a.latest, timedelta())


def overlap(a: Profile, b: Profile) -> bool:
    return a.earliest is not None and b.earliest is not None and not apart(a, b)


def in_words(span: timedelta) -> str:
    hours = round(span / timedelta(hours=1))
    return f"{hours} hours" if hours < 72 else f"{round(hours / 24)} days"


def listed(names: Iterable[str]) -> str:
    """A few names to read; how many more there are."""
    ordered = sorted(names)
    return ", ".join(ordered[:3]) + (f" and {len(ordered) - 3} more" if len(ordered) > 3 else "")


def answers(profiles: Iterable[Profile]) -> dict[Pair, Answer]:
    """All answers but the plain no's, by pair of keys in order, asked of neighbours only."""
    return answers_of(neighbours(list(profiles)))


def answers_of(pairs: Iterable[tuple[Profile, Profile]]) -> dict[Pair, Answer]:
    found = {}
    for a, b in pairs:
        answer = same_outage(a, b)
        if answer.answer != PairAnswer.NO:
            found[min(a.key, b.key), max(a.key, b.key)] = answer
    return found


def neighbours(profiles: list[Profile]) -> Iterator[tuple[Profile, Profile]]:
    """Pairs of one owner that are near in time or share an id or address."""
    seen: set[Pair] = set()
    for group in blocks(profiles):
        for a, b in group:
            if a.owner == b.owner and (pair := (min(a.key, b.key), max(a.key, b.key))) not in seen:
                seen.add(pair)
                yield a, b


def blocks(profiles: list[Profile]) -> Iterator[Iterator[tuple[Profile, Profile]]]:
    by_owner: dict[str, list[Profile]] = defaultdict(list)
    by_token: dict[str, list[Profile]] = defaultdict(list)
    for profile in profiles:
        if profile.owner:
            by_owner[profile.owner].append(profile)
            for token in profile.tokens:
                by_token[token].append(profile)
    for group in by_owner.values():
        yield near_in_time(group)
    for group in by_token.values():
        yield ((a, b) for number, a in enumerate(group) for b in group[number + 1 :])


def near_in_time(group: list[Profile]) -> Iterator[tuple[Profile, Profile]]:
    """Sweep by start: each with those still open when it starts."""
    dated = [p for p in group if p.earliest and p.latest]
    open_now: list[Profile] = []
    for profile in sorted(dated, key=lambda p: (p.earliest, p.key)):
        open_now = [other for other in open_now if apart(other, profile) <= APART]
        yield from ((other, profile) for other in open_now)
        open_now.append(profile)
