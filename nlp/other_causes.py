"""A cause of an organisation's own: what its text blames where that is no class of failure we name, and no cloud.

"Due to a stuck indexer", "traced to the audit process", "amid a sell-off": whatever else fell in those hours,
such an outage is explained. What is vague ("a technical issue") or may be a cloud ("our hosting provider")
explains nothing.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from nlp.causes import DENIED, GUESSED, NEGATION, TIES, Tie, apart
from nlp.document import EntityKind, Mention
from nlp.findings import Found
from nlp.phrases import Phrases
from nlp.sentences import Section, Sentence, Text
from nlp.vocabulary import terms_by_slug

OWN_KEY = "of-its-own"
"""The key of a cause that has no class: two texts that blame two things of their own agree in that."""
BLAMES = frozenset({Tie.ROOT, Tie.BEHIND, Tie.TRIGGER})
OWN: Phrases[int] = Phrases(
    [
        ("chain/blockchain/network/mainnet/consensus halt*/stall*/stopped/paused/fork/failure", 1),
        ("halted/stopped/stalled/paused .. chain/blockchain/block production/mainnet", 1),
        ("stopped/ceased producing/finalising/finalizing blocks", 1),
        ("split brain", 1),
        ("matching/trading/risk/liquidation engine fail*/fault*/crash*/froze/stalled/paused/bug/issue", 1),
        ("out of sync/step with", 1),
        ("failed/faulty/botched/bad failover/upgrade/migration/release/restart/patch", 1),
        ("cancel/cancels/cancelled by its own .. check/audit/safeguard", 1),
    ]
)
"""Failures that are an organisation's own wherever they are told."""
MARKET: Phrases[int] = Phrases(
    [
        ("sell off/offs", 1),
        ("market/price/flash crash*/plunge*/slump*/collapse*/rout/turmoil/swing*", 1),
        ("crash in/of .. price/prices/bitcoin/market/markets/crypto", 1),
        ("liquidation cascade*/wave*/spree", 1),
        ("cascad* liquidations", 1),
        ("record/mass/forced/heavy liquidations", 1),
        ("high/extreme/heavy/sharp/increased/market/price volatility", 1),
        ("volatile market*/trading/session", 1),
        ("trading/buying/selling frenzy/rush/panic/mania", 1),
        ("rush* to buy/sell/trade/exit/withdraw", 1),
        ("panic selling/buying", 1),
        ("token/coin listing/launch/sale/debut", 1),
        ("listing/launch/debut/airdrop/mint of", 1),
        ("airdrop/claim/ipo rush/day/launch", 1),
        ("listing rush", 1),
        ("stock splits", 1),
        ("bank run", 1),
        ("busiest .. day/session/hour", 1),
        ("bull/bear run", 1),
        ("rally/rallies", 1),
    ]
)
"""What brings a rush: a cause where a text sets the outage beside it."""
BESIDE = re.compile(
    r"\b(?:amid|amidst|during|as|when|while|after|following|because|due|caused|triggered|driven|led|brought|"
    r"sparked|under|on|from|overwhelm\w*|crash\w*|coincid\w*)\b"
)
CLOUDY = re.compile(
    r"\b(?:clouds?|hosting|hosted|data ?cent(?:er|re)s?|upstream|regions?|availability zones?|cdn|isps?|internet|"
    r"dns|(?:service|infrastructure|network|third[- ]party|external|connectivity|hosting|our|its|their|a) "
    r"(?:\w+ )?(?:providers?|suppliers?|vendors?)|third[- ]part(?:y|ies))\b"
)
"""May be somebody whose outages are recorded here."""
VAGUE = re.compile(
    r"\b(?:an?|the|our|its|their|this|that|these|those|some|it|we|was|were|is|are|been|be|has|have|had|of|in|on|at|"
    r"to|for|and|or|with|by|which|still|not|yet|being|several|multiple|certain|general|internal|technical|unknown|"
    r"unexpected|unforeseen|temporary|ongoing|current|recent|major|minor|brief|partial|intermittent|widespread|"
    r"known|unspecified|undisclosed|same|similar|operational|system|systems|systemwide|service|services|platform|"
    r"website|site|app|backend|back-?end|infrastructure|network|connectivity|connection|performance|access|"
    r"issues?|problems?|difficult\w*|errors?|glitch\w*|outages?|incidents?|disruptions?|interruptions?|faults?|"
    r"failures?|downtime|degrad\w*|latenc\w*|delays?|slow\w*|timeouts?|time-?outs?|unavailab\w*|elevated|increased|"
    r"trouble|situation|event|reasons?|circumstances|causes?|matter|today|yesterday|earlier|"
    r"published|released|disclosed|given|detailed|determined|confirmed|investigat\w*|under|investigation|"
    r"\w+day)\b|[\W\d_]+"
)
STATED = re.compile(r"^[\s*•-]*(?:root |the |likely )?(?:cause|reason|trigger)s?\s*[:–-]\s*(?P<words>.+)$")
END_OF_CLAUSE = re.compile(r"[.;!?](?:\s|$)|, (?:which|and|but|while|leaving|causing|though|although)\b")
MOST_WORDS = 120
NO_LONGER = re.compile(rf"\b(?:{NEGATION})\b[^.;]{{0,40}}$")


def read_other_cause(text: Text, mentions: list[Mention], within: Container[Sentence]) -> Found | None:
    """The first such cause that the organisation's sentences give, in the text's own words."""
    named = clouds(text, mentions)
    for sentence in text.sentences:
        if sentence not in within or sentence.section is Section.FOLLOW_UP:
            continue
        if words := next(blamed(text, sentence, named.get(sentence, ())), ""):
            return Found(words[:MOST_WORDS].strip(), sentence, "other-cause", 0.7)
    return None


def clouds(text: Text, mentions: list[Mention]) -> dict[Sentence, list[int]]:
    """By sentence: where it names a provider, or something of one's."""
    known = terms_by_slug()
    found: dict[Sentence, list[int]] = {}
    for mention in mentions:
        is_cloud = mention.kind is not EntityKind.ORGANISATION or (EntityKind.PROVIDER, mention.slug) in known
        sentence = text.at(mention.evidence.passage, mention.evidence.start or 0)
        if is_cloud and sentence is not None and mention.evidence.start is not None:
            found.setdefault(sentence, []).append(mention.evidence.start - sentence.start)
    return found


def blamed(text: Text, sentence: Sentence, named: Container[int]) -> Iterator[str]:
    low = text.low[sentence]
    if stated := STATED.match(low):
        yield from told(sentence, low, stated.start("words"), named)
    for spot in apart(text.find(TIES).get(sentence, ())):
        if spot.payload in BLAMES and not NO_LONGER.search(low[: spot.start]):
            yield from told(sentence, low, spot.end, named)
    for spot in text.find(OWN).get(sentence, ()):
        if not DENIED.search(low[: spot.start]) and not has_cloud(low, 0, len(low), named):
            yield sentence.text[spot.start : spot.end]
    for spot in text.find(MARKET).get(sentence, ()):
        before = low[: spot.start]
        if BESIDE.search(before) and not DENIED.search(before) and not has_cloud(low, 0, len(low), named):
            yield sentence.text[spot.start : spot.end]


def told(sentence: Sentence, low: str, start: int, named: Container[int]) -> Iterator[str]:
    """What stands behind the tie, where it says something and no cloud may be meant."""
    end = start + len(END_OF_CLAUSE.split(low[start:], maxsplit=1)[0])
    words = low[start:end]
    if VAGUE.sub("", words) and not GUESSED.search(words) and not has_cloud(low, start, end, named):
        yield sentence.text[start:end].strip(" :,")


def has_cloud(low: str, start: int, end: int, named: Container[int]) -> bool:
    return CLOUDY.search(low, start, end) is not None or any(at in named for at in range(start, end))
