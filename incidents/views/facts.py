"""An incident's claims as its page shows them: each value, who says so in which words, and who differs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from incidents.models import Claim, Incident, Region, Service
from incidents.quoting import Claims, sentence_of
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


@dataclass(frozen=True, slots=True)
class Quote:
    """One claim's proof: the sentence, or the structured field that says so."""

    sentence: str
    path: str
    publisher: str
    url: str
    title: str
    said: When | None
    is_gone: bool


@dataclass(frozen=True, slots=True)
class Value:
    text: str
    when: When | None
    url: str
    publishers: tuple[str, ...]
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class ShownFact:
    """The shown value and those that were not chosen; `rule` says why it is this one."""

    value: Value
    rule: str
    others: tuple[Value, ...]

    @property
    def against(self) -> int:
        return len({name for other in self.others for name in other.publishers} - set(self.value.publishers))


@dataclass(frozen=True, slots=True)
class FactGroup:
    label: str
    facts: tuple[ShownFact, ...]


def quote(claim: Any) -> Quote:
    report = claim.account.report
    return Quote(
        sentence=sentence_of(claim),
        path=claim.path,
        publisher=report.source.publisher,
        url=report.url,
        title=report.title,
        said=when(claim.said_at or report.published_at),
        is_gone=claim.gone_at is not None,
    )


def quotes_for(claims: Iterable[Claim]) -> tuple[Quote, ...]:
    """Each proof once, however many fields it proves."""
    return tuple(dict.fromkeys(quote(claim) for claim in claims))


def fact_groups(incident: Incident, claims: Claims, names: dict[str, str]) -> list[FactGroup]:
    """The facts card, from the values that `conclude` chose."""
    chosen: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for value in incident.shown.get("values", ()):
        if value["subject"] == INCIDENT:
            chosen[value["field"]].append(value)
    groups = []
    for field, label in LABELS.items():
        facts = tuple(shown_fact(one, claims[INCIDENT, field], names) for one in chosen[field])
        if facts:
            groups.append(FactGroup(label, facts))
    return groups


def shown_fact(chosen: dict[str, Any], claims: Sequence[Claim], names: dict[str, str]) -> ShownFact:
    others = chosen.get("others", ())
    other_keys = {other["key"] for other in others}
    mine = [claim for claim in claims if claim.key not in other_keys]
    if chosen["field"] not in TIMES:
        mine = [claim for claim in mine if claim.key == chosen["key"]]
    return ShownFact(
        value=value_of(chosen, chosen["publishers_for"], mine, names),
        rule=chosen["rule"],
        others=tuple(
            value_of(chosen | other, other["publishers"], [c for c in claims if c.key == other["key"]], names)
            for other in others
        ),
    )


def value_of(
    told: dict[str, Any], publishers: Iterable[str], claims: Sequence[Claim], names: dict[str, str]
) -> Value:
    field = Field(told["field"])
    text, url = told["value"], ""
    time = None
    if field in TIMES:
        precision = next((claim.precision for claim in claims if claim.precision), told.get("precision"))
        time = when(datetime.fromisoformat(text), precision or "minute")
    elif field == Field.REGION:
        text, url = names.get(text, text), reverse("incidents:region", args=[text])
    elif field == Field.SERVICE:
        text, url = names.get(text, text), reverse("incidents:service", args=[text])
    elif field == Field.DURATION and text.isdigit():
        text = span_of_minutes(int(text))
    elif field in (Field.CAUSE, Field.SYMPTOM, Field.SEVERITY):
        text = text.replace("-", " ")
    return Value(text, time, url, tuple(publishers), quotes_for(claims))


def entity_names(incident: Incident) -> dict[str, str]:
    """How the regions and services of an incident are called; a code that the vocabulary lacks stays one."""
    told = {
        value["key"] for value in incident.shown.get("values", ()) if value["field"] in ("region", "service")
    }
    regions = Region.objects.filter(slug__in=told).values_list("slug", "code", "name")
    names = {slug: f"{code} · {name}" if name and name != code else code for slug, code, name in regions}
    return names | dict(Service.objects.filter(slug__in=told).values_list("slug", "name"))
