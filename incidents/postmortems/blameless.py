"""Words that read as blame: a person named where causes are told, or judged. Hints, never refusals. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

JUDGING = {
    "human error|operator error|user error|pilot error": (
        "Human error is where the questions begin: what made it easy to do?"
    ),
    "careless(?:ly|ness)?|negligen(?:t|ce|tly)|incompeten(?:t|ce)|reckless(?:ly)?|sloppy|stupid|lazy": (
        "This judges somebody. What did they know, and what did the tools show them?"
    ),
    "should(?:n't| not)? have (?:known|checked|noticed|tested|asked|reali[sz]ed|caught|read)": (
        "Hindsight: what would have had to be different for it to be noticed then?"
    ),
    "forgot|failed to (?:notice|check|follow|test|read|reali[sz]e)|neglected to|did(?: not|n't) bother": (
        "Nobody forgets on purpose: what would have reminded them, or made it needless?"
    ),
    "(?:was|were|is|are) to blame|(?:his|her|their) (?:own )?fault|whose fault|blam(?:e|ed|ing)": (
        "Blame ends the search for what can be changed."
    ),
}
JUDGED = [(re.compile(rf"\b(?:{words})\b", re.IGNORECASE), why) for words, why in JUDGING.items()]
NAMED = "A person is named in a cause. Name the role, or what in the system made it possible."

WORD = r"[A-Z][a-zà-öø-ÿ]+(?:[-'’][A-Z][a-zà-öø-ÿ]+)?"
DEEDS = (
    "accidentally|mistakenly|wrongly|ran|typed|mistyped|deleted|removed|dropped|pushed|deployed|merged|approved|"
    "restarted|clicked|entered|changed|edited|executed|pasted|ignored|missed|overlooked|misread|assumed|thought|"
    "decided|wrote|disabled|turned|rolled|forgot|failed|did|made|caused|broke"
)
DOER = re.compile(rf"\b((?:{WORD}\s)?{WORD})\s+(?:had\s+|then\s+|also\s+)?(?:{DEEDS})\b")
BY = re.compile(rf"\b(?:by|of|from) ((?:{WORD}\s){WORD})\b")
HANDLE = re.compile(r"(?<![\w@/.])@[a-z][\w.-]{1,30}\b", re.IGNORECASE)
# Words that open a sentence and do things without being anybody.
OPENERS = """
The This That These Those It We They He She You I One Nobody Everybody Somebody Someone An A Another Each
Every Engineers Operators Customers Users Clients Traders Staff Support Automation Deployment Monitoring
Alerting Service Services System Systems Server Servers Database Databases Network Traffic Requests Nothing
Something When After Before While Then Our Their Its His Her What Which Who There Here Some Most Many All
Both Neither Either No Not Team Teams On In At By Of From To And But Or So As If Because Since Until Once
However Also
"""
NOBODY = frozenset(OPENERS.split())


@dataclass(frozen=True, slots=True)
class Hint:
    """The words, as they stand in the text, and what to think about instead."""

    words: str
    why: str


def hints(text: str, *, is_cause: bool, people: Iterable[str] = (), names: Iterable[str] = ()) -> list[Hint]:
    """What to read again. `people` are known to work here; `names` are of companies, places and services."""
    found = [Hint(match[0], why) for pattern, why in JUDGED for match in pattern.finditer(text)]
    if is_cause:
        known = {part for name in names for part in name.split()}
        found += [Hint(name, NAMED) for name in persons(text, people, known)]
    return list(dict.fromkeys(found))


def persons(text: str, people: Iterable[str], known: set[str]) -> list[str]:
    """Names of persons: known ones, handles, and capitalised words that do what only people do."""
    found = [name for name in people if len(name) > 2 and re.search(rf"\b{re.escape(name)}\b", text)]
    found += HANDLE.findall(text)
    for pattern in (DOER, BY):
        found += [name for told in pattern.findall(text) if (name := person_in(told, known))]
    return list(dict.fromkeys(found))


def person_in(told: str, known: set[str]) -> str:
    """The name without the word that opens the sentence; empty where it is no person's."""
    words = told.split()
    if len(words) > 1 and words[0] in NOBODY:
        words = words[1:]
    return "" if any(word in NOBODY or word in known for word in words) else " ".join(words)
