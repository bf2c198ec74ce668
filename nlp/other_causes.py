"""A cause of an organisation's own: what its text blames, where that is no class of failure and no cloud.

"Due to a stuck indexer", "traced to the audit process", "amid a sell-off": whatever else fell in those hours,
such an outage is explained. What is vague ("a technical issue") or may be a cloud ("our hosting provider")
explains nothing.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from nlp.causes import DENIED, GUESSED, NEGATION, TIES, Tie, apart
from nlp.dependencies import is_cloud, is_ground
from nlp.document import Mention
from nlp.findings import Found
from nlp.phrases import Phrases
from nlp.sentences import Section, Sentence, Text

OWN_KEY = "of-its-own"
"""The key of a cause that has no class: two texts that blame two things of their own agree in that."""
BLAMES = frozenset({Tie.ROOT, Tie.BEHIND, Tie.TRIGGER})
PARTS = (
    "drive/drives/disk/disks/storage/database/databases/replica/replicas/cluster/clusters/node/nodes/master/indexer/"
    "indexers/engine/engines/cache/queue/queues/messaging/ledger/wallet/wallets/oracle/oracles/validator/validators/"
    "sequencer/sequencers/bridge/backup/backups/gateway/scheduler/audit/server/servers/api"
)
BREAKS = (
    "fail*/lost/fell/broke/broken/hung/hangs/stuck/crash*/froze/frozen/stall*/lagg*/corrupt*/diverg*/disagree*/"
    "overrun/seized/instability/unstable"
)
MUCH = (
    "heavy/high/higher/record/unprecedented/unusual/unusually/extreme/extremely/exceptional/sudden/massive/huge/"
    "peak"
)
OWN: Phrases[int] = Phrases(
    [
        ("<part> . <breaks>", 1),
        ("stuck/hung/corrupt*/faulty/broken/crashed/stale/misbehaving . <part>", 1),
        ("instability of/in .. <part>", 1),
        ("race in/around/between/when", 1),
        ("corrupt* .. data/state/records/balances", 1),
        ("inconsistent data/state/balances", 1),
        ("wrong order of", 1),
        ("requests/orders of/from .. bot/bots", 1),
        ("partner/broker/bank/custodian could/was not/unable", 1),
        ("anti malware/virus", 1),
        ("antivirus/antimalware", 1),
        ("chain/blockchain/network/mainnet/consensus halt*/stall*/stopped/paused/fork/failure", 1),
        ("halted/stopped/stalled/paused .. chain/blockchain/block production/mainnet", 1),
        ("stopped/ceased producing/finalising/finalizing blocks", 1),
        ("split brain", 1),
        ("matching/trading/risk/liquidation engine fail*/fault*/crash*/froze/stalled/paused/bug/issue", 1),
        ("out of sync/step with", 1),
        ("failed/faulty/botched/bad failover/upgrade/migration/release/restart/patch", 1),
        ("stopped/halted/paused .. as designed", 1),
        ("<much> . traffic/load/demand/volume/volumes/activity/usage", 1),
    ],
    {"part": PARTS, "breaks": BREAKS, "much": MUCH},
)
"""Failures that are an organisation's own wherever they are told."""
MARKET: Phrases[int] = Phrases(
    [
        ("sell/sells/sold/selling off/offs", 1),
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
    r"\b(?:clouds?|hosting|hosted|data ?cent(?:er|re)s?|upstream|regions?|availability zones?|cdn|isps?|"
    r"internet|dns|(?:service|infrastructure|network|third[- ]party|external|connectivity|hosting|our|its|"
    r"their|a) "
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
TO_BLAME = re.compile(
    r"(?P<words>[^.;:!?]+?) (?:was|were|is|are) (?:(?:\w+ )?(?:to blame|at fault|responsible)|behind)\b"
)
END_OF_CLAUSE = re.compile(r"[.;!?](?:\s|$)|, (?:which|and|but|while|leaving|causing|though|although)\b")
MOST_WORDS = 120
UNTIED = re.compile(rf"\b(?:{NEGATION})\b[^.;]{{0,40}}$")


@dataclass(frozen=True, slots=True)
class Names:
    """What others stand on, in one sentence: the offsets of clouds, and the words of other such names."""

    clouds: frozenset[int] = frozenset()
    others: tuple[str, ...] = ()


def read_other_cause(text: Text, mentions: Sequence[Mention], within: Container[Sentence]) -> Found | None:
    """The first such cause that the organisation's sentences give, in the text's own words."""
    by_sentence = names_of(text, mentions)
    for sentence in text.sentences:
        if sentence not in within or sentence.section is Section.FOLLOW_UP:
            continue
        if words := next(blamed(text, sentence, by_sentence.get(sentence, Names())), ""):
            return Found(words[:MOST_WORDS].strip(), sentence, "other-cause", 0.7)
    return None


def names_of(text: Text, mentions: Sequence[Mention]) -> dict[Sentence, Names]:
    clouds: dict[Sentence, set[int]] = {}
    others: dict[Sentence, list[str]] = {}
    for mention in mentions:
        sentence = text.around(mention.evidence)
        if sentence is None or not is_ground(mention):
            continue
        if is_cloud(mention):
            clouds.setdefault(sentence, set()).add((mention.evidence.start or 0) - sentence.start)
        else:
            others.setdefault(sentence, []).append(mention.text.lower())
    told = clouds.keys() | others.keys()
    return {s: Names(frozenset(clouds.get(s, ())), tuple(others.get(s, ()))) for s in told}


def blamed(text: Text, sentence: Sentence, names: Names) -> Iterator[str]:
    low = text.low[sentence]
    if stated := STATED.match(low):
        yield from told(sentence, low, stated.start("words"), names)
    for blame in TO_BLAME.finditer(low):
        if not DENIED.search(low[: blame.end()]):
            yield from told(sentence, low[: blame.end("words")], blame.start("words"), names)
    for spot in apart(text.find(TIES).get(sentence, ())):
        if spot.payload in BLAMES and not UNTIED.search(low[: spot.start]):
            yield from told(sentence, low, spot.end, names)
    if has_cloud(low, 0, len(low), names):
        return
    for own in text.find(OWN).get(sentence, ()):
        if not DENIED.search(low[: own.start]):
            yield sentence.text[own.start : own.end]
    for rush in text.find(MARKET).get(sentence, ()):
        before = low[: rush.start]
        if BESIDE.search(before) and not DENIED.search(before):
            yield sentence.text[rush.start : rush.end]


def told(sentence: Sentence, low: str, start: int, names: Names) -> Iterator[str]:
    """What stands behind the tie, where it says something and no cloud may be meant: that a vendor failed
    tells not why."""
    end = start + len(END_OF_CLAUSE.split(low[start:], maxsplit=1)[0])
    words = low[start:end]
    rest = words
    for name in names.others:
        rest = rest.replace(name, "")
    if VAGUE.sub("", rest) and not GUESSED.search(words) and not has_cloud(low, start, end, names):
        yield sentence.text[start:end].strip(" :,")


def has_cloud(low: str, start: int, end: int, names: Names) -> bool:
    return CLOUDY.search(low, start, end) is not None or any(start <= at < end for at in names.clouds)
