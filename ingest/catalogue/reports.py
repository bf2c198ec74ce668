"""Catalogue entries as reports: each outage a report of the source "catalogue", each cited page a stub."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from incidents.reports import NewAccount, NewPost, NewReport
from ingest.canonical import canonical_url, page_key
from ingest.catalogue import CONFIDENCE, EDITION, AffectedOrganisation, CitedPage, Outage
from nlp.document import (
    INCIDENT,
    DocumentKind,
    EntityKind,
    Evidence,
    Fact,
    Field,
    Origin,
    Precision,
    Relevance,
)
from nlp.impairments import impairments_in
from nlp.vocabulary import terms_named

SOURCE = "catalogue"
PAGE_KINDS = {
    "provider-pir": DocumentKind.PIR,
    "provider-status": DocumentKind.PROVIDER_STATUS,
    "exchange-status": DocumentKind.EXCHANGE_STATUS,
}
VOICES = ("exchange-status", "provider-pir", "provider-status", "news", "dataset", "social")
"""Who may say that an organisation was hit, best first; the rule of the claim names the best one cited."""
LISTED = 0.2
"""Confidence of a link to a page that several entries cite: a list, which ties no two accounts together."""
KEY_LENGTH = {Precision.MINUTE: 16, Precision.HOUR: 13, Precision.DAY: 10}


def service_slug(provider: str, name: str) -> str:
    """The vocabulary's slug for the name; a name that it lacks keeps a slug of its own under the provider."""
    terms = terms_named(name, EntityKind.SERVICE, provider)
    return terms[0].slug if terms else f"{provider}:{re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-')}"


@dataclass(slots=True)
class Telling:
    """The text of an entry as it is put together, with the place of each sentence."""

    text: str = ""
    places: dict[str, Evidence] = field(default_factory=dict)

    def add(self, name: str, sentence: str) -> None:
        if not sentence:
            return
        if self.text:
            self.text += "\n\n"
        start = len(self.text)
        self.text += sentence
        self.places[name] = Evidence(passage=0, start=start, end=len(self.text))

    def evidence(self, name: str) -> Evidence:
        """The sentence of that name, else the field that the value was read from."""
        return self.places.get(name) or Evidence(path=name)


def tell(outage: Outage, names: dict[str, str]) -> Telling:
    telling = Telling()
    telling.add("summary", outage.summary)
    telling.add("trigger", outage.trigger and f"Trigger: {outage.trigger}")
    telling.add("detection", outage.detection and f"Detection: {outage.detection}")
    telling.add("remediation", outage.remediation and f"Remediation: {outage.remediation}")
    for hit in outage.affected:
        telling.add(hit.organisation, f"{names[hit.organisation]}: {hit.impact}")
    telling.add("components", f"Failed: {', '.join(outage.components)}" if outage.components else "")
    telling.add("notes", outage.notes and f"Notes: {outage.notes}")
    return telling


@dataclass(frozen=True, slots=True)
class Reader:
    """Makes the facts of one entry."""

    outage: Outage
    telling: Telling
    listed: frozenset[str]

    def fact(
        self,
        what: Field,
        value: str,
        evidence: Evidence,
        confidence: str,
        *,
        subject: str = INCIDENT,
        rule: str = "catalogue",
    ) -> Fact:
        return Fact(
            field=what,
            value=value,
            key=value,
            evidence=evidence,
            rule=rule,
            subject=subject,
            origin=Origin.CATALOGUE,
            confidence=CONFIDENCE[confidence],
        )

    def time(self, what: Field, at: datetime, path: str, confidence: str, subject: str = INCIDENT) -> Fact:
        precision = Precision(self.outage.precision)
        value = at.isoformat()
        return Fact(
            field=what,
            value=value,
            key=value[: KEY_LENGTH[precision]],
            evidence=Evidence(path=path),
            rule="catalogue",
            subject=subject,
            origin=Origin.CATALOGUE,
            confidence=CONFIDENCE[confidence],
            precision=precision,
        )

    def of_the_incident(self) -> Iterable[Fact]:
        outage, sure = self.outage, self.outage.confidence
        yield self.fact(Field.TITLE, outage.title, Evidence(path="title"), sure["entry"])
        yield self.fact(Field.NATIVE_ID, f"{SOURCE}:{outage.id}", Evidence(path="id"), "high")
        yield self.time(Field.STARTED_AT, outage.started_at, "started_at", sure["times"])
        if outage.ended_at:
            yield self.time(Field.ENDED_AT, outage.ended_at, "ended_at", sure["times"])
        yield self.fact(Field.SEVERITY, outage.severity, Evidence(path="severity"), sure["entry"])
        if outage.cause != "unknown":
            yield self.fact(Field.CAUSE, outage.cause, self.telling.evidence("trigger"), sure["cause"])
        if outage.trigger:
            yield self.fact(Field.TRIGGER, outage.trigger, self.telling.evidence("trigger"), sure["cause"])
        for index, page in enumerate(outage.sources):
            yield self.link(page, f"sources[{index}].url")

    def link(self, page: CitedPage, path: str, subject: str = INCIDENT) -> Fact:
        url = canonical_url(page.url)
        return Fact(
            field=Field.LINK,
            value=url,
            key=url,
            evidence=Evidence(path=path),
            rule="cites" if page.is_checked else "cites-unread",
            subject=subject,
            origin=Origin.CATALOGUE,
            confidence=LISTED if url in self.listed else 1.0,
        )

    def of_the_provider(self) -> Iterable[Fact]:
        outage, sure = self.outage, self.outage.confidence
        yield self.fact(Field.PROVIDER, outage.provider, Evidence(path="provider"), "high")
        for index, region in enumerate(outage.regions):
            yield self.fact(Field.REGION, region, Evidence(path=f"regions[{index}]"), sure["regions"])
        for index, name in enumerate(outage.services):
            slug = service_slug(outage.provider, name)
            yield self.fact(Field.SERVICE, slug, Evidence(path=f"services[{index}]"), sure["services"])

    def of_the_hit(self, hit: AffectedOrganisation) -> Iterable[Fact]:
        subject = f"organisation:{hit.organisation}"
        cited = {
            f"sources[{n}].url": page for n, page in enumerate(self.outage.sources) if page.url in hit.sources
        }
        voice = next((kind for kind in VOICES if kind in {page.kind for page in cited.values()}), "news")
        yield self.fact(
            Field.IMPACT,
            "affected",
            self.telling.evidence(hit.organisation),
            hit.confidence,
            subject=subject,
            rule=f"catalogue:{voice}",
        )
        for stopped in impairments_in(hit.impact):
            evidence = self.telling.evidence(hit.organisation)
            yield self.fact(Field.IMPAIRMENT, stopped, evidence, hit.confidence, subject=subject)
        if hit.started_at:
            yield self.time(Field.STARTED_AT, hit.started_at, "affected.started_at", hit.confidence, subject)
        if hit.ended_at:
            yield self.time(Field.ENDED_AT, hit.ended_at, "affected.ended_at", hit.confidence, subject)
        for path, page in cited.items():
            yield self.link(page, path, subject)

    def own_cause(self, organisation: str) -> Iterable[Fact]:
        """A control case: it fell for a reason of its own, which no provider's outage explains."""
        yield self.fact(
            Field.OTHER_CAUSE,
            self.outage.cause,
            self.telling.evidence("trigger"),
            self.outage.confidence["cause"],
            subject=f"organisation:{organisation}",
        )


def accounts_of(reader: Reader) -> Iterable[NewAccount]:
    outage = reader.outage
    if outage.provider:
        hits = [fact for hit in outage.affected for fact in reader.of_the_hit(hit)]
        facts = (*reader.of_the_incident(), *reader.of_the_provider(), *hits)
        yield NewAccount("", False, Relevance.PROVIDER_INCIDENT, facts, provider=outage.provider)
        return
    for organisation in outage.organisations:
        others = [hit for hit in outage.affected if hit.organisation not in outage.organisations]
        own = [hit for hit in outage.affected if hit.organisation == organisation]
        hits = [fact for hit in own + others for fact in reader.of_the_hit(hit)]
        causes = reader.own_cause(organisation) if outage.is_control else ()
        facts = (*reader.of_the_incident(), *hits, *causes)
        slot = organisation if len(outage.organisations) > 1 else ""
        yield NewAccount(slot, False, Relevance.EXCHANGE_INCIDENT, facts, organisation=organisation)


def report_of(outage: Outage, names: dict[str, str], listed: frozenset[str]) -> NewReport:
    telling = tell(outage, names)
    return NewReport(
        key=f"{SOURCE}:{outage.id}",
        source=SOURCE,
        kind=DocumentKind.PIR,
        url="",
        title=outage.title,
        posts=(NewPost(ref="entry", text=telling.text, said_at=None, seen_at=EDITION),),
        accounts=tuple(accounts_of(Reader(outage, telling, listed))),
        captured_at=EDITION,
    )


def listed_pages(outages: Iterable[Outage]) -> frozenset[str]:
    """Pages that more than one entry cites: lists and round-ups."""
    cited = Counter(url for outage in outages for url in {canonical_url(page.url) for page in outage.sources})
    return frozenset(url for url, count in cited.items() if count > 1)


def host_of(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def stub_of(page: CitedPage) -> NewReport:
    """The page in the record before anybody has read it."""
    return NewReport(
        key=page_key(page.url),
        source=f"page-{host_of(page.url).replace('.', '-')}",
        kind=PAGE_KINDS.get(page.kind, DocumentKind.NEWS),
        url=page.url,
        title=page.title,
        posts=(),
        accounts=(),
        captured_at=EDITION,
        is_read=False,
    )
