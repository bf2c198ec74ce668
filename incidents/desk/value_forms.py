"""What an analyst writes as a value: read into the field, the value and its key that claims have."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django import forms

from incidents.models import Region, Service
from incidents.telling import moment_of
from nlp.document import Cause, Field, Precision, Severity

FIELDS = {
    Field.STARTED_AT: "Start",
    Field.ENDED_AT: "End",
    Field.CAUSE: "Cause",
    Field.SEVERITY: "Severity",
    Field.TITLE: "Title",
    Field.REGION: "Region",
    Field.SERVICE: "Service",
}
SETS: dict[Field, type[Region | Service]] = {Field.REGION: Region, Field.SERVICE: Service}
WORDS = {Field.CAUSE: Cause, Field.SEVERITY: Severity}
TIMES = (Field.STARTED_AT, Field.ENDED_AT)
TIME = re.compile(r"\d{4}(-\d\d(-\d\d([T ]\d\d(:\d\d)?)?)?)?")
LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True)
class Given:
    field: Field
    value: str
    key: str
    precision: Precision | None = None


def read_value(field: Field, written: str) -> Given:
    """The value that was written, or a ValidationError that says what may be."""
    written = written.strip()
    if field in TIMES:
        return read_time(field, written)
    if field in SETS:
        if not SETS[field].objects.filter(slug=written).exists():
            raise forms.ValidationError(f"No {field} has the slug “{written}”.")
    elif field in WORDS:
        words = [word.value for word in WORDS[field]]
        if written not in words:
            raise forms.ValidationError(f"One of: {', '.join(words)}.")
    elif not written or len(written) > LONGEST_TITLE:
        raise forms.ValidationError(f"One to {LONGEST_TITLE} characters.")
    return Given(field, written, written)


def read_time(field: Field, written: str) -> Given:
    """To the minute, the hour or the day: as precisely as it is written."""
    key = written.upper().removesuffix("Z").replace(" ", "T")
    if not TIME.fullmatch(written.upper().removesuffix("Z")):
        raise forms.ValidationError("Write a time in UTC: 2025-10-20 06:48, or a day: 2025-10-20.")
    value, precision = moment_of(key)
    try:
        at = datetime.fromisoformat(value).astimezone(UTC)
    except ValueError as error:
        raise forms.ValidationError(f"There is no such time: {written}.") from error
    return Given(field, at.isoformat(), key, precision)


class ValueForm(forms.Form):
    field = forms.ChoiceField(choices=[(field.value, label) for field, label in FIELDS.items()])
    value = forms.CharField(
        max_length=LONGEST_TITLE,
        label="Value",
        help_text="A time in UTC (2025-10-20 06:48), a slug (aws:us-east-1), a word, or a title.",
    )
    holds = forms.ChoiceField(
        choices=[("yes", "holds"), ("no", "does not hold (of a region or service)")],
        label="It",
        initial="yes",
    )
    reason = forms.CharField(max_length=500, label="Reason")

    given: Given

    @property
    def is_removal(self) -> bool:
        return bool(self.cleaned_data["holds"] == "no")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "field" in given and "value" in given:
            field = Field(given["field"])
            try:
                self.given = read_value(field, given["value"])
            except forms.ValidationError as error:
                self.add_error("value", error)
            if given.get("holds") == "no" and field not in SETS:
                self.add_error("holds", "Say which value holds instead.")
        return given
