"""What analysts and the public fill in: cleaned here, carried out by verdicts, queue and corrections."""

from __future__ import annotations

from typing import Any

from django import forms

from incidents.models import Correction, Incident


class AnswerForm(forms.Form):
    a = forms.CharField(max_length=600)
    b = forms.CharField(max_length=600)
    answer = forms.ChoiceField(choices=[(word, word) for word in ("same", "not-same", "skip")])
    reason = forms.CharField(max_length=500, required=False)


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
