"""What users noticed: errors, no service, delay, worse service, or something else."""

from __future__ import annotations

from collections.abc import Container

from nlp.document import Symptom
from nlp.findings import Found
from nlp.phrases import Phrases
from nlp.sentences import Section, Sentence, Spot, Text

WORDS: Phrases[Symptom] = Phrases(
    [
        ("error/errors", Symptom.ERROR),
        ("fault/faults", Symptom.ERROR),
        ("fail/fails/failing/failed/failure/failures", Symptom.ERROR),
        ("http? 4xx/5xx/400/401/403/404/429/500/502/503/504", Symptom.ERROR),
        ("exception/exceptions", Symptom.ERROR),
        ("crash/crashes/crashing", Symptom.ERROR),
        ("connection/connectivity/startup/access fail*/drop*/loss", Symptom.UNAVAILABLE),
        ("connectivity/connection issue*/problem*", Symptom.UNAVAILABLE),
        ("network fail*", Symptom.UNAVAILABLE),
        ("unavailab*", Symptom.UNAVAILABLE),
        ("availability issue*/problem*/drop*", Symptom.UNAVAILABLE),
        ("unreachable/inaccessible/unresponsive*", Symptom.UNAVAILABLE),
        ("unable to/access/connect", Symptom.UNAVAILABLE),
        ("inability to .. access/connect/use/log", Symptom.UNAVAILABLE),
        ("difficulty/difficulties/issues/problems/trouble .. connecting/accessing", Symptom.UNAVAILABLE),
        ("went/goes/going/was/were/is/are down/offline/dark", Symptom.UNAVAILABLE),
        ("taken/knocked offline", Symptom.UNAVAILABLE),
        ("outage/outages", Symptom.UNAVAILABLE),
        ("loss of connectivity/service/access/traffic", Symptom.UNAVAILABLE),
        ("cannot/could not access/connect/reach", Symptom.UNAVAILABLE),
        ("terminated/termination/terminations", Symptom.UNAVAILABLE),
        ("interrupted/interruption/interruptions", Symptom.UNAVAILABLE),
        ("disruption/disrupted", Symptom.UNAVAILABLE),
        ("latency/latencies", Symptom.DELAY),
        ("delay/delays/delayed", Symptom.DELAY),
        ("slow/slower/slowness/slowdown/slowdowns/sluggish", Symptom.DELAY),
        ("timeout/timeouts", Symptom.DELAY),
        ("time/timed/timing out/outs", Symptom.DELAY),
        ("longer/increased .. time/times/than", Symptom.DELAY),
        ("propagation times", Symptom.DELAY),
        ("backlog/backlogs", Symptom.DELAY),
        ("degraded", Symptom.DEGRADED),
        ("degradation/degradations", Symptom.DEGRADED),
        ("packet/traffic loss", Symptom.DEGRADED),
        ("reduced performance/throughput/capacity", Symptom.DEGRADED),
        ("poor performance", Symptom.DEGRADED),
    ]
)
SECTIONS = (Section.BODY, Section.IMPACT)
# Sentences that sum up what was felt, best first.
TELLS: tuple[Phrases[int], ...] = (
    Phrases(
        [("between/from .. .. and/to .. .. experienced/experience/observed/encountered/saw/seen/noticed", 0)]
    ),
    Phrases([("may/might/would/will .. experience*/encounter*/see/seen/observe*/notice/receive*", 0)]),
    Phrases([("experienced/experiencing/encountered/encountering/observed/affected", 0)]),
)


def read_symptoms(text: Text, within: Container[Sentence]) -> list[Found]:
    """Each symptom once, with the sentence that tells it best; nothing is said as `other` by the caller."""
    found = {sentence: spots for sentence, spots in text.find(WORDS).items() if sentence in within}
    for tells in TELLS:
        told = text.find(tells)
        chosen = [s for s in told if s in found and s.section in SECTIONS and "apologi" not in text.low[s]]
        if chosen:
            return each_once(found, chosen[-2:])
    return each_once(found, [s for s in found if "apologi" not in text.low[s]])


def each_once(found: dict[Sentence, list[Spot[Symptom]]], sentences: list[Sentence]) -> list[Found]:
    first: dict[Symptom, Sentence] = {}
    for sentence in sentences:
        end = 0
        for spot in found[sentence]:
            if spot.start >= end:
                first.setdefault(spot.payload, sentence)
                end = spot.end
    return [Found(symptom, sentence, "symptom:words", 0.7) for symptom, sentence in first.items()]
