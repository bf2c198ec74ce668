"""The history of one report, from its states: which wordings and claims held from when to when. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from itertools import accumulate

from incidents.reports import NewAccount, NewPost, NewReport
from nlp.document import Evidence, Fact

VERSION = "1"
"""Of the rules below; a change draws every report again when it is next kept."""

Identity = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class KeptPost:
    """One wording, with the span in which it stood. `gone_at` is None for those that stand now."""

    ref: str
    revision: int
    position: int
    post: NewPost
    seen_at: datetime
    gone_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeptClaim:
    """One fact of one account; `wording` names the (ref, revision) whose text its offsets count in."""

    account: str
    fact: Fact
    wording: tuple[str, int] | None
    seen_at: datetime
    gone_at: datetime | None


@dataclass(frozen=True, slots=True)
class History:
    """A report as its states together tell it. `now` is the newest one, by the source's own clock."""

    now: NewReport
    first_seen_at: datetime
    captured_at: datetime
    posts: tuple[KeptPost, ...]
    claims: tuple[KeptClaim, ...]


@dataclass(slots=True)
class Span:
    """In which states a thing was there: the first, the last, and how it looked in the last."""

    first: int
    last: int
    post: NewPost
    position: int


def account_key(report: str, slot: str) -> str:
    return f"{report}#{slot}" if slot else report


def digest(states: Sequence[NewReport]) -> str:
    """Equal for equal states, in whatever order they are given."""
    return sha256("\n".join([VERSION, *sorted(map(repr, states))]).encode()).hexdigest()


def tell(states: Iterable[NewReport]) -> History:
    """Draw the history of one report; a function of the set of its states."""
    ordered = sorted(states, key=lambda state: (public_at(state), state.captured_at, repr(state)))
    moments = list(accumulate(map(public_at, ordered), max))
    wordings = posts_of(ordered)
    numbers = revisions(wordings)
    seen = {
        wording: seen_at(span, first=numbers[wording] == 1, moment=moments[span.first], ordered=ordered)
        for wording, span in wordings.items()
    }
    posts = tuple(
        KeptPost(
            ref=ref,
            revision=numbers[ref, text],
            position=span.position,
            post=span.post,
            seen_at=seen[ref, text],
            gone_at=gone_at(span.last, moments),
        )
        for (ref, text), span in wordings.items()
    )
    return History(
        now=ordered[-1],
        first_seen_at=min(state.captured_at for state in ordered),
        captured_at=max(state.captured_at for state in ordered),
        posts=posts,
        claims=claims_of(ordered, moments, numbers=numbers, seen=seen),
    )


def public_at(state: NewReport) -> datetime:
    """By when all that this state says was public: the source's stamp of it, else when it was captured."""
    return min(state.modified_at, state.captured_at) if state.modified_at else state.captured_at


def gone_at(last: int, moments: Sequence[datetime]) -> datetime | None:
    return moments[last + 1] if last + 1 < len(moments) else None


def posts_of(ordered: Sequence[NewReport]) -> dict[tuple[str, str], Span]:
    """Each wording (ref, text) that ever stood; one that vanishes and returns is the same."""
    found: dict[tuple[str, str], Span] = {}
    for number, state in enumerate(ordered):
        for position, post in enumerate(state.posts):
            wording = (post.ref, post.text)
            span = found.setdefault(wording, Span(number, number, post, position))
            span.last, span.post, span.position = number, post, position
    return found


def revisions(wordings: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Number the wordings of each post in the order in which they appeared."""
    counts: dict[str, int] = {}
    numbers: dict[tuple[str, str], int] = {}
    for ref, text in wordings:
        counts[ref] = counts.get(ref, 0) + 1
        numbers[ref, text] = counts[ref]
    return numbers


def seen_at(span: Span, *, first: bool, moment: datetime, ordered: Sequence[NewReport]) -> datetime:
    """By when a wording was public. A stamp speaks for the first wording only: rewording keeps the stamp."""
    said = [
        post.said_at
        for post in ordered[span.first].posts
        if (post.ref, post.text) == (span.post.ref, span.post.text) and post.said_at
    ]
    return min([moment, *said]) if first else moment


def claims_of(
    ordered: Sequence[NewReport],
    moments: Sequence[datetime],
    *,
    numbers: dict[tuple[str, str], int],
    seen: dict[tuple[str, str], datetime],
) -> tuple[KeptClaim, ...]:
    """Claims of the accounts that the newest state tells, also those that it no longer makes."""
    last_title = ordered[-1].title
    live = {account.slot for account in ordered[-1].accounts}
    kept: dict[Identity, KeptClaim] = {}
    for number, state in enumerate(ordered):
        for account, fact in facts_of(state, live):
            wording = wording_of(state, fact.evidence)
            at = numbers[wording] if wording else 0
            place = (fact.evidence.start, fact.evidence.end) if not fact.evidence.path else (None, None)
            title = state.title if fact.evidence.start is not None and wording is None else None
            identity = (account.slot, fact.subject, fact.field, fact.key, fact.origin, wording, place, title)
            before = kept.get(identity)
            kept[identity] = KeptClaim(
                account=account_key(state.key, account.slot),
                fact=fact if title in {None, last_title} else without_offsets(fact),
                wording=(wording[0], at) if wording else None,
                seen_at=before.seen_at if before else (seen[wording] if wording else moments[number]),
                gone_at=gone_at(number, moments),
            )
    return tuple(kept.values())


def facts_of(state: NewReport, live: set[str]) -> Iterable[tuple[NewAccount, Fact]]:
    """Facts with the account that states them; of two that say the same in one place, the surer."""
    for account in state.accounts:
        if account.slot in live:
            for fact in sorted(account.facts, key=lambda fact: (fact.confidence, fact.rule, fact.value)):
                yield account, fact


def wording_of(state: NewReport, evidence: Evidence) -> tuple[str, str] | None:
    if evidence.passage is None:
        return None
    post = state.posts[evidence.passage]
    return post.ref, post.text


def without_offsets(fact: Fact) -> Fact:
    """A claim from a title that stands no more: its offsets would point into another one."""
    return replace(fact, evidence=Evidence(path="title"))
