"""An incident's claims as its page shows them: each value, who says so in which words, and who differs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, F, QuerySet, TextField, Value

from incidents.addresses import address_of
from incidents.models import Claim, Incident, Organisation, Region, Service
from incidents.prepared import IsAnyOf, Prepared, given_list
from incidents.quoting import Claims, sentence_of
from incidents.telling import moment_of
from incidents.views.rows import When, span_of_minutes, when
from nlp.document import INCIDENT, Field

LABELS = {
    Field.STARTED_AT: "Began",
    Field.ENDED_AT: "Ended",
    Field.DURATION: "Said to have lasted",
    Field.CAUSE: "Cause",
    Field.TRIGGER: "Trigger",
    Field.REGION: "Regions",
    Field.SERVICE: "Services",
    Field.SYMPTOM: "Symptoms",
    Field.SEVERITY: "Severity",
}
"""The fields of a page, in its order; the rest of the claims serves linking and grading."""
TIMES = (Field.STARTED_AT, Field.ENDED_AT)
CONTEXT = 140
"""How many characters of the post stand around a marked sentence."""

Texts = Mapping[int, str]
"""By post, the words that may be shown: of news none."""


@dataclass(frozen=True, slots=True)
class Quote:
    """One claim's proof: the sentence, or the structured field that says so.

    `before` and `after` are what stands around it in its post, `post` the post's number on the page.
    """

    sentence: str
    path: str
    publisher: str
    url: str
    title: str
    said: When | None
    is_gone: bool
    before: str = ""
    after: str = ""
    post: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    text: str
    when: When | None
    url: str
    publishers: tuple[str, ...]
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class ShownFact:
    """The shown value and those that were not chosen; `rule` says why it is this one."""

    value: Shown
    rule: str
    others: tuple[Shown, ...]

    @property
    def against(self) -> int:
        return len({name for other in self.others for name in other.publishers} - set(self.value.publishers))

    @property
    def publishers(self) -> int:
        """Everybody who gives a value, whichever."""
        return len({name for one in (self.value, *self.others) for name in one.publishers})


@dataclass(frozen=True, slots=True)
class FactGroup:
    field: str
    label: str
    facts: tuple[ShownFact, ...]


def quote(claim: Any, texts: Texts | None = None) -> Quote:
    sentence = sentence_of(claim)
    text = (texts or {}).get(claim.post_id, "")
    start, end = claim.start or 0, claim.end or 0
    is_marked = bool(text and sentence and claim.end)
    return Quote(
        sentence=sentence,
        path=claim.path,
        said=when(said_at(claim)),
        is_gone=claim.gone_at is not None,
        before=tail(text[:start]) if is_marked else "",
        after=head(text[end:]) if is_marked else "",
        post=claim.post_id if is_marked else None,
        reason=claim.reason,
        **spoken_by(claim),
    )


def said_at(claim: Any) -> datetime | None:
    if claim.account is None:
        return claim.seen_at  # type: ignore[no-any-return]
    return claim.said_at or claim.account.report.published_at  # type: ignore[no-any-return]


def spoken_by(claim: Any) -> dict[str, str]:
    if claim.account is None:
        return {"publisher": f"{claim.person}, analyst", "url": "", "title": ""}
    report = claim.account.report
    return {"publisher": report.source.publisher, "url": report.url, "title": report.title}


def tail(text: str) -> str:
    """The words before a sentence, cut at a word."""
    told = " ".join(text[-2 * CONTEXT :].split())
    return told if len(told) <= CONTEXT else "…" + told[-CONTEXT:].partition(" ")[2]


def head(text: str) -> str:
    told = " ".join(text[: 2 * CONTEXT].split())
    return told if len(told) <= CONTEXT else told[:CONTEXT].rpartition(" ")[0] + "…"


def quotes_for(claims: Iterable[Claim], texts: Texts | None = None) -> tuple[Quote, ...]:
    """Each proof once, however many fields it proves."""
    return tuple(dict.fromkeys(quote(claim, texts) for claim in claims))


def fact_groups(
    incident: Incident, claims: Claims, names: dict[str, str], texts: Texts | None = None
) -> list[FactGroup]:
    """The facts card, from the values that `conclude` chose."""
    chosen: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for value in incident.shown.get("values", ()):
        if value["subject"] == INCIDENT:
            chosen[value["field"]].append(value)
    groups = []
    for field, label in LABELS.items():
        ends = (
            [claim for time in TIMES for claim in claims[INCIDENT, time]] if field == Field.DURATION else []
        )
        facts = tuple(shown_fact(one, claims[INCIDENT, field], names, texts, ends) for one in chosen[field])
        if facts:
            groups.append(FactGroup(field, label, facts))
    return groups


def shown_fact(
    chosen: dict[str, Any],
    claims: Sequence[Claim],
    names: dict[str, str],
    texts: Texts | None = None,
    ends: Sequence[Claim] = (),
) -> ShownFact:
    """`ends` prove a length that nobody states and that follows from a start and an end."""
    others = chosen.get("others", ())
    other_keys = {other["key"] for other in others}
    mine = [claim for claim in claims if claim.key not in other_keys]
    if chosen["field"] not in TIMES:
        mine = [claim for claim in mine if claim.key == chosen["key"]]
    if not mine:
        mine = [one for one in ends if spoken_by(one)["publisher"] in chosen["publishers_for"]]
    return ShownFact(
        value=value_of(chosen, chosen["publishers_for"], mine, names, texts),
        rule=chosen["rule"],
        others=tuple(
            value_of(
                chosen | other,
                other["publishers"],
                [c for c in claims if c.key == other["key"]],
                names,
                texts,
            )
            for other in others
        ),
    )


def value_of(
    told: dict[str, Any],
    publishers: Iterable[str],
    claims: Sequence[Claim],
    names: dict[str, str],
    texts: Texts | None = None,
) -> Shown:
    field = Field(told["field"])
    text, url = told["value"], ""
    time = None
    if field in TIMES:
        time = when(datetime.fromisoformat(text), moment_of(told["key"])[1])
    elif field == Field.REGION:
        text, url = names.get(text, text), address_of("region", text)
    elif field == Field.SERVICE:
        text, url = names.get(text, text), address_of("service", text)
    elif field == Field.DURATION and text.isdigit():
        text = span_of_minutes(int(text))
    elif field in (Field.CAUSE, Field.SYMPTOM, Field.SEVERITY):
        text = text.replace("-", " ")
    return Shown(text, time, url, tuple(publishers), quotes_for(claims, texts))


def entity_names(incident: Incident, organisations: Collection[str] = ()) -> dict[str, str]:
    """How the regions and services of an incident are called, and these organisations; a code that the
    vocabulary lacks stays one.
    """
    told = {
        value["key"] for value in incident.shown.get("values", ()) if value["field"] in ("region", "service")
    }
    return {
        slug: f"{code} · {name}" if code and name != code else name or code
        for slug, code, name in NAMES.rows(slugs=[*told], organisations=[*organisations])
    }


def names_of() -> QuerySet[Any]:
    told = IsAnyOf(F("slug"), given_list("slugs", TextField()))
    codeless = ("slug", Value("", output_field=CharField()), "name")
    services = Service.objects.filter(told).values_list(*codeless)
    organisations = IsAnyOf(F("slug"), given_list("organisations", TextField()))
    named = Organisation.objects.filter(organisations).values_list(*codeless)
    return Region.objects.filter(told).values_list("slug", "code", "name").union(services, named, all=True)


NAMES = Prepared(names_of)
