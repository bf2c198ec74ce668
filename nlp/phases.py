"""How far a record says its incident has come: the last stage that its posts reach; news has none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.document import DocumentKind, Passage, Phase
from nlp.findings import Found
from nlp.phrases import Phrases
from nlp.sentences import Sentence, Spot, Text

STATUS_WORDS: dict[str, Phase] = {
    "investigating": Phase.INVESTIGATING,
    "mitigating": Phase.IDENTIFIED,
    "recovering": Phase.MONITORING,
    "mitigated": Phase.RESOLVED,
    "fixed": Phase.RESOLVED,
    "closed": Phase.RESOLVED,
    "recovered": Phase.RESOLVED,
    "issue": Phase.INVESTIGATING,
    "update": Phase.INVESTIGATING,
    "identified": Phase.IDENTIFIED,
    "in progress": Phase.IDENTIFIED,
    "monitoring": Phase.MONITORING,
    "verifying": Phase.MONITORING,
    "resolved": Phase.RESOLVED,
    "completed": Phase.RESOLVED,
    "retroactive": Phase.RESOLVED,
    "postmortem": Phase.POSTMORTEM,
    "post-mortem": Phase.POSTMORTEM,
}
ORDER = list(Phase)
STEP = 0.3
"""How sure a stage on the way is: less than the one that the record has reached."""

PHRASES: Phrases[Phase] = Phrases(
    [
        ("incident post mortem", Phase.POSTMORTEM),
        ("postmortem/retrospective", Phase.POSTMORTEM),
        ("post mortem", Phase.POSTMORTEM),
        ("post incident review/report", Phase.POSTMORTEM),
        ("failure/incident/outage report", Phase.POSTMORTEM),
        ("preliminary incident statement", Phase.POSTMORTEM),
        ("has/have/had been .. resolved/fixed/mitigated/remediated", Phase.RESOLVED),
        ("is/are/was/were .. resolved/fixed", Phase.RESOLVED),
        (
            "service/services/trading/access/functionality/connectivity has/have/was/were .. restored",
            Phase.RESOLVED,
        ),
        ("is/are/was/were now? fully? mitigated", Phase.RESOLVED),
        ("have resolved/fixed/remediated/mitigated/restored", Phase.RESOLVED),
        ("issue/incident/problem/outage resolved/mitigated", Phase.RESOLVED),
        ("service/services is/are operating normally", Phase.RESOLVED),
        ("normal operations/operation/functions resumed", Phase.RESOLVED),
        ("resumed normal", Phase.RESOLVED),
        ("returned to normal", Phase.RESOLVED),
        ("fully recovered/restored/operational", Phase.RESOLVED),
        ("all/functions/systems/operations .. have/has been? .. restored", Phase.RESOLVED),
        ("all/functions/systems/operations/trading/services .. was/were .. restored/normal", Phase.RESOLVED),
        ("team/teams/engineers mitigated/resolved/fixed the/this issue/problem/incident", Phase.RESOLVED),
        ("issue/incident/problem was/is .. .. resolved/mitigated/fixed by", Phase.RESOLVED),
        ("all systems operational", Phase.RESOLVED),
        ("full recovery of/for/has/was", Phase.RESOLVED),
        ("incident/issue/event is over/closed", Phase.RESOLVED),
        ("trading/service/services resumed/restored", Phase.RESOLVED),
        ("status mitigated/resolved/closed/fixed", Phase.RESOLVED),
        ("maintenance .. .. .. .. has/was been? completed/finished", Phase.RESOLVED),
        ("normal service/services/trading/operation resumed/restored", Phase.RESOLVED),
        ("has/have been .. completed", Phase.RESOLVED),
        ("is/are available/open/live/accessible/tradable again", Phase.RESOLVED),
        ("is/are/was/were/has been/have been reopened/reinstated/lifted/re-enabled", Phase.RESOLVED),
        ("have/has resumed", Phase.RESOLVED),
        ("resumed all/full/normal", Phase.RESOLVED),
        ("have/has reopened", Phase.RESOLVED),
        ("works/work as usual/normal/before/expected", Phase.RESOLVED),
        ("working as usual/normal/expected", Phase.RESOLVED),
        ("is/are/was/were back .. normal/online/up", Phase.RESOLVED),
        ("is/are/was/were now? over", Phase.RESOLVED),
        ("no longer experiencing/seeing/affected/impacted/occurring", Phase.RESOLVED),
        ("issue/incident/problem/outage/event ended/concluded", Phase.RESOLVED),
        ("connectivity/service/access/performance .. has/have fully? recovered/returned", Phase.RESOLVED),
        ("will resume", Phase.MONITORING),
        ("are/is monitoring", Phase.MONITORING),
        ("will/to keep an eye on", Phase.MONITORING),
        ("will/to continue monitoring/watching", Phase.MONITORING),
        ("we'll/will/to monitor", Phase.MONITORING),
        ("backlog .. remains/remain/clearing/draining/processed", Phase.MONITORING),
        (
            "error rates/latencies/errors .. begun/starting/started/continue to? fall/decrease/drop/improve",
            Phase.MONITORING,
        ),
        ("succeed/succeeding/recovering again/now", Phase.MONITORING),
        ("is/are being processed again", Phase.MONITORING),
        ("beginning/starting/begun/started to see .. recovery/improvement*/progress", Phase.MONITORING),
        ("seeing/see/observe/observing .. improvement*", Phase.MONITORING),
        (
            "error/errors/latency/latencies/rates .. coming/going/trending/heading/dropping down/lower",
            Phase.MONITORING,
        ),
        ("has/have been .. .. taken out of rotation/service", Phase.MONITORING),
        ("is/are/has/have .. recovering/improving", Phase.MONITORING),
        ("are/is rolling back", Phase.IDENTIFIED),
        ("have/has identified", Phase.IDENTIFIED),
        ("fix has/was been? implemented/applied/deployed", Phase.MONITORING),
        ("implemented/applied/deployed a/the fix/mitigation", Phase.MONITORING),
        ("monitoring the results/situation/recovery/progress", Phase.MONITORING),
        ("continue/continuing to monitor", Phase.MONITORING),
        ("signs/sign of .. recovery", Phase.MONITORING),
        ("seeing/observing .. recovery/improvement", Phase.MONITORING),
        ("recovery is/are/now in? progress/progressing/underway", Phase.MONITORING),
        ("recovery in progress", Phase.MONITORING),
        ("majority of .. .. recovered/returned", Phase.MONITORING),
        ("have/has recovered", Phase.MONITORING),
        ("should be resolved/mitigated", Phase.MONITORING),
        ("believed to be resolved/mitigated", Phase.MONITORING),
        ("identified .. cause/issue/problem/source", Phase.IDENTIFIED),
        ("root cause has/was/is .. identified", Phase.IDENTIFIED),
        ("identified .. .. .. as .. cause", Phase.IDENTIFIED),
        ("isolated .. cause/issue", Phase.IDENTIFIED),
        ("cause/issue/problem .. identified", Phase.IDENTIFIED),
        ("mitigation work is", Phase.IDENTIFIED),
        ("have/has determined/found/discovered/established/traced/confirmed .. that/to/as", Phase.IDENTIFIED),
        ("we/engineers/team found/determined/discovered/traced", Phase.IDENTIFIED),
        ("traced .. to", Phase.IDENTIFIED),
        (
            "rollback/restart/restarts/repair/repairs/failover/fix is/are .. underway/progress/way",
            Phase.IDENTIFIED,
        ),
        ("rolling back", Phase.IDENTIFIED),
        (
            "begun/began/started/starting to? roll*/deploy*/replac*/restart*/revert*/reroute/fail",
            Phase.IDENTIFIED,
        ),
        (
            "rolling/deploying/implementing/applying/preparing/testing .. fix/mitigation/patch/workaround",
            Phase.IDENTIFIED,
        ),
        ("stems/stemmed/resulted/resulting/results from", Phase.IDENTIFIED),
        ("is/are/was/were behind", Phase.IDENTIFIED),
        ("is/was responsible", Phase.IDENTIFIED),
        ("because of a/an/our/the", Phase.IDENTIFIED),
        ("due to an?", Phase.IDENTIFIED),
        ("owing to", Phase.IDENTIFIED),
        ("as a result of", Phase.IDENTIFIED),
        ("replacing .. them/it/hardware/device/switch/router", Phase.IDENTIFIED),
        ("caused by", Phase.IDENTIFIED),
        ("has/have caused", Phase.IDENTIFIED),
        ("due to a/an/the", Phase.IDENTIFIED),
        ("can confirm a/the loss", Phase.IDENTIFIED),
        ("working on/to/toward/towards .. fix/recovery/resolution", Phase.INVESTIGATING),
        ("investigat*", Phase.INVESTIGATING),
        ("we are aware", Phase.INVESTIGATING),
        ("experiencing an issue", Phase.INVESTIGATING),
    ]
)
RESOLVED_TITLE = re.compile(
    r"(?:^|:)\s*[\[(]?(?:resolved|mitigated|rca)\b|(?:[-–—:|]\s*|[\[(])(?:resolved|mitigated|fixed|closed)[\])]?\s*$",
    re.IGNORECASE,
)
REPORT_TITLE = re.compile(
    r"\b(?:post[\s-]?mortem|post[\s-]incident|failure report|incident report|RCA)\b", re.IGNORECASE
)
# How Google's reviews begin, and how all of them go on.
REVIEW_HEADING = re.compile(
    r"[#*\s]*(?:ISSUE SUMMARY|(?:DETAILED )?DESCRIPTION OF IMPACT|REMEDIATION AND PREVENTION)[*:\s]*$",
    re.IGNORECASE,
)
LABEL = re.compile(
    r"(?:current )?(?:status\s?:\s?)?(investigating|identified|mitigating|monitoring|recovering|mitigated"
    r"|resolved|recovered|fixed|closed|postmortem|post-mortem)\b\s?(?:[:.–-]|$)",
    re.IGNORECASE,
)
ONGOING = re.compile(
    r"\b(?:continue|continuing|working|work) (?:to work )?towards? (?:full )?(?:resolution|recovery)|"
    r"\b(?:still|continue to) (?:see|seeing|experience|experiencing|investigat\w+)\b|\bnot (?:yet )?fully\b|"
    r"\b(?:remaining|outstanding) (?:issues?|instances|volumes|customers|impact)\b"
)
NOT_YET = re.compile(
    r"\b(?:once|until|when|if|after|before|as soon as|will|would|should|expect(?:ed)?|to be|not|partially)"
    r"\b[^.;]{0,60}$"
)

ONCE = re.compile(r"\b(?:once|until|when|as soon as|before)\b[^.;,]{0,40}$")


def read_phase(text: Text) -> Found | None:
    """The last stage reached; None for news. A record that names no stage has only said that it is broken."""
    document = text.document
    if document.kind is DocumentKind.NEWS or not text.sentences:
        return None
    first = text.sentences[0]
    if document.kind is DocumentKind.PIR or REPORT_TITLE.search(document.title):
        return Found(Phase.POSTMORTEM, first, "phase:review", 0.9)
    if review := next((s for s in text.sentences if REVIEW_HEADING.match(s.text)), None):
        return Found(Phase.POSTMORTEM, review, "phase:review", 0.85)
    if stated := stated_status(text):
        return stated
    if RESOLVED_TITLE.search(document.title):
        return Found(Phase.RESOLVED, first, "phase:title", 0.95)
    return labelled(text) or furthest(text) or Found(Phase.INVESTIGATING, first, "phase:record", 0.4)


def read_steps(text: Text, reached: Found) -> list[Found]:
    """The stages before the one reached, each where a post of its own first says so: milestones.

    Status words alone count, and what posts say in so many words; a record that was opened again has none.
    """
    last = reached.sentence.passage
    if last is None or text.document.kind is DocumentKind.PIR:
        return []
    first: dict[Phase, Found] = {}
    for step in (*status_steps(text), *worded_steps(text)):
        passage = step.sentence.passage
        phase = Phase(step.value)
        if passage is not None and passage < last and ORDER.index(phase) < ORDER.index(Phase(reached.value)):
            before = first.get(phase)
            if before is None or passage < (before.sentence.passage or 0):
                first[phase] = step
    return [first[phase] for phase in ORDER if phase in first]


def stated_phase(passage: Passage) -> Phase | None:
    """What the status word of a post says."""
    return STATUS_WORDS.get(passage.status.casefold().strip())


def status_steps(text: Text) -> Iterator[Found]:
    for n, passage in enumerate(text.document.passages):
        phase = stated_phase(passage)
        if phase and n in text.of:
            yield Found(phase, text.of[n][0], "phase:step", STEP)


def worded_steps(text: Text) -> Iterator[Found]:
    for spots in text.find(PHRASES).values():
        for spot in spots:
            if is_reached(spot, text) and spot.payload is not Phase.RESOLVED:
                yield Found(spot.payload, spot.sentence, "phase:step", STEP)


def stated_status(text: Text) -> Found | None:
    """The status word of the latest post that has one."""
    for n in range(len(text.document.passages) - 1, -1, -1):
        phase = stated_phase(text.document.passages[n])
        if phase and n in text.of:
            return Found(phase, text.of[n][0], "phase:status", 0.95)
    return None


def labelled(text: Text) -> Found | None:
    """The furthest of the labels that head posts pasted into one text ("Monitoring - A fix ...")."""
    found = [(label, s) for s in text.sentences if s.passage is not None and (label := LABEL.match(s.text))]
    if not found:
        return None
    reached = [(STATUS_WORDS[label[1].casefold()], sentence) for label, sentence in found]
    phase, sentence = max(reached, key=lambda one: ORDER.index(one[0]))
    return Found(phase, sentence, "phase:label", 0.9)


def furthest(text: Text) -> Found | None:
    reached = [spot for spots in text.find(PHRASES).values() for spot in spots if is_reached(spot, text)]
    if not reached:
        return None
    best = max(
        reached, key=lambda spot: (ORDER.index(spot.payload), spot.sentence.passage or 0, spot.sentence.start)
    )
    if best.payload is Phase.RESOLVED and goes_on(text, best.sentence):
        return Found(Phase.MONITORING, best.sentence, "phase:partly", 0.6)
    return Found(best.payload, best.sentence, "phase:words", 0.75)


def goes_on(text: Text, resolved: Sentence) -> bool:
    """A part is well again, and the words behind it, or beside it, say that work goes on."""
    last = text.sentences.index(resolved)
    return any(ONGOING.search(text.low[sentence]) for sentence in text.sentences[last:])


def is_reached(spot: Spot[Phase], text: Text) -> bool:
    """Not "once it has been resolved"; and a post-mortem only as a heading of its own."""
    sentence: Sentence = spot.sentence
    if spot.payload is Phase.POSTMORTEM:
        return len(sentence.text) < 60
    if spot.payload is Phase.MONITORING and ONCE.search(text.low[sentence][: spot.start]):
        return False
    return spot.payload is not Phase.RESOLVED or not NOT_YET.search(text.low[sentence][: spot.start])
