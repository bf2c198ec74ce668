"""What analysts and the public fill in: cleaned here, carried out by verdicts, queue and corrections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms

from incidents.desk.items import ItemKind
from incidents.models import Correction, Incident


@dataclass(frozen=True, slots=True)
class Filter:
    """One kind of question: how many wait, and the address that shows it alone."""

    label: str
    count: str
    query: str
    is_here: bool


class QueueForm(forms.Form):
    """The filters of the queue's address: kinds of question, and whose incidents they are about."""

    kind = forms.MultipleChoiceField(choices=ItemKind.choices, required=False)
    owner = forms.RegexField(r"^(provider|organisation):[\w-]+$", max_length=140, required=False)

    @property
    def kinds(self) -> tuple[ItemKind, ...]:
        """In the order of the queue; all where none is named."""
        chosen = set(self.cleaned_data["kind"])
        return tuple(kind for kind in ItemKind if not chosen or kind in chosen)

    @property
    def owner_named(self) -> str:
        return str(self.cleaned_data["owner"])

    def filters(self, waiting: Mapping[ItemKind, int], most: int) -> list[Filter]:
        owner = {"owner": self.owner_named} if self.owner_named else {}
        chosen = set(self.cleaned_data["kind"])
        told = [
            Filter(
                label=kind.label,
                count=f"{most - 1}+" if count >= most else str(count),
                query=urlencode({"kind": kind.value, **owner}),
                is_here=kind in chosen,
            )
            for kind, count in waiting.items()
        ]
        return [Filter("All", "", urlencode(owner), not chosen), *told]


class AnswerForm(forms.Form):
    kind = forms.TypedChoiceField(choices=ItemKind.choices, coerce=ItemKind)
    a = forms.CharField(max_length=600)
    b = forms.CharField(max_length=600, required=False)
    answer = forms.CharField(max_length=600)
    other = forms.CharField(max_length=140, required=False)
    reason = forms.CharField(max_length=500, required=False)
    detail = forms.CharField(max_length=120, required=False)

    @property
    def word(self) -> str:
        """The answer; where none of those offered fits, what was written instead."""
        answer, other = self.cleaned_data["answer"], self.cleaned_data["other"]
        return str(other.strip() if answer == "other" else answer)


class DecisionsForm(forms.Form):
    about = forms.CharField(
        max_length=200, required=False, strip=True, label="About (a number, a key or a name)"
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=500, label="Reason")


class MergeForm(ReasonForm):
    number = forms.CharField(max_length=20, label="Number of the other incident")

    def clean_number(self) -> Incident:
        slug = self.cleaned_data["number"].strip().upper()
        found: Incident | None = Incident.objects.select_related("shown_as").filter(slug=slug).first()
        if found is None:
            raise forms.ValidationError(f"There is no incident {slug}.")
        return found.shown_as or found


class SplitForm(ReasonForm):
    """Accounts of one incident that tell of another."""

    accounts = forms.MultipleChoiceField(label="Accounts to split off")

    def __init__(self, incident: Incident, data: Any = None) -> None:
        super().__init__(data)
        keys = incident.accounts.values_list("key", flat=True)
        self.fields["accounts"].choices = [(key, key) for key in keys]  # type: ignore[attr-defined]


class HitForm(ReasonForm):
    organisation = forms.SlugField()
    accepts = forms.TypedChoiceField(
        choices=[("yes", "yes"), ("no", "no")], coerce=lambda word: word == "yes"
    )


class CorrectionForm(forms.Form):
    text = forms.CharField(max_length=4000, required=False, widget=forms.Textarea, label="What is wrong")
    url = forms.URLField(
        max_length=1000, required=False, assume_scheme="https", label="Address of a page that shows it"
    )
    statement = forms.CharField(
        max_length=4000, required=False, widget=forms.Textarea, label="The organisation's own answer"
    )
    sender = forms.CharField(max_length=120, required=False, label="Name")
    email = forms.EmailField(required=False)
    website = forms.CharField(
        max_length=200,
        required=False,
        label="Leave this empty",
        widget=forms.TextInput({"tabindex": "-1", "autocomplete": "off"}),
    )

    @property
    def is_from_a_robot(self) -> bool:
        """Filled in what no person sees."""
        return bool(self.data.get("website"))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and not given.get("text") and not given.get("statement"):
            raise forms.ValidationError("Say what is wrong, or what the organisation answers.")
        return given

    def correction(self, incident: Incident, origin: str) -> Correction:
        """What was sent, not stored yet."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "website"}
        return Correction(incident=incident, origin=origin, **given)


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(choices=[("accepted", "accept"), ("declined", "decline")])
    speaker = forms.CharField(max_length=120, required=False)
    note = forms.CharField(max_length=500, required=False)
