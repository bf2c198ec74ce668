"""How the lists of post-mortems and of actions are narrowed: filters that live in the query string."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Count
from django.db.models.functions import ExtractYear
from django.http import QueryDict

from incidents.choices import choices
from incidents.postmortems.choices import ActionState, ActionType, Priority, Visibility
from incidents.postmortems.querysets import ActionQuerySet, PublicationQuerySet
from nlp.document import Cause, Severity

MOST_SHOWN = 12
LABELS = {
    "severity": dict(choices(Severity)),
    "cause": dict(choices(Cause)),
    "visibility": dict(Visibility.choices),
}
COLUMNS = {
    "severity": "severity",
    "cause": "cause",
    "team": "postmortem__team__slug",
    "category": "categories",
    "visibility": "postmortem__visibility",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet: how many rows have it among all that one may read, and where it leads."""

    label: str
    count: int
    url: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class Facet:
    label: str
    choices: tuple[Choice, ...]


class PublicationFilter(forms.Form):
    q = forms.CharField(required=False, max_length=200)
    severity = forms.ChoiceField(required=False, choices=choices(Severity))
    cause = forms.ChoiceField(required=False, choices=choices(Cause))
    team = forms.SlugField(required=False, max_length=80)
    category = forms.CharField(required=False, max_length=80)
    year = forms.IntegerField(required=False, min_value=1950, max_value=2200)
    visibility = forms.ChoiceField(required=False, choices=Visibility.choices)
    incident = forms.CharField(required=False, max_length=20)
    data: QueryDict

    @property
    def asked(self) -> dict[str, Any]:
        self.is_valid()
        return {name: self.cleaned_data.get(name) for name in self.fields}

    def narrow(self, publications: PublicationQuerySet) -> PublicationQuerySet:
        asked = self.asked
        for name in ("severity", "cause"):
            if asked[name]:
                publications = publications.filter(**{name: asked[name]})
        if asked["team"]:
            publications = publications.filter(postmortem__team__slug=asked["team"])
        if asked["visibility"]:
            publications = publications.filter(postmortem__visibility=asked["visibility"])
        if asked["category"]:
            publications = publications.filter(categories__contains=[asked["category"]])
        if asked["year"]:
            publications = publications.filter(started_at__year=asked["year"])
        if asked["incident"]:
            publications = publications.filter(postmortem__incident__slug=asked["incident"].upper())
        if asked["q"]:
            publications = publications.matching(asked["q"])
        return publications

    def address(self, **changes: Any) -> str:
        """This page's query string with some parts set anew; empty drops the part."""
        query = self.data.copy()
        query.pop("after", None)
        for name, value in changes.items():
            query.pop(name, None)
            if value:
                query[name] = str(value)
        for name in [name for name in query if not query[name]]:
            del query[name]
        return f"?{query.urlencode()}"

    def facets(self, publications: PublicationQuerySet, *, is_signed_in: bool) -> list[Facet]:
        """What one may narrow by, with counts of what one may read: one query a facet."""
        asked = self.asked
        names = ["severity", "cause", *(["team", "visibility"] if is_signed_in else [])]
        found = [self.facet(name, publications, str(asked[name] or "")) for name in names]
        years = publications.exclude(started_at=None).annotate(year=ExtractYear("started_at"))
        counted = years.values_list("year").annotate(count=Count("pk")).order_by("-year")
        found.append(
            Facet("Year", tuple(self.choice("year", year, str(year), count) for year, count in counted))
        )
        return [facet for facet in found if len(facet.choices) > 1 or any(one.is_on for one in facet.choices)]

    def facet(self, name: str, publications: PublicationQuerySet, on: str) -> Facet:
        column = COLUMNS[name]
        counted = publications.values_list(column).annotate(count=Count("pk")).order_by("-count", column)
        labels = LABELS.get(name, {})
        return Facet(
            name.capitalize(),
            tuple(
                self.choice(name, value, str(labels.get(value, value)), count)
                for value, count in counted[:MOST_SHOWN]
            ),
        )

    def choice(self, name: str, value: Any, label: str, count: int) -> Choice:
        is_on = str(self.asked[name] or "") == str(value)
        return Choice(label, count, self.address(**{name: "" if is_on else value}), is_on)


class ActionFilter(forms.Form):
    """The board's: whose, how urgent, of which kind."""

    mine = forms.BooleanField(required=False)
    overdue = forms.BooleanField(required=False)
    all = forms.BooleanField(required=False, help_text="those that are done and cancelled too")
    priority = forms.ChoiceField(required=False, choices=[("", "any"), *Priority.choices])
    type = forms.ChoiceField(required=False, choices=[("", "any"), *ActionType.choices])
    state = forms.ChoiceField(required=False, choices=[("", "any"), *ActionState.choices])
    team = forms.SlugField(required=False, max_length=80)
    data: QueryDict

    @property
    def asked(self) -> dict[str, Any]:
        self.is_valid()
        return {name: self.cleaned_data.get(name) for name in self.fields}

    def narrow(self, actions: ActionQuerySet, person: Any, today: Any) -> ActionQuerySet:
        asked = self.asked
        if asked["mine"]:
            actions = actions.filter(owner=person)
        if asked["overdue"]:
            actions = actions.overdue(today)
        for name in ("priority", "type", "state"):
            if asked[name]:
                actions = actions.filter(**{name: asked[name]})
        if asked["team"]:
            actions = actions.filter(postmortem__team__slug=asked["team"])
        return actions if asked["all"] or asked["state"] else actions.unfinished()
