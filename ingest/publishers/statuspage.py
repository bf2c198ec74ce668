"""Atlassian Statuspage: one incident under one key, whether JSON, RSS or Atom brings it.

The code in the link is the incident's; the number in Atom ids is another. A post is told by the minute for
which it is shown: update ids are in the JSON only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from ingest.entries import EntryPost
from ingest.facts import stated
from ingest.kinds import Context
from nlp.document import DocumentKind, Fact, Field, Phase

PHASES = {phase.value: phase for phase in Phase} | {"post-mortem": Phase.POSTMORTEM}
MAINTENANCE = frozenset({"scheduled", "in progress", "verifying", "completed"})
AFFECTED = "affected"


def code_of(link: str) -> str:
    """The incident's code: the last part of the path, https://status.example.com/incidents/<code>."""
    code = urlsplit(link).path.rstrip("/").rpartition("/")[2]
    if not code:
        raise ValueError(f"no incident code in the link {link[:100]!r}")
    return code


def key_of(link: str, context: Context) -> str:
    return f"statuspage:{context.publisher or urlsplit(link).hostname or 'unknown'}:{code_of(link)}"


def document_kind(context: Context) -> DocumentKind:
    return DocumentKind.PROVIDER_STATUS if context.provider else DocumentKind.EXCHANGE_STATUS


def word(status: str) -> str:
    """A status as a label prints it: `in_progress` -> `in progress`."""
    return " ".join(status.replace("_", " ").casefold().split())


def is_maintenance(posts: Iterable[EntryPost]) -> bool:
    return any(word(post.status) in MAINTENANCE for post in posts)


def in_order(posts: Iterable[EntryPost]) -> tuple[EntryPost, ...]:
    """Posts that stand newest first as oldest first; the minute that is shown is the ref of those without."""
    oldest_first = list(posts)[::-1]
    ordered = sorted(oldest_first, key=lambda post: post.said_at or datetime.min.replace(tzinfo=UTC))
    return tuple(replace(post, ref=post.ref or f"{post.said_at:%Y-%m-%dT%H:%M}") for post in ordered)


def shared_facts(link: str, statuses: Iterable[str], context: Context, *, is_planned: bool) -> Iterator[Fact]:
    """What every form of the page says: who was hit, the code, the last stage that is named."""
    yield stated(Field.NATIVE_ID, code_of(link), "link")
    if context.provider:
        yield stated(Field.PROVIDER, context.provider, "")
    if context.organisation and not is_planned:
        subject = f"organisation:{context.organisation}"
        yield stated(Field.IMPACT, AFFECTED, "", subject=subject)
    phases = [PHASES[word(status)] for status in statuses if word(status) in PHASES]
    if phases:
        yield stated(Field.PHASE, phases[-1].value, "status")
