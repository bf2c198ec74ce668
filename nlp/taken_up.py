"""A headline's name that the text takes up by a word: "Binance to repay users" ... "the app froze"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from nlp.document import DocumentKind, EntityKind, Mention, Role
from nlp.sentences import Text
from nlp.vocabulary import Category, find_term

CATEGORIES = frozenset({Category.EXCHANGE, Category.BROKER, Category.WALLET, Category.OTHER})
_STANDS_FOR = (
    r"(?:app|exchange|platform|broker|brokerage|bourse|marketplace|wallet|bank|lender|airline|carrier|website"
    r"|site|company|firm|operator|retailer|venue)"
)
_FELL = (
    r"(?:froze\b|frozen|crash\w+|went (?:down|offline|dark)|stopped (?:work|respond|match|trad|accept)\w+"
    r"|halted|suspended|down\b|offline|unavailable|unreachable|inaccessible|unresponsive|suffered"
    r"|experienc\w+|struggl\w+|paused|locked (?:up|out|users|customers)|failed|unable)"
)
TAKEN_UP = re.compile(
    rf"\b(?:the|its) (?:[\w-]+ ){{0,2}}?{_STANDS_FOR}(?:['’]s [\w-]+| [\w-]+s?)?"
    r" (?:(?:was|were|is|are|had|has|have|been|again|briefly|also|temporarily|suddenly|repeatedly) ){0,3}"
    rf"{_FELL}"
)


def take_up(text: Text, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """The mentions, with the only organisation of the title as hit where the text says so of "the exchange"
    and never of it by name."""
    named = headlined(mentions) if text.document.kind is DocumentKind.NEWS else None
    if named is None or not any(TAKEN_UP.search(low) for low in text.low.values()):
        return tuple(mentions)
    return tuple(
        replace(m, role=Role.AFFECTED, rule="taken-up", confidence=0.6) if m is named else m for m in mentions
    )


def headlined(mentions: Sequence[Mention]) -> Mention | None:
    """The only organisation that the title names, if no sentence says how it fared."""
    heads = [m for m in mentions if m.evidence.passage is None]
    if len(heads) != 1 or heads[0].kind is not EntityKind.ORGANISATION:
        return None
    term = find_term(EntityKind.ORGANISATION, heads[0].slug)
    fared = {m.slug for m in mentions if m.role in (Role.AFFECTED, Role.NOT_AFFECTED, Role.PAST)}
    is_plain = term is not None and term.category in CATEGORIES and not term.observer
    return heads[0] if is_plain and heads[0].slug not in fared else None
