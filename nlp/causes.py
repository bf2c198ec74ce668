"""Why it broke: the first technical cause that the text gives, with its sentence; and what set it off.

A cause is a phrase (`cause_words`) that a sentence ties to the failure: "due to X", "X led to". Where several
stand, the one nearest the origin counts; one that the text denies, or only guesses, gives way.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from nlp.cause_words import CauseWord, load
from nlp.document import Cause
from nlp.findings import Found
from nlp.phrases import Phrases
from nlp.sentences import Section, Sentence, Spot, Text

T = TypeVar("T")


class Tie(StrEnum):
    """How a phrase ties what stands before it to what stands behind."""

    ROOT = "root"  # "the root cause was": cause behind
    BEHIND = "behind"  # "due to": cause behind
    AFTER = "after"  # "following": cause behind, perhaps
    TRIGGER = "trigger"  # "triggered by": what set it off stands behind
    BEFORE = "before"  # "led to": cause before
    TOUCHES = "touches"  # "affected": cause before, or only its effect


CAUSE_WORDS = load()
TIES: Phrases[Tie] = Phrases(
    [
        ("cause .. .. was/is/were/are", Tie.ROOT),
        ("root cause to/as", Tie.ROOT),
        ("cause .. .. identified/determined/confirmed as/to", Tie.ROOT),
        ("underlying issue/problem was", Tie.ROOT),
        ("issue/problem/outage/incident/disruption/failure was/is/were the result of", Tie.ROOT),
        ("caused/prompted/sparked/precipitated by", Tie.BEHIND),
        ("due to", Tie.BEHIND),
        ("because of?", Tie.BEHIND),
        ("because", Tie.BEHIND),
        ("owing/thanks to", Tie.BEHIND),
        ("as a? result of", Tie.BEHIND),
        ("result/consequence of", Tie.BEHIND),
        ("resulted/resulting/stem*/arose/arising from", Tie.BEHIND),
        ("originat* in/from/with", Tie.BEHIND),
        ("attributed .. to", Tie.BEHIND),
        ("blamed/blames/blaming .. on", Tie.BEHIND),
        ("blamed/blames/blaming", Tie.BEHIND),
        ("pinned .. .. on", Tie.BEHIND),
        ("pointed/points/pointing .. to/at", Tie.BEHIND),
        ("laid/lays/put/puts .. blame .. on", Tie.BEHIND),
        ("put/puts/putting .. .. down to", Tie.BEHIND),
        ("cited/cites/citing", Tie.BEHIND),
        ("was/were/is/are down to", Tie.BEHIND),
        ("ascribed .. to", Tie.BEHIND),
        ("set/kicked/sparked off by", Tie.BEHIND),
        ("came down to", Tie.BEHIND),
        ("culprit/culprits .. was/is/were/turned", Tie.ROOT),
        ("as .. .. source/cause/culprit/origin of", Tie.BEFORE),
        ("was/were/is/are/be .. to blame/responsible/behind", Tie.BEFORE),
        ("was/were/is/are .. at fault", Tie.BEFORE),
        ("was/is the culprit/cause/reason/trigger", Tie.BEFORE),
        ("traced .. to", Tie.BEHIND),
        ("isolated/narrowed .. to", Tie.BEHIND),
        ("linked/related to", Tie.BEHIND),
        ("identified/discovered/determined/found/revealed that?", Tie.BEHIND),
        ("began/started/occurred/happened/originated when/with", Tie.BEHIND),
        ("hit/struck/plagued/crippled by", Tie.BEHIND),
        ("following a/an/the/our/its/this/routine/recent/scheduled/severe/high/heavy/unexpected", Tie.AFTER),
        ("after", Tie.AFTER),
        ("triggered/initiated by/when/from", Tie.TRIGGER),
        ("trigger .. was/is", Tie.TRIGGER),
        ("caused/causing/causes", Tie.BEFORE),
        ("led/leads/leading to", Tie.BEFORE),
        ("resulted/resulting/results in", Tie.BEFORE),
        ("triggered/triggering/triggers a/an/the/our/its/this/multiple", Tie.BEFORE),
        ("brought/brings/took/taking/takes/knocked/knocking .. .. down/offline/out", Tie.BEFORE),
        (
            "suspended/halted/disrupted/crippled/paralysed/paralyzed/crashed/interrupted/forced/broke",
            Tie.BEFORE,
        ),
        ("affected/affecting/impacted/impacting/prevented/preventing/prevents/blocked/left", Tie.TOUCHES),
    ]
)
NEGATION = (
    r"not|no|never|without|ruled? out|ruling out|rather than|instead of|unrelated(?: to)?|\w+n['’]t|"
    r"den(?:y|ies|ied)"
)
TIED = r"(?:caused|triggered) by|due to|because of|(?:related|linked) to|the result of"
DENIED = re.compile(
    rf"\b(?:{NEGATION})\b(?: (?:been |directly )?(?:{TIED}))?"
    r"(?:(?!\b(?:because|due to|caused by|as a result|owing to|but|however|although|when|after|since)\b)"
    r"(?!, which\b)[^.;:!?]){0,70}$"
)
DOUBTED = re.compile(
    r"^[\s\w]{0,12}\b(?:was|were|is|are|had been) (?:\w+ )?(?:suspected|feared|rumou?red|assumed)"
)
GUESSED = re.compile(
    r"\b(?:may|might|could|possibl[ey]|potential(?:ly)?|suspect\w*|speculat\w*|rumou?r\w*|fear(?:s|ed)?|believed?|"
    r"appears?|likely|initial(?:ly)? (?:thought|suggest\w*)|claim(?:s|ed)?|allege\w*)\b"
)
ACTS = "deploy|roll|add|increas|implement|scal|apply|push|mov|shift|restor|work|updat|throttl|limit|block"
REMEDY = re.compile(
    rf"\b(?:we(?:['’]re| are| will|['’]ll| have| plan)?(?: now| currently| also)? (?:{ACTS})\w*|"
    r"to (?:prevent|mitigate|protect|reduce|avoid|defend)|"
    r"(?:resistance|resilien\w+|protect\w*|shield\w*|defen[cs]es?|guard\w*) (?:to|against|from)|"
    r"deploy\w* (?:a|the) (?:fix|mitigation|change)|(?:roll|rolled|rolling)[ -]?back|"
    r"as a (?:potential )?fix|(?:corrected|fixed) in|will (?:be )?(?:deploy|updat|upgrad)\w*|"
    r"fix (?:was|has been|is) |"
    r"power (?:was|has been|is|had been) (?:\w+ )?restored|restor\w+ (?:of )?power)"
)
# What is felt, not why: "elevated DNS failures", "insufficient capacity errors", "increased load times".
FELT = re.compile(
    r"\b(?:elevated|increas\w+|experienc\w+|investigating|intermittent|observ\w+|see(?:ing)?)\s(?:[\w-]+\s){0,3}$"
)
# Of another outage than this one, unless it is tied to it in words.
EARLIER = re.compile(
    r"\b(?:days?|weeks?|months?|years?) (?:earlier|before|ago)\b|\blast (?:week|month|year)\b"
)
# Why it took so long is not why it happened.
LONGER = re.compile(
    r"\b(?:took|takes|taking) (?:(?:\w+ )?longer|until)\b|\bprolong\w*|\bslowed (?:the |our )?recovery\b"
)
NO_LOAD = re.compile(r"[\s-]*(?:balanc|times?\b|errors?\b)")
LOOSE = frozenset({"cause:named", "cause:weak", f"cause:{Tie.BEFORE}", f"cause:{Tie.TOUCHES}"})
PLAIN = frozenset(
    {Cause.POWER, Cause.COOLING, Cause.NATURAL_EVENT, Cause.SECURITY_DDOS, Cause.CERTIFICATE_EXPIRY}
)
# Changes that customers make and that come late are a symptom, not a cause.
NOT_APPLIED = re.compile(
    r"\b(?:propagat\w*|not (?:taking|take) effect|changes (?:were|are|may be) (?:being )?delayed)\b"
)
FORWARD = {Tie.ROOT: 4.0, Tie.BEHIND: 3.0, Tie.TRIGGER: 2.0, Tie.AFTER: 1.5}
BACKWARD = {Tie.BEFORE: 2.5, Tie.TOUCHES: 1.0}
# What is told first need not be the first technical cause: an overload has one of its own, while a storm that
# only cut the power, or a power cut that only stopped the cooling, gives way to what failed (design, words).
ORIGINS: dict[Cause, tuple[frozenset[Cause], float]] = {
    Cause.NATURAL_EVENT: (frozenset({Cause.POWER, Cause.COOLING, Cause.NETWORK}), 3.0),
    Cause.POWER: (frozenset({Cause.COOLING}), 1.5),
    Cause.HARDWARE: (frozenset({Cause.COOLING}), 2.0),
    Cause.CAPACITY_OVERLOAD: (
        frozenset(
            {
                Cause.NETWORK,
                Cause.POWER,
                Cause.COOLING,
                Cause.HARDWARE,
                Cause.CONFIGURATION_CHANGE,
                Cause.DEPLOYMENT,
                Cause.SOFTWARE_BUG,
                Cause.SECURITY_DDOS,
                Cause.HUMAN_ERROR,
            }
        ),
        1.0,
    ),
    Cause.SOFTWARE_BUG: (frozenset({Cause.CONFIGURATION_CHANGE, Cause.DNS}), 1.0),
    Cause.MAINTENANCE: (frozenset(Cause) - {Cause.MAINTENANCE, Cause.UNKNOWN}, 2.5),
    Cause.NETWORK: (
        frozenset({Cause.CONFIGURATION_CHANGE, Cause.DEPLOYMENT, Cause.SOFTWARE_BUG, Cause.HARDWARE}),
        0.5,
    ),
}
NEAR = 160
END_OF_CLAUSE = re.compile(r"[.;!?](?:\s|$)|, (?:which|and|but|causing|leading|while)\b")
LABELLED = re.compile(r"[\s*•-]*(?:the )?(?:\w+ )?(?:root )?cause\s?[:–-]")
LEAST_WORDS, MOST_WORDS = 5, 200
LEAST = 1.1


@dataclass(frozen=True, slots=True)
class Candidate:
    cause: Cause
    sentence: Sentence
    score: float
    rule: str


def read_cause(
    text: Text, *, within: Container[Sentence] | None = None, is_organisation: bool = False
) -> Found | None:
    """The first technical cause, or None where the text (or its sentences `within`) gives none.

    `is_organisation`: the text tells of an organisation's outage, so a provider's failure may be its cause.
    """
    spots = [
        spot
        for group in text.find(CAUSE_WORDS).values()
        for spot in group
        if is_organisation or not spot.payload.of_organisation
    ]
    stated: list[Candidate] = []
    guessed: list[Candidate] = []
    denied: set[Cause] = set()
    ties = text.find(TIES) if spots else {}
    for spot in spots:
        if spot.sentence.section is Section.FOLLOW_UP or (within and spot.sentence not in within):
            continue
        before = text.low[spot.sentence][: spot.start]
        if spot.payload.cause is Cause.CONFIGURATION_CHANGE and NOT_APPLIED.search(text.low[spot.sentence]):
            continue
        if DENIED.search(before):
            denied.add(spot.payload.cause)
            continue
        candidate = weigh(spot, apart(ties.get(spot.sentence, ())), text.low[spot.sentence])
        if candidate.score >= LEAST and not is_felt(spot, candidate.rule, text.low[spot.sentence]):
            (guessed if is_guess(text.low[spot.sentence], spot) else stated).append(candidate)
    left = stated + [candidate for candidate in guessed if candidate.cause not in denied]
    if not left:
        return None
    best = nearest_origin(left)
    return Found(best.cause, best.sentence, best.rule, min(0.95, 0.4 + best.score / 12))


def read_trigger(text: Text, *, within: Container[Sentence] | None = None) -> Found | None:
    """What set it off, in the sentence's own words."""
    for sentence, spots in text.find(TIES).items():
        if sentence.section is Section.FOLLOW_UP or (within and sentence not in within):
            continue
        for spot in apart(spots):
            words = END_OF_CLAUSE.split(sentence.text[spot.end :], maxsplit=1)[0].strip(" :,")
            if spot.payload is Tie.TRIGGER and len(words) > LEAST_WORDS:
                return Found(words[:MOST_WORDS], sentence, "trigger", 0.7)
    return None


def apart(spots: Iterable[Spot[T]]) -> Iterator[Spot[T]]:
    """Without those that begin inside another: "caused by" is no "caused"."""
    end = 0
    for spot in spots:
        if spot.start >= end:
            yield spot
            end = spot.end


def nearest_origin(candidates: list[Candidate]) -> Candidate:
    """The surest one, unless it is what another one in the text leads to."""
    best = max(candidates, key=lambda candidate: candidate.score)
    for shown, (origins, slack) in ORIGINS.items():
        if best.cause is shown:
            better = [c for c in candidates if c.cause in origins and c.score >= best.score - slack]
            best = max(better, key=lambda candidate: candidate.score, default=best)
    return best


def is_felt(spot: Spot[CauseWord], rule: str, low: str) -> bool:
    """Is this only what users noticed?"""
    if spot.payload.cause is Cause.CAPACITY_OVERLOAD and NO_LOAD.match(low, spot.end):
        return True
    return rule in LOOSE and spot.payload.cause not in PLAIN and FELT.search(low[: spot.start]) is not None


def is_guess(low: str, spot: Spot[T]) -> bool:
    return bool(GUESSED.search(low[max(0, spot.start - 60) : spot.start]) or DOUBTED.search(low[spot.end :]))


def weigh(spot: Spot[CauseWord], ties: Iterable[Spot[Tie]], low: str) -> Candidate:
    """How surely this phrase names the cause: itself, its section, and what ties it to the failure."""
    is_strong = spot.payload.is_strong
    score, rule = (1.5, "cause:named") if is_strong else (0.0, "cause:weak")
    tied, depth = 0.0, 0
    for tie in ties:
        if tie.end <= spot.start:
            weight = FORWARD.get(tie.payload)
            if weight is None:
                depth -= tie.payload is Tie.BEFORE
                tied = min(tied, 1.0)
            elif spot.start - tie.end <= NEAR:
                if tie.payload is not Tie.TRIGGER:
                    depth += 1
                if weight >= tied:
                    tied, rule = weight, f"cause:{tie.payload}"
        elif 0 <= tie.start - spot.end <= NEAR and BACKWARD.get(tie.payload, 0.0) > tied:
            tied, rule = BACKWARD[tie.payload], f"cause:{tie.payload}"
    if LABELLED.match(low) and tied < BACKWARD[Tie.BEFORE]:
        tied, rule = BACKWARD[Tie.BEFORE], "cause:label"
    score += tied + 0.4 * max(-2, min(depth, 3))
    if spot.sentence.section is Section.CAUSE:
        score += 2 if tied or is_strong else 1
    elif spot.sentence.section is Section.RESPONSE:
        score -= 1
    # What is too weak already need not be doubted: these searches cost more than all the rest.
    if score >= LEAST:
        score -= 2 * sum(aside.search(low) is not None for aside in (EARLIER, LONGER))
        clause = spot.end + len(END_OF_CLAUSE.split(low[spot.end :], maxsplit=1)[0])
        score -= 2 * (REMEDY.search(low, 0, clause) is not None)
    return Candidate(spot.payload.cause, spot.sentence, score, rule)
