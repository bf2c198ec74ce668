"""What `same_outage` looks at: an account boiled down to what tells outages apart. Pure; kept as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from incidents.histories import account_key
from incidents.reports import NewAccount, NewReport
from nlp.document import COUNTED, INCIDENT, DocumentKind, Fact, Field, Origin, Precision, Relevance

WIDTH = {
    Precision.MINUTE: timedelta(minutes=1),
    Precision.HOUR: timedelta(hours=1),
    Precision.DAY: timedelta(days=1),
    Precision.MONTH: timedelta(days=31),
    Precision.YEAR: timedelta(days=366),
}
"""How much time a stated moment of that precision covers."""

PRESS_LOOKS_BACK = timedelta(days=3)
"""Press without a date tells of the last days."""
REVIEW_LASTS = timedelta(days=1)
"""How long a review's outage is taken to last where it says no end: its posting time tells nothing."""
MOST_WORDS = 400
SURE = 0.5
NUMBERED = re.compile(r"(?:gcp|azure|aws-health|catalogue):|statuspage:[^:]+:")
"""Report keys of publishers that number their incidents: to them, two numbers are two incidents."""
WORD = re.compile(r"\w+(?:-\w+)*")
DIGIT = re.compile(r"\d")
URL = re.compile(r"https?://[^\s<>\"()\[\]]+")
URL_HEAD = re.compile(r"^(?:https?://)?(?:www\.)?", re.IGNORECASE)
EVENT = re.compile(r"\d{4}|[^/?#=&]{12,}|=[^=&]*\d[^=&]*$")
"""A path of one event's page holds a number, or a code or slug of some length."""
SERVES_ALL = frozenset(
    {"docs", "support", "help", "terms", "console", "answer", "learn", "rss", "feed", "phd"}
)


def words_of(texts: Iterable[str]) -> frozenset[str]:
    """Folded words; a word that holds a digit (a code, a clock time) is left out."""
    found: dict[str, None] = {}
    for text in texts:
        for word in filter(is_word, WORD.findall(text.lower())):
            found[word] = None
            if len(found) >= MOST_WORDS:
                return frozenset(found)
    return frozenset(found)


def is_word(token: str) -> bool:
    """Not a code or a clock time."""
    return not DIGIT.search(token)


STATE_WORDS = words_of(
    [
        "resolved update investigating identified monitoring mitigated preliminary post incident review",
        "pir rca final the a an of in on for with and to is are was were we from at by some all service",
        "services issue issues informational message degradation disruption operating normally performance",
    ]
)
"""What a title says of how far things are, or says always."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One account. `earliest`..`latest` is the span that it tells of, as wide as its precision; both None
    where it gives no date at all. `start` is a stated or bounding start, `is_exact` one stated to the minute,
    `is_counted` one that is only counted from another event.

    `headline` are the services of structured fields: what the item is filed under. `words` and `title` are
    folded words without digits, so that a text with only the region's code replaced has the same ones.
    """

    key: str
    report: str = ""
    owner: str = ""
    is_strong: bool = False
    is_maintenance: bool = False
    relevance: str = ""
    numbering: str = ""
    start: datetime | None = None
    is_exact: bool = False
    is_vague: bool = False
    is_counted: bool = False
    earliest: datetime | None = None
    latest: datetime | None = None
    ids: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()
    address: str = ""
    regions: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    headline: frozenset[str] = frozenset()
    symptoms: frozenset[str] = frozenset()
    causes: frozenset[str] = frozenset()
    organisations: frozenset[str] = frozenset()
    severity: str = ""
    title: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()

    @property
    def tokens(self) -> frozenset[str]:
        """By which an index finds those that may be tied to it, however far apart: ids and addresses."""
        return self.ids | self.links | ({self.address} if self.address else frozenset())


def owner_of(report: NewReport, account: NewAccount) -> str:
    """Whose incident it is; empty for what is none. An organisation's own may name the provider behind it."""
    if account.relevance == Relevance.NOT_AN_OUTAGE and not report.is_maintenance:
        return ""
    if account.organisation:
        return f"organisation:{account.organisation}"
    return f"provider:{account.provider}" if account.provider else ""


def profile_of(report: NewReport, account: NewAccount) -> Profile:
    own = [fact for fact in account.facts if fact.subject == INCIDENT]
    keys = {field: frozenset(fact.key for fact in own if fact.field == field) for field in Field}
    start = best_time(own, Field.STARTED_AT)
    earliest, latest = span_of(report, account, own)
    return Profile(
        key=account_key(report.key, account.slot),
        report=report.key,
        owner=owner_of(report, account),
        is_strong=account.is_strong,
        is_maintenance=report.is_maintenance,
        relevance=account.relevance.value,
        numbering=match.group() if (match := NUMBERED.match(report.key)) else "",
        start=moment(start) if start else first_word(report, account, own),
        is_exact=start is not None and start.precision in {None, Precision.MINUTE},
        is_vague=start is None and not account.is_strong,
        is_counted=start is not None and start.rule == COUNTED,
        earliest=earliest,
        latest=latest,
        ids=keys[Field.NATIVE_ID],
        links=links_of(report, account, own),
        address=event_page(report.url),
        regions=keys[Field.REGION],
        services=keys[Field.SERVICE],
        headline=filed_under(own, Field.SERVICE),
        symptoms=keys[Field.SYMPTOM] - {"other"},
        causes=keys[Field.CAUSE] - {"unknown", "dependency"},
        organisations=affected_organisations(account),
        severity=worst(filed_under(own, Field.SEVERITY)),
        title=words_of([report.title]) - STATE_WORDS,
        words=words_of(post.text for post in report.posts),
    )


def filed_under(facts: Iterable[Fact], field: Field) -> frozenset[str]:
    """What structured fields say, whatever the text adds."""
    return frozenset(fact.key for fact in facts if fact.field == field and fact.origin == Origin.STRUCTURED)


def worst(severities: frozenset[str]) -> str:
    """The worst that is stated; empty where none is, or only that it is unknown."""
    return next((word for word in ("critical", "major", "minor", "none") if word in severities), "")


def links_of(report: NewReport, account: NewAccount, facts: Iterable[Fact]) -> frozenset[str]:
    """Pages about this one event: those that facts name, and for a record those in its text.

    What press links to may be any earlier outage, and an unsure link may lead to a list of many.
    """
    named = [fact.key for fact in facts if fact.field == Field.LINK and fact.confidence >= SURE]
    if account.is_strong:
        named += [url for post in report.posts for url in URL.findall(post.text)]
    return frozenset(filter(None, map(event_page, named)))


def event_page(url: str) -> str:
    """The address without what may vary, if it can be one event's own; else empty.

    A status page's front and history serve all events, and pages of help are cited by many.
    """
    host, _, path = URL_HEAD.sub("", url.rstrip(".,;:)")).partition("/")
    words = set(re.split(r"[^a-z]+", f"{host}/{path}".lower()))
    if words & SERVES_ALL or not EVENT.search(path):
        return ""
    return f"{host.lower()}/{path.rstrip('/')}"


def affected_organisations(account: NewAccount) -> frozenset[str]:
    return frozenset(
        fact.subject.partition(":")[2]
        for fact in account.facts
        if fact.field == Field.IMPACT and fact.key == "affected" and fact.subject != INCIDENT
    )


def moment(fact: Fact) -> datetime:
    return datetime.fromisoformat(fact.value).astimezone(UTC)


def best_time(facts: Iterable[Fact], field: Field) -> Fact | None:
    """The fact that an account's own span goes by: structured first, then the surest, finest and earliest."""
    fine = list(WIDTH)
    return min(
        (fact for fact in facts if fact.field == field),
        key=lambda fact: (
            fact.origin != Origin.STRUCTURED,
            -fact.confidence,
            fine.index(fact.precision or Precision.MINUTE),
            fact.key,
            fact.rule,
        ),
        default=None,
    )


def first_word(report: NewReport, account: NewAccount, facts: Iterable[Fact]) -> datetime | None:
    """When the outage was first spoken of, by a record that was written while it went on.

    AWS dates an item by its event, also one whose only post looks back on it days later.
    """
    said = [moment(fact) for fact in facts if fact.field == Field.NOT_BEFORE]
    if account.is_strong and report.kind != DocumentKind.PIR:
        said += [post.said_at for post in report.posts if post.said_at]
        said += [report.published_at] if report.published_at else []
    return min(said, default=None)


def span_of(
    report: NewReport, account: NewAccount, facts: list[Fact]
) -> tuple[datetime | None, datetime | None]:
    """From when to when, at the widest that the account's words allow."""
    start, end = best_time(facts, Field.STARTED_AT), best_time(facts, Field.ENDED_AT)
    earliest = moment(start) if start else first_word(report, account, facts)
    if end and (earliest is None or moment(end) < earliest):
        earliest = earliest if start else moment(end)
    if earliest is None:
        published = None if account.slot else report.published_at
        return (published - PRESS_LOOKS_BACK, published) if published else (None, None)
    latest = [earliest + WIDTH[(start.precision if start else None) or Precision.MINUTE]]
    if end and moment(end) >= earliest:
        latest.append(moment(end) + WIDTH[end.precision or Precision.MINUTE])
    elif account.is_strong and report.kind == DocumentKind.PIR:
        latest.append(earliest + (lasted(facts) or REVIEW_LASTS))
    elif account.is_strong:
        latest += [post.said_at for post in report.posts if post.said_at]
    return earliest, max(latest)


def lasted(facts: Iterable[Fact]) -> timedelta | None:
    minutes = [int(fact.key) for fact in facts if fact.field == Field.DURATION and fact.key.isdigit()]
    return timedelta(minutes=max(minutes)) if minutes else None


def to_json(profile: Profile) -> dict[str, Any]:
    """Plain values, equal for equal profiles."""
    return {name: plain(value) for name, value in asdict(profile).items() if value}


def plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return value.isoformat() if isinstance(value, datetime) else value


def from_json(stored: dict[str, Any]) -> Profile:
    return Profile(**{name: full(name, value) for name, value in stored.items()})


def full(name: str, value: Any) -> Any:
    if name in {"start", "earliest", "latest"}:
        return datetime.fromisoformat(value)
    return frozenset(value) if isinstance(value, list) else value
