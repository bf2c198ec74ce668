"""What a reader asks of the graph: the query strings of its pages, the whole state of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils import timezone

from incidents.choices import OrganisationKind, Relation
from incidents.forms import Moment, MomentField, SlugsField, WordsField
from incidents.graphing.edges import PART_OF, end_of
from incidents.graphing.selecting import Choice
from nlp.document import EntityKind

KINDS = [
    *((str(kind.value), str(kind.label).lower()) for kind in OrganisationKind),
    (str(EntityKind.PROVIDER), "provider"),
    (str(EntityKind.REGION), "region"),
    (str(EntityKind.SERVICE), "service"),
]
RELATIONS = [*((str(one.value), str(one.label)) for one in Relation), (PART_OF, "part of")]
SURE = [("claimed", "all"), ("likely", "likely or proven"), ("proven", "proven")]
LEAST = {"likely": 0.4, "proven": 0.75}
DEPTHS = [("1", "1 step"), ("2", "2 steps"), ("3", "3 steps"), ("4", "4 steps"), ("all", "everything")]
LAYOUTS = [("layered", "layers"), ("radial", "rings")]
INSTANT = timedelta(microseconds=1)
YES = [("1", "yes")]
NEVER = [("0", "no"), ("1", "yes")]


class NodesField(SlugsField):
    """Things by kind and slug; what names no kind or nothing of it is left out, as what is not known is."""

    def clean(self, value: Any) -> list[str]:
        return [node for node in super().clean(value) if all(node.partition(":")[::2])]


class AskingForm(forms.Form):
    """Fields in error are told and left out."""

    data: QueryDict

    @property
    def asked(self) -> dict[str, Any]:
        self.is_valid()  # cleans, once
        return {name: self.cleaned_data.get(name) for name in self.fields}

    @property
    def moment(self) -> datetime:
        """The end of the day, month or year that is asked for; of today where none is."""
        as_of: Moment | None = self.asked["as_of"]
        return as_of.end - INSTANT if as_of else end_of(timezone.now().date())

    @property
    def is_past(self) -> bool:
        return self.moment.date() < timezone.now().date()

    def query(self, **changes: str | Iterable[str]) -> str:
        """The same view but for these; an empty value takes a field away. Always in the form's order."""
        pairs = []
        for name in self.fields:
            given = changes.get(name, self.data.getlist(name))
            listed = [given] if isinstance(given, str) else list(given)
            pairs += [(name, value) for value in dict.fromkeys(listed) if value]
        return f"?{urlencode(pairs, safe=':,')}"


class GraphForm(AskingForm):
    """The explorer. `pick` is what the side panel tells of: a node, or an edge by its three names."""

    find = forms.CharField(required=False, max_length=120, label="Find")
    focus = NodesField(required=False)
    depth = forms.ChoiceField(required=False, choices=DEPTHS, label="Depth")
    open = NodesField(required=False)
    hide = WordsField(required=False, choices=KINDS, label="Hide")
    relation = WordsField(required=False, choices=RELATIONS, label="Relation")
    sure = forms.ChoiceField(required=False, choices=SURE, label="Confidence")
    as_of = MomentField(required=False, label="As of")
    undated = forms.ChoiceField(required=False, choices=NEVER, label="Undated")
    later = forms.ChoiceField(required=False, choices=YES, label="Learned later")
    layout = forms.ChoiceField(required=False, choices=LAYOUTS, label="Layout")
    pick = forms.CharField(required=False, max_length=400)

    def choice(self, usual_focus: str) -> Choice:
        asked = self.asked
        shown = asked["relation"]
        depth = asked["depth"] or "1"
        return Choice(
            at=self.moment,
            focus=tuple(asked["focus"] or ((usual_focus,) if depth != "all" else ())),
            depth=None if depth == "all" else int(depth),
            opened=tuple(asked["open"] or ()),
            hidden_kinds=frozenset(asked["hide"] or ()),
            hidden_relations=frozenset(r for r, _ in RELATIONS if r not in shown) if shown else frozenset(),
            least=LEAST.get(asked["sure"] or "", 0.0),
            with_undated=asked["undated"] == "1" if asked["undated"] else not self.is_past,
            with_later=asked["later"] == "1",
        )


class WhatIfForm(AskingForm):
    """A failure, and beside it another to compare it with, or an incident as it happened."""

    fail = NodesField(required=False, label="Fails")
    versus = NodesField(required=False, label="Compared with")
    add = forms.CharField(required=False, max_length=120, label="Add")
    as_of = MomentField(required=False, label="As of")
    later = forms.ChoiceField(required=False, choices=YES, label="Learned later")
    against = forms.CharField(required=False, max_length=20, label="Against an incident")
    layout = forms.ChoiceField(required=False, choices=LAYOUTS, label="Layout")
    pick = forms.CharField(required=False, max_length=400)


class ConcentrationForm(AskingForm):
    as_of = MomentField(required=False, label="As of")


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    is_on: bool


def options(choices: Iterable[tuple[str, str]], given: Iterable[str]) -> list[Option]:
    chosen = set(given)
    return [Option(value, label, value in chosen) for value, label in choices]
