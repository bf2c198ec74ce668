"""One item of the review queue as its page shows it: the question, what there is to know, the answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from incidents.choices import OrganisationKind
from incidents.desk.items import Item, ItemKind
from incidents.desk.settled import slug_of
from incidents.desk.suggesting import incidents_near, terms_like
from incidents.models import (
    Account,
    Claim,
    Correction,
    Impact,
    Incident,
    Pair,
    Report,
    Source,
    UnknownName,
    Verdict,
)
from incidents.quoting import load_claims, sentence_of, shorten
from incidents.telling import TIMES
from incidents.verdicts import rival_of
from incidents.views.comparing import compare, side_of, words_of
from incidents.views.facts import quotes_for
from incidents.views.history import decision
from incidents.views.rows import when
from nlp.document import EntityKind, Field

USES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Option:
    """A button: `word` is the answer that it sends, `key` presses it."""

    word: str
    label: str
    key: str


@dataclass(frozen=True, slots=True)
class Card:
    """`told` is what the template of the kind shows. `other` labels a field for an answer that is no option;
    `detail` one for what an answer needs beside it, `details` its choices where they are given.
    """

    item: Item
    question: str
    options: tuple[Option, ...]
    told: dict[str, Any]
    other: str = ""
    detail: str = ""
    details: tuple[tuple[str, str], ...] = ()

    @property
    def template(self) -> str:
        return f"review/items/{self.item.kind}.html"


def card_of(item: Item) -> Card | None:
    """None where the item is not there any more: what it was drawn from has changed."""
    return CARDS[item.kind](item)


def pair_card(item: Item) -> Card | None:
    pair = Pair.objects.filter(a__key=item.a, b__key=item.b)
    found = pair.select_related(
        "a__report__source", "b__report__source", "a__incident", "b__incident"
    ).first()
    if found is None:
        return None
    options = (Option("same", "Same", "s"), Option("not-same", "Not the same", "n"))
    return Card(item, "One outage or two?", options, {"comparison": compare(found)})


def hit_card(item: Item) -> Card | None:
    found = Impact.objects.filter(incident__slug=item.a, organisation__slug=item.b)
    impact = found.select_related("incident__provider", "organisation", "own_incident").first()
    if impact is None:
        return None
    subject = f"organisation:{item.b}"
    said = load_claims(impact.incident)
    claims = [claim for about, field in said if about == subject for claim in said[about, field]]
    told = {
        "impact": impact,
        "started": when(impact.incident.started_at, impact.incident.start_precision),
        "ended": when(impact.incident.ended_at, impact.incident.end_precision),
        "own_started": when(impact.own_incident.started_at) if impact.own_incident else None,
        "quotes": quotes_for(claims),
    }
    options = (Option("yes", "It was hit", "y"), Option("no", "It was not", "n"))
    return Card(item, f"Did this outage hit {impact.organisation.name}?", options, told)


def value_card(item: Item) -> Card | None:
    incident = Incident.objects.filter(slug=item.a).first()
    subject, field = item.b.split(" ")
    values = incident.shown.get("values", []) if incident else []
    chosen = next((one for one in values if (one["subject"], one["field"]) == (subject, field)), None)
    if incident is None or chosen is None:
        return None
    words: dict[str, list[tuple[Report, str]]] = defaultdict(list)
    for claim in load_claims(incident)[subject, field]:
        if claim.account:
            words[claim.key].append((claim.account.report, sentence_of(claim)))
    found = [chosen | {"publishers": chosen["publishers_for"]}, *chosen["others"]]
    rows = [
        {
            "text": in_words(field, one["value"]),
            "publishers": one["publishers"],
            "said": words[one["key"]],
        }
        for one in found
    ]
    options = tuple(
        Option(one["key"], in_words(field, one["value"]), str(number) if number < 10 else "")
        for number, one in enumerate(found, 1)
    )
    about = slug_of(subject)
    question = f"Which {field.replace('_at', '').replace('_', ' ')} holds{f' for {about}' if about else ''}?"
    return Card(item, question, options, {"incident": incident, "rows": rows, "rule": chosen["rule"]})


def in_words(field: str, value: str) -> str:
    """A value to read; a time as UTC."""
    if Field(field) in TIMES:
        return f"{datetime.fromisoformat(value):%Y-%m-%d %H:%M}"
    return f"{value} minutes" if field == Field.DURATION else shorten(value.replace("-", " "))


def account_card(item: Item) -> Card | None:
    account = Account.objects.select_related("report__source", "incident").filter(key=item.a).first()
    if account is None:
        return None
    options = tuple(
        Option(row.slug, f"{row.slug} {shorten(row.title)}, {row.started_at:%Y-%m-%d}", str(number))
        for number, row in enumerate(incidents_near(account), 1)
    )
    none = Option("none", "None: it tells of no outage of its own", "n")
    told = {
        "side": side_of(account, words_of([account])[account.report_id]),
        "owner": account.owner,
        "sentences": sentences_of(account),
    }
    return Card(item, "To which incident does this belong?", (*options, none), told, other="Another number")


def sentences_of(account: Account) -> list[tuple[str, str, str]]:
    claims = Claim.objects.current().filter(account=account).select_related("account__report")
    found = claims.with_sentences().order_by("field", "key")
    return [(claim.field, claim.value, sentence_of(claim)) for claim in found]


def name_card(item: Item) -> Card | None:
    kind, _, slug = item.a.partition(":")
    used = UnknownName.objects.filter(kind=kind, slug=slug).select_related("report__source")
    reports: list[Report] = [row.report for row in used.order_by("-report__published_at")[:USES_SHOWN]]
    if not reports:
        return None
    is_code = item.kind == ItemKind.CODE
    provider = slug.partition(":")[0] if is_code else ""
    options = tuple(
        Option(term.slug, f"{term.name} ({term.slug})", str(number))
        for number, term in enumerate(terms_like(EntityKind(kind), provider, item.b), 1)
    )
    options += (Option("ignore", "Nothing of ours", "i"),)
    options += () if is_code else (Option("new", "A new organisation", "o"),)
    told = {"kind": kind, "provider": provider, "name": item.b, "reports": reports, "uses": used.count()}
    question = f"What is “{item.b}”?"
    return Card(
        item,
        question,
        options,
        told,
        other="Another slug",
        detail="" if is_code else "A new one is of the kind",
        details=() if is_code else tuple(OrganisationKind.choices),
    )


def collision_card(item: Item) -> Card | None:
    found = Verdict.objects.standing().select_related("person", "retracted_by", "organisation")
    loser = found.filter(pk=item.a).first() if item.a.isdigit() else None
    if loser is None:
        return None
    rival = rival_of(loser)
    options = [Option(str(loser.pk), "Take the first back", "1")]
    if rival:
        options.append(Option(str(rival.pk), "Take the second back", "2"))
    decided = [decision(loser), *([decision(rival)] if rival else [])]
    return Card(item, "Which of these words goes?", tuple(options), {"decisions": decided})


def source_card(item: Item) -> Card | None:
    source = Source.objects.filter(slug=item.a, state=item.b).first()
    if source is None:
        return None
    told = {"source": source, "last_read": when(source.last_read_at)}
    return Card(item, f"{source.name} cannot be read", (Option("seen", "I have seen it", "a"),), told)


def correction_card(item: Item) -> Card | None:
    correction = Correction.objects.select_related("incident").filter(pk=item.a, state="open").first()
    if correction is None:
        return None
    options = (Option("yes", "Accept", "y"), Option("no", "Decline", "n"))
    told = {"correction": correction, "sent": when(correction.sent_at)}
    detail = "Statement of" if correction.statement else ""
    return Card(item, f"Is this right about {correction.incident.slug}?", options, told, detail=detail)


CARDS: Mapping[ItemKind, Callable[[Item], Card | None]] = {
    ItemKind.PAIR: pair_card,
    ItemKind.HIT: hit_card,
    ItemKind.VALUE: value_card,
    ItemKind.ACCOUNT: account_card,
    ItemKind.NAME: name_card,
    ItemKind.CODE: name_card,
    ItemKind.COLLISION: collision_card,
    ItemKind.SOURCE: source_card,
    ItemKind.CORRECTION: correction_card,
}
