"""What must be known before a name is read: whose voice it is, which providers are in play."""

from __future__ import annotations

import re
from calendar import month_name
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from nlp.candidates import Candidates, candidates
from nlp.cues import HARM, Cue
from nlp.document import Document, DocumentKind, EntityKind, Field
from nlp.sentences import Text
from nlp.vocabulary import terms_named

YEAR = re.compile(r"(?<![\d/-])(?:19|20)\d\d(?!\d)")
IN_MONTH = re.compile(rf"\b[Ii]n ({'|'.join(month_name[1:])})\b(?! \d)")
OPENING = 120
"""Characters of the text that tell what it is about."""
LATELY = timedelta(days=45)
"""What fell in a month whose end lies further back is another outage than the news's own."""

# A speaker's own page, by the first words of its address.
OWN_PAGE = re.compile(r"^(?:status|support|help|blog|www|announcements|health|trust)\.")


@dataclass(frozen=True, slots=True)
class Context:
    """`providers` are in play, the main one first. `speakers` are slugs of those whose own voice this is.

    `past_years` and `past_months` are named in the text and lie before the time it was written in.
    """

    kind: DocumentKind
    speakers: frozenset[str] = frozenset()
    providers: tuple[str, ...] = ()
    is_outage: bool = True
    is_trade: bool = False
    past_years: frozenset[str] = frozenset()
    past_months: frozenset[str] = frozenset()
    headlined: frozenset[str] = frozenset()


def context_of(text: Text) -> Context:
    """Read from the structured facts, the address, the title and the names that need no context."""
    document = text.document
    found = [line.read(candidates) for line in text.lines]
    title = [told for told, s in zip(found, text.sentences, strict=True) if s.passage is None]
    body = found[len(title) :]
    told = frozenset().union(*(one.cues for one in found))
    counts = provider_counts(title, body)
    stated = stated_providers(document)
    for provider in stated:
        counts[provider] += 1000
    if Cue.HOSTING in told or told & HARM:
        for provider in vague_providers(found) - set(counts):
            counts[provider] += 1
    main = [provider for provider, _ in counts.most_common()]
    return Context(
        kind=document.kind,
        speakers=speakers_of(document, title, body, main),
        providers=tuple(main),
        is_outage=bool(told & HARM) or document.kind is not DocumentKind.NEWS,
        is_trade=Cue.TRADE in told or any(t.is_trading_venue for one in found for t in one.certain),
        past_years=past_years(document),
        past_months=past_months(document),
        headlined=frozenset(t.slug for one in title for t in one.certain if t.kind is EntityKind.SERVICE),
    )


def provider_counts(title: Sequence[Candidates], body: Sequence[Candidates]) -> Counter[str]:
    """How often each provider is named, itself or by a service or region of its own; a title counts more."""
    counts: Counter[str] = Counter()
    for part, weight in ((title, 5), (body, 1)):
        for one in part:
            for term in one.certain:
                if term.kind is EntityKind.PROVIDER:
                    counts[term.slug] += weight
                elif term.provider and term.kind is EntityKind.SERVICE:
                    counts[term.provider] += weight
            for place in one.places:
                for provider in sorted({term.provider for term in place.terms[: place.exact]} - {"alibaba"}):
                    counts[provider] += weight
    return counts


def stated_providers(document: Document) -> list[str]:
    """Those that the source itself is, names in a field, or carries in its address."""
    stated = [document.provider] if document.provider else []
    stated += [fact.value for fact in document.facts if fact.field is Field.PROVIDER]
    host = urlsplit(document.url).netloc.casefold()
    pages = {
        "aws.amazon.com": "aws",
        "azure.status.microsoft": "azure",
        "status.azure.com": "azure",
        "azure.microsoft.com": "azure",
        "status.cloud.google.com": "gcp",
        "status.cloudflare.com": "cloudflare",
        "cloudflarestatus.com": "cloudflare",
        "blog.cloudflare.com": "cloudflare",
        "status.alibabacloud.com": "alibaba",
    }
    stated += [slug for page, slug in pages.items() if host.endswith(page)]
    return list(dict.fromkeys(stated))


def vague_providers(found: Iterable[Candidates]) -> set[str]:
    return set().union(*(one.vague for one in found))


def speakers_of(
    document: Document, title: Sequence[Candidates], body: Sequence[Candidates], providers: Sequence[str]
) -> frozenset[str]:
    """Whose voice it is: as the source says, else for an own page by its address, its title or its text."""
    known = {slug for slug in (document.provider, document.organisation) if slug}
    if known:
        return frozenset(known)
    if document.kind in (DocumentKind.PROVIDER_STATUS, DocumentKind.PIR):
        return frozenset(providers[:1])
    if document.kind is DocumentKind.EXCHANGE_STATUS:
        return frozenset(filter(None, [organisation_of(document.url) or most_named(title, body)]))
    return frozenset()


def organisation_of(url: str) -> str:
    """The organisation whose own address this is ("status.kraken.com"), else none."""
    host = OWN_PAGE.sub("", urlsplit(url).netloc.casefold())
    labels = host.split(".")
    for name in (host, ".".join(labels[-2:]), *labels[:-1][::-1]):
        for term in terms_named(name, EntityKind.ORGANISATION):
            if term.category is not None:
                return term.slug
    return ""


def most_named(title: Sequence[Candidates], body: Sequence[Candidates]) -> str:
    counts: Counter[str] = Counter()
    for part, weight in ((title, 3), (body, 1)):
        for one in part:
            for term in one.likely:
                if term.kind is EntityKind.ORGANISATION and not term.observer:
                    counts[term.slug] += weight
    return counts.most_common(1)[0][0] if counts else ""


def past_years(document: Document) -> frozenset[str]:
    """Years before publication, save where the text is about that year itself."""
    if document.published_at is None or document.kind is not DocumentKind.NEWS:
        return frozenset()
    text = "\n".join((document.title, *(passage.text for passage in document.passages)))
    named = set(YEAR.findall(text))
    subject = set(YEAR.findall(document.title + " " + text[len(document.title) : len(document.title) + 300]))
    # A new year's first weeks still write about the old one.
    written = (
        document.published_at.year if document.published_at.month > 1 else document.published_at.year - 1
    )
    return frozenset(year for year in named - subject if int(year) < written)


def past_months(document: Document) -> frozenset[str]:
    """Months ("in April") that ended well before publication, save one that the text is about."""
    if document.published_at is None or document.kind is not DocumentKind.NEWS:
        return frozenset()
    text = "\n".join((document.title, *(passage.text for passage in document.passages)))
    lead = text[: len(document.title) + OPENING]
    recent = {month_name[at.month] for at in (document.published_at, document.published_at - LATELY)}
    named = set(IN_MONTH.findall(text)) - recent
    return frozenset(month for month in named if month not in lead)
