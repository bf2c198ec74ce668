"""From the revisions of one item to the states of its report. Pure: the order of arrival plays no part."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.text import slugify

from incidents.amending import NAMED
from incidents.reports import NewAccount, NewName, NewPost, NewReport
from ingest.entries import Entry, EntryPost
from nlp.document import SET_FIELDS, UNKNOWN_NAME, AccountOf, Document, DocumentKind, Extraction, Passage
from nlp.vocabulary import fold

# A kind that tells an item again with less: its revisions count until the fuller kind brought a newer one.
FULLER = {"gcp-atom": "gcp-incidents-json", "statuspage-feed": "statuspage-json"}

LONGEST_SLUG, LONGEST_NAME = 200, 200


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks through a feed: the source's slug, and whose own record it is, if it is anybody's."""

    source: str
    provider: str = ""
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision of an item as its parser reads it, and the earliest time at which anybody saw it."""

    entry: Entry
    kind: str
    voice: Voice
    captured_at: datetime

    @property
    def order(self) -> tuple[datetime, datetime, str]:
        """By the source's own stamp, else by capture; the text decides where both are equal."""
        at = self.entry.modified_at or self.captured_at
        return (min(at, self.captured_at), self.captured_at, self.entry.raw)


def states(
    key: str, revisions: Sequence[Revision], extract: Callable[[Document], Extraction]
) -> list[NewReport]:
    """Each state that the report passed through, oldest first."""
    ordered = without_retold(sorted(revisions, key=lambda revision: revision.order))
    return [as_report(key, revision, extract) for revision in completed(ordered)]


def without_retold(ordered: list[Revision]) -> list[Revision]:
    newest = {revision.kind: revision.order for revision in ordered}
    return [
        revision
        for revision in ordered
        if (fuller := newest.get(FULLER.get(revision.kind, ""))) is None or revision.order > fuller
    ]


def completed(ordered: Iterable[Revision]) -> list[Revision]:
    """A partial revision with what earlier ones told: a post that it leaves out is not gone."""
    whole: list[Revision] = []
    for revision in ordered:
        if revision.entry.is_partial and whole:
            entry = added(revision.entry, to=whole[-1].entry)
            whole.append(replace(revision, entry=entry))
        else:
            whole.append(revision)
    return whole


def added(entry: Entry, *, to: Entry) -> Entry:
    posts = {post.ref: post for post in (*to.posts, *entry.posts)}
    told = {fact.field for fact in entry.facts}
    here = {(fact.field, fact.subject, fact.key) for fact in entry.facts}
    before = (
        fact
        for fact in to.facts
        if fact.field not in told
        or (fact.field in SET_FIELDS and (fact.field, fact.subject, fact.key) not in here)
    )
    return replace(entry, posts=tuple(sorted(posts.values(), key=said)), facts=(*entry.facts, *before))


def said(post: EntryPost) -> tuple[bool, str, str]:
    return (post.said_at is not None, post.said_at.isoformat() if post.said_at else "", post.ref)


def as_report(key: str, revision: Revision, extract: Callable[[Document], Extraction]) -> NewReport:
    entry, voice = revision.entry, revision.voice
    found = extract(as_document(key, entry, voice))
    posts = () if is_beside_the_point(entry, found) else entry.posts
    return NewReport(
        key=key,
        source=voice.source,
        kind=entry.document_kind,
        url=entry.url,
        title=entry.title,
        posts=tuple(as_post(post, revision.captured_at) for post in posts),
        accounts=tuple(as_account(account, voice) for account in found.accounts),
        captured_at=revision.captured_at,
        published_at=entry.published_at,
        modified_at=entry.modified_at,
        is_maintenance=entry.is_maintenance,
        extractor=found.version,
        unknown_names=tuple(unknown_names(found)),
    )


def unknown_names(found: Extraction) -> Iterator[NewName]:
    """Names in the text and codes in structured fields that the vocabulary lacks, each once."""
    names = {(name.kind, slugify(fold(name.text))): name.text for name in found.unknown_names}
    for account in found.accounts:
        for fact in account.facts:
            if fact.rule == UNKNOWN_NAME:
                names[NAMED[fact.field], fact.key] = fact.key.partition(":")[2]
    for (kind, slug), name in sorted(names.items()):
        if slug:
            yield NewName(kind, slug[:LONGEST_SLUG], name[:LONGEST_NAME])


def is_beside_the_point(entry: Entry, found: Extraction) -> bool:
    """News that concern no outage: of these the record keeps title, address and date only."""
    return entry.document_kind == DocumentKind.NEWS and not found.accounts


def as_document(key: str, entry: Entry, voice: Voice) -> Document:
    return Document(
        key=key,
        kind=entry.document_kind,
        passages=tuple(Passage(post.text, post.said_at, post.status) for post in entry.posts),
        title=entry.title,
        published_at=entry.published_at,
        url=entry.url,
        provider=voice.provider,
        organisation=voice.organisation,
        facts=entry.facts,
    )


def as_post(post: EntryPost, captured_at: datetime) -> NewPost:
    return NewPost(
        ref=post.ref,
        text=post.text,
        said_at=post.said_at,
        seen_at=captured_at,
        precision=post.precision,
        status=post.status,
    )


def as_account(account: AccountOf, voice: Voice) -> NewAccount:
    return NewAccount(
        slot=account.slot,
        is_strong=is_own(account, voice),
        relevance=account.relevance,
        facts=account.facts,
        provider=account.provider,
        organisation=account.organisation,
    )


def is_own(account: AccountOf, voice: Voice) -> bool:
    """Does the owner of the incident itself speak?"""
    if account.provider:
        return account.provider == voice.provider
    return bool(account.organisation) and account.organisation == voice.organisation
