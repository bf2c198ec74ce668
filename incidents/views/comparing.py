"""Two accounts beside each other: what they say of the same, and whether it agrees."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from incidents.models import Account, Claim, Incident, Pair, Post
from incidents.quoting import is_press, shorten
from incidents.views.rows import When, when
from nlp.document import INCIDENT

POSTS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Side:
    """One account. Of press no words are shown but its title and the facts."""

    key: str
    title: str
    url: str
    publisher: str
    kind: str
    said: When | None
    since: When | None
    until: When | None
    incident: Incident | None
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that may be said: what each says of it, and what that means."""

    label: str
    a: tuple[str, ...]
    b: tuple[str, ...]
    agreement: str


@dataclass(frozen=True, slots=True)
class Comparison:
    a: Side
    b: Side
    lines: tuple[Line, ...]
    reasons: tuple[str, ...]
    score: str


def compare(pair: Pair) -> Comparison:
    """In two queries, however much the two say."""
    said = values_of([pair.a, pair.b])
    words = words_of([pair.a, pair.b])
    mine, theirs = said[pair.a_id], said[pair.b_id]
    return Comparison(
        side_of(pair.a, words[pair.a.report_id]),
        side_of(pair.b, words[pair.b.report_id]),
        tuple(line_of(label, mine[label], theirs[label]) for label in sorted(mine.keys() | theirs.keys())),
        tuple(pair.reasons),
        f"{pair.score:.2f}",
    )


def values_of(accounts: Iterable[Account]) -> dict[int, dict[str, set[str]]]:
    found: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    claims = Claim.objects.current().filter(account__in=list(accounts))
    for account, subject, field, key in claims.values_list("account_id", "subject", "field", "key"):
        about = "" if subject == INCIDENT else f"{subject.partition(':')[2]}: "
        found[account][about + field.replace("-", " ").replace("_", " ")].add(key)
    return found


def words_of(accounts: Iterable[Account]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    reports = [account.report_id for account in accounts if not is_press(account.report)]
    posts = Post.objects.current().filter(report__in=reports).order_by("report_id", "position")
    for report, text in posts.values_list("report_id", "text"):
        if text and len(found[report]) < POSTS_SHOWN:
            found[report].append(shorten(text))
    return found


def side_of(account: Account, words: Iterable[str]) -> Side:
    report, window = account.report, account.window
    return Side(
        key=account.key,
        title=report.title or account.key,
        url=report.url,
        publisher=report.source.publisher,
        kind=report.get_kind_display(),
        said=when(report.published_at),
        since=when(window.lower) if window else None,
        until=when(window.upper) if window else None,
        incident=account.incident,
        words=tuple(words),
    )


def line_of(label: str, a: set[str], b: set[str]) -> Line:
    if not a or not b:
        agreement = "only one says it"
    elif a == b:
        agreement = "agree"
    else:
        agreement = "agree in part" if a & b else "differ"
    return Line(label, tuple(sorted(a)), tuple(sorted(b)), agreement)
