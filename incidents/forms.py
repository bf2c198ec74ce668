"""What a person may ask of a list: the filters that live in the query string of pages and API alike."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django import forms
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q
from django.http import QueryDict

from incidents.choices import EndState, IncidentStatus, choices
from incidents.models import Publication
from incidents.querysets import IncidentQuerySet
from incidents.searching.matching import matching
from nlp.document import Cause, Severity

MOMENT = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ](\d{2}):(\d{2})(?::\d{2})?(?:Z|\+00:00)?)?)?)?")

YEARS = range(1990, 2100)
MOST_SLUGS = 50
HITS = [("yes", "reached a customer"), ("no", "no customer known")]
POSTMORTEM = [("yes", "a published one"), ("no", "none published")]
COMPARED = ("provider", "region", "service", "exchange")
MOST_COMPARED = 12


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, with the address of the same page without it."""

    label: str
    value: str
    without: str


@dataclass(frozen=True, slots=True)
class Moment:
    """What a person wrote, as the first and the last instant that it can mean: `2021` is a whole year."""

    text: str
    first: datetime
    end: datetime


class MomentField(forms.CharField):
    """A year, a month, a day or a minute, in UTC."""

    default_error_messages: ClassVar = {
        "moment": "Write a year, month, day or minute in UTC: 2021, 2021-12, 2021-12-07 or 2021-12-07T15:30."
    }

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        found = MOMENT.fullmatch(text)
        if not found:
            raise forms.ValidationError(self.error_messages["moment"], "moment")
        year, month, day, hour, minute = (int(part) if part else None for part in found.groups())
        try:
            if year is None or year not in YEARS:
                raise ValueError(f"{year} is no year of this record")
            first = datetime(year, month or 1, day or 1, hour or 0, minute or 0, tzinfo=UTC)
            return Moment(text, first, end_of(first, month, day, hour))
        except (ValueError, OverflowError) as error:
            raise forms.ValidationError(self.error_messages["moment"], "moment") from error


def end_of(first: datetime, month: int | None, day: int | None, hour: int | None) -> datetime:
    if hour is not None:
        return first + timedelta(minutes=1)
    if day is not None:
        return first + timedelta(days=1)
    if month is not None:
        return (first + timedelta(days=32)).replace(day=1)
    return first.replace(year=first.year + 1)


class SlugsField(forms.Field):
    """Any number of slugs; empty ones are what an untouched control sends."""

    widget = forms.SelectMultiple
    default_error_messages: ClassVar = {"many": f"Name {MOST_SLUGS} at most."}

    def clean(self, value: Any) -> list[str]:
        slugs = list(dict.fromkeys(slug for raw in value or () if (slug := slug_in(raw))))
        if len(slugs) > MOST_SLUGS:
            # Each is a chip whose link names all the others.
            raise forms.ValidationError(self.error_messages["many"], "many")
        return slugs


def slug_in(raw: object) -> str:
    return str(raw).replace("\x00", "").strip().lower()[:140]


class ComparedField(SlugsField):
    """Things to set beside each other: `region:aws:us-east-1`. What is no such thing is left out."""

    def clean(self, value: Any) -> list[str]:
        named = [
            slug for slug in super().clean(value) if slug.partition(":")[0] in COMPARED and slug[-1] != ":"
        ]
        return named[:MOST_COMPARED]


class WordsField(forms.MultipleChoiceField):
    """Any number of words of one list."""

    def to_python(self, value: Any) -> list[str]:
        return list(dict.fromkeys(text for raw in value or () if (text := str(raw).strip())))


def of_thing(named: str) -> Q:
    """Incidents of a thing that is named with its kind."""
    kind, _, slug = named.partition(":")
    if kind == "provider":
        return Q(provider__slug=slug)
    if kind == "exchange":
        return Q(hit__contains=[slug]) | Q(organisation__slug=slug)
    return Q(**{f"{kind}s__contains": [slug]})


class IncidentFilter(forms.Form):
    """The filters of /incidents/, /timeline/ and the API. A filter in error is told and left out."""

    provider = SlugsField(required=False)
    region = SlugsField(required=False)
    service = SlugsField(required=False)
    exchange = SlugsField(required=False)
    severity = WordsField(required=False, choices=choices(Severity))
    cause = WordsField(required=False, choices=choices(Cause))
    status = WordsField(required=False, choices=IncidentStatus.choices)
    end = WordsField(required=False, choices=EndState.choices)
    compare = ComparedField(required=False, label="Compared")
    hits = forms.ChoiceField(required=False, choices=HITS)
    postmortem = forms.ChoiceField(required=False, choices=POSTMORTEM, label="Post-mortem")
    q = forms.CharField(required=False, max_length=200, label="Words")
    since = MomentField(required=False, label="From")
    until = MomentField(required=False, label="To")

    SEVERAL = ("provider", "region", "service", "exchange", "severity", "cause", "status", "end", "compare")
    SINGLE = ("hits", "postmortem", "q", "since", "until")
    COUNTED = ("provider", "region", "service", "exchange", "severity", "cause", "status", "end", "hits")
    data: QueryDict

    def narrow(self, incidents: IncidentQuerySet) -> IncidentQuerySet:
        """The incidents that every filter in force lets through."""
        asked = self.asked
        if providers := asked["provider"]:
            incidents = incidents.filter(provider__slug__in=providers)
        if regions := asked["region"]:
            incidents = incidents.filter(regions__overlap=regions)
        if services := asked["service"]:
            incidents = incidents.filter(services__overlap=services)
        if exchanges := asked["exchange"]:
            incidents = incidents.filter(Q(hit__overlap=exchanges) | Q(organisation__slug__in=exchanges))
        if severities := asked["severity"]:
            incidents = incidents.filter(severity__in=severities)
        if causes := asked["cause"]:
            incidents = incidents.filter(cause__in=causes)
        if statuses := asked["status"]:
            incidents = incidents.filter(status__in=statuses)
        if ends := asked["end"]:
            incidents = incidents.filter(end_state__in=ends)
        if compared := asked["compare"]:
            incidents = incidents.filter(reduce(or_, map(of_thing, compared)))
        if asked["hits"]:
            incidents = incidents.exclude(hit=[]) if asked["hits"] == "yes" else incidents.filter(hit=[])
        if asked["postmortem"]:
            told = (
                Publication.objects.public().exclude(postmortem__incident=None).values("postmortem__incident")
            )
            has = Q(pk__in=told)
            incidents = incidents.filter(has if asked["postmortem"] == "yes" else ~has)
        if asked["q"]:
            incidents = matching(incidents, asked["q"])
        if span := self.span:
            incidents = incidents.filter(window__overlap=DateTimeTZRange(*span, "[)"))
        return incidents

    @property
    def asked(self) -> dict[str, Any]:
        """The clean value of every filter; empty for those not given or in error."""
        if not self.is_bound:
            return dict.fromkeys(self.fields)
        self.is_valid()  # cleans, once
        return {name: self.cleaned_data.get(name) for name in self.fields}

    @property
    def span(self) -> tuple[datetime | None, datetime | None] | None:
        """From the first to the last instant asked for; None when the whole record is meant."""
        since, until = self.asked["since"], self.asked["until"]
        if since and until and since.first >= until.end:
            return (until.first, since.end)
        if since or until:
            return (since.first if since else None, until.end if until else None)
        return None

    @property
    def scope(self) -> str:
        """The counted scope that means the same, the span of time aside; empty: there is none."""
        told = [(field, value) for field, value in self.in_force() if field not in ("since", "until")]
        if not told:
            return "all"
        ((field, value), *others) = told
        return f"{field}:{value}" if not others and field in self.COUNTED else ""

    def chips(self, names: dict[str, str]) -> list[Chip]:
        """One for each filter in force, in the order of the form. `names` tells how a slug is called."""
        return [
            Chip(str(self[field].label), self.word(field, value, names), self.without(field, value))
            for field, value in self.in_force()
        ]

    @property
    def filled(self) -> QueryDict:
        """What was sent, without the controls left empty and without the place in the list."""
        query = self.data.copy()
        for name in [*query]:
            values = [value for value in query.getlist(name) if value and name != "after"]
            query.setlist(name, values) if values else query.pop(name)
        return query

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What is in force and has no control that shows it: a control adds, only a chip takes away."""
        return [(field, value) for field, value in self.in_force() if field in self.SEVERAL]

    def in_force(self) -> Iterable[tuple[str, str]]:
        for field in self.SEVERAL:
            for value in self.asked[field] or ():
                yield field, value
        for field in self.SINGLE:
            if value := self.asked[field]:
                yield field, value.text if isinstance(value, Moment) else value

    def word(self, field: str, value: str, names: dict[str, str]) -> str:
        listed = dict(getattr(self.fields[field], "choices", ()))
        return str(listed.get(value) or names.get(f"{field}:{value}") or value)

    def without(self, field: str, value: str) -> str:
        """The query string that asks for all but this, from the first page on."""
        query = self.filled
        left = [other for other in query.getlist(field) if slug_in(other) not in ("", value)]
        query.setlist(field, left) if left and field in self.SEVERAL else query.pop(field, None)
        return "?" + query.urlencode()

    def adding(self, field: str, value: str) -> str:
        """The query string that asks for this as well; of a filter that takes one value, for this instead."""
        query = self.filled
        if field in self.SEVERAL:
            query.appendlist(field, value)
        else:
            query[field] = value
        return "?" + query.urlencode()

    def query(self, **changes: str) -> str:
        """This form's query string with some parts set anew; an empty string drops the part."""
        query = self.filled
        for name, value in changes.items():
            query.pop(name, None) if value == "" else query.__setitem__(name, value)
        return "?" + query.urlencode()
