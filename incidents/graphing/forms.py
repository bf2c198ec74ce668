"""What analysts fill in about edges: cleaned here, carried out by `deciding`."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from incidents.choices import EdgeVerdictKind, ProofGrade, Relation
from incidents.forms import Moment, MomentField
from incidents.graphing.asking import INSTANT
from incidents.graphing.deciding import Evidence, NamedEdge, thing_of
from incidents.graphing.finding import find_node
from incidents.graphing.loading import record_graph
from incidents.models import Organisation
from nlp.document import Precision

GRADES = [
    (grade.value, grade.label) for grade in (ProofGrade.OWN_STATEMENT, ProofGrade.PROVIDER, ProofGrade.PRESS)
]
PRECISIONS = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}
"""By the length of what was written: 2021, 2021-12, 2021-12-07."""


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=500, label="Why")


class ProofForm(ReasonForm):
    """A page that says so. What it speaks of may stay empty: the proof is undated then."""

    publisher = forms.CharField(max_length=160, label="Publisher")
    url = forms.URLField(max_length=1000, assume_scheme="https", label="Address of the page")
    sentence = forms.CharField(max_length=300, label="The sentence that says so")
    grade = forms.ChoiceField(choices=GRADES, label="Whose word it is")
    about = MomentField(required=False, label="Day, month or year that it speaks of")
    published_on = forms.DateField(required=False, label="Published on")

    def clean_about(self) -> Moment | None:
        about: Moment | None = self.cleaned_data["about"]
        if about and len(about.text) not in PRECISIONS:
            raise forms.ValidationError("A day, a month or a year: 2021-12-07, 2021-12 or 2021.")
        return about

    @property
    def evidence(self) -> Evidence:
        given = self.cleaned_data
        about: Moment | None = given["about"]
        return Evidence(
            publisher=given["publisher"],
            url=given["url"],
            sentence=given["sentence"],
            grade=ProofGrade(given["grade"]),
            about=(about.first.date(), (about.end - INSTANT).date()) if about else None,
            precision=PRECISIONS[len(about.text)] if about else None,
            published_on=given["published_on"],
        )


class NewEdgeForm(ProofForm):
    organisation = forms.CharField(max_length=120, label="Who stands on it")
    relation = forms.ChoiceField(choices=Relation.choices, label="How")
    target = forms.CharField(max_length=140, label="What it stands on")
    group = forms.CharField(
        max_length=60, required=False, label="Group of alternatives, any of which is enough"
    )
    field_order = ["organisation", "relation", "target", "group"]

    def clean_organisation(self) -> Organisation:
        node = find_node(self.cleaned_data["organisation"], record_graph())
        kind, _, slug = node.partition(":")
        found = Organisation.objects.filter(slug=slug).first() if kind == "organisation" else None
        if found is None:
            raise forms.ValidationError("The record knows no organisation of that name.")
        return found

    def clean_target(self) -> str:
        given = self.cleaned_data["target"].strip()
        node = given if thing_of(given.lower()) else find_node(given, record_graph())
        if not node:
            raise forms.ValidationError(
                "The record knows nothing of that name. Write it like region:aws:us-east-1."
            )
        return node.lower()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "organisation" in given and given.get("target") == f"organisation:{given['organisation'].slug}":
            raise forms.ValidationError("Nothing stands on itself.")
        return given

    @property
    def edge(self) -> NamedEdge:
        given = self.cleaned_data
        return NamedEdge(given["organisation"], given["relation"], given["target"])


class EndForm(ReasonForm):
    ended_on = MomentField(label="Day, month or year in which it ended")

    @property
    def end(self) -> tuple[date, Precision]:
        """Of a month or a year the last day: until then it may have stood."""
        ended: Moment = self.cleaned_data["ended_on"]
        return (ended.end - INSTANT).date(), PRECISIONS.get(len(ended.text), Precision.DAY)


class GroupForm(ReasonForm):
    group = forms.CharField(max_length=60, required=False, label="Group; empty: of none")


DECISIONS: dict[EdgeVerdictKind, type[ReasonForm]] = {
    EdgeVerdictKind.PROOF: ProofForm,
    EdgeVerdictKind.ENDED: EndForm,
    EdgeVerdictKind.GROUP: GroupForm,
    EdgeVerdictKind.REJECT: ReasonForm,
}
