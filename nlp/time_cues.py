"""The words around a time that tell what it says about the outage. Data; `nlp.time_roles` weighs them.

All but DATED are in lower case, and so must be the text: a search that minds no case is three times as slow.

A weight of 5 is a label ("Incident start:"), 4 says it outright, 3 says it of something that fails or works
again, 2 only suggests it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cue:
    weight: int
    rule: str
    words: re.Pattern[str]


def cue(weight: int, rule: str, *alternatives: str) -> Cue:
    return Cue(weight, rule, re.compile(rf"\b(?:{'|'.join(alternatives)})"))


NORMALLY = r"(?:operat|function|work|flow|perform|runn|progress)ing (?:as )?normal(?:ly)?\b"

# Before the time, in its sentence. The one that stands closest to the time decides.
STARTED = (
    cue(
        5,
        "start-label",
        r"(?:incident |impact |outage |event |issue )?(?:start|begin)(?:ed|ning)?(?: (?:time|date))?\s?:",
    ),
    cue(
        4,
        "began",
        r"(?:start|begin|commenc)(?:ed|ning|ting|s|ing)?\b(?!-)",
        r"began\b",
        r"onset\b",
        r"(?:trouble|problems?|issues?|outage|disruption|errors|symptoms) (?:first |initially |had )?"
        r"(?:show(?:ed|n)|emerged|surfaced|arose|appeared|set in|cropped|popped|broke out|kicked in|hit|came)"
        r"(?: up)?\b",
        r"(?:emerged|surfaced|set in)\b",
        r"first (?:signs?|reports?|alerts?|complaints?|errors?|failures?|symptoms?)\b",
    ),
    cue(
        3,
        "went-down",
        r"went (?:down|offline|dark)\b",
        r"(?:crash|occurr|erupt|happen|struck|hit)\w*\b",
        r"fell (?:over|offline|dark|silent)\b",
        r"ran into\b",
        r"developed (?:an? )?(?:\w+ )?(?:fault|problem|issue|trouble|error)s?\b",
        r"broke(?: down)?\b(?! out)",
        r"fail(?:ed|ures?)\b(?! over)",
        r"knocked (?:offline|out)\b",
        r"since\b",
        r"first (?:complain|notic|observ|report|detect|saw|seen|surfac|appear|alarm)\w*",
        r"(?:was|were) (?:declared|triggered)\b",
        r"(?:outages?|disruptions?|downtime|incident) (?:at|on|from|that)\b",
        r"suspend\w*\b",
        r"(?:halted|stopped|paused|froze)\b",
        r"(?:maintenance|read-only|halt) mode\b",
        r"(?:had )?(?:given up|gave up|died|gave out)\b",
    ),
    cue(
        2,
        "observed",
        r"aware\b",
        r"(?:observ|experienc|detect|notic|report|acknowledg|suffer|alert)\w*\b",
        r"saw\b",
        r"(?:was|were) (?:first )?(?:found|discovered|spotted|flagged|noticed)\b",
        r"problems\b",
        r"complain\w*",
        r"triggered\b",
        r"vanished\b",
        r"lost\b",
        r"(?:cancel|post|limit)[ -]only\b",
        r"tripped\b",
        r"interrupt(?:ed|ion)\b",
        r"disrupted\b",
        r"after\b[^.;,]{0,60}\b(?:chang|updat|releas|push|tripp)\w*",
        r"from(?= (?:about |around |roughly |approximately |shortly before |shortly after )?$)",
    ),
)
ENDED = (
    cue(
        5,
        "end-label",
        r"(?:incident |impact |outage |event |issue )?(?:end|resol|mitigat)(?:ed|ved)?(?: time)?\s?:",
    ),
    cue(
        4,
        "resolved",
        r"resolv(?:ed|es|ing)\b",
        r"resolution\b",
        r"(?:fully|completely) (?:restored|recovered|mitigated|operational|repaired|fixed)\b",
        r"(?:end(?:ed|ing)|concluded)\b",
        r"all clear\b",
        r"(?:and|then|but) (?:fully|completely|entirely)"
        r"(?= (?:(?:only|just|at|by|on|from|around|about|shortly|before|after) ?)+$)",
    ),
    cue(
        3,
        "restored",
        r"(?:restor|recover|remediat|mitigat|fix|repair|normali[sz])\w*\b",
        r"(?:is|are|was|were|came|come|got|up and) back\b",
        r"back (?:online|up|to normal|in service)\b",
        r"return(?:ed|ing)?\b(?! (?:an?\b|errors?|\d))",
        r"(?:operational|healthy)\b",
        r"(?:been|was|were) completed\b",
        NORMALLY,
        r"(?:resum|re-?open|re-?advertis|reinstat|re-?enabl|re-?activat|reconnect|unfroz|unfreez)\w*\b",
        r"(?:available|accessible|reachable|open|live|up|working|tradable|online) again\b",
        r"(?:lifted|brought back|switched back|turned back on|put out)\b",
        r"(?:trading|service|services|markets?|orders) (?:was |were )?re-?(?:start|open)ed\b",
        r"re-?started (?:trading|service|services|matching)\b",
        r"(?:was|were|is|are) (?:all |fully )?(?:normal|open)\b",
        r"until\b",
        r"till\b",
        r"last(?:ed|ing) (?:in)?to\b",
        r"(?:went on|continued|persisted|dragged on|stretched) (?:in)?to\b",
        r"through(?= (?:about |around |roughly |approximately )?$)",
        r"(?:was|were|is|declared|pronounced) (?:\w+ ){0,3}over\b",
        r"(?:all|everything) (?:was|is) (?:well|fine|normal)\b",
        r"(?:eased|abated|cleared)\b",
    ),
)
# Behind the time, in its sentence: "By 2:30 PM PST, we recovered", "at 11:27 the engine encountered".
THEN_STARTED = (
    cue(4, "then-began", r"(?:incident|impact|outage) (?:starts?|begins?)\b"),
    cue(
        3,
        "then-began",
        r"(?:began|started) (?:to )?(?:experienc|see|fail|return|encounter|receiv|report|degrad|exhibit)\w*",
        r"(?:experienc|encounter|suffer)(?:ed|ing)\b",
        r"went (?:down|offline|dark)\b",
        r"(?:outage|disruption|incident|issue|impact)s? (?:began|started|occurred|hit|struck)\b",
        r"(?:failed|crashed|expired|stopped|malfunctioned|tripped|collapsed|was declared)\b",
        r"(?:were|was) unable\b",
        r"lost (?:power|connectivity|access)\b",
    ),
    cue(
        2,
        "then-reported",
        r"(?:observed|detected|alerted|alarm\w*|reports?|reported|noticed|outage|disruption)\b",
    ),
)
THEN_ENDED = (
    cue(4, "then-resolved", r"(?:incident|impact|outage) (?:ends?|ended|over|resolved)\b"),
    cue(
        3,
        "then-resolved",
        r"(?:resum|restor|recover|resolv|mitigat|remediat)ed\b",
        r"return(?:ed|ing) to (?:normal|low|healthy|service)\b",
        r"(?:is|are|was|were|came) back\b",
        r"back (?:online|up|to normal|in service)\b",
        r"operational\b",
        NORMALLY,
        r"(?:fully|successfully) (?:processed|delivered|completed|drained)\b",
        r"fix in place\b",
        r"(?:available|accessible|reachable|open|live|up|working|online) again\b",
        r"(?:resumed|reopened|re-opened|reinstated|re-enabled|restored|back to normal|well again)\b",
        r"(?:was|were) (?:all )?normal\b",
        r"had (?:been )?(?:fully |all )?(?:fixed|repaired|cleared|ended|passed)\b",
        r"(?:no longer|stopped) (?:saw|seeing|see|observ\w+|experienc\w+|affect\w*)\b",
        r"(?:cleared|lifted) (?:the|its|all|this)\b",
        r"(?:declared|pronounced|called) (?:\w+ ){1,4}over\b",
        r"(?:problems?|trouble|errors|outages?) (?:had )?(?:eased|abated|cleared|ceased)\b",
    ),
)

PROMISED = re.compile(
    r"\b(?:(?<!during )(?<!after )(?<!following )(?<!during a )(?<!after a )(?<!following a )(?<!from )"
    r"(?:scheduled|planned)|will|we'll|shall|next update"
    r"|(?:further|another|more) (?:status )?(?:updates?|information)"
    r"|updates? (?:by|at|is|are)|expect(?:s|ed|ing)?|estimated?|eta|anticipat\w+"
    r"|plan(?:s|ning)? to|intend\w*|upcoming"
    r"|no later than|(?:is|are) due)\b"
)
PAST_TENSE = re.compile(r"\b(?:had|was|were|began|did)\b")


def is_promised(before: str) -> bool:
    """Do these words promise or expect what comes at the time behind them? "Requests will be slow, and all
    had recovered by" does not."""
    found = PROMISED.search(before)
    return found is not None and PAST_TENSE.search(before, found.end()) is None


_OUTAGES = r"(?:outages?|incidents?|disruptions?|failures?|crash(?:es)?|downtime)\b"
EARLIER_OUTAGE = re.compile(
    r"\b(?!following an? [\w ]+ (?:that|which) (?:began|started)\b)"
    r"(?:since|unlike|like|similar|compared (?:to|with)|reminiscent of|echo\w*|as in"
    rf"|(?:months|years|weeks) after|following (?:the|an?|last|two|three))\b"
    rf"[^.;]{{0,60}}\b{_OUTAGES}[^.;]{{0,40}}$"
    rf"|\b(?:previous|prior|earlier|past|last) (?:[\w-]+ ){{0,3}}{_OUTAGES},? "
    r"(?:which |that |was |were |happened |came |occurred |back ){0,3}(?:on|in|of|at)? ?$"
)
OUTAGES = re.compile(rf"\b{_OUTAGES}")


def is_of_earlier_outage(before: str) -> bool:
    return OUTAGES.search(before) is not None and EARLIER_OUTAGE.search(before) is not None


# What began or was restored is not the outage: an act, a part, a sign.
ACTS = re.compile(
    r"\b(?:recover|restor|mitigat|improv|deploy|roll(?:ed|ing)?[- ]?(?:out|back)|investigat|engineers?"
    r"|(?<!unscheduled )(?<!emergency )(?<!unplanned )maintenance"
    r"|upgrade|migrat|notif|publish|tweet|post(?:ed)?|fail(?:ed|ing)? ?over|restart|reboot(?!\w* in)|return"
    r"|decreas|subsid|review|updated)\w*"
)
# "Investigating - Starting at 17:10 UTC, ...": the stage of a post is no act.
POST_LABEL = re.compile(
    r"^\W*(?:investigating|identified|mitigat(?:ed|ing)|monitoring|recovering|resolved|updated?|in progress)"
    r"\s?[-–—:]\s"
)
# "Engineers look into an issue with Cloud Spanner beginning on ...": it is the issue that begins.
OF_TROUBLE = re.compile(
    rf"\b(?:issues?|problems?|outages?|incidents?|disruptions?) "
    rf"(?:with|affecting|impacting|in|at|on|for|that|which)\b"
    rf"(?:(?!{ACTS.pattern})[^.;])*$"
)
# Work towards an end is none: "was racing to restore its cloud on Wednesday".
STRIVING = re.compile(
    r"\b(?:work\w*|try|trying|tried|rac(?:e|es|ed|ing)|scrambl\w+|struggl\w+|efforts?|attempt\w*|aim\w*"
    r"|hop(?:e|es|ed|ing)|unable|fail(?:s|ed|ing)?|rush\w*|mov(?:ed|es|ing)|yet|continu\w+|begun|began|starting"
    r"|needed|waiting|battl\w+|wrestl\w+|hours|days) (?:hard |now |around the clock |still )?to "
    r"(?:fully |completely )?"
    r"(?:restor|recover|remediat|mitigat|fix|repair|normali[sz]|resolv|resum|re-?open)\w*\b"
    r"|\b(?:working|work) (?:on|towards?) (?:an? |the |its |full )*"
    r"(?:fix|restor\w+|recover\w*|resolution|repairs?)\b"
)
PARTLY = re.compile(
    r"\b(?:some|partial\w*|beg[aiu]n\w*|start\w*|seeing|signs?|should be|first|several|initial|temporar\w+"
    r"|a few)\b"
)
MOSTLY = re.compile(r"\b(?:majority|most|mostly|largely|many|nearly all|almost all)\b")
# "Was not resolved until 2:40 p.m." says when it was; "did not resume that day" does not.
NEGATED = re.compile(r"(?:\b(?:not|never|yet to|fail(?:ed|s)? to|unable to)\b|n['’]t\b)(?!.*\buntil\b)")
WHOLLY = re.compile(r"\b(?:all|full|fully|complete|completely|every)\b")
NOT_THE_SERVICE = re.compile(
    r"\b(?:power|cooling|electricity|chillers?|temperatures?|generators?|connection to|monitoring)\b"
)
MEASURED = re.compile(r"\brates? (?:was|were)\b|\baverag\w+|\bpeak(?:ed|ing)\b")
EXPERIENCED = re.compile(r"\b(?:experienc|disrupt|outage|unavailab|interrupt|impact)\w*")
DATED = re.compile(r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|\d{4}-\d\d|\d/\d")
OUTAGE = re.compile(
    r"\b(?:outages?|disrupt\w+|incidents?|issues?|errors?|unavailab\w+|degrad\w+|fail\w*|down(?:time)?"
    r"|vanish\w*|stopped|locked out|blank|frozen|froze"
    r"|offline|block\w*|stuck|slow\w*|stall\w*|broken|lost"
    r"|impact\w*|affect\w*|delay\w*|latenc\w+|suspen\w+|halt\w*|problems?|experienc\w+|crash\w*|interrupt\w*"
    r"|glitch\w*|unable|impair\w*|timeouts?|hit|unreachable|inaccessible|faults?|faulty|trouble|malfunction\w*"
    r"|meltdown|blackout|hiccups?|snags?|mishaps?|overheat\w*|flap\w*|could not|couldn['’]t|cannot|can['’]t"
    r"|freez\w+|standstill|interruptions?|defects?|keeled|collaps\w+|withdr\w+|dark|packet loss|reject\w*)\b"
)
RESOLVED = re.compile(
    r"\b(?:been|is|are|was|were|now|fully|completely) (?:now |fully |completely )*"
    r"(?:resolved|restored|remediated|mitigated|fixed)\b"
    r"|\b(?:has|have|had|now|fully|completely) (?:now |since |fully |completely )*recovered\b"
    r"|\bhave (?:now |fully )?(?:resolved|mitigated|remediated|fixed) (?:\w+ ){0,5}"
    r"(?:issue|problem|incident)\b"
    r"|\boperating normally\b|\bback to normal\b|\bfully operational\b|^(?:resolved|completed)\s?[-:–]"
    r"|\b(?:operational|available|accessible|working) again\b|\bresumed (?:all|full|normal)\b"
)
NOT_YET = re.compile(r"\b(?:until|not yet|once|when|if|should|expect\w*|believe|working)\b")
# A record that says this later on is still open.
STILL_OPEN = re.compile(
    r"\b(?:continu(?:e|es|ing) (?:to )?(?:work|investigat|address|see|experienc|monitor)"
    r"|(?:still|actively|currently) (?:work|investigat|see|experienc)|are (?:investigating|working|seeing)"
    r"|in progress|working (?:to|on|toward))"
)
UPDATE_PROMISED = re.compile(
    r"\bwill (?:provide|share|post|give|send) (?:you )?(?:with )?(?:an|another|more|further|additional)\s"
    r"(?:status )?(?:updates?|information)\b|\bnext update\b"
)
PRICES = re.compile(
    r"\b(?:tokens?|prices?|shares|stocks?|coins?|bitcoin|btc|eth|index|market cap)\b[^.]{0,120}"
    r"\b(?:fell|fall\w*|drop\w*|rose|ris\w+|plung\w+|tumbl\w+|rebound\w*|recover\w*|gain\w*|dip\w*|slump\w*"
    r"|declin\w*|climb\w*|trad(?:ed|ing) at)\b"
)
# A note that only sends its readers to another incident.
POINTER = re.compile(
    r"\b(?:linked to|merged (?:with|into)|tracked (?:under|in|as part of))\s(?:an?\s|the\s)?(?:\w+\s){0,3}"
    r"incident\b"
)
