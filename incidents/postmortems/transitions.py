"""From draft to withdrawn: which act leads where, and what it needs. Pure; `permissions` says who may."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from incidents.postmortems.choices import State


class Act(StrEnum):
    SUBMIT = "submit"
    RECALL = "recall"
    ASK_CHANGES = "ask-changes"
    APPROVE = "approve"
    PUBLISH = "publish"
    AMEND = "amend"
    WITHDRAW = "withdraw"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Move:
    """From these states to that one; None: it stays as it is, or there is none left."""

    starts: frozenset[State]
    end: State | None
    needs_approval: bool = False
    needs_reason: bool = False
    needs_changes: bool = False


DRAFT, IN_REVIEW = frozenset({State.DRAFT}), frozenset({State.IN_REVIEW})
OUT = frozenset({State.PUBLISHED, State.AMENDED})
MOVES = {
    Act.SUBMIT: Move(DRAFT, State.IN_REVIEW),
    Act.RECALL: Move(IN_REVIEW, State.DRAFT),
    Act.ASK_CHANGES: Move(IN_REVIEW, State.DRAFT, needs_reason=True),
    Act.APPROVE: Move(IN_REVIEW | OUT, None),
    Act.PUBLISH: Move(IN_REVIEW, State.PUBLISHED, needs_approval=True),
    Act.AMEND: Move(OUT, State.AMENDED, needs_approval=True, needs_reason=True, needs_changes=True),
    Act.WITHDRAW: Move(OUT, State.WITHDRAWN, needs_reason=True),
    Act.DELETE: Move(DRAFT, None),
}


@dataclass(frozen=True, slots=True)
class Situation:
    """`is_approved`: a reviewer approved exactly these words. `has_changes`: they differ from what is out."""

    state: State
    is_approved: bool = False
    has_changes: bool = False
    has_text: bool = True


class Refused(Exception):
    """What was asked cannot be done; says why, in words for the person who asked."""


class NotYours(Refused):
    """Somebody else may do it."""


def refusal(act: Act, situation: Situation, reason: str = "") -> str:
    """Why the act cannot be done now; empty when it can."""
    move = MOVES[act]
    if situation.state not in move.starts:
        return f"A post-mortem that is {situation.state.label.lower()} cannot be moved this way"
    if act is Act.SUBMIT and not situation.has_text:
        return "There is nothing to review yet: write at least one section"
    if move.needs_changes and not situation.has_changes:
        return "Nothing has changed since it was published"
    if move.needs_approval and not situation.is_approved:
        return "Nobody but the authors has approved these words: a reviewer must read them as they are now"
    if move.needs_reason and not reason.strip():
        return "Say why: the reason is shown"
    return ""
