"""Texts in, predictions out, through the product's own steps and in memory: nothing is stored, nothing asked.

Extract, link, conclude and grade are the flow's; only the record between them is missing. Vocabulary and
declared dependencies are known, no report is, and the order of the texts does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

from incidents.choices import HitGrade, HitStatus, PublisherKind
from incidents.clustering import Cluster, Node, cluster
from incidents.concluding import conclude
from incidents.histories import account_key
from incidents.hits import grade_hits
from incidents.profiles import Profile, owner_of, profile_of
from incidents.reliance import Dependence, Outage
from incidents.reports import NewAccount, NewPost, NewReport
from incidents.same import answers
from incidents.telling import Said, Teller, Told
from ingest import catalogue
from ingest.text import one_line, plain_text
from nlp.document import AccountOf, Document, DocumentKind, Extraction, Field, Passage
from nlp.extraction import extract

NEVER = datetime.min.replace(tzinfo=UTC)
PUBLISHERS = {
    DocumentKind.PROVIDER_STATUS: PublisherKind.PROVIDER,
    DocumentKind.PIR: PublisherKind.PROVIDER,
    DocumentKind.EXCHANGE_STATUS: PublisherKind.ORGANISATION,
    DocumentKind.NEWS: PublisherKind.PRESS,
}
UPSTREAM = frozenset(
    {
        HitGrade.STATED_BY_ORGANISATION,
        HitGrade.STATED_BY_PROVIDER,
        HitGrade.REPORTED_BY_PRESS,
        HitGrade.DECLARED_AND_OVERLAP,
    }
)
"""Overlap alone names no cause."""


@dataclass(frozen=True, slots=True)
class Given:
    """One line of the input."""

    id: str
    kind: DocumentKind
    title: str
    text: str
    published_at: datetime | None
    source_url: str
    provider: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """A text with all that was read in it."""

    given: Given
    document: Document
    extraction: Extraction
    report: NewReport

    @property
    def key(self) -> str:
        """The account of the text's main subject; empty where it tells of no outage."""
        return account_key(self.report.key, self.report.accounts[0].slot) if self.report.accounts else ""


@dataclass(frozen=True, slots=True)
class Linked:
    """Which accounts are one incident, and which incident is behind which, all by account key."""

    home: Mapping[str, str]
    upstream: Mapping[str, str]


def read(given: Given) -> Read:
    document = Document(
        key=given.id,
        kind=given.kind,
        passages=(Passage(plain_text(given.text)),),
        title=one_line(given.title),
        published_at=given.published_at,
        url=given.source_url,
        provider=given.provider,
    )
    extraction = extract(document)
    return Read(given, document, extraction, as_report(given, document, extraction))


def as_report(given: Given, document: Document, extraction: Extraction) -> NewReport:
    seen_at = given.published_at or NEVER
    return NewReport(
        key=f"text:{given.id}",
        source=given.id,
        kind=given.kind,
        url="",
        title=document.title,
        posts=tuple(NewPost(str(n), p.text, p.said_at, seen_at) for n, p in enumerate(document.passages)),
        accounts=tuple(as_account(given.kind, account) for account in extraction.accounts),
        captured_at=seen_at,
        published_at=given.published_at,
    )


def as_account(kind: DocumentKind, account: AccountOf) -> NewAccount:
    return NewAccount(
        slot=account.slot,
        is_strong=kind is not DocumentKind.NEWS and not account.slot,
        relevance=account.relevance,
        facts=account.facts,
        provider=account.provider,
        organisation=account.organisation,
    )


def link(texts: Sequence[Read]) -> Linked:
    """All accounts of all texts, joined as the record would join them."""
    profiles = [profile_of(text.report, account) for text in texts for account in text.report.accounts]
    owned = sorted((profile for profile in profiles if profile.owner), key=lambda profile: profile.key)
    yes = {pair: answer.score for pair, answer in answers(owned).items() if answer.is_yes}
    partition = cluster([node_of(profile) for profile in owned], yes, {})
    home = {key: min(found) for found in partition for key in found}
    return Linked(home, upstream_of(partition, told_of(texts)))


def node_of(profile: Profile) -> Node:
    return Node(profile.key, profile.is_strong, profile.earliest, profile.latest, profile.is_counted)


def told_of(texts: Iterable[Read]) -> dict[str, tuple[Teller, list[Said], str]]:
    """By account key: who speaks, what is claimed, and whose incident it is."""
    found = {}
    for text in texts:
        for account in text.report.accounts:
            owner = owner_of(text.report, account)
            teller = Teller(
                account=account_key(text.report.key, account.slot),
                report=text.report.key,
                publisher=text.given.id,
                publisher_kind=PUBLISHERS[text.given.kind],
                document=text.given.kind,
                seen_at=text.report.captured_at,
                speaker="" if text.given.kind is DocumentKind.NEWS else owner,
                title=text.report.title,
                is_strong=account.is_strong,
            )
            claims = [
                Said(
                    teller=teller,
                    field=fact.field,
                    value=fact.value,
                    key=fact.key,
                    seen_at=teller.seen_at,
                    subject=fact.subject,
                    precision=fact.precision,
                    origin=fact.origin,
                    confidence=fact.confidence,
                    rule=fact.rule,
                )
                for fact in account.facts
            ]
            found[teller.account] = (teller, claims, owner)
    return found


def upstream_of(
    partition: Iterable[Cluster], told: Mapping[str, tuple[Teller, list[Said], str]]
) -> dict[str, str]:
    """By the home of an organisation's incident: the home of the provider's incident that hit it."""
    members = {min(found): sorted(found) for found in partition}
    # Numbered from one, as rows are: to the grading, nought is no incident.
    homes = dict(enumerate(sorted(members), start=1))
    stories = {number: story(home, members[home], told) for number, home in homes.items()}
    outages = [outage_of(number, one) for number, one in stories.items()]
    own = [outage for outage in outages if outage.owner.startswith("organisation:")]
    rivals = [outage for outage in outages if outage.owner.startswith("provider:")]
    declared = declared_dependencies()
    found: dict[str, tuple[int, str]] = {}
    for outage in rivals:
        for hit in grade_hits(outage, stories[outage.id], own=own, rivals=rivals, dependencies=declared):
            if hit.own_incident is None or hit.grade not in UPSTREAM or hit.status == HitStatus.REJECTED:
                continue
            better = (list(HitGrade).index(hit.grade), homes[outage.id])
            home = homes[hit.own_incident]
            found[home] = min(found.get(home, better), better)
    return {home: upstream for home, (_, upstream) in found.items()}


def story(home: str, members: Iterable[str], told: Mapping[str, tuple[Teller, list[Said], str]]) -> Told:
    """All that is told of one incident."""
    keys = list(members)
    return Told(
        owner=told[home][2],
        tellers=tuple(told[key][0] for key in keys),
        claims=tuple(claim for key in keys for claim in told[key][1]),
    )


def outage_of(number: int, told: Told) -> Outage:
    shown = conclude(told)
    blames = shown.values_of(Field.PROVIDER)
    causes = shown.values_of(Field.OTHER_CAUSE, told.owner)
    impairments = shown.values_of(Field.IMPAIRMENT, told.owner)
    return Outage(
        id=number,
        owner=told.owner,
        started_at=shown.started_at,
        ended_at=shown.end.at,
        regions=frozenset(shown.regions),
        services=frozenset(shown.services),
        severity=shown.severity.value,
        blames=frozenset(one.key for one in blames),
        is_own_word=any(teller.speaker == told.owner for teller in told.tellers),
        other_cause=causes[0].value if causes else "",
        impairments=frozenset(one.key for one in impairments),
    )


def declared_dependencies() -> list[Dependence]:
    """What the catalogue knows of who stands on what."""
    return [Dependence(edge.organisation, edge.target, month_end(edge.ended)) for edge in catalogue.edges()]


def month_end(ended: str) -> datetime | None:
    span = catalogue.period(ended, "month") if ended else None
    return datetime.combine(span[1], time(), UTC) if span else None
