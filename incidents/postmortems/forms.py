"""What people fill in on the pages of post-mortems: cleaned here, carried out by the modules beside it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils import timezone

from incidents.choices import choices
from incidents.models import Incident, Postmortem, Team, Template, User
from incidents.postmortems.choices import (
    DAYS,
    ActionState,
    ActionType,
    EntryKind,
    Priority,
    ReviewVerdict,
    SectionKind,
    Visibility,
)
from incidents.postmortems.completeness import CHECKLIST
from incidents.postmortems.documents import LONGEST_TEXT
from nlp.document import Cause, Precision, Severity

MINUTES = "%Y-%m-%dT%H:%M"
MOST_WORDS = 40


class MomentInput(forms.DateTimeInput):
    """The browser's own picker; what it sends is UTC, and the label says so."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format=MINUTES)


class MomentField(forms.DateTimeField):
    widget = MomentInput

    def __init__(self, **options: Any) -> None:
        told = [MINUTES, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"]
        super().__init__(required=False, input_formats=told, **options)


class WordsField(forms.CharField):
    """Words with commas between them, as a list."""

    default_error_messages: ClassVar = {"many": f"{MOST_WORDS} at most."}

    def to_python(self, value: Any) -> Any:
        told = list(dict.fromkeys(word.strip() for word in (value or "").split(",") if word.strip()))
        if len(told) > MOST_WORDS:
            raise forms.ValidationError(self.error_messages["many"], "many")
        if any(len(word) > 80 for word in told):
            raise forms.ValidationError("A word has 80 characters at most.", "long")
        return told

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def run_validators(self, value: Any) -> None:
        """Those of a string do not fit a list; its parts were looked at above."""


class VersionForm(forms.Form):
    """Of a part that has versions: which one the form was filled from."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class FilingForm(forms.Form):
    team = forms.ModelChoiceField(queryset=Team.objects.none(), empty_label=None)
    template = forms.ModelChoiceField(
        queryset=Template.objects.none(), to_field_name="slug", widget=forms.RadioSelect, empty_label=None
    )
    incident = forms.CharField(required=False, max_length=20, label="Number of the incident, if there is one")
    title = forms.CharField(required=False, max_length=200)
    visibility = forms.ChoiceField(choices=Visibility.choices, label="Once published, readable by")

    def __init__(self, person: User, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["team"].queryset = Team.objects.filter(pk__in=list(person.roles))  # type: ignore[attr-defined]
        self.fields["template"].queryset = Template.objects.offered()  # type: ignore[attr-defined]

    def clean_incident(self) -> Incident | None:
        slug = self.cleaned_data["incident"].strip().upper()
        if not slug:
            return None
        found: Incident | None = (
            Incident.objects.select_related("shown_as", "provider", "organisation").filter(slug=slug).first()
        )
        if found is None:
            raise forms.ValidationError(f"There is no incident {slug}.")
        return found.shown_as or found

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and not given.get("incident") and not given.get("title"):
            self.add_error("title", "Give it a title, or the number of an incident.")
        return given


class FactsForm(VersionForm):
    title = forms.CharField(max_length=200)
    severity = forms.ChoiceField(choices=choices(Severity))
    cause = forms.ChoiceField(choices=choices(Cause))
    started_at = MomentField(label="Began, UTC")
    ended_at = MomentField(label="Ended, UTC")
    detected_at = MomentField(label="First known, UTC")
    company = forms.CharField(max_length=160, required=False, label="Company")
    product = forms.CharField(max_length=160, required=False, label="Product")
    categories = WordsField(required=False, label="Categories", max_length=1000)
    keywords = WordsField(required=False, label="Keywords", max_length=2000)
    url = forms.URLField(max_length=1000, required=False, assume_scheme="https", label="Published before at")

    @classmethod
    def of(cls, postmortem: Postmortem) -> FactsForm:
        values = {name: getattr(postmortem, name) for name in cls.base_fields}
        return cls(initial=values)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        start, end = given.get("started_at"), given.get("ended_at")
        if start and end and end < start:
            self.add_error("ended_at", "It ends before it begins.")
        return given

    def values(self, postmortem: Postmortem) -> dict[str, Any]:
        """What changed and what did not. A picker knows no seconds: an untouched time keeps its own, and a
        time that somebody sets is known to the minute.
        """
        told = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        for name, precision in (
            ("started_at", "start_precision"),
            ("ended_at", "end_precision"),
            ("detected_at", ""),
        ):
            before = getattr(postmortem, name)
            if is_same_minute(before, told[name]):
                told[name] = before
            elif precision:
                told[precision] = Precision.MINUTE.value
        return told


def is_same_minute(one: datetime | None, other: datetime | None) -> bool:
    if one is None or other is None:
        return one is other
    return one.replace(second=0, microsecond=0) == other.replace(second=0, microsecond=0)


class SectionForm(VersionForm):
    body = forms.CharField(required=False, max_length=LONGEST_TEXT, strip=False)


class NewSectionForm(forms.Form):
    heading = forms.CharField(max_length=120)
    kind = forms.ChoiceField(choices=SectionKind.choices, initial=SectionKind.OTHER, required=False)
    body = forms.CharField(required=False, max_length=LONGEST_TEXT, strip=False)


class EntryForm(VersionForm):
    at = MomentField()
    kind = forms.ChoiceField(choices=EntryKind.choices)
    text = forms.CharField(max_length=4000)
    is_star = forms.BooleanField(required=False)


class ActionForm(VersionForm):
    text = forms.CharField(max_length=2000)
    owner = forms.ModelChoiceField(queryset=User.objects.none(), required=False)
    owner_name = forms.CharField(max_length=120, required=False)
    due = forms.DateField(required=False)
    type = forms.ChoiceField(choices=ActionType.choices)
    priority = forms.ChoiceField(choices=Priority.choices)
    state = forms.ChoiceField(choices=ActionState.choices, required=False)
    link = forms.URLField(max_length=1000, required=False, assume_scheme="https")

    def __init__(self, team: Team, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"].queryset = people_of(team)  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """As columns. An action that names no date gets one by its priority."""
        told = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        owner = told.pop("owner")
        told["owner_id"] = owner.pk if owner else None
        told["state"] = told["state"] or ActionState.OPEN.value
        if told["due"] is None:
            told["due"] = timezone.now().date() + timedelta(days=DAYS[Priority(told["priority"])])
        return told


def people_of(team: Team) -> Any:
    return User.objects.filter(memberships__team=team, is_active=True).order_by("name", "username")


class CommentForm(forms.Form):
    text = forms.CharField(max_length=4000)
    section = forms.IntegerField(required=False)


class ReviewForm(forms.Form):
    verdict = forms.ChoiceField(choices=ReviewVerdict.choices)
    checklist = forms.MultipleChoiceField(choices=list(CHECKLIST.items()), required=False)
    note = forms.CharField(max_length=4000, required=False)
    digest = forms.CharField(max_length=64)


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=2000, required=False)


class ImportForm(forms.Form):
    team = forms.ModelChoiceField(queryset=Team.objects.none(), empty_label=None)
    file = forms.FileField(required=False, label="A Markdown file")
    text = forms.CharField(required=False, max_length=LONGEST_TEXT * 4, strip=False, widget=forms.Textarea)

    def __init__(self, person: User, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["team"].queryset = Team.objects.filter(pk__in=list(person.roles))  # type: ignore[attr-defined]
